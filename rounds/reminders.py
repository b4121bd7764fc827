"""When somebody who has asked for it is reminded: by day, late enough to be needed, early enough to be of use. Pure.

A reminder is the only warning that a draft will end. It comes some two hours before that, or, where that is night, at
the nearest time by day: rather a little later, while there is still time to come back, than earlier. Where day never
comes before the draft ends, nobody is reminded: a message at night can be seen by whoever else is in the room.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from storage.conditions import Conditions
from storage.times import GRAIN, before

AHEAD: Final = 7_200
"""Seconds before the end of a draft at which the reminder would come if it were always day."""
GONE: Final = 1_800
"""Seconds since her last word before which nobody is reminded: until then her card has not even gone neutral."""
TO_COME_BACK: Final = 600
"""Seconds that are left after the reminder at least."""


def slot(now: datetime, minutes: int, conditions: Conditions) -> int | None:
    """When to remind somebody whose last word is of `now` and whose draft is kept for `minutes`.

    Seconds since 1970, UTC, a multiple of ten minutes; None where there is no time for it.
    """
    first = -(-(int(now.timestamp()) + GONE) // GRAIN) * GRAIN
    end = before(now.astimezone(UTC), timedelta(minutes=minutes))
    for moment in _moments(first, end - TO_COME_BACK, max(first, end - AHEAD)):
        if not conditions.quiet(datetime.fromtimestamp(moment, UTC)):
            return moment
    return None


def _moments(first: int, last: int, wished: int) -> Iterator[int]:
    """The wished one, the later ones, then the earlier ones, backwards."""
    return chain(range(wished, last + 1, GRAIN), range(wished - GRAIN, first - 1, -GRAIN))
