"""`sauti broadcast` as a real process, against the simulator with its limits on: killed, begun again, refused."""

import json
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.broadcast.sending import LANES
from flows.model import Purpose
from storage import contacts, skipping
from storage.database import connect, writing
from storage.rounds import RoundStore
from storage.secrets import Secrets
from tests.functional.conftest import EXAMPLE, Desk
from tests.functional.test_processes import begin, serving
from tests.functional.test_records import RESULTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("commands")]
PEOPLE = 72
KEYS = ("--key", "{desk}/box/notification-share-1.json", "{desk}/box/notification-share-3.json")


def ask(url: str, verb: str, path: str, **body: object) -> Any:  # noqa: ANN401 - any JSON
    """One request to the simulator's control API."""
    data = json.dumps(body).encode() if verb != "GET" else None
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"}, method=verb)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)


def messages(url: str) -> list[Any]:
    """Every message that the bot has tried to send, in order."""
    found: list[Any] = ask(url, "GET", "/sim/calls?method=sendMessage")["calls"]
    return found


def reached(url: str) -> Counter[int]:
    """How many messages stand in each chat."""
    return Counter(int(call["params"]["chat_id"]) for call in messages(url) if call["answer"]["ok"])


@pytest.fixture
def boxed(desk: Desk) -> str:
    """An open rehearsal with a contact box; its id."""
    made = desk.json("keys", "new", "--purpose", "notification", "--out", desk / "box")
    round_id = desk.new_round("--rehearsal", "--notification-key", made["public"])
    desk.json("round", "open", round_id, "--drill", desk.prove(round_id))
    return round_id


@pytest.fixture
def simulator() -> Iterator[str]:
    """A simulator of this test alone."""
    with serving("simulator", "--port", "0") as (_, ready):
        yield ready["url"]


def people(desk: Desk, url: str, number: int) -> list[int]:
    """So many chats in which somebody has written to the bot."""
    bot = ask(url, "POST", "/sim/bots", token=desk.environment["SAUTI_BOT_TOKEN"])["id"]
    found = []
    for _ in range(number):
        person = ask(url, "POST", "/sim/people", first_name="P")["id"]
        ask(url, "POST", f"/sim/bots/{bot}/people/{person}/start")
        found.append(person)
    return found


def allow(desk: Desk, round_id: str, chats: list[int], *, stopped: tuple[int, ...] = ()) -> None:
    """As if each of these had sent a response and allowed messages, some of them twice; `stopped` said no later."""
    engine = connect(desk.environment["SAUTI_DATABASE_URL"])
    row = RoundStore(engine).get(round_id)
    with writing(engine) as connection:
        for place, chat in enumerate([*chats, *chats[:9]]):
            contacts.put(connection, row, chat, {Purpose.COUNT, Purpose.RESULTS}, ("en", "ar")[place % 2])
        contacts.put(connection, row, 4_000_000_001, {Purpose.COUNT}, "en")
        for chat in stopped:
            skipping.put(connection, Secrets(desk / "secrets"), chat)
    engine.dispose()


def close(desk: Desk, round_id: str) -> None:
    """Ends the round and publishes its results."""
    desk.json("round", "close", round_id)
    desk.json("round", "results", round_id, RESULTS)


def tell(desk: Desk, round_id: str, url: str) -> Any:  # noqa: ANN401 - a process
    """The command as a process of its own."""
    words = [word.format(desk=desk.folder) for word in KEYS]
    return begin("broadcast", round_id, *words, **(desk.environment | {"SAUTI_BOT_API_URL": url}))


def most_in_a_second(calls: list[Any]) -> int:
    """Messages in the fullest second, as the simulator saw them."""
    times: list[float] = [call["time"] for call in calls]
    return max(sum(first <= one < first + 1 for one in times) for first in times)


def prepared(desk: Desk, boxed: str, url: str) -> tuple[set[int], set[int]]:
    """A closed round with results: chats that are to be told, and two that must not be: one stopped, one blocks."""
    stopped, blocked, *wanted = chats = people(desk, url, PEOPLE)
    allow(desk, boxed, chats, stopped=(stopped,))
    close(desk, boxed)
    bot = ask(url, "GET", "/sim/bots")["bots"][0]["id"]
    ask(url, "POST", f"/sim/bots/{bot}/people/{blocked}/block")
    return set(wanted), {stopped, blocked}


def killed(desk: Desk, boxed: str, url: str) -> Counter[int]:
    """A broadcast that is killed while it sends; whom it had reached."""
    process = tell(desk, boxed, url)
    _until(lambda: len(messages(url)) >= 20)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return reached(url)


def finished(desk: Desk, boxed: str, url: str, *, resumed: bool) -> Any:  # noqa: ANN401 - any JSON
    """What a broadcast says that comes to its end; one that was `resumed` does not claim to have told everybody."""
    process = tell(desk, boxed, url)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert (f"but perhaps {LANES} whom" in str(err)) is resumed
    return json.loads(out)


