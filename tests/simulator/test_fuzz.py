"""Nonsense in any shape is refused as Telegram refuses; nothing a bot or a tester sends makes the simulator fail."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.api import BEHAVIOURS, PARAMETERS, BotApi
from bot.simulator.errors import Json, TelegramError
from bot.simulator.people import Hands
from bot.simulator.text import MAX_TEXT, settle, units
from bot.simulator.world import World

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 7),
    st.just(5_000_000_001),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["text", "offset", "length", "type", "inline_keyboard", "x"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)
KEYBOARDS = st.builds(
    lambda text, data: {"inline_keyboard": [[{"text": text, "callback_data": data}]]}, st.text(), st.text(max_size=70)
)
TEXTS = ("text", "caption", "name", "description", "short_description")
FLAGS = ("disable_notification", "protect_content", "show_alert", "drop_pending_updates")
ENTITY = {"type": "bold", "offset": 0, "length": 1}
PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, st.text(min_size=1, max_size=9)),
    **dict.fromkeys(FLAGS, st.booleans()),
    "chat_id": st.sampled_from([5_000_000_001, 5_000_000_002]),
    "message_id": st.integers(1, 6),
    "message_ids": st.lists(st.integers(1, 6), min_size=1),
    "reply_markup": KEYBOARDS,
    "entities": st.just([ENTITY]),
    "language_code": st.just("fr"),
    "commands": st.just([{"command": "go", "description": "Go"}]),
    "action": st.just("typing"),
    "callback_query_id": st.just("1"),
    "url": st.sampled_from(["", "http://127.0.0.1:1/hook"]),
}
NEEDED = {"chat_id", "text", "message_id", "message_ids", "commands", "action", "callback_query_id", "url"}
OWN = {
    "setmyname": {"name", "language_code"},
    "setmydescription": {"description", "language_code"},
    "setmycommands": {"commands", "language_code"},
}


def arguments(method: str) -> st.SearchStrategy[tuple[str, Json]]:
    """Return calls of a method: plausible parameters, and now and then one that may be anything."""
    names = {*PARAMETERS.get(method, OWN.get(method, set()))}
    plausible = st.fixed_dictionaries(
        {name: PLAUSIBLE[name] for name in sorted(names & NEEDED)},
        optional={name: PLAUSIBLE[name] for name in sorted((names - NEEDED) & PLAUSIBLE.keys())},
    )
    wild: st.SearchStrategy[Json] = st.just({}) | st.dictionaries(
        st.sampled_from([*sorted(names), "colour"]), VALUES, max_size=1
    )
    return st.tuples(st.just(method), st.builds(lambda calm, odd: calm | odd, plausible, wild))


CALLS = st.lists(
    st.sampled_from([*BEHAVIOURS, "getchat", "nonsense"]).flatmap(arguments),
    min_size=1,
    max_size=12,
)


@settings(max_examples=50)
@given(CALLS)
def test_any_call_gets_an_answer(calls: list[tuple[str, Json]]) -> None:
    """Whatever is called with whatever, the strict path answers by itself and never needs the net below it."""
    from bot.simulator.validate import check

    api = BotApi(World(lambda: 1_000_000.0, history=True), check, rate_limits=True)
    bot = api.world.add_bot()
    for name in ("Amina", "Layla"):
        hands = Hands(api.world, bot, api.world.add_person(name, None, None, None))
        hands.start()
    for method, args in calls:
        status, answer = api.perform(bot, method, args, {})
        assert answer["ok"] is (status == 200)
        assert status in {200, 400, 401, 403, 404, 409, 413, 429, 501}
        assert "malformed parameters" not in answer.get("description", "")


def slowly(text: str, entities: list[tuple[int, int]]) -> tuple[str, list[str]] | None:
    """Return the trimmed text and what each entity covers, worked out unit by unit, or None when one does not fit."""
    row = [text.encode("utf-16-le")[at : at + 2] for at in range(0, units(text) * 2, 2)]
    covered = []
    for start, length in entities:
        if start < 0 or length <= 0 or start + length > len(row):
            return None
        try:
            covered.append(b"".join(row[start : start + length]).decode("utf-16-le"))
        except UnicodeDecodeError:
            return None
    return text.strip(), covered


@given(
    st.text(alphabet="ab \n😀ي", max_size=12),
    st.lists(st.tuples(st.integers(-1, 14), st.integers(0, 8)), max_size=3),
)
def test_entities_cover_what_they_covered(text: str, places: list[tuple[int, int]]) -> None:
    """After trimming, each entity still covers the same letters, less the space that went; a bad one is refused."""
    entities = [{"type": "bold", "offset": start, "length": length} for start, length in places]
    expected = slowly(text, places)
    try:
        body, kept = settle(text, entities, MAX_TEXT)
    except TelegramError:
        assert expected is None
        return
    assert expected is not None
    assert body == expected[0]
    raw = body.encode("utf-16-le")
    covers = [raw[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le") for e in kept]
    assert [cover.strip() for cover in covers if cover.strip()] == [c.strip() for c in expected[1] if c.strip()]
