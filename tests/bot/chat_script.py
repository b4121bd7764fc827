"""Reads a chat written as lines, holds it with the bot, and writes down what stands in the chat after each.

The same form as the engine's golden conversations (`tests.flows.transcript`), one room further out: cards stand in the
words that she reads, and every message that comes or goes is told. What differs each time is written as what it is:
{code}, {receipt}, an ending.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from bot.participant import texts
from bot.participant.outcome import Outcome
from bot.participant.render import Card
from flows.model import Texts
from rounds import service
from storage.results import Happening, Results
from storage.rounds import Record, RoundRow
from tests.bot.talk import Talk, conversation
from tests.rounds.records import record
from tests.storage.asked import CONSULTATION
from tests.storage.world import World

INVISIBLE: Final = re.compile("[\u200e\u200f\u2066-\u2069]")
"""Marks of direction, which a page has no use for."""
SUMMARY: Final = Texts({"en": "Most asked to be told what comes of it.", "ar": "طلب معظمهم أن يعرفوا ما نتج عن ذلك."})
READ_OUT: Final = Happening(
    date=date(2026, 11, 30), text=Texts({"en": "It was read out in New York.", "ar": "قُرئ في نيويورك."})
)
ENDINGS: Final = 4
SHORTLY: Final = "comes by the link and goes as far as the first question"


@dataclass(frozen=True, slots=True)
class Script:
    """A golden file: its head, and what happens."""

    head: str
    doings: tuple[str, ...]


def read(path: Path) -> Script:
    """The script in a golden file; what was recorded before is left aside."""
    head, _, body = path.read_text("utf-8").partition("\n----\n")
    return Script(head, tuple(line.removeprefix("> ") for line in body.splitlines() if line.startswith("> ")))


async def told(script: Script, world: World) -> str:
    """The whole file as it should be."""
    made = record(time_zone="Africa/Nairobi")
    row = world.open_round(CONSULTATION, record=Record(made.frozen, made.referrals, made.draft_minutes))
    chat, lines = Chat(world, row), [script.head, "----", ""]
    for doing in script.doings:
        seen = await chat.do(doing)
        lines += [f"> {doing}", "", *seen, *[""][: len(seen)]]
    return "\n".join(lines).rstrip() + "\n"


@dataclass
class Chat:
    """Her phone, and the round beside it."""

    world: World
    row: RoundRow
    receipt: str = ""
    talk: Talk = field(init=False)
    kept: int = 0
    """Sealed answers on the server."""

    def __post_init__(self) -> None:
        self.talk = Talk(self.world, conversation(self.world))

    async def do(self, doing: str) -> list[str]:
        """One thing that she does, or that happens; what stands in the chat then."""
        before, said = set(self.talk.standing), len(self.talk.said)
        self.talk.last = 0
        if doing in _HAPPENS:
            _HAPPENS[doing](self)
        elif doing == SHORTLY:
            await self.talk.begin(self.row.code)
            await self.talk.consent()
            said, before = len(self.talk.said) - 1, set()
        else:
            await self._she(doing)
        return [*self._seen(self.talk.said[said:], before), *self._stored()]

    async def _she(self, doing: str) -> None:
        talk = self.talk
        match doing.split(" ", 1)[0]:
            case "types:":
                await talk.type(doing.removeprefix("types: ").format(code=self.row.code, receipt=self.receipt))
            case "taps":
                await talk.press(self._label(doing.removeprefix("taps ")))
            case "sends":
                await talk.attach()
            case "leaves":
                await talk.rest()
            case _:
                await talk.block()

    def _label(self, name: str) -> str:
        if name not in {"the right ending", "a wrong ending"}:
            return name
        right = self.receipt.split()[-1]
        others = (label for label in self.talk.card.labels[:ENDINGS] if label != right)
        return right if name == "the right ending" else next(others)

    def _seen(self, said: Sequence[Outcome], before: set[int]) -> Iterator[str]:
        for outcome in said:
            if outcome.wipe:
                yield "* every message is taken out of the chat"
            elif self.talk.last in outcome.delete:
                yield "* her message is taken out of the chat"
            gone = before - set(self.talk.standing)
            if gone and not outcome.wipe:
                yield "* the card before is taken out of the chat"
            if outcome.toast:
                yield f"* over the chat, for a moment: {_plain(outcome.toast)}"
            if outcome.card is not None:
                yield from self._card(outcome.card, edited=outcome.edit is not None)

    def _card(self, card: Card, *, edited: bool) -> Iterator[str]:
        for one in card.ranges:
            if one.type == "code":
                self.receipt = _cut(card.text, one.offset, one.length)
        text = card.text.replace(self.receipt, "{receipt}") if self.receipt else card.text
        yield f"+-- {'the same message, changed' if edited else 'a new message'}"
        yield from (f"|   {line}" for line in _plain(text).replace(self.row.code, "{code}").splitlines() if line)
        hidden = ENDINGS if texts.KEEP_AGAIN.text in {label for row in card.rows for label, _ in row} else 0
        for number, row in enumerate(card.rows):
            labels = ["an ending"] if number < hidden else [label for label, _ in row]
            yield "|   " + " ".join(f"[{label}]" for label in labels)
        yield "+--"

    def _stored(self) -> Iterator[str]:
        kept, self.kept = self.kept, len(self.world.blobs(self.row))
        if self.kept != kept:
            yield "* sealed answers are sent" if self.kept > kept else "* her sealed answers are deleted"

    def _other_phone(self) -> None:
        self.talk = Talk(self.world, conversation(self.world), user=self.talk.user + 1)

    def _results(self, *happened: Happening) -> None:
        service.publish(
            self.world.rounds, self.world.rounds.get(self.row.id), Results(summary=SUMMARY, happened=happened)
        )


_HAPPENS: Final[dict[str, Callable[[Chat], Any]]] = {
    "(takes another phone)": Chat._other_phone,
    "(the round closes)": lambda chat: chat.world.close(chat.row),
    "(a summary is published)": Chat._results,
    "(something came of it)": lambda chat: chat._results(READ_OUT),
}
"""What she does not do herself, and what shows nothing by itself."""


def _plain(text: str) -> str:
    return INVISIBLE.sub("", text)


def _cut(text: str, offset: int, length: int) -> str:
    return _plain(text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le"))
