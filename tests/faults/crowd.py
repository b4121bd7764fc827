"""Many people at once, for as long as a test wants them."""

import asyncio
import contextlib
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.people import Participant, wished
from tests.faults.stage import Stage
from tests.faults.watch import Watch, watching

PATIENCE = 600.0
"""Seconds that a whole crowd has to come to its end: many times what it takes on a machine with nothing else to do."""


@dataclass(slots=True)
class Crowd:
    """People of one stage; `people` is everybody who ever took part."""

    stage: Stage
    watch: Watch
    dice: random.Random
    steadily: bool = False
    people: list[Participant] = field(default_factory=list)

    async def someone(self, **names: str) -> Participant:
        """A new person, who has not written yet."""
        tag = f"t{secrets.token_hex(6)}"
        mine = random.Random(self.dice.random())
        person = await self.stage.driver.person(names.pop("first_name", "Ada"), bot=self.stage.bot, **names)
        wish = wished(mine, tag, steadily=self.steadily)
        one = Participant(self.stage, self.watch, person, tag, wish, mine)
        self.people.append(one)
        return one

    @contextlib.asynccontextmanager
    async def _patience(self) -> AsyncIterator[None]:
        """Gives up after PATIENCE, and says what those who have not come to their end are looking at."""
        try:
            async with asyncio.timeout(PATIENCE):
                yield
        except TimeoutError:
            cards = [await one.person.card() for one in self.people if one.ended is None]
            shown = Counter(" / ".join(card.labels[:3]) if card else "no card" for card in cards)
            raise AssertionError(f"out of patience; unfinished are at {dict(shown)}") from None

    async def take_part(self, count: int) -> None:
        """`count` people from beginning to end, all at once."""
        async with self._patience(), asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task((await self.someone()).live())

    async def meanwhile(self, at_once: int, trouble: Callable[[], Awaitable[None]]) -> None:
        """Keeps `at_once` people talking while `trouble` goes on; those who are under way then come to their end."""
        over = asyncio.Event()

        async def places() -> None:
            while not over.is_set():
                await (await self.someone()).live()

        async with self._patience(), asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(places())
            try:
                await trouble()
            finally:
                over.set()


@contextlib.asynccontextmanager
async def crowd(stage: Stage, seed: int, *, steadily: bool = False) -> AsyncIterator[Crowd]:
    """A crowd whose dice are seeded."""
    async with watching(stage.driver, stage.bot) as watch:
        yield Crowd(stage, watch, random.Random(seed), steadily)
