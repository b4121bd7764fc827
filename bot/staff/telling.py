"""What staff are told unasked: a daily note that is always as long, and alarms. Pure.

Whoever watches the line learns from the note's length nothing of the day, and from its coming only that it is morning.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.staff import texts
from locales.catalog import Catalogue
from rounds.life import LIFE, Act
from storage.rounds import ENDED, RUNNING, RoundRow
from storage.staff import Account
from storage.times import DAY

LENGTH: Final = 400
"""Bytes of every daily note in UTF-8, in whatever language."""
_BLANK: Final = "\u00a0"
"""Two bytes; a plain space makes the one byte that may be left over. The full stop behind keeps both from being cut."""
_END: Final = "."
SILENCE: Final = 1_800
"""Seconds without a sign of life of the participant bot, after which its work counts as late (it gives one each five
minutes, noted to ten)."""
ROOM: Final = 1 << 30
"""Bytes that should be free on the disk: what a day of a large round and a backup of it take, many times over."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of the machine, besides the database: seen by the staff bot itself."""

    free: int
    """Bytes on the disk."""
    webhook: bool = False
    """Somebody has set a webhook for the staff bot, which uses none."""
    elsewhere: bool = False
    """Somebody else fetches the staff bot's updates with its token."""


def digest(words: Catalogue, rounds: Sequence[RoundRow], alarms: int) -> str:
    """The daily note, filled up to `LENGTH` bytes."""
    states = Counter("ended" if one.state in ENDED else one.state for one in rounds)
    said = words.text(
        *texts.DIGEST, running=words.number(states["open"]), resting=words.number(states["paused"]),
        ended=words.number(states["ended"]), alarms=words.number(alarms),
    )  # fmt: skip
    left = LENGTH - len(said.encode()) - len(_END)
    return said + " " * (left % 2) + _BLANK * (left // 2) + _END


def alarms(rounds: Sequence[RoundRow], watched: Mapping[str, int], signs: Signs, now: datetime) -> Iterator[str]:
    """The kinds of alarm that hold now, in the order of `texts.ALARMS`."""
    seconds = int(now.timestamp())
    running = [one for one in rounds if one.state in RUNNING]
    noticed = {what for what, slot in watched.items() if seconds - slot < DAY}
    holds = {
        "referrals": stale(rounds, now.date()) > 0,
        "webhook": signs.webhook or "webhook" in noticed,
        "token": signs.elsewhere or "token" in noticed,
        "clock": (bool(running) and seconds - watched.get("clock", 0) > SILENCE) or "late" in noticed,
        "disk": signs.free < ROOM or "disk" in noticed,
        "wrong": "wrong" in noticed,
    }
    return (kind for kind in texts.ALARMS if holds[kind])


def stale(rounds: Sequence[RoundRow], today: date) -> int:
    """Entries of running live rounds that nobody has tried within 30 days (O2)."""
    return sum(one.stale_referrals(today) for one in rounds if one.state in RUNNING)


def alarm(words: Catalogue, kind: str, count: int) -> str:
    """What is said of an alarm."""
    return words.text(*texts.ALARMS[kind], count=words.number(count))


def concerned(account: Account) -> bool:
    """Whether this role is told of alarms: whoever can do something about them."""
    return account.role in LIFE[Act.PAUSE].by
