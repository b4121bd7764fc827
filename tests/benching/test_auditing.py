"""The measurement of audits measures what it says: nothing here looks at a clock."""

import json

import pytest
from typer.testing import CliRunner

from privacy.audit.figures import Figure, Moment, Stay
from sauti.benching import auditing
from sauti.benching.auditing import Audited, Case, Found, audited, invented
from sauti.benching.auditing_tables import markdown
from sauti.benching.figures import spread
from sauti.main import app

SMALL = Case(200, 2, 3, 0)


def test_what_is_audited_is_what_was_released() -> None:
    """Each release tells every table of the people who had come by then; the last one tells of all. Proves: R2."""
    made = invented(SMALL, 1)
    figures = [item for item in made.items if isinstance(item, Figure) and item.table == "q0" and item.cell != "asked"]

    assert made.sizes == {Stay(0, 1): (100, 100), Stay(1, 1): (100, 100)}
    assert [
        sum(item.count or 0 for item in figures if item.moment == Moment(at)) for at in (0, 1)
    ] == [100, 200]  # fmt: skip
    assert {item.table for item in made.items} == {"q0", "q1", "q2"}
    assert "q0*q3" in {item.table for item in invented(Case(400, 1), 1).items}


def test_a_case_is_audited_on_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desk and gate judge the same figures; how many, and in what time, is told of each case."""
    (one,) = audited([Case(200, 1, 3, 0)], 1, lambda _words: None)

    assert one.targets
    assert one.figures == len(invented(one.case, 0).items)
    assert one.desk.middle > 0 < one.gate.middle
    monkeypatch.setattr(auditing, "audited", lambda _cases, _rounds, _say: [one])
    result = CliRunner().invoke(app, ["bench", "audit", "--quick", "--format", "json"])
    assert json.loads(result.stdout)["audited"][0]["case"]["questions"] == 3
    assert "| 1 | 200 | 3 | 0 |" in CliRunner().invoke(app, ["bench", "audit", "--quick"]).stdout


def test_the_target_is_told_of_its_own_case() -> None:
    """The row of twelve questions and three crosses after three releases says whether ten seconds were enough."""
    one = Audited(auditing.WANTED, 1_000, 2_000, spread([9.0, 12.0, 8.0]), spread([1.0]))

    page = markdown(Found("a machine", (one,)))

    assert "| desk's audit after three earlier releases, s | ≤ 10 | 9.00 (8.00-12.00) | yes |" in page
    assert "Target" not in markdown(Found("a machine", ()))
