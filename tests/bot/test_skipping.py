"""Who must not be written to: everything by which somebody can say so is noted, for strangers as well (W5)."""

from collections.abc import Awaitable, Callable

import pytest

from flows.events import Control
from storage import skipping
from storage.database import reading
from storage.intake_keys import ContactKeys
from storage.receipt_words import worded
from storage.rounds import RoundRow
from storage.tables import skips
from tests.bot.talk import Talk, conversation
from tests.storage.test_contacts import opened
from tests.storage.world import World

RECEIPT = "00000-00000-00000-00000-00000-00000"


async def _taken_back(talk: Talk) -> None:
    await talk.type("/withdraw")
    await talk.press("Delete my answers")


async def _old_stop(talk: Talk) -> None:
    from bot.participant import tokens

    key = talk.world.intake.button_key(talk.user)
    await talk.type("hello")
    await talk.take(talk.pressing(tokens.token(key, bytes(8), Control.STOP)))


WAYS: dict[str, Callable[[Talk], Awaitable[object]]] = {
    "/stop": lambda talk: talk.type("/stop"),
    "the word": lambda talk: talk.type("Stop!"),
    "the word in another language": lambda talk: talk.type("Arrêter"),
    "an old button": _old_stop,
    "/withdraw": _taken_back,
    "a receipt": lambda talk: talk.type(RECEIPT),
    "a receipt behind the command": lambda talk: talk.type(f"/withdraw {RECEIPT}"),
    "blocking": Talk.block,
}


def listed(world: World, row: RoundRow, chat: int) -> bool:
    """Whether nothing may be sent to a chat."""
    key = world.secrets.contact_key(row.id)
    assert key is not None
    with reading(world.engine) as connection:
        return skipping.listed(connection, row.id, ContactKeys(key), chat)


async def _sent(talk: Talk, purposes: int = 5) -> None:
    await talk.begin()
    await talk.consent(purposes)
    await talk.press("north")
    await talk.type("peace")
    await talk.press("Send")


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_say_no_is_noted_for_everybody(world: World, row: RoundRow, way: str) -> None:
    """Whoever stops, takes back or blocks is on the list afterwards, took part or not, and nobody else is.

    Proves: W5, P12
    """
    known, stranger, third = (Talk(world, conversation(world), user) for user in (71, 72, 73))
    await _sent(known)
    await third.type("hello")
    for one in (known, stranger):
        await WAYS[way](one)

    assert [listed(world, row, one.user) for one in (known, stranger, third)] == [True, True, False]
    assert len(world.rows(skips)) == 2


async def test_asking_whether_to_stop_is_no_stop(world: World, row: RoundRow, talk: Talk) -> None:
    """In a conversation the button asks first; who then keeps going is not listed, who hides is not either.

    Proves: W5
    """
    await talk.begin()
    await talk.press("Stop")
    assert not listed(world, row, talk.user)
    await talk.type("/hide")
    await talk.type("/withdraw")
    await talk.type("123")

    assert world.rows(skips) == []


async def test_an_answer_that_reads_like_a_receipt_refuses_nothing(world: World, row: RoundRow, talk: Talk) -> None:
    """Nine words typed as an answer are her answer: she is still told of results, if she allowed it.

    Proves: W5
    """
    words = worded(RECEIPT.replace("-", ""), "en")
    assert words is not None
    await talk.begin()
    await talk.consent(5)
    await talk.press("north")
    await talk.type(" ".join(words))
    await talk.press("Send")

    assert world.rows(skips) == []
    world.close(row)
    assert [chat for chat, wants, _ in opened(world, row) if wants] == [talk.user]


@pytest.mark.parametrize(("purposes", "chats"), [(5, [77]), (4, [])])
async def test_the_last_of_five_answers_decides(
    world: World, row: RoundRow, talk: Talk, purposes: int, chats: list[int]
) -> None:
    """From the chat to the box: yes to the fifth question leads there, no does not, also after hiding and coming back.

    Proves: W5, K3
    """
    await talk.begin()
    await talk.consent(purposes)
    await talk.press("north")
    await talk.type("/hide")
    await talk.type(f"/start {row.code}")
    for label in ("English", "Yes"):
        await talk.press(label)
    await talk.type("peace")
    await talk.press("Send")
    world.close(row)

    assert [chat for chat, wants, _ in opened(world, row) if wants] == chats