def test_killed_in_the_middle_nobody_is_told_twice(desk: Desk, boxed: str, simulator: str) -> None:
    """Killed while it sends and begun again: each gets one message at most, and all but those in flight get it.

    Whoever stopped or has blocked the bot gets none; no second has more than thirty; each message is silent and
    protected; no chat's number lies in the database. The second broadcast reaches everybody, and ends the box.

    Proves: T4, W5, S1
    """
    wanted, unwanted = prepared(desk, boxed, simulator)
    before = killed(desk, boxed, simulator)
    assert 0 < len(before) < len(wanted)
    first = finished(desk, boxed, simulator, resumed=True)
    counts = reached(simulator)

    assert (first["number"], first["box_destroyed"]) == (1, False)
    assert set(counts.values()) == {1}
    assert counts.keys() <= wanted
    assert len(wanted - counts.keys()) <= LANES
    assert most_in_a_second(messages(simulator)) <= 30
    assert all(call["params"]["disable_notification"] and call["params"]["protect_content"]
               for call in messages(simulator))  # fmt: skip
    assert _anywhere(desk.folder, wanted | unwanted) == []

    last = finished(desk, boxed, simulator, resumed=False)
    assert (last["number"], last["told"], last["box_destroyed"]) == (2, len(wanted) // 10 * 10, True)
    assert reached(simulator) == Counter({chat: counts[chat] + 1 for chat in wanted})
    refused = desk.run("broadcast", boxed, "--key", desk / "box/notification-share-1.json", bot_api_url=simulator)
    assert (refused.exit_code, "box-destroyed" in refused.stderr) == (1, True)


def _until(found: Any) -> None:  # noqa: ANN401 - a question
    ends = time.monotonic() + 120
    while not found():
        assert time.monotonic() < ends
        time.sleep(0.02)


def _anywhere(folder: Path, chats: set[int]) -> list[str]:
    """Files of the database in which a chat's number can be read."""
    forms = [form for chat in chats for form in (chat.to_bytes(8, "big"), chat.to_bytes(8, "little"))]
    forms += [str(chat).encode() for chat in chats if chat > 99_999]
    return [file.name for file in folder.glob("sauti.db*") if any(form in file.read_bytes() for form in forms)]


def test_what_stands_in_the_way_is_said_first(desk: Desk, boxed: str, rounds: dict[str, str]) -> None:
    """An open round, no results, no box, the wrong shares or too few: refused by name, before anybody gets anything.

    Proves: W5
    """
    key = ("--key", desk / "box/notification-share-1.json", "--key", desk / "box/notification-share-2.json")
    refusals = [(boxed, key, "cannot take `broadcast`")]
    assert _refused(desk, refusals) == []
    desk.json("round", "close", boxed)
    assert _refused(desk, [(boxed, key, "no-results")]) == []
    for name in (boxed, rounds["closed"]):
        desk.json("round", "results", name, RESULTS)
    shares = ("--key", desk.keys(1), "--key", desk.keys(2))
    later = [
        (rounds["closed"], key, "no-contact-box"),
        (boxed, shares, "wrong-key"),
        (boxed, key[:2], "too-few-shares"),
    ]

    assert _refused(desk, later) == []
    assert desk.run("broadcast", boxed, *key, bot_token=None).exit_code == 2
    elsewhere = desk.run("broadcast", boxed, *key, bot_api_url="https://api.telegram.org")
    assert elsewhere.exit_code == 1
    assert "rehearsal-outside" in elsewhere.stderr


def _refused(desk: Desk, wanted: Sequence[tuple[str, Sequence[str | Path], str]]) -> list[str]:
    """Outputs of those that were not refused with exit 1 and these words."""
    ran = [(desk.run("broadcast", name, *map(str, key)), words) for name, key, words in wanted]
    return [result.output for result, words in ran if result.exit_code != 1 or words not in result.stderr]


def test_a_broken_line_is_put_off(desk: Desk, boxed: str) -> None:
    """Told to end while Telegram does not answer, it says that it can be run again, with exit 3, in time."""
    allow(desk, boxed, [1, 2, 3])
    close(desk, boxed)
    process = tell(desk, boxed, "http://127.0.0.1:9")
    database = connect(desk.environment["SAUTI_DATABASE_URL"])
    _until(lambda: RoundStore(database).get(boxed).telling)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=10)
    database.dispose()

    assert process.returncode == 3
    assert "interrupted" in err
    assert "Traceback" not in err


def test_one_key_for_both_makes_no_round(desk: Desk) -> None:
    """A round's own key is no key for its box: another file, and the same key in that file is refused, too.

    Proves: W5
    """
    public = desk / "keys" / "round.public.json"
    other = json.loads(public.read_text("utf-8")) | {"format": "sauti-notification-public"}
    (desk / "same.json").write_text(json.dumps(other), "utf-8")
    ran = [
        desk.run("round", "new", EXAMPLE, "--public-key", public, "--notification-key", key, "--rehearsal")
        for key in (public, desk / "same.json")
    ]

    assert [result.exit_code for result in ran] == [2, 1]
    assert "same-key" in ran[1].stderr
