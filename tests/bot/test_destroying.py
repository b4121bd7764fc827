"""The kill switch as a chat sees it: the real bot beside the real command, against the simulator."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.participant import texts
from bot.simulator.driver import Person
from storage.values import SweepItem
from tests.bot.test_chat import Stage, bot, stage

__all__ = ["stage"]
pytestmark = pytest.mark.slow


async def destroy(stage: Stage, way: str) -> str:
    """Runs the command to its end; what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", "round", "destroy", stage.row.code, way,
        env=stage.environment, cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said.decode()
    return said.decode()


async def _begun(stage: Stage, name: str) -> Person:
    """Somebody in the middle of a conversation."""
    person = await stage.person(name)
    await person.start(stage.row.code)
    await person.press((await person.next_card()).labels[0])
    await person.next_card()
    return person


async def test_the_bot_forgets_a_round_at_once(stage: Stage) -> None:
    """After `--now` a running bot answers everybody of that round as a stranger: her button, her words, her code.

    Proves: D5, P9
    """
    async with bot(stage):
        person = await _begun(stage, "Amina")
        said = await destroy(stage, "--now")
        before = await person.card()
        assert before is not None
        answered = await person.press(before.labels[0])
        await person.start(stage.row.code)
        harmless = await person.next_card()
        stranger = await stage.person("Stranger")
        await stranger.start("NOSUCHCO")
        same = await stranger.next_card()

    assert "Destruction pending" in said
    assert answered is not None
    assert texts.HARMLESS.text in harmless.text
    assert harmless.text == same.text


async def test_hiding_first_empties_the_chats(stage: Stage) -> None:
    """After `--hide-first` no message of the round stands in a chat, and the bot knows nobody.

    Proves: D5, P3
    """
    async with bot(stage):
        people = [await _begun(stage, name) for name in ("Amina", "Binta")]
        await destroy(stage, "--hide-first")
        left = [len((await person.chat()).visible) for person in people]

    assert left == [0, 0]


class _Endless:
    """A sweep box that is never empty, before a line that never answers."""

    async def sweep_due(self, _limit: int) -> tuple[SweepItem, ...]:
        return (SweepItem(b"1", 7, (1,)),)


class _Deaf:
    async def clear(self, _chat_id: int, _message_ids: object) -> None:
        await asyncio.sleep(3600)


async def test_hiding_waits_no_longer_than_it_may() -> None:
    """Where Telegram does not answer, the time for emptying chats is over when it is over.

    Proves: D5
    """
    from bot.participant.silencing import AT_MOST, empty

    assert AT_MOST == 120
    assert not await asyncio.wait_for(empty(_Endless(), _Deaf(), 0.2), 5)  # type: ignore[arg-type]  # as much of both as is used
