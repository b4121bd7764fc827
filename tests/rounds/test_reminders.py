"""When somebody is reminded: beside a referee that looks at every ten minutes there are."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.reminders import AHEAD, GONE, TO_COME_BACK, slot
from storage.conditions import Conditions, QuietHours
from storage.times import GRAIN

ZONES = (
    "Europe/Kyiv", "Asia/Gaza", "America/Bogota", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Apia",
    "Australia/Lord_Howe", "UTC",
)  # fmt: skip
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),  # Kyiv, forward and back
    datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 10, 24, 0, tzinfo=UTC),  # Gaza, about
    datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, tzinfo=UTC),  # Lord Howe, by half an hour
)  # fmt: skip
MOMENTS = st.one_of(
    st.integers(1_767_225_600, 1_830_297_600).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.builds(lambda day, hours: day + timedelta(hours=hours), st.sampled_from(CHANGES), st.floats(-30, 30)),
)
NIGHTS = st.one_of(
    st.none(),
    st.builds(lambda begin, end: QuietHours.model_validate({"from": begin, "to": end}), st.times(), st.times()),
)
PLACES = st.builds(
    lambda zone, hours: Conditions(time_zone=zone, quiet_hours=hours), st.sampled_from((None, *ZONES)), NIGHTS
)
KEPT = st.integers(30, 1_440)


def _night(moment: int, place: Conditions) -> bool:
    """Whether it is night, as somebody on the spot would read it off a clock on the wall."""
    wall = datetime.fromtimestamp(moment, ZoneInfo(place.time_zone or "UTC")).time()
    begin, end = (place.quiet_hours.begin, place.quiet_hours.end) if place.quiet_hours else (time(20), time(8))
    return begin <= wall < end if begin <= end else not end <= wall < begin


def referee(now: datetime, minutes: int, place: Conditions) -> int | None:
    """Of every ten minutes by day in which a reminder makes sense: the first after the wished one, else the last."""
    said = now.timestamp()
    end = int((now + timedelta(minutes=minutes)).timestamp()) // GRAIN * GRAIN
    possible = [
        moment
        for moment in range(int(said) // GRAIN * GRAIN, end, GRAIN)
        if int(said) + GONE <= moment <= end - TO_COME_BACK and not _night(moment, place)
    ]
    late = [moment for moment in possible if moment >= end - AHEAD]
    return min(late) if late else max(possible, default=None)


@given(MOMENTS, KEPT, PLACES)
def test_the_time_is_the_referee_s(now: datetime, minutes: int, place: Conditions) -> None:
    """Whatever the zone, the night and the change of the clocks: by day, after she has gone, before the draft ends.

    Proves: P7, D2
    """
    found = slot(now, minutes, place)

    assert found == referee(now, minutes, place)
    assert found is None or found % GRAIN == 0


@pytest.mark.parametrize(
    ("said", "minutes", "local"),
    [
        ("2026-11-21 12:00", 1_440, "10:00 +1"),  # two hours before the end
        ("2026-11-21 09:30", 1_440, "08:00 +1"),  # that would be half past seven: a little later, and still in time
        ("2026-11-21 23:10", 1_440, "19:50 +1"),  # that would be ten past nine in the evening: before the night
        ("2026-11-21 18:00", 180, "19:00 +0"),
        ("2026-11-21 19:40", 600, None),  # the draft ends before the day begins
        ("2026-11-21 12:00", 30, None),  # no time between going neutral and ending
        ("2026-10-24 09:30", 1_440, "08:00 +1"),  # the night is an hour longer: clocks went back
        ("2026-03-28 09:30", 1_440, "08:30 +1"),  # and an hour shorter
    ],
)
def test_examples_that_can_be_checked_by_hand(said: str, minutes: int, local: str | None) -> None:
    """In Kyiv, with nothing said of the night. Proves: P7."""
    kyiv = ZoneInfo("Europe/Kyiv")
    begun = datetime.fromisoformat(said).replace(tzinfo=kyiv)
    found = slot(begun, minutes, Conditions(time_zone="Europe/Kyiv"))
    if local is None:
        assert found is None
        return
    assert found is not None
    shown = datetime.fromtimestamp(found, kyiv)

    assert f"{shown:%H:%M} +{(shown.date() - begun.date()).days}" == local


def test_a_round_that_says_nothing_has_a_night() -> None:
    """Without a record it is night from eight to eight, by UTC; with a zone, by that."""
    evening = datetime(2026, 11, 21, 19, 59, tzinfo=UTC)

    assert not Conditions().quiet(evening)
    assert Conditions().quiet(evening + timedelta(minutes=1))
    assert Conditions(time_zone="Europe/Kyiv").quiet(evening)
