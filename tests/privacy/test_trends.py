"""One question through rounds: displayed figures side by side, in one scheme, and nothing counted anew."""

import json

import pytest

from flows.model import Sensitivity
from privacy.candidate import Candidate
from privacy.control import protect
from privacy.release import Release
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, RawTable, Refusal, Row, SafeTable, Shape, Shown, Small
from privacy.trends import Change, NoTrend, Trend, Wave, released, trend, wave
from tests.architecture.house import ROOT
from tests.privacy.released import as_release, sample

RULES = Rules.of_round(10, 5)
WEEKS = ("2026-W20", "2026-W30", "2026-W40")
FROZEN = ROOT / "tests/vectors/trend.json"


def told(week: str, *counts: int, merges: tuple[tuple[str, str, str], ...] = (), base: int = 5) -> Wave:
    """A round in which so many gave each answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    asked = sum(counts)
    raw = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, asked, asked - counts[-1], merges=merges)
    table = protect(raw, Rules(s=0, base=base) if base == 1 else RULES, bytes(32))
    return Wave(round=week[-2:] * 16, week=week, table=table)


def test_a_change_is_the_difference_of_displayed_shares() -> None:
    """A trend says what two documents side by side say: no figure in it is nearer to the truth. Proves: R1."""
    rounds = [told("2026-W40", 81, 63, 41, 20), told("2026-W20", 62, 58, 9, 40), told("2026-W30", 60, 66, 44, 30)]

    found = trend(rounds)

    assert [each.week for each in found.waves] == list(WEEKS)
    for changes, before, after in zip(found.changes, found.waves, found.waves[1:], strict=False):
        for change, old, new in zip(changes, before.table.rows, after.table.rows, strict=True):
            if isinstance(old.cell, Shown) and isinstance(new.cell, Shown):
                assert old.cell.percent is not None
                assert new.cell.percent is not None
                assert change == Change(code=old.code, points=new.cell.percent - old.cell.percent)
            else:
                assert change.points is None
    assert [change.points for change in found.changes[0]].count(None) == 1


def test_a_round_that_was_withheld_leaves_a_gap() -> None:
    """Where a round showed nothing, nothing is said of a change from or to it."""
    withheld = Wave(round="0b" * 16, week="2026-W30", table=SafeTable(id="q", refusal=Refusal.PROTECTED))

    found = trend([told("2026-W20", 62, 58, 40), withheld, told("2026-W40", 61, 52, 44)])

    assert found.changes == ((), ())


def test_other_categories_are_no_trend() -> None:
    """Rounds whose categories differ, or bring together others, are not put beside each other. Proves: R4."""
    same = [told("2026-W20", 62, 58, 40), told("2026-W30", 60, 66, 44)]
    more = told("2026-W40", 62, 58, 40, 40)
    merged = told("2026-W50", 11, 12, 5, 0, merges=(("c1", "c1", "c2"),), base=1)

    for other in (more, merged):
        with pytest.raises(NoTrend, match=r"scheme-differs \(round 3"):
            trend([*same, other])


def test_a_trend_needs_several_rounds() -> None:
    """One round is no trend, and neither is one round twice."""
    with pytest.raises(NoTrend, match="one-round"):
        trend([told("2026-W20", 62, 58, 40)])
    with pytest.raises(ValueError, match="several rounds"):
        trend([told("2026-W20", 62, 58, 40)] * 2)


def test_a_trend_is_of_one_question() -> None:
    """Tables of two questions are not compared."""
    other = told("2026-W30", 62, 58, 40)

    with pytest.raises(ValueError, match="one question"):
        trend(
            [
                told("2026-W20", 62, 58, 40),
                other.model_copy(update={"table": other.table.model_copy(update={"id": "p"})}),
            ]
        )


def test_without_shares_nothing_is_said_of_a_change() -> None:
    """Where a round was too small for shares, its figures stand and their difference does not."""
    found = trend([told("2026-W20", 15, 15, 15), told("2026-W30", 62, 58, 40)])

    assert {change.points for changes in found.changes for change in changes} == {None}


def in_round(number: int, week: str, **changes: object) -> Candidate:
    """The sample as another round of its consultation, which ended in `week`."""
    given = sample()[0]
    method = given.method.model_copy(update={"until_week": week})
    return given.model_copy(update={"round": f"{number:02x}" * 16, "method": method, **changes})


def ledger(*candidates: Candidate) -> list[Release]:
    """These as the releases of one ledger."""
    release = as_release(sample()[0])
    return [
        release.model_copy(update={"candidate": each, "number": number}) for number, each in enumerate(candidates, 1)
    ]


def with_region(each: Candidate, *cells: Row) -> Candidate:
    """The same round with other rows in the table of one question."""
    tables = tuple(table.model_copy(update={"rows": cells}) if table.id == "region" else table for table in each.tables)
    return each.model_copy(update={"tables": tables})


def test_a_ledger_tells_a_question_through_all_its_rounds() -> None:
    """Of a round that was released again the last release counts; one told in words only is passed over. Proves: R4."""
    first, second, last = (in_round(place, week) for place, week in enumerate(WEEKS))
    silent = in_round(9, "2026-W35", respondents=None, tables=())
    again = with_region(
        in_round(0, "2026-W21"), *(
            row.model_copy(update={"cell": Small(below=15)}) if row.code != NO_ANSWER else row
            for row in first.table("region").rows
        )
    )  # fmt: skip

    found = released(ledger(first, second, again, silent, last), "region")

    assert [each.week for each in found.waves] == ["2026-W21", "2026-W30", "2026-W40"]
    assert found.waves[0] == wave(again, "region")
    assert len(found.changes) == 2


def test_a_ledger_refuses_rounds_that_cannot_be_compared() -> None:
    """Another wording, other categories, or a single round: it is named which of them, and nothing is told.

    Proves: R4
    """
    first, second, last = (in_round(place, week) for place, week in enumerate(WEEKS))
    asked = tuple(
        each.model_copy(update={"text": {"en": "Something else?"}}) if each.id == "region" else each
        for each in last.subject.questions
    )
    reworded = last.model_copy(update={"subject": last.subject.model_copy(update={"questions": asked})})
    fewer = with_region(last, *last.table("region").rows[1:])

    for other, code in ((reworded, "asked-otherwise"), (fewer, "scheme-differs")):
        with pytest.raises(NoTrend, match=rf"{code} \(round 3"):
            released(ledger(first, second, other), "region")
    for question in ("region", "nothing like it"):
        with pytest.raises(NoTrend, match="one-round"):
            released(ledger(first), question)


def test_a_trend_is_written_as_it_always_was() -> None:
    """Three rounds of known figures make the frozen file, byte for byte; and it is read back."""
    found = trend([told("2026-W40", 81, 63, 41, 20), told("2026-W20", 62, 58, 9, 40), told("2026-W30", 60, 66, 44, 30)])

    assert json.dumps(found.model_dump(mode="json"), indent=1) + "\n" == FROZEN.read_text("utf-8")
    assert Trend.model_validate_json(FROZEN.read_bytes()) == found
