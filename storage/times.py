"""Coarse times: the only ones that are ever stored (D2).

A stored moment could be compared with what Telegram, a phone company or a guard at a gate knows of the same moment.
Expiry is therefore rounded *down* to ten minutes, so that a limit stays a limit, and everything that
belongs to a response knows the ISO week only.
"""

from datetime import UTC, datetime, timedelta

GRAIN = 600
"""Seconds: no stored moment is finer than ten minutes."""
HOUR = 3_600
DAY = 86_400


def before(now: datetime, after: timedelta, grain: int = GRAIN) -> int:
    """The last multiple of `grain` seconds that is not later than `now + after`; seconds since 1970, UTC."""
    return int((now + after).timestamp()) // grain * grain


def iso_week(now: datetime) -> str:
    """The week of `now` in UTC, as in `2026-W47`."""
    year, week, _ = now.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def day(now: datetime) -> int:
    """Whole days since 1970, UTC."""
    return int(now.timestamp()) // DAY
