"""Conversations in which nothing happens, and chats that are to be emptied."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.session import State
from storage import drafts as open_drafts
from storage.drafts import RESTS, SUPPORT_RESTS, StoredDraft
from storage.errors import StorageUnavailable
from storage.finding import Finder
from storage.rounds import RoundRow
from storage.tables import chunks, drafts, sweep
from storage.times import GRAIN
from storage.values import OUTSIDE, Draft, Fate, Resting, SweepItem, Verdict
from tests.storage.asked import ASKING, CONSENT, ERASE, NOTHING, START, always, say, seen, words
from tests.storage.world import World

HIDDEN = replace(ASKING, state=State.HIDDEN, back_to=State.ASKING)
REST = Verdict(Fate.KEEP, HIDDEN)
HIDE = Verdict(Fate.KEEP, HIDDEN, hide=True)
HIDE_NOTHING = Verdict(Fate.NONE, hide=True)


async def _ids(world: World, chat: int = 7) -> list[int]:
    """Every message that the sweep box holds of a chat."""
    return sorted(one for item in await world.intake.of_chat(chat) for one in item.message_ids)


async def _asked(world: World, row: RoundRow, user: int = 7) -> None:
    """She has agreed, and the first question is on screen as message 6."""
    await world.turn(user, START, round_id=row.id, messages=(5,))
    await world.intake.card_sent(user_id=user, round_id=row.id, message_id=6)
    await world.consented(user, row)


@given(touched=st.integers(1_000_000_000, 2_000_000_000), support=st.booleans())
def test_the_column_never_comes_after_the_exact_moment(touched: int, support: bool) -> None:
    """What stands beside the row is a multiple of ten minutes, never later than the moment inside it.

    Proves: D2, P7
    """
    session = replace(ASKING, state=State.SUPPORT if support else State.ASKING)
    draft = StoredDraft(b"", b"", 1, session, touched + 9_999, touched=touched)
    rests = SUPPORT_RESTS if support else RESTS

    assert draft.rests_at == touched + rests.total_seconds()
    assert 0 <= draft.rests_at - draft.rests_at // GRAIN * GRAIN < GRAIN
    assert replace(draft, session=HIDDEN).rests_at == draft.expires


async def test_thirty_silent_minutes_and_not_a_second_less(world: World) -> None:
    """A conversation is handed out for a rest exactly thirty minutes after the last word, once; nothing goes.

    Proves: P7
    """
    row = world.open_round()
    await _asked(world, row)
    world.clock.pass_(minutes=17)
    await world.turn(7, say(words("sealed")))
    world.clock.pass_(minutes=29, seconds=59)
    early = await world.intake.resting()
    world.clock.pass_(seconds=1)
    due = await world.intake.resting()
    shown: list[Draft | None] = []
    turned = await world.intake.rest(due[0], seen(shown, REST))

    assert early == ()
    assert due == (Resting(7, row.id),)
    assert turned is not None
    assert turned.draft is not None
    assert turned.draft.session == HIDDEN
    assert shown[0] is not None
    assert shown[0].card is not None
    assert shown[0].card.message_id == 6
    assert await world.intake.resting() == ()
    assert len(world.rows(chunks)) > 1


async def test_the_support_card_rests_after_five_minutes(world: World) -> None:
    """The card with places to turn to is due five minutes after it was shown, before and after consent.

    Proves: P6
    """
    row = world.open_round()
    for user, verdict in ((7, START), (8, Verdict(Fate.KEEP, ASKING, begin=CONSENT))):
        await world.turn(user, START, round_id=row.id)
        await world.turn(user, verdict)
        assert verdict.session is not None
        covering = replace(verdict.session, state=State.SUPPORT, back_to=verdict.session.state)
        await world.turn(user, Verdict(Fate.KEEP, covering))
    world.clock.pass_(minutes=4, seconds=59)
    early = await world.intake.resting()
    world.clock.pass_(seconds=1)

    assert early == ()
    assert {one.chat_id for one in await world.intake.resting()} == {7, 8}


async def test_who_comes_back_in_time_is_not_put_to_rest(world: World) -> None:
    """A word between looking and acting wins: nothing is decided and nothing changes.

    Proves: P7, P11
    """
    row = world.open_round()
    await _asked(world, row)
    world.clock.pass_(minutes=30)
    (due,) = await world.intake.resting()
    await world.turn(7, say(words("here I am")))
    shown: list[Draft | None] = []

    assert await world.intake.rest(due, seen(shown, REST)) is None
    assert shown == []


async def test_resting_is_no_word_from_her(world: World) -> None:
    """A rest extends no life: the draft ends when it would have ended.

    Proves: P7
    """
    row = world.open_round()
    await _asked(world, row)
    before = [draft[3] for draft in world.rows(drafts)]
    world.clock.pass_(minutes=40)
    (due,) = await world.intake.resting()
    await world.intake.rest(due, always(REST))

    assert [draft[3] for draft in world.rows(drafts)] == before


async def test_a_round_says_how_long_a_draft_is_kept(world: World) -> None:
    """With half an hour, a conversation is over half an hour after the last word, and its messages are due.

    Proves: P7
    """
    row = world.open_round()
    world.rounds._change(row, "shortened", draft_minutes=30)
    await _asked(world, row)
    world.clock.pass_(minutes=30)
    (ended,) = await world.keep_house()

    assert (ended.chat_id, ended.card_message_id) == (7, 6)
    assert world.rows(drafts) == world.rows(chunks) == []
    assert sorted(one for item in await world.intake.sweep_due(9) for one in item.message_ids) == [5, 6]


async def test_hiding_leaves_no_message_out_and_keeps_what_was_sealed(world: World) -> None:
    """Every message of the chat is due at once: of the draft, of this update, and what the box already held.

    Proves: P3
    """
    row = world.open_round()
    await world.turn(7, NOTHING, messages=(1,))
    await world.intake.line_sent(chat_id=7, message_id=2)
    await _asked(world, row)
    await world.turn(7, say(words("sealed")), messages=(8,))
    await world.intake.line_sent(chat_id=99, message_id=50)
    sealed = len(world.rows(chunks))
    hidden = await world.turn(7, HIDE, messages=(9,))

    assert sorted(hidden.sweep) == [5, 6, 8, 9]
    assert await _ids(world) == [1, 2, 5, 6, 8, 9]
    assert hidden.draft is not None
    assert (hidden.draft.card, hidden.draft.messages) == (None, ())
    assert len(world.rows(chunks)) == sealed
    assert (await world.turn(7, say(words("goes on")))).draft is not None


async def test_a_chat_that_was_not_wiped_is_named_after_a_minute(world: World) -> None:
    """Killed between the commit and Telegram: a row without messages asks for the wiping again, until it was done.

    Proves: P3, S1
    """
    world.open_round()
    await world.turn(7, HIDE_NOTHING, messages=(1,))
    at_once = [item.message_ids for item in await world.intake.sweep_due(9)]
    world.clock.pass_(minutes=1)
    later = await world.intake.sweep_due(9)
    await world.intake.swept([item.id for item in later])

    assert at_once == [(1,)]
    assert sorted(item.message_ids for item in later) == [(), (1,)]
    assert await world.intake.of_chat(7) == ()


async def test_before_consent_hiding_destroys(world: World) -> None:
    """Who hides before agreeing leaves no row behind; her messages are due.

    Proves: P3, K2
    """
    row = world.open_round()
    await world.turn(7, START, round_id=row.id, messages=(5,))
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=6)
    hidden = await world.turn(7, replace(ERASE, hide=True), messages=(7,))

    assert hidden.draft is None
    assert world.rows(drafts) == []
    assert sorted(hidden.sweep) == [5, 6, 7]
    assert await _ids(world) == [5, 6, 7]


async def test_hiding_reaches_conversations_of_other_rounds(world: World) -> None:
    """A conversation of another round, also of one that is paused, is hidden with all its messages.

    Proves: P3
    """
    one, other = world.open_round(), world.open_round()
    await _asked(world, one)
    await world.turn(7, START, round_id=other.id, messages=(15,))
    await world.turn(7, Verdict(Fate.KEEP, ASKING, begin=CONSENT), round_id=other.id)
    hidden = await world.turn(7, HIDE, messages=(16,))
    shown: list[Draft | None] = []
    await world.turn(7, seen(shown, NOTHING), round_id=one.id)

    assert sorted(hidden.sweep) == [5, 6, 15, 16]
    assert shown[0] is not None
    assert shown[0].session.state is State.HIDDEN
    assert shown[0].messages == ()


async def test_what_is_hidden_does_not_show_in_stopping(world: World) -> None:
    """Erasing a hidden conversation names the same messages as erasing nothing at all.

    Proves: P12
    """
    row = world.open_round()
    await _asked(world, row)
    world.clock.pass_(minutes=30)
    await world.intake.rest((await world.intake.resting())[0], always(REST))
    known = await world.turn(7, ERASE, messages=(20,))
    stranger = await world.turn(8, ERASE, messages=(20,))

    assert known.sweep == stranger.sweep == (20,)
    assert [item.message_ids for item in await world.intake.sweep_due(9)] == [(20,), (20,)]
    assert world.rows(drafts) == world.rows(chunks) == []
    assert await _ids(world) == [5, 6, 20]


async def test_beginning_anew_leaves_what_is_hidden(world: World) -> None:
    """A new conversation beside a hidden one: the hidden one is found again when the new one has gone.

    Proves: P12, P7
    """
    row = world.open_round()
    await _asked(world, row)
    await world.turn(7, say(words("first")))
    await world.turn(7, HIDE)
    await world.turn(7, replace(START, anew=True), round_id=row.id)
    assert len(world.rows(drafts)) == 2
    await world.turn(7, Verdict(Fate.KEEP, ASKING, begin=CONSENT, seal=(words("second"),)))
    await world.turn(7, Verdict(Fate.SEND, replace(ASKING, state=State.SENT)))
    shown: list[Draft | None] = []
    await world.turn(7, seen(shown, REST), round_id=row.id)

    assert [answer.text for _, answer in world.said(row)] == ["second"]
    assert shown[0] is not None
    assert shown[0].session.state is State.HIDDEN
    await world.turn(7, replace(START, anew=True), round_id=row.id)
    await world.turn(7, replace(START, anew=True), round_id=row.id)
    assert len(world.rows(drafts)) == 2


async def test_words_outside_a_conversation_wait_a_day(world: World) -> None:
    """What strangers write and are told goes after a day; what tells something goes at once; both can be hidden sooner.

    Proves: P3, D2
    """
    await world.turn(7, NOTHING, messages=(1,))
    await world.intake.line_sent(chat_id=7, message_id=2)
    await world.turn(7, replace(NOTHING, telling=True), messages=(3,))

    assert [item.message_ids for item in await world.intake.sweep_due(9)] == [(3,)]
    assert await _ids(world) == [1, 2, 3]
    world.clock.pass_(hours=24)
    assert timedelta(hours=24) == OUTSIDE
    assert len(await world.intake.sweep_due(9)) == 3


async def test_a_line_for_a_minute_stays_a_minute(world: World) -> None:
    """Due moments are exact inside the row, though the column beside them is coarse.

    Proves: P3, D2
    """
    world.clock.pass_(minutes=6)
    await world.intake.line_sent(chat_id=7, message_id=2, later=timedelta(minutes=1))
    early = await world.intake.sweep_due(9)
    world.clock.pass_(minutes=1)

    assert early == ()
    assert [item.message_ids for item in await world.intake.sweep_due(9)] == [(2,)]
    assert all(value % GRAIN == 0 for row in world.rows(sweep) for value in row if isinstance(value, int))


async def test_many_rows_not_yet_due_hold_up_nobody(world: World) -> None:
    """However many rows wait beside them, what is due is handed out.

    Proves: P3
    """
    for number in range(40):
        await world.intake.line_sent(chat_id=number, message_id=1, later=timedelta(minutes=5))
    await world.intake.line_sent(chat_id=99, message_id=1, later=timedelta())

    assert [item.chat_id for item in await world.intake.sweep_due(3)] == [99]


async def test_the_card_that_was_replaced_is_told(world: World) -> None:
    """A new message as card names the one before it; a card without a conversation goes to the sweep box, due now.

    Proves: P3, P4
    """
    row = world.open_round()
    await _asked(world, row)
    same = await world.intake.card_sent(user_id=7, round_id=row.id, message_id=6)
    old = await world.intake.card_sent(user_id=7, round_id=row.id, message_id=10)
    await world.turn(7, ERASE)
    nowhere = await world.intake.card_sent(user_id=7, round_id=row.id, message_id=11)

    assert (same, old, nowhere) == (None, 6, None)
    assert 11 in {one for item in await world.intake.sweep_due(9) for one in item.message_ids}


async def test_looks_into_the_box_are_shared() -> None:
    """Whoever comes during a look is served with all others by the next one, and never by one that began before.

    Proves: P3
    """
    looks: list[frozenset[int]] = []

    def look(chats: frozenset[int]) -> dict[int, list[SweepItem]]:
        looks.append(chats)
        return {chat: [SweepItem(bytes([len(looks)]), chat, (1,))] for chat in chats}

    finder = Finder(look)
    first = asyncio.ensure_future(finder.find(1))
    await asyncio.sleep(0)
    rest = await asyncio.gather(*(finder.find(chat) for chat in (2, 3, 4, 2)))

    assert await first == (SweepItem(b"\1", 1, (1,)),)
    assert looks == [frozenset({1}), frozenset({2, 3, 4})]
    assert [one[0].id for one in rest] == [b"\2"] * 4


async def test_a_look_that_fails_or_is_given_up_leaves_the_others() -> None:
    """Who waits is told of a failure; who comes next is served; a cancelled look is done again for those who wait.

    Proves: P3, S1
    """
    broken = [True]

    def look(chats: frozenset[int]) -> dict[int, list[SweepItem]]:
        if broken.pop():
            raise StorageUnavailable
        broken.append(False)
        return {chat: [] for chat in chats}

    finder = Finder(look)
    with pytest.raises(StorageUnavailable):
        await finder.find(1)
    broken.append(False)
    assert await finder.find(1) == ()

    first = asyncio.ensure_future(finder.find(1))
    second = asyncio.ensure_future(finder.find(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == ()


def test_rows_of_the_first_form_are_read(world: World) -> None:
    """A draft written before today's form comes back whole; its age is not known.

    Proves: S3
    """
    row = world.open_round()
    keys = world.intake._tools.running
    with world.engine.connect() as connection, connection.begin():
        of_round = keys.read(connection)[row.id].keys
    draft = replace(open_drafts.begin(b"k" * 32, row.id, 7, ASKING, world.clock()), messages=(1, 2))
    head = open_drafts._FIRST_HEAD.pack(7, 3, bytes(16), 0, bytes(8), 0, True, 5, bytes(8), 2)
    old = head + (1).to_bytes(8, "big") + (2).to_bytes(8, "big") + ASKING.to_bytes()
    body = of_round.drafts.close(old, row.id + draft.key, size=512)
    found = open_drafts.decode(of_round, draft.key, row.id, body, draft.expires)

    assert (found.chat_id, found.turn, found.messages, found.session) == (7, 3, (1, 2), ASKING)
    assert found.card is not None
    assert (found.card.message_id, found.card.sent) == (5, 0)
