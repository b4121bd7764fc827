"""The demo's invented people, without a bot: what they do where the chat does not wait for them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.participant import texts as spoken
from bot.simulator.errors import ControlError
from locales.catalog import autonym, catalogue
from sauti.demo.people import answer_all
from sauti.demo.processes import DemoError


class Slippery:
    """A chat whose first button goes while a hand reaches for it; what comes then ends the conversation."""

    def __init__(self, code: str) -> None:
        self.code, self.pressed = code, 0
        words = catalogue("am", spoken.DOMAIN)
        end = next(iter(spoken.ENDINGS.values()))
        self.cards = [
            SimpleNamespace(labels=(autonym("am"),), text=""),
            SimpleNamespace(labels=(), text=words.text(end.context, end.text)),
        ]

    async def person(self, *_args: object, **_named: object) -> "Slippery":
        """The only one."""
        return self

    async def start(self, _code: str) -> None:
        """Nothing is needed for it."""

    async def next_card(self, _patience: float) -> SimpleNamespace:
        """The next of two."""
        return self.cards.pop(0)

    async def press(self, _label: str) -> None:
        """Gone already."""
        self.pressed += 1
        raise ControlError(404, self.code, "read the chat")


def test_a_button_that_goes_while_she_reaches_for_it_ends_no_demo() -> None:
    """An invented person whose card changed under her finger looks again, as people do; any other refusal ends it."""
    hasty: Any = Slippery("no_button")

    assert asyncio.run(answer_all(hasty, 1, "CODE", 1)).participants_started == 1
    assert hasty.pressed == 1

    broken: Any = Slippery("no_such_person")
    with pytest.raises(DemoError):
        asyncio.run(answer_all(broken, 1, "CODE", 1))
