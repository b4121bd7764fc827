"""Finishes what staff bot or clock have closed by its state alone: drafts end, the mailbag empties, the salt goes."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.participant.log import Event, log
from rounds.clock import Job
from storage.closing import settle
from storage.errors import StorageError
from storage.rounds import RoundStore
from storage.secrets import Secrets

EVERY: Final = 30.0
"""Seconds between two looks."""


class Settling:
    """The rounds of one database that others have closed."""

    def __init__(self, rounds: RoundStore, secrets: Secrets, clock: Callable[[], datetime]) -> None:
        self._rounds, self._secrets, self._clock = rounds, secrets, clock

    @property
    def job(self) -> Job:
        """Twice a minute, by whoever leads. Done twice it does nothing, so it is not claimed."""
        return Job("settling", EVERY, self._look)

    async def _look(self, _leads: object) -> None:
        try:
            await asyncio.to_thread(settle, self._rounds, self._secrets, self._clock())
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)
