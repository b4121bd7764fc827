"""A preview in a terminal: cards as text with numbered buttons, a line for each thing that a person does.

A line that is only a number presses the button with that number; anything else is typed into the chat. Where a question
asks for a number, `> 7` types it. Nothing here needs a terminal: lines may as well come from a file.
"""

from collections.abc import Callable, Iterable
from typing import Final

from bot.preview import plain
from bot.preview.phone import Preview
from bot.preview.record import Happened
from bot.simulator.chats import Message
from bot.simulator.errors import ControlError
from bot.simulator.world import World
from flows.prompts import Taken

HELP: Final = (
    "Type the number of a button, or words. To type a number as words, put > before it: > 7. /photo sends a picture,"
    " /quit ends."
)
QUIT: Final = "/quit"
PHOTO: Final = "/photo"
_WORDS: Final = ">"
_RULE: Final = "─" * 8
Write = Callable[[str], object]
Told = Callable[[Happened], object]


class Talk:
    """One conversation of a preview, line by line."""

    def __init__(self, asked: Taken, world: World, language: str | None, write: Write, told: Told) -> None:
        """`write` takes lines to show; `told` everything that happens. Without a language she chooses one."""
        self._write, self._told = write, told
        self._preview = Preview(asked, world, self._happened)
        self._person = self._preview.person(language)

    async def hold(self, typed: Iterable[str]) -> None:
        """The whole conversation, until the lines end or one of them says so."""
        self._write(HELP)
        await self._preview.begin(self._person)
        for line in typed:
            words = line.strip()
            if words == QUIT:
                return
            if words:
                await self._do(words)

    async def _do(self, words: str) -> None:
        try:
            self._act(words)
        except ControlError as refused:
            self._write(f"({refused.message})")
            return
        await self._preview.answer()

    def _act(self, words: str) -> None:
        hands = self._preview.hands(self._person)
        if words == PHOTO:
            hands.send("photo", {})
        elif words.startswith(_WORDS):
            hands.say(words.removeprefix(_WORDS))
        elif words.isascii() and words.isdecimal():
            message, place = self._button(int(words))
            hands.press(message, label=None, index=place, past=None)
        else:
            hands.say(words)

    def _button(self, number: int) -> tuple[int, int]:
        """Message and place of a button by its number."""
        for message in self._showing():
            count = sum(map(len, message.keyboard or ()))
            if 1 <= number <= count:
                return message.id, number - 1
            number -= count
        raise ControlError(404, "no_button", "There is no button with this number; > before a number types it.")

    def _showing(self) -> list[Message]:
        """The messages whose buttons are numbered: the newest card, and the recording below it."""
        ours = [one for one in self._preview.chat(self._person).visible() if one.from_bot]
        card = next((one for one in ours if one.kind == "text"), None)
        return [] if card is None else [card, *(one for one in ours if one.kind != "text" and one.id > card.id)]

    def _happened(self, _person: int, happened: Happened) -> None:
        self._told(happened)
        for sentence in plain.around(happened):
            self._write(f"({sentence})")
        if happened.card is None:
            return
        self._write(f"\n{_RULE} {plain.KEPT} {_RULE}")
        for line in (*plain.lines(happened.card.text), "", *plain.buttons(happened)):
            self._write(line)
