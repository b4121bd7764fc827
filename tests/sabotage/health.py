"""Ways to betray somebody through what a server says of itself."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, func, select

from bot.participant import numbers
from bot.participant.numbers import Numbers
from rounds import health
from sauti import examining
from storage import participation
from storage.database import reading
from storage.tables import drafts
from storage.tables import participation as noted
from tests.sabotage.registry import sabotage

WATCHING = "tests/bot/test_bot_health.py::"


@sabotage("D6", caught_by=WATCHING + "test_every_number_is_on_the_list")
def one_number_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody thinks that the number of open conversations would be good to know."""
    told = Numbers._of_rounds

    def more(own: Numbers) -> Iterator[numbers._Number]:
        yield from told(own)
        yield "sauti_drafts", "Open conversations", "", {"": 0.0}

    monkeypatch.setattr(Numbers, "_of_rounds", more)


@sabotage("D6", caught_by=WATCHING + "test_no_number_moves_when_somebody_answers")
def lateness_counts_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that is on the list tells of conversations."""

    def count(engine: object, _now: int) -> int:
        with reading(engine) as connection:  # type: ignore[arg-type]  # the engine that the real one is given
            return connection.execute(select(func.count()).select_from(drafts)).scalar_one()

    monkeypatch.setattr(numbers, "latest", count)


@sabotage("D6", caught_by="tests/rounds/test_health.py::test_a_full_disk_is_found_before_it_is_full")
def room_to_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room on a disk is told in steps so small that they grow with each answer."""
    monkeypatch.setattr(health, "QUARTER", 4_096)


@sabotage("F3", caught_by=WATCHING + "test_participation_is_told_late_and_in_tens")
def participation_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest note is shown, whatever day it is of."""

    def shown(connection: Connection, round_id: bytes, _now: datetime) -> int:
        tens: int = connection.execute(select(func.max(noted.c.tens)).where(noted.c.round == round_id)).scalar_one()
        return tens

    monkeypatch.setattr(participation, "shown", shown)


@sabotage("T5", caught_by="tests/functional/test_doctor.py::test_whose_webhook_it_is")
def any_webhook_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's webhook is as good as ours."""
    monkeypatch.setattr(examining, "_of_webhook", lambda _stands, _wanted: health.good("webhook", "there is one"))


@sabotage("O2", caught_by="tests/rounds/test_health.py::test_help_that_nobody_tried_is_found")
def a_doctor_rings_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old referrals are no finding."""
    monkeypatch.setattr("storage.rounds.RoundRow.stale_referrals", lambda _row, _today: 0)
