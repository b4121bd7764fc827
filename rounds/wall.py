"""Times as people say them, on the wall clocks of the place where they ask. Pure but for the time zones of the system.

A facilitator writes 2026-12-01T09:00 and means her own clock. Twice a year a clock is put forward or back in many
places: one hour then does not exist, another comes twice. Neither is guessed at: she is asked for another time, or to
say which of the two by its distance from UTC.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from storage.times import GRAIN

_REMEDIES = {
    "not-a-time": "Write date and time as in 2026-12-01T09:00.",
    "no-such-time": "Clocks are put forward over this hour there, so it does not exist. Choose another.",
    "twice": "Clocks are put back there, so this hour comes twice. Say which, as in 2026-10-25T02:30+02:00.",
    "not-in-tens": "Choose a full ten minutes, as in 09:10.",
    "time-past": "This time has passed there. Choose a later one, or do it now by hand.",
    "closes-first": "It would close before it opens. Choose a later time for closing.",
    "no-opening": "Say when it opens: --opens.",
    "opened-already": "It has been opened, so only its closing can be planned: --closes.",
    "nothing-planned": "Say when it opens or closes: --opens, --closes.",
}


class TimeRefused(Exception):  # noqa: N818 - named for what it says
    """A time that cannot be planned; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {_REMEDIES[self.code]}"


def slot(said: str, zone: str) -> int:
    """The moment that `said` names on the clocks of `zone`: seconds since 1970, a multiple of ten minutes.

    Raises:
        TimeRefused: `not-a-time`, `no-such-time`, `twice`, `not-in-tens`.
    """
    try:
        named = datetime.fromisoformat(said.strip())
    except ValueError:
        raise TimeRefused("not-a-time") from None
    if len(said.strip()) <= len("2026-12-01"):
        raise TimeRefused("not-a-time")
    moment = named if named.tzinfo is not None else _there(named, ZoneInfo(zone))
    seconds = moment.timestamp()
    if seconds % GRAIN:
        raise TimeRefused("not-in-tens")
    return int(seconds)


def shown(seconds: int, zone: str) -> str:
    """A moment as the clocks of `zone` show it, with its distance from UTC, as in 2026-12-01T09:00+03:00."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).isoformat(timespec="minutes")


def _there(named: datetime, zone: ZoneInfo) -> datetime:
    first, second = (named.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != named:
        raise TimeRefused("no-such-time")
    raise TimeRefused("twice")


def planned(opens: str | None, closes: str | None, zone: str, now: datetime) -> tuple[int | None, int | None]:
    """Both times as moments, each later than `now` and in their order.

    Raises:
        TimeRefused: whatever is wrong with either, or that there is neither.
    """
    first = None if opens is None else slot(opens, zone)
    last = None if closes is None else slot(closes, zone)
    if first is None and last is None:
        raise TimeRefused("nothing-planned")
    if min(one for one in (first, last) if one is not None) <= now.timestamp():
        raise TimeRefused("time-past")
    if first is not None and last is not None and last <= first:
        raise TimeRefused("closes-first")
    return first, last
