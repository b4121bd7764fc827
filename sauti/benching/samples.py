"""What is measured and what was found, as plain values: conditions, sessions, samples, and the plan of a run. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sauti.benching.figures import Waits

MANY: Final = 100
"""People in the comparisons that are made at one size only: far away from Telegram, and with rate limits."""
FAR_MS: Final = 50


@dataclass(frozen=True, slots=True)
class Setting:
    """How a bot is connected: webhook or polling, milliseconds that each exchange takes longer, rate limits."""

    webhook: bool
    delay_ms: int = 0
    limits: bool = False

    @property
    def title(self) -> str:
        """As it stands above a table."""
        way = "webhook" if self.webhook else "polling"
        far = f", {self.delay_ms} ms to Telegram" if self.delay_ms else ""
        return way + far + (", rate limits on" if self.limits else "")


@dataclass(frozen=True, slots=True)
class Session:
    """One process of one bot, which crowds of these sizes talk to, one after the other."""

    bot: str
    setting: Setting
    crowds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one crowd found.

    `calls` are outgoing calls an update, counting those that say something in a chat; `cpu_ms` is processor time of the
    bot an update. `bot_busy` and `yardstick_busy` are shares of a core, the latter of simulator and people together.
    `conversations` were held to their end; `unanswered` people never got the card they waited for; `refusals` are calls
    that the simulator refused; `pending` updates had not been confirmed at the end.
    """

    round: int
    bot: str
    setting: Setting
    people: int
    updates_per_second: float
    waits: Waits
    cpu_ms: float
    calls: float
    rss_mib: float
    cold_seconds: float
    bot_busy: float
    yardstick_busy: float
    conversations: int
    unanswered: int
    refusals: int
    pending: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A measurement that came to nothing."""

    bot: str
    setting: Setting
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run consists of. `near` bots are measured in all sizes, `far` ones also away from Telegram."""

    near: tuple[str, ...]
    far: tuple[str, ...]
    limited: tuple[str, ...]
    crowds: tuple[int, ...]
    rounds: int

    def settings(self) -> Iterator[tuple[Setting, tuple[str, ...], tuple[int, ...]]]:
        """Every setting with its bots and crowds."""
        for webhook in (False, True):
            yield Setting(webhook), self.near, self.crowds
        for webhook in (False, True):
            yield Setting(webhook, FAR_MS), self.far, (MANY,)
        yield Setting(webhook=False, limits=True), self.limited, (MANY,)

    def sessions(self) -> Iterator[tuple[int, Session]]:
        """(round, session): in each round all bots take turns, and each round begins with another one."""
        for number in range(self.rounds):
            for setting, bots, crowds in self.settings():
                for bot in rotated(bots, number):
                    yield number + 1, Session(bot, setting, crowds)


def rotated(bots: Sequence[str], by: int) -> tuple[str, ...]:
    """The same bots, beginning `by` places later."""
    first = by % len(bots) if bots else 0
    return (*bots[first:], *bots[:first])
