"""What somebody sees who scans a slip: the first card, or the one line that every stranger gets."""

from dataclasses import replace

import pytest

from bot.participant.outcome import Outcome
from storage.invitation_codes import new_code
from storage.rounds import RoundRow
from storage.tables import drafts
from tests.bot.talk import Talk, conversation
from tests.bot.test_conversation import HARMLESS, looks
from tests.storage.world import World


@pytest.fixture
def row(world: World) -> RoundRow:
    """A live round, the only one."""
    return world.open_round(rehearsal=False)


def stranger(world: World, user: int) -> Talk:
    """Somebody who has not written yet."""
    return Talk(world, conversation(world), user=user)


async def full(world: World, row: RoundRow, places: int = 2) -> str:
    """A code whose places are taken."""
    code = world.offered(row, places)
    for user in range(places):
        talk = stranger(world, 1_000 + user)
        await talk.begin(code)
        await talk.consent()
    return code


async def test_full_unknown_and_no_code_are_one_answer(world: World, row: RoundRow) -> None:
    """Byte for byte the same harmless line for a link that has stopped, one nobody printed, the bare round, and none.

    Proves: F4, P9
    """
    stopped = await full(world, row)
    said: list[Outcome] = []
    for number, code in enumerate((stopped, stopped.lower(), new_code(row.code), row.code, "", "NOSUCH", "-", "--")):
        talk = stranger(world, number + 1)
        said.append(await talk.type(f"/start {code}".strip()))

    assert {replace(one, chat_id=0, user_id=0) for one in said} == {replace(said[-1], chat_id=0, user_id=0)}
    assert said[0].card is not None
    assert HARMLESS in said[0].card.text
    assert len(world.rows(drafts)) == 2


async def test_former_participant_and_stranger_meet_a_stopped_link_alike(world: World, row: RoundRow) -> None:
    """Whoever has taken part by it sees what a stranger sees, also with a place left. Proves: P12."""
    code = world.offered(row, 3)
    former, other = stranger(world, 1), stranger(world, 2)
    await former.begin(code)
    await former.consent()
    await former.answer_all("peace")
    await former.send()

    async def after(talk: Talk) -> list[tuple[object, ...]]:
        talk.messages, talk.standing, seen = iter(range(900, 999)), {}, len(talk.said)
        for text in ("hello", "/start", f"/start {code}"):
            await talk.type(text)
        if "English" in talk.card.labels:
            await talk.press("English")
        await talk.type("/stop")
        return looks(talk.said[seen:])

    assert await after(former) == await after(other)
    for user in (1_000, 1_001):
        talk = stranger(world, user)
        await talk.begin(code)
        await talk.consent()
    assert await after(former) == await after(other)


async def test_the_last_place_goes_while_she_reads(world: World, row: RoundRow) -> None:
    """Whoever agrees too late is told what strangers are told, and her card is taken away. Proves: F4."""
    code = world.offered(row, 1 + 1)
    late = stranger(world, 1)
    await late.begin(code)
    await late.read()
    for user in (1_000, 1_001):
        talk = stranger(world, user)
        await talk.begin(code)
        await talk.consent()
    card = max(late.standing)
    for place in range(5):
        outcome = await late.press("Yes" if place < 1 else "No")

    assert outcome.toast is not None
    assert card in outcome.delete
    assert late.standing == {}


async def test_a_used_code_shows_every_card_of_a_fresh_one(world: World, row: RoundRow) -> None:
    """From the first card to the receipt nothing differs, and nothing of the second is kept. Proves: F4, P12."""
    code = world.offered(row, 1)

    async def whole(user: int) -> list[tuple[object, ...]]:
        talk = stranger(world, user)
        await talk.begin(code)
        await talk.consent()
        await talk.answer_all("peace")
        receipt = await talk.send()
        shown = looks(talk.said)
        assert receipt.strip()
        return [(str(one[0]).replace(receipt, ""), *one[2:]) for one in shown]

    assert await whole(1) == await whole(2)
    assert len(world.blobs(row)) == 1


async def test_after_hiding_the_slip_leads_back(world: World, row: RoundRow) -> None:
    """The code again brings back the conversation that was hidden, also when its link has stopped. Proves: F4, P12."""
    code = world.offered(row, 2)
    hidden = stranger(world, 1)
    await hidden.begin(code)
    await hidden.consent()
    await hidden.type("/hide")
    other = stranger(world, 2)
    await other.begin(code)
    await other.consent()
    await hidden.type(f"/start {code}")
    for label in ("English", "Yes"):
        await hidden.press(label)
    await hidden.answer_all("peace")
    await hidden.send()

    assert len(world.blobs(row)) == 1
