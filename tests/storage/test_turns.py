"""What one update does to a conversation, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.answers import Chosen, Said
from flows.session import Session, State
from storage.envelope.response import CHUNK, HEADER
from storage.errors import StorageRefused
from storage.intake import Draft, Fate, Verdict
from storage.rounds import RoundState
from storage.tables import chunks, drafts, links, mailbag, responses, sweep
from tests.storage.asked import ASKING, CONSENT, CONSENTED, ERASE, NOTHING, SEND, START, place, say, seen, words
from tests.storage.world import World


async def test_what_was_said_is_what_opens(world: World) -> None:
    """A conversation ends as one sealed response that holds the manifest and every answer in order.

    Proves: D1
    """
    row = world.open_round()
    await world.consented(7, row)
    await world.turn(7, say(place("south")))
    await world.turn(7, say(words("one"), words("a second, longer " * 6)))
    sent = await world.turn(7, SEND)

    assert (sent.draft, sent.withdrawn, sent.repeated) == (None, 0, False)
    assert sent.receipt is not None
    assert len(sent.receipt) == 30
    assert world.opened(row) == [
        (False, (0, Chosen(("south",))), (1, Said("one")), (1, Said("a second, longer " * 6)))
    ]  # fmt: skip


async def test_every_response_has_the_size_of_the_longest(world: World) -> None:
    """Whoever says much and whoever says nothing leave responses of one size.

    Proves: D3
    """
    row = world.open_round()
    await world.consented(1, row)
    await world.turn(1, SEND)
    await world.sent(2, row, "ب" * 100)

    assert {len(blob) for blob in world.blobs(row)} == {HEADER + row.capacity * CHUNK}
    assert len(world.blobs(row)) == 2


async def test_an_update_counts_once(world: World) -> None:
    """An update that comes again decides nothing, changes nothing and is told so.

    Proves: T3
    """
    row = world.open_round()
    await world.consented(7, row)
    shown: list[Draft | None] = []
    first = await world.turn(7, seen(shown, say(words("once"))), update=5)
    again = await world.turn(7, seen(shown, say(words("once"))), update=5)
    await world.turn(7, SEND)

    assert (len(shown), first.repeated, again.repeated, again.verdict) == (1, False, True, None)
    assert again.draft is not None
    assert world.opened(row) == [(False, (1, Said("once")))]


async def test_a_send_that_comes_again_shows_the_same_receipt(world: World) -> None:
    """Where the reply to a send was lost, the same update brings the same receipt, and still one response.

    Proves: T3, W1
    """
    row = world.open_round()
    await world.consented(7, row)
    sent = await world.turn(7, SEND, update=50)
    again = await world.turn(7, SEND, update=50)
    stranger = await world.turn(8, SEND, update=50)

    assert again.repeated
    assert again.receipt == sent.receipt
    assert stranger.receipt is None
    assert len(world.blobs(row)) == 1


async def test_the_conversation_goes_on_where_it_stood(world: World) -> None:
    """The next update sees session, card and message ids as the last one left them."""
    row = world.open_round()
    session = Session(State.ASKING, "ar", 1, ("north",), ((0, ("north",)),), spent=3)
    shown: list[Draft | None] = []
    await world.turn(7, seen(shown, START), round_id=row.id, messages=(11,))
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=12)
    await world.turn(
        7, seen(shown, Verdict(Fate.KEEP, session, card_nonce=b"nonce678", begin=CONSENT)), messages=(11, 13)
    )
    await world.turn(7, seen(shown, NOTHING))

    assert shown[0] is None
    first, last = shown[1], shown[2]
    assert first is not None
    assert last is not None
    assert (first.session.state, first.card and first.card.message_id, first.messages) == (State.LANGUAGE, 12, (11, 12))
    assert (last.session, last.messages, last.round_id) == (session, (11, 12, 13), row.id)
    assert last.card is not None
    assert (last.card.message_id, last.card.nonce) == (12, b"nonce678")


async def test_any_worker_goes_on(world: World, tmp_path: Path) -> None:
    """Each update of one conversation may reach another worker: what opens is what was said, in order.

    Proves: S4
    """
    row = world.open_round()
    await world.consented(7, row)
    with World.make(world.url, tmp_path / "secrets") as other:
        for number, worker in enumerate((world, other, other, world, world, other, world)):
            await worker.turn(7, say(words(str(number))), update=number)
        await other.turn(7, SEND, update=7)

    assert world.opened(row) == [(False, *((1, Said(str(number))) for number in range(7)))]


async def test_the_conversation_spoken_to_last_goes_on(world: World) -> None:
    """Of two rounds that one account answers, the one it turned to last hears what comes next."""
    one, two = world.open_round(), world.open_round()
    await world.consented(7, one)
    await world.consented(7, two)
    in_two = await world.turn(7, say(words("two")))
    back = await world.turn(7, Verdict(Fate.KEEP), round_id=one.id)
    in_one = await world.turn(7, say(words("one")))

    assert [turned.draft and turned.draft.round_id for turned in (in_two, back, in_one)] == [two.id, one.id, one.id]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (SEND, "nothing-to-send"),
        (say(words("early")), "nothing-to-seal-into"),
        (Verdict(Fate.KEEP), None),
    ],
)
async def test_a_stranger_has_nothing_to_send(world: World, verdict: Verdict, code: str | None) -> None:
    """Without a draft nothing is sealed or sent, and nothing of the try is kept."""
    world.open_round()
    if code is None:
        assert (await world.turn(7, verdict)).draft is None
    else:
        with pytest.raises(StorageRefused) as refused:
            await world.turn(7, verdict, update=9)
        assert refused.value.code == code
        assert not (await world.turn(7, NOTHING, update=9)).repeated
    assert world.rows(drafts) == world.rows(chunks) == []


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(say(place()), "no-consent"), (SEND, "no-consent")],
)
async def test_nothing_is_sealed_before_consent(world: World, verdict: Verdict, code: str) -> None:
    """A verdict that would seal or send before consent is refused and leaves the draft as it was.

    Proves: K2
    """
    row = world.open_round()
    await world.turn(7, START, round_id=row.id)

    with pytest.raises(StorageRefused) as refused:
        await world.turn(7, verdict)

    assert refused.value.code == code
    assert world.rows(chunks) == world.rows(mailbag) == []
    kept = await world.turn(7, NOTHING)
    assert kept.draft is not None
    assert kept.draft.session.state is State.LANGUAGE


async def test_consent_is_given_once(world: World) -> None:
    """A second manifest in one response is refused."""
    row = world.open_round()
    await world.consented(7, row)

    with pytest.raises(StorageRefused, match="begun-twice"):
        await world.turn(7, CONSENTED)


async def test_a_full_response_refuses_and_can_still_be_sent(world: World) -> None:
    """When no chunk is left, the answer is refused as a whole, and what was confirmed can be sent.

    Proves: D3
    """
    row = world.open_round()
    await world.consented(7, row)
    confirmed = row.capacity - 2
    for _ in range(confirmed):
        await world.turn(7, say(words("again")))
    with pytest.raises(StorageRefused, match="response-full"):
        await world.turn(7, say(words("again")))
    await world.turn(7, SEND)

    assert world.opened(row) == [(False, *[(1, Said("again"))] * confirmed)]


async def test_a_pause_hides_the_draft_and_keeps_it(world: World) -> None:
    """While a round is paused its conversations look like none, nothing is sealed, and reopening finds them again."""
    row = world.open_round()
    await world.consented(7, row)
    world.move(row, RoundState.PAUSED)
    shown: list[Draft | None] = []
    paused = await world.turn(7, seen(shown, START), round_id=row.id)
    with pytest.raises(StorageRefused, match="nothing-to-seal-into"):
        await world.turn(7, seen(shown, say(words("late"))), round_id=row.id)
    with pytest.raises(StorageRefused, match="nothing-to-send"):
        await world.turn(7, seen(shown, SEND))
    world.move(row, RoundState.OPEN)
    await world.turn(7, seen(shown, NOTHING))

    assert (shown[:3], paused.draft) == ([None, None, None], None)
    assert shown[3] is not None
    assert shown[3].session == ASKING


async def test_stop_and_delete_leaves_nothing_but_the_sweep_box(world: World) -> None:
    """Erasing destroys every draft of the account; message ids wait for deletion, the card a while longer."""
    row, paused = world.open_round(), world.open_round()
    await world.consented(7, paused)
    world.move(paused, RoundState.PAUSED)
    await world.turn(7, START, round_id=row.id, messages=(1,))
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=2)
    await world.turn(7, Verdict(Fate.KEEP, ASKING, begin=CONSENT, seal=(words("gone"),)), messages=(3,))
    erased = await world.turn(7, ERASE, messages=(4,))

    assert sorted(erased.sweep) == [1, 3, 4]
    assert erased.draft is None
    assert world.rows(drafts) == world.rows(chunks) == world.rows(mailbag) == []
    due = await world.intake.sweep_due(10)
    assert [(item.chat_id, sorted(item.message_ids)) for item in due] == [(7, [1, 3, 4])]
    world.clock.now += timedelta(minutes=30)
    later = await world.intake.sweep_due(10)
    assert sorted(item.message_ids for item in later) == sorted([due[0].message_ids, (2,)])
    await world.intake.swept([item.id for item in later])
    assert world.rows(sweep) == []


async def test_a_stranger_who_stops_is_swept_like_anybody(world: World) -> None:
    """Without a draft, erasing still has the messages of the update deleted."""
    world.open_round()

    erased = await world.turn(7, ERASE, messages=(8, 9))

    assert erased.sweep == (8, 9)
    assert [item.message_ids for item in await world.intake.sweep_due(5)] == [(8, 9)]


async def test_a_second_response_says_that_it_is_not_the_first(world: World) -> None:
    """An account may answer again; the response says so inside its seal, and a withdrawn first does not count.

    Proves: P12
    """
    row = world.open_round()
    await world.sent(7, row, "first")
    await world.sent(7, row, "second")
    await world.sent(8, row, "other")
    await world.turn(8, Verdict(Fate.NONE, withdraw_chat=True))
    await world.sent(8, row, "anew")

    said = {(repeat, answer.text) for repeat, answer in world.said(row)}
    assert said == {(False, "first"), (True, "second"), (False, "anew")}
    assert len(world.rows(links)) == 2


async def test_too_many_messages_are_swept_on_the_way(world: World) -> None:
    """A draft holds a bounded number of message ids; older ones are deleted sooner, the card never."""
    row = world.open_round()
    await world.consented(7, row)
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=1)
    for start in range(2, 902, 100):
        turned = await world.turn(7, say(), messages=tuple(range(start, start + 100)))

    assert turned.draft is not None
    assert len(turned.draft.messages) <= 400
    assert 1 in turned.draft.messages
    swept = {message for item in await world.intake.sweep_due(50) for message in item.message_ids}
    assert swept | set(turned.draft.messages) == set(range(1, 902))
    assert world.rows(responses) == []
