"""What is offered for tables that may not be published: each offer passed, and costs what it says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.audit.run import Finding, Verdict
from privacy.audit.targets import Reason
from privacy.control import protect, protect_cross
from privacy.repairing import MOST_STEPS, Judged, Offers, offers
from privacy.repairs import (
    Cost,
    Kind,
    Repair,
    Step,
    Tables,
    UnknownRepair,
    check,
    cost,
    named,
    ordered,
    ordered_cross,
    read,
    told_less,
)
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Refusal, Shape, Shown, Small, Withheld
from tests.privacy.repairing import RULES, SEED, Desk, cross, table

LOOSE = Rules(t=10, s=0, crosses_from=1, people_a_cell=1)
BEFORE, NOW = (12, 30, 3, 13), (12, 33, 6, 16)
"""Six people joined, three each; with the earlier table beside the new one, a reader sees in which cells."""
SIZES = st.sampled_from([3, 12, 13, 15, 30, 40])
JOINERS = st.sampled_from([0, 0, 1, 3, 12])


def unsafe() -> Desk:
    """A question of three choices whose second release gives joiners away."""
    return Desk((table("q", NOW),), (), (table("q", BEFORE),))


def crossed(*, few: int = 2) -> Desk:
    """Two questions and their cross."""
    counts = ((33, few, 14), (20, 33, 33), (14, 20, 20), (33, 20, 33))
    by = table("a", [sum(row) for row in counts])
    question = table("b", [sum(column) for column in zip(*counts, strict=True)], (("c01", "c0", "c1"),))
    return Desk((by, question), (cross(by, question, counts),), rules=LOOSE)


def steps(name: str) -> list[tuple[str, str]]:
    """A repair's steps, for short."""
    return [(step.kind, step.table) for step in read(name)]


@given(st.lists(st.tuples(SIZES, JOINERS), min_size=4, max_size=4), st.binary(min_size=32, max_size=32))
@settings(max_examples=60, deadline=None)
def test_whatever_is_offered_passes(cells: list[tuple[int, int]], seed: bytes) -> None:
    """After each offered repair, control and audit, run anew, find nothing; the order is R3's, the costs are true.

    Proves: R3
    """
    desk = Desk((table("q", [old + new for old, new in cells]),), (), (table("q", [old for old, _ in cells]),))

    found = offers(desk, seed).found

    assert bool(found) is not desk(()).safe
    for offer in found:
        again = desk(read(offer.id))
        assert again.safe
        assert offer.cost == cost(desk(()).shown, again.shown) != Cost(0, 0, 0)
    assert [list(Kind).index(offer.kind) for offer in found] == sorted(list(Kind).index(one.kind) for one in found)


def test_every_kind_is_offered_mildest_first() -> None:
    """Merging, withholding and dropping each mend this table; the price of each stands beside it. Proves: R3."""
    found = offers(unsafe(), SEED).found

    assert [(one.kind, one.cost) for one in found] == [
        (Kind.COLLAPSE, Cost(cells=0, groups=1, tables=0)),
        (Kind.WITHHOLD, Cost(cells=1, groups=0, tables=0)),
        (Kind.DROP, Cost(cells=0, groups=0, tables=1)),
    ]


def test_a_total_may_be_given_up_to_keep_a_cross() -> None:
    """Where a question's own table gives joiners away, it and its totals may go while the cross stays. Proves: R3."""
    counts = ((33, 20, 20), (14, 14, 2), (20, 33, 2), (20, 2, 33))
    by = table("a", [sum(row) for row in counts])
    question = table("b", [sum(column) for column in zip(*counts, strict=True)], ())
    earlier = table("a", (72, 19, 55, 55))
    desk = Desk((by, question), (cross(by, question, counts),), (earlier,), LOOSE)

    found = {one.kind: one for one in offers(desk, SEED).found}

    assert not desk(()).safe
    assert found[Kind.MARGIN].id == "margin:a"
    left = desk(read("margin:a")).shown
    assert left.ids == {"b", "a*b"}
    assert found[Kind.MARGIN].cost.tables == 1


def test_nothing_is_offered_for_what_is_safe_or_beyond_help() -> None:
    """Tables that pass need no repair; where nothing passes, nothing is offered. Proves: R3."""
    tried: list[str] = []
    hopeless = Finding(Verdict.NARROW, Reason.SMALL, "q", ("c0",))

    assert offers(Desk((table("q", BEFORE),)), SEED) == Offers()
    assert offers(lambda repair: Judged(unsafe().made(repair), (hopeless,)), SEED, tried.append) == Offers()
    assert {kind for name in tried for kind, _ in steps(name)} == {Kind.COLLAPSE, Kind.WITHHOLD, Kind.DROP}
    assert max(map(len, map(steps, tried))) <= MOST_STEPS


