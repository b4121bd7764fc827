"""The measurement of tables measures what it says: nothing here looks at a clock."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sauti.benching import bounds, frame_rounds, summary, whole
from sauti.benching.bounds import bounded, by_flow, by_programs, table
from sauti.benching.frame import Counting, Frame, invented
from sauti.benching.frame_rounds import Counted, Turn
from sauti.benching.measuring import BenchError
from sauti.benching.opening import Miscounted
from sauti.benching.summary import Plan, chosen, run
from sauti.benching.summary_tables import markdown
from sauti.main import app

SMALL = Plan(responses=(40,), turns=1, people=(300,), rounds=1, shapes=((3, 3),), tables=2, peers=())


def silent(_words: str) -> None:
    """Tells nobody."""


def one_by_one(made: Frame, names: list[str]) -> list[int]:
    """A table of one or two questions, person by person."""
    found = Counter(zip(*(made.numbers[name].tolist() for name in names), strict=True))
    places: list[tuple[int, ...]] = [(one,) for one in range(len(made.codes[names[0]]))]
    if len(names) > 1:
        places = [
            (one, other) for one in range(len(made.codes[names[0]])) for other in range(len(made.codes[names[1]]))
        ]
    return [found[place] for place in places]


def test_every_table_of_the_frame_is_counted(tmp_path: Path) -> None:
    """All 210 tables, by the desk's counting over the file that peers get too, are those of one reader."""
    made = invented(500)
    made.save(tmp_path / "frame.npz")
    again = Frame.load(tmp_path / "frame.npz")
    tables = [*([one] for one in again.codes), *map(list, again.pairs)]
    counting = Counting(again)

    tally = counting.counted(made.pairs)

    assert len(tables) == 20 + 190
    assert list(counting.laid_out(tally, tables, made.pairs)) == [one_by_one(made, names) for names in tables]
    assert counting.safe(tally, made.pairs) > 100


@pytest.mark.parametrize("counts", [[1, 2, 4], [1, None, 4]], ids=["shown", "one withheld"])
def test_who_counts_differently_is_not_measured(counts: list[int | None]) -> None:
    """Two programs that disagree about one cell end the measurement; a cell that one withholds is no disagreement."""
    seen: dict[tuple[str, ...], list[int | None]] = {}
    frame_rounds._compare([["q0"]], [[1, 2, 3]], seen)
    frame_rounds._compare([["q0"]], [[1, None, 3]], seen)

    with pytest.raises(Miscounted, match="q0"):
        frame_rounds._compare([["q0"]], [counts], seen)


def test_flow_and_both_ways_of_programs_agree() -> None:
    """Bounds of every hidden cell by flow, by a model that is kept and by models made anew are the same."""
    one = table(6, 5, seed=3)

    found = by_flow(one)

    assert found == by_programs(one) == by_programs(one, anew=True)
    assert len(found) == len(one.hidden) > 3
    assert any(low < high for low, high in found)
    true = one.counts.ravel()
    assert all(low <= true[cell] <= high for cell, (low, high) in zip(one.hidden, found, strict=True))


def test_bounds_that_differ_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow that is quick and wrong has no figure."""
    monkeypatch.setattr(bounds, "by_flow", lambda one: [(0, 0)] * len(one.hidden))

    with pytest.raises(Miscounted, match="different bounds"):
        bounded(1, ((5, 5),), silent)


@pytest.mark.slow
def test_a_measurement_tells_all_its_tables() -> None:
    """A bundle with one worker and with two, a frame, and bounds; every figure can be told as a table and as JSON."""
    found = run(SMALL, silent)

    told = markdown(found)
    assert [(one.responses, one.workers) for one in found.whole.tabulated] == [(40, 1), (40, 2)]
    assert [(one.people, one.name) for one in found.counted] == [(300, "sauti")]
    assert all(run.desk_mib > 1 and run.counting > 0 for one in found.whole.tabulated for run in one.runs)
    assert "| 40 | 1 |" in told
    assert "| 3 by 3 |" in told
    assert json.dumps(asdict(found))


def test_targets_are_ratios_taken_round_by_round() -> None:
    """Beside duckdb and ACRO, what is told is the ratio within each round, and whether the middle one is enough."""
    ours = Counted(1_000, "sauti", [Turn(190, 1.0, 0.1, 0.9), Turn(190, 2.0, 0.1, 1.8)], 1.0)
    duckdb = Counted(1_000, "duckdb", [Turn(190, 3.0, 0.1), Turn(190, 4.0, 0.1)], 1.0)
    acro = Counted(1_000, "acro", [Turn(4, 1.9, None), Turn(4, 3.8, None)], 1.0)
    found = summary.Found("here", whole.Whole((), ()), (ours, duckdb, acro), tuple(bounded(1, ((3, 3),), silent)))

    told = markdown(found)

    assert "| counting: duckdb / ours | ≥ 1 | 2.50 (2.00-3.00) | yes |" in told
    assert "| duckdb counting / ours counting and protecting | ≥ 1 | 1.32 (1.05-1.58) | yes |" in told
    assert "| a safe table: ACRO / ours | ≥ 100 | 47.50 (47.50-47.50) | no |" in told


def test_a_peer_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A misspelt peer is named, with those there are; `none` is nobody; without their environment they are refused."""
    assert chosen("none") == ()
    with pytest.raises(BenchError, match="no peer duckdp; there are duckdb"):
        chosen("duckdp")
    monkeypatch.setattr(summary, "PEERS_PYTHON", tmp_path / "python")
    with pytest.raises(BenchError, match="make bench"):
        chosen(None)


def test_the_command_refuses_before_it_measures() -> None:
    """The command says what it could not do, and takes nothing for a peer that is none."""
    ran = CliRunner().invoke(app, ["bench", "summary", "--quick", "--peers", "excel"])

    assert ran.exit_code != 0
    assert "no peer excel" in ran.stderr
