"""What staff are told unasked: a note that is always as long, and each alarm while it holds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff import telling, texts
from bot.staff.telling import LENGTH, ROOM, SILENCE, Signs
from locales.catalog import catalogue
from storage.rounds import Record, RoundRow, RoundState
from storage.times import DAY
from tests.rounds.records import SERVICES, entry, record
from tests.storage.world import CLOCK, World

NOW = int(CLOCK.timestamp())
FINE = {"clock": NOW}
ROOMY = Signs(free=ROOM)


def kinds(world: World, watched: dict[str, int], signs: Signs = ROOMY) -> list[str]:
    """The alarms that hold now."""
    return list(telling.alarms(world.rounds.all(), watched, signs, world.clock()))


@given(
    st.sampled_from(texts.LANGUAGES),
    st.lists(st.sampled_from([state for state in RoundState if state in texts.STATES]), max_size=120),
    st.integers(0, len(texts.ALARMS)),
)
def test_the_daily_note_is_always_as_long(language: str, states: list[RoundState], alarms: int) -> None:
    """Whatever happened, in whichever language, the note has the same number of bytes, and Telegram cuts none of them.

    Proves: F3
    """
    rounds = [replace(_ROW, state=state) for state in states]
    said = telling.digest(catalogue(language, texts.DOMAIN), rounds, alarms)

    assert len(said.encode()) == LENGTH
    assert said == said.strip()


def test_nothing_is_wrong_on_a_good_day(world: World) -> None:
    """A running round, a bot that lives and room on the disk alarm nobody."""
    world.open_round()

    assert kinds(world, FINE) == []


def test_stale_help_alarms_while_a_live_round_runs(world: World) -> None:
    """Entries that nobody has tried for 30 days alarm while the round is open or rests; not those of a rehearsal.

    Proves: O2
    """
    old = [entry(SERVICES[0], verified_on="2026-10-01"), *(entry(one) for one in SERVICES[1:])]
    made = record(referrals=old)
    world.open_round(record=Record(made.frozen, made.referrals))
    rehearsed = kinds(world, FINE)
    row = world.open_round(rehearsal=False, record=Record(made.frozen, made.referrals))
    live = kinds(world, FINE)
    world.close(row)

    assert (rehearsed, live, kinds(world, FINE)) == ([], ["referrals"], [])


@pytest.mark.parametrize(("what", "kind"), [(one, one) for one in ("webhook", "token", "disk", "wrong")])
def test_what_the_other_bot_has_noticed_alarms_for_a_day(world: World, what: str, kind: str) -> None:
    """A changed webhook, a shared token, a full disk and an entry that is wrong alarm for a day after the last look.

    Proves: T5
    """
    assert kinds(world, FINE | {what: NOW}) == [kind]
    assert kinds(world, FINE | {what: NOW - DAY}) == []


def test_the_staff_bots_own_token_and_disk_alarm(world: World) -> None:
    """Its own webhook, which it has none of, somebody else with its token, and its own disk alarm as well.

    Proves: T5
    """
    assert kinds(world, FINE, Signs(free=ROOM, webhook=True)) == ["webhook"]
    assert kinds(world, FINE, Signs(free=ROOM, elsewhere=True)) == ["token"]
    assert kinds(world, FINE, Signs(free=ROOM - 1)) == ["disk"]


def test_a_bot_that_gives_no_sign_alarms_while_a_round_runs(world: World) -> None:
    """Half an hour without a sign of life is late work; with no round running nobody is woken for it."""
    quiet = kinds(world, {})
    row = world.open_round()
    never, in_time = kinds(world, {}), kinds(world, {"clock": NOW - SILENCE})
    world.clock.pass_(seconds=SILENCE + 600)
    late = kinds(world, FINE)
    world.close(row)

    assert (quiet, never, in_time, late, kinds(world, {})) == ([], ["clock"], [], ["clock"], [])
    assert timedelta(seconds=SILENCE) < timedelta(hours=1)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_alarm_has_its_words(language: str) -> None:
    """Each kind is told apart, in each language."""
    words = catalogue(language, texts.DOMAIN)

    assert len({telling.alarm(words, kind, 3) for kind in texts.ALARMS}) == len(texts.ALARMS)


def _any_row() -> RoundRow:
    from storage.rounds import ControlRow
    from tests.storage.asked import CONSULTATION

    return RoundRow(bytes(16), "AAAAAAAA", True, CONSULTATION, b"", b"", b"", 3, 2, 10, ControlRow())


_ROW = _any_row()