@pytest.mark.parametrize(("wide", "unfinished"), [(MOST_STEPS, ()), (MOST_STEPS + 1, (Kind.WITHHOLD,))])
def test_who_would_need_more_steps_is_told_that_they_were_not_looked_for(
    wide: int, unfinished: tuple[Kind, ...]
) -> None:
    """A table of eight figures is tried to its end; of nine the search stops, and says of which kind. Proves: R3."""
    hopeless = Finding(Verdict.NARROW, Reason.SMALL, "q", ("c0",))
    desk = Desk((table("q", (*[600] * wide, 0), ()),))

    def judge(repair: Repair) -> Judged:
        """Nothing is ever enough, and whatever is withheld takes nothing along."""
        kept = {step.cell[0] for step in repair if step.kind is Kind.WITHHOLD}
        made = desk.made(tuple(step for step in repair if step.kind is not Kind.WITHHOLD))
        tables = tuple(
            each.model_copy(update={"rows": tuple(
                row.model_copy(update={"cell": Withheld()}) if row.code in kept else row for row in each.rows
            )}) for each in made.tables
        )  # fmt: skip
        return Judged(Tables(tables, ()), (hopeless,))

    found = offers(judge, SEED)

    assert (found.found, found.unfinished) == ((), unfinished)


def test_a_step_that_is_not_needed_is_taken_back() -> None:
    """If the second step alone is enough, the first is not part of what is offered."""

    def judge(repair: Repair) -> Judged:
        """Content as soon as nothing of `b` is shown."""
        desk = crossed()
        shown = desk.made(repair)
        found = Finding(Verdict.NARROW, Reason.SMALL, "a", ("c0",)), Finding(Verdict.NARROW, Reason.SMALL, "b", ("c0",))
        return Judged(shown, found if "b" in shown.ids else ())

    assert [one.id for one in offers(judge, SEED).found if one.kind is Kind.DROP] == ["drop:b"]


def test_what_the_audit_would_not_judge_is_sought_among_the_crosses() -> None:
    """Where too many questions hang together for any audit, giving up a cross is tried, and offered once it helps."""

    def judge(repair: Repair) -> Judged:
        """Judges only what has no cross."""
        shown = crossed().made(repair)
        return Judged(shown, None if "a*b" in shown.ids else ())

    assert [one.id for one in offers(judge, SEED).found] == ["drop:a*b"]


def test_which_figure_is_withheld_cannot_be_foreseen() -> None:
    """Of figures that are nearly alike, a secret lot decides; the same seed decides the same. Proves: R3."""
    desk = Desk((table("q", (40, 40, 24, 24), ()),), (), (table("q", (40, 40, 21, 22), ()),))

    def chosen(seed: bytes) -> list[str]:
        return [one.id for one in offers(desk, seed).found if one.kind is Kind.WITHHOLD]

    every = {tuple(chosen(bytes([number]) * 32)) for number in range(12)}

    assert len(every) > 1
    assert chosen(SEED) == chosen(SEED)


@pytest.mark.parametrize("name", ["collapse:q", "withhold:q/c1", "margin:a", "drop:a*b", "withhold:a*b/c0/c1+drop:a"])
def test_a_repair_has_one_name(name: str) -> None:
    """What a person types is the repair that was offered under this name."""
    assert named(read(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "mend:q", "collapse", "collapse:", "withhold:q", "withhold:q/c1/c2", "withhold:a*b/c1", "drop:q/c1",
        "drop:a*b*c", "drop:q+", "collapse:q collapse:q", "drop:q\n",
    ],
)  # fmt: skip
def test_what_is_no_repair_is_refused(name: str) -> None:
    """A name that is none is refused without being repeated."""
    with pytest.raises(UnknownRepair) as refused:
        read(name)
    assert str(refused.value).startswith("unknown-repair: ")


@pytest.mark.parametrize("name", ["drop:z", "withhold:a/c7", "withhold:a*b/c0/c7", "margin:a*b", "collapse:b*a"])
def test_a_repair_of_other_tables_is_refused(name: str) -> None:
    """A repair that names no table, cell or total of these is refused before anything is made."""
    desk = crossed()

    check(read("collapse:a+withhold:a*b/c0/c01+margin:b+drop:a*b"), desk.tables, desk.crosses)
    with pytest.raises(UnknownRepair):
        check(read(name), desk.tables, desk.crosses)


