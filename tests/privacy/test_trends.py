"""One question through rounds: displayed figures side by side, in one scheme, and nothing counted anew."""

import pytest

from flows.model import Sensitivity
from privacy.control import protect
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, RawTable, Refusal, SafeTable, Shape, Shown
from privacy.trends import Change, SchemeDiffers, Wave, trend

RULES = Rules.of_round(10, 5)


def wave(week: str, *counts: int, merges: tuple[tuple[str, str, str], ...] = (), base: int = 5) -> Wave:
    """A round in which so many gave each answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    asked = sum(counts)
    raw = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, asked, asked - counts[-1], merges=merges)
    return Wave(round=week, week=week, table=protect(raw, Rules(s=0, base=base) if base == 1 else RULES, bytes(32)))


def test_a_change_is_the_difference_of_displayed_shares() -> None:
    """A trend says what two documents side by side say: no figure in it is nearer to the truth. Proves: R1."""
    rounds = [wave("2026-W40", 81, 63, 41, 20), wave("2026-W20", 62, 58, 9, 40), wave("2026-W30", 60, 66, 44, 30)]

    found = trend(rounds)

    assert [each.week for each in found.waves] == ["2026-W20", "2026-W30", "2026-W40"]
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
    withheld = Wave(round="b", week="2026-W30", table=SafeTable(id="q", refusal=Refusal.PROTECTED))

    found = trend([wave("2026-W20", 62, 58, 40), withheld, wave("2026-W40", 61, 52, 44)])

    assert found.changes == ((), ())


def test_other_categories_are_no_trend() -> None:
    """Rounds whose categories differ, or bring together others, are not put beside each other."""
    same = [wave("2026-W20", 62, 58, 40), wave("2026-W30", 60, 66, 44)]
    more = wave("2026-W40", 62, 58, 40, 40)
    merged = wave("2026-W50", 11, 12, 5, 0, merges=(("c1", "c1", "c2"),), base=1)

    for other in (more, merged):
        with pytest.raises(SchemeDiffers, match=r"round 3"):
            trend([*same, other])


@pytest.mark.parametrize("weeks", [["2026-W20"], ["2026-W20", "2026-W20"]], ids=["one", "one twice"])
def test_a_trend_needs_several_rounds(weeks: list[str]) -> None:
    """One round is no trend, and neither is one round twice."""
    with pytest.raises(ValueError, match="several rounds"):
        trend([wave(week, 62, 58, 40) for week in weeks])


def test_a_trend_is_of_one_question() -> None:
    """Tables of two questions are not compared."""
    other = wave("2026-W30", 62, 58, 40)

    with pytest.raises(ValueError, match="one question"):
        trend(
            [
                wave("2026-W20", 62, 58, 40),
                other.model_copy(update={"table": other.table.model_copy(update={"id": "p"})}),
            ]
        )


def test_without_shares_nothing_is_said_of_a_change() -> None:
    """Where a round was too small for shares, its figures stand and their difference does not."""
    found = trend([wave("2026-W20", 15, 15, 15), wave("2026-W30", 62, 58, 40)])

    assert {change.points for changes in found.changes for change in changes} == {None}
