"""What the whole life of a round needs: time that the test moves, an office that comes only to sign, and two phones."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp

from bot.participant import texts
from bot.simulator.driver import Driver, NothingHappenedError, Person, Seen
from bot.simulator.errors import ControlError
from flows.events import Control
from flows.journey.before import RIGHT
from locales.catalog import autonym, catalogue
from sauti.demo.processes import DemoError
from sauti.demo.story import Stage
from tests.architecture.house import ROOT
from tests.faults.stage import now

PATIENCE = 60.0
MORNING = timedelta(days=1, hours=10)
"""The hour, counted from the midnight before the test, at which the story begins: people talk by day."""
COMMAND = "from tests.faults import twists; twists.desk(); from sauti.main import main; main()"


async def until(true: Callable[[], Awaitable[bool]], within: float = PATIENCE) -> None:
    """Looks again and again until something is so. Raises TimeoutError where it never is."""
    async with asyncio.timeout(within):
        while not await true():  # noqa: ASYNC110 - another process brings it about, and tells nobody
            await asyncio.sleep(0.1)


class Time:
    """The clock of everybody: both bots, the office, and Telegram."""

    def __init__(self, folder: Path, driver: Driver) -> None:
        self._file, self._driver = folder / "clock", driver
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.begins = midnight + MORNING
        self._ahead = 0.0

    async def put(self, at: datetime) -> None:
        """Moves it on to a moment."""
        before, self._ahead = self._ahead, (at - now()).total_seconds()
        new = self._file.with_suffix(".new")
        new.write_text(str(self._ahead))
        new.replace(self._file)  # whole or not at all: the processes read it all the time
        await self._driver.advance(self._ahead - before)

    @property
    def shown(self) -> datetime:
        """What it shows."""
        return (now() + timedelta(seconds=self._ahead)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Desk(Stage):
    """The demo's stage, whose commands run at the story's time."""

    async def run(self, *arguments: str | Path, settings: Mapping[str, str]) -> str:
        """One command in a process of its own; its stdout. Raises DemoError where it fails."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
        given = inherited | {"TMPDIR": str(self.folder)} | dict(settings)
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", COMMAND, *map(str, arguments), cwd=ROOT,
                env=given, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
            said, _ = await process.communicate()
        if process.returncode:
            raise DemoError(str(arguments[0]), f"exit {process.returncode}", said.decode())
        return said.decode()


class Facilitator:
    """Somebody of the staff with a phone and an authenticator app, and nothing else."""

    def __init__(self, person: Person, factor: str, time: Time) -> None:
        self.person, self._factor, self._time = person, factor, time

    async def shows(self, *words: str) -> Seen:
        """The list, asked for until all these words stand in it."""
        card: Seen | None = None

        async def there() -> bool:
            nonlocal card
            await self.person.say("/rounds")
            await self.person.next_card(PATIENCE)
            card = await self.person.card()
            return card is not None and all(word in bare(card.text) for word in words)

        await until(there)
        assert card is not None
        return card

    async def does(self, name: str, act: str) -> None:
        """Presses an act of a round and types the six digits."""
        await self.person.press(name)
        await self.person.wait(lambda screen: any(act in one.labels for one in screen.visible), PATIENCE)
        await self.person.press(act)
        await self._reads(f"{act}: {name}. Now type the six digits")
        await self.person.say(pyotp.TOTP(self._factor).at(self._time.shown))
        await self._reads(f"{act}: {name}. Done.")

    async def _reads(self, words: str) -> None:
        """Waits for words on any message: the day's note may come below the card that is looked at."""
        await self.person.wait(lambda screen: any(words in bare(one.text) for one in screen.visible), PATIENCE)


class Steady:
    """Somebody who answers in English, agrees, skips and sends; she can wait in the middle and be reminded."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._words = catalogue("en", texts.DOMAIN)

    def label(self, control: Control) -> str:
        """What stands on a button."""
        return self._words.text(*texts.CONTROLS[control])

    async def goes_on(self, until_there: Control) -> Seen:
        """Presses what leads on until this button stands on her card."""
        for _ in range(60):
            card = await self.person.card()
            if card is not None and self.label(until_there) in card.labels:
                return card
            if card is None or not card.labels or not await self._presses(self._next(card)):
                await asyncio.sleep(0.2)
        raise NothingHappenedError("she did not get there")

    def _next(self, card: Seen) -> str:
        asked = zip((texts.SAFE, *texts.CHECKS), (Control.YES, *RIGHT), strict=True)
        known = next((right for one, right in asked if self._words.text(*one) in card.text), None)
        ways = [autonym("en")] if known is None else [self.label(known)]
        on = (Control.RESUME, Control.SKIP, Control.SKIP_PART, Control.ADULT, Control.SEND, Control.YES, Control.NEXT)
        return next(label for label in (*ways, *map(self.label, on), card.labels[0]) if label in card.labels)

    async def _presses(self, label: str) -> bool:
        try:
            await self.person.press(label)
            await self.person.next_card(5.0)
        except (ControlError, NothingHappenedError):
            return False  # the card changed under her finger: she looks at what is there now
        return True


def bare(text: str) -> str:
    """A text without the marks that keep directions apart."""
    return text.replace("\u2068", "").replace("\u2069", "")