def test_merging_begins_where_control_would_have_stayed() -> None:
    """Each step takes the next declared merge; more steps than merges change nothing, and the table is still judged."""
    raw = table("q", (40, 40, 24, 24))
    shown = [protect(ordered(raw, (Step(Kind.COLLAPSE, "q"),) * number), RULES, SEED).rows for number in range(4)]

    assert [[row.code for row in rows] for rows in shown] == [
        ["c0", "c1", "c2", NO_ANSWER], ["c01", "c2", NO_ANSWER], ["c012", NO_ANSWER], ["c012", NO_ANSWER],
    ]  # fmt: skip
    assert shown[1][0].of == ("c0", "c1")


def test_a_cross_can_be_merged_while_its_questions_stay_as_they_are() -> None:
    """Merging in a cross costs its readers groups there, and their own tables nothing."""
    desk = crossed(few=20)
    before, after = desk.made(()), desk.made(read("collapse:a*b"))

    assert after.tables == before.tables
    assert [row.code for row in after.crosses[0].rows] == ["c01", "c2", NO_ANSWER]
    assert cost(before, after).groups == 1


def test_a_withheld_figure_goes_through_the_door_like_any_other() -> None:
    """The door withholds what is asked for and judges the rest beside it; what is small goes on saying so."""
    raw, desk = table("q", (40, 40, 4, 24), ()), crossed()
    safe = protect(ordered(raw, read("withhold:q/c0+withhold:q/c2")), RULES, SEED)
    one = ordered_cross(desk.crosses[0], read("withhold:a*b/c1/c1+withhold:a*b/c0/c1"))

    told = protect_cross(one, LOOSE, SEED)

    assert isinstance(safe.rows[0].cell, Withheld)
    assert isinstance(safe.rows[2].cell, Small)
    assert isinstance(told.cells[1][1], Withheld)
    assert isinstance(told.cells[0][1], Small)


def test_a_withheld_first_choice_does_not_stand_among_the_places() -> None:
    """A ranking of which a figure is withheld is not told by place: there the figure would stand once more."""
    places = ((300, 200), (200, 300), (300, 300))
    raw = replace(table("q", (300, 200, 300, 20), ()), places=places)

    assert protect(raw, RULES, SEED).places
    assert protect(ordered(raw, read("withhold:q/c0")), RULES, SEED).places == ()


def test_totals_that_are_given_up_stand_nowhere() -> None:
    """Neither the question's own table, nor its totals in a cross, nor shares of them are told any more."""
    desk = crossed()
    whole = desk.made(())

    rows, columns = (told_less(whole, read(name)) for name in ("margin:a", "margin:b"))

    assert rows.ids == {"b", "a*b"}
    assert columns.ids == {"a", "a*b"}
    assert [head.total for head in rows.crosses[0].rows] == [Withheld()] * 4
    assert rows.crosses[0].columns == whole.crosses[0].columns
    shares = [cell.percent for line in rows.crosses[0].cells for cell in line if isinstance(cell, Shown)]
    assert set(shares) == {None}
    assert [head.total for head in columns.crosses[0].columns] == [Withheld()] * 3
    assert columns.crosses[0].cells == whole.crosses[0].cells


def test_a_small_total_stays_small() -> None:
    """A total that was hidden as small is not told as if it were large enough to be withheld."""
    counts = ((33, 20), (2, 3), (14, 20))
    by, question = table("a", (53, 5, 34), ()), table("b", (49, 43), ())
    desk = Desk((by, question), (cross(by, question, counts),), rules=LOOSE)
    shown = told_less(desk.made(()), read("margin:a"))

    assert not shown.crosses[0].cells or isinstance(shown.crosses[0].rows[1].total, Small)
    safe = desk.made(()).crosses[0].model_copy(update={"refusal": None})
    assert all(
        isinstance(after.total, Small) is isinstance(before.total, Small)
        for before, after in zip(safe.rows, shown.crosses[0].rows, strict=True)
    )


def test_a_table_that_goes_takes_along_what_repeats_it() -> None:
    """Whoever leaves out a question's table loses the crosses in which its figures are totals; and nothing else."""
    desk = crossed()
    whole = desk.made(())

    assert told_less(whole, read("drop:a*b")).ids == {"a", "b"}
    left = told_less(whole, read("drop:a"))
    assert left.ids == {"b"}
    assert left.tables[0].refusal is left.crosses[0].refusal is Refusal.PROTECTED
    assert cost(whole, left) == Cost(0, 0, 2)
    assert told_less(Tables(left.tables, left.crosses), read("drop:a+margin:a")) == left


def test_of_overlapping_answers_nothing_is_brought_together() -> None:
    """A multiple question has no coarser categories, and an order to merge them leaves it as it is."""
    raw = replace(table("q", (40, 40, 24)), shape=Shape.CHOICES, answered=80, asked=104)

    assert protect(ordered(raw, read("collapse:q")), RULES, SEED) == protect(raw, RULES, SEED)
