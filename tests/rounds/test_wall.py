"""Times on the wall clocks of the place where people are asked: never guessed at."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.wall import TimeRefused, planned, shown, slot

ZONES = ("Africa/Nairobi", "Asia/Kathmandu", "Europe/Berlin", "America/Bogota", "Australia/Lord_Howe", "UTC")
NOW = datetime(2026, 9, 1, tzinfo=UTC)
moments = st.integers(0, 300_000).map(lambda tens: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=10 * tens))


@given(st.sampled_from(ZONES), moments)
def test_what_a_clock_shows_is_the_moment_meant(zone: str, moment: datetime) -> None:
    """Any full ten minutes, written as the clock there shows it, is that moment, or is one of two and is asked about.

    Written with its distance from UTC it is always taken, and shown the same again.
    """
    seconds, there = int(moment.timestamp()), moment.astimezone(ZoneInfo(zone))
    exact = shown(seconds, zone)
    assert slot(exact, zone) == seconds
    plain = there.strftime("%Y-%m-%dT%H:%M")
    if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
        assert slot(plain, zone) == seconds
    else:
        with pytest.raises(TimeRefused, match="twice"):
            slot(plain, zone)


@pytest.mark.parametrize(
    ("said", "zone", "code"),
    [
        ("2026-03-29T02:30", "Europe/Berlin", "no-such-time"),
        ("2026-10-25T02:30", "Europe/Berlin", "twice"),
        ("2026-10-04T02:10", "Australia/Lord_Howe", "no-such-time"),
        ("2026-12-01T09:05", "Africa/Nairobi", "not-in-tens"),
        ("2026-12-01T09:00:01", "Africa/Nairobi", "not-in-tens"),
        ("2026-12-01", "Africa/Nairobi", "not-a-time"),
        ("tomorrow", "Africa/Nairobi", "not-a-time"),
        ("", "Africa/Nairobi", "not-a-time"),
    ],
)
def test_an_hour_that_is_not_or_comes_twice_is_refused(said: str, zone: str, code: str) -> None:
    """Each is told apart, with what to write instead."""
    with pytest.raises(TimeRefused) as refused:
        slot(said, zone)

    assert refused.value.code == code
    assert str(refused.value).startswith(f"{code}: ")


def test_of_two_hours_each_can_be_said() -> None:
    """With its distance from UTC the first and the second half past two are an hour apart."""
    first, second = (slot(f"2026-10-25T02:30+0{hours}:00", "Europe/Berlin") for hours in (2, 1))

    assert second - first == 3600


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (None, None, "nothing-planned"),
        ("2026-08-01T09:00", None, "time-past"),
        ("2026-12-01T09:00", "2026-08-01T09:00", "time-past"),
        ("2026-12-01T09:00", "2026-12-01T09:00", "closes-first"),
        ("2026-12-02T09:00", "2026-12-01T09:00", "closes-first"),
    ],
)
def test_times_come_in_their_order(opens: str | None, closes: str | None, code: str) -> None:
    """What has passed, or would close before it opens, is not planned."""
    with pytest.raises(TimeRefused) as refused:
        planned(opens, closes, "Africa/Nairobi", NOW)

    assert refused.value.code == code
