"""What the door lets through, the exact audit lets through: the desk's, and that of whoever holds the tables only."""

from dataclasses import replace
from typing import Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy import arbiter, control
from privacy.audit.errors import TooLarge
from privacy.audit.figures import Stay, System
from privacy.audit.panel import Panel
from privacy.audit.reading import Printed, system
from privacy.audit.run import audit
from privacy.control import protect, protect_cross
from privacy.form import facts_of
from privacy.frames import Published, frames
from privacy.rules import Rules
from privacy.schemes import schemes
from privacy.tables import NO_ANSWER, Counts, Picks, RawCross, RawTable, Shape, Shown, Small, Withheld
from privacy.withholding import Lots, settled
from tests.privacy.cross_referee import World
from tests.privacy.test_cross_control import raw
from tests.privacy.test_crossing import crossed

SEED = bytes(32)
CODES = Rules.of_round(10, 0)
OPEN = Rules.of_round(10, 5)


def released(cross: RawCross, rules: Rules, *, by: Sensitivity = Sensitivity.OPINION) -> System:
    """What a reader holds of a cross and the tables of its questions."""
    cross = replace(cross, by=replace(cross.by, sensitivity=by))
    sides = cross.by, cross.question
    told = protect_cross(cross, rules, SEED)
    desk = Counts({side.id: side for side in sides}, {cross.id: cross})
    tables = [protect(side, rules, SEED) for side in sides]
    release = Printed([facts_of(side, rules) for side in sides], tables, [told] if told.cells else [], desk)
    return system([release], {Stay(0, 0): (cross.people, cross.people)}, rules)


def passes(everything: System) -> bool:
    """Whether desk and gate would both let it out."""
    return audit(everything).safe and audit(everything.alone).safe


HARMED: World = ((120, 70, 40, 0), (9, 80, 40, 0), (8, 90, 40, 0), (0, 0, 0, 0))
"""Of those who had to hide, all but 17 come from one region, and both other cells are small."""


def test_whoever_else_said_so_is_not_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A harmful answer's total less the cell beside it is a small number; a figure is withheld. Proves: R2."""
    cross = crossed(HARMED, Sensitivity.EXPERIENCE)

    told = protect_cross(cross, CODES, SEED)
    with monkeypatch.context() as patch:
        patch.setattr(Panel, "found", lambda *_about: iter(()))
        careless = released(cross, CODES)

    assert not audit(careless).safe
    assert Withheld() in [cell for line in told.cells for cell in line]
    assert passes(released(cross, CODES))


def test_what_only_the_desk_could_tell_is_withheld_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty others, who are not few, look no different to whoever has only the tables. Proves: R2."""
    cross = crossed(((120, 70, 40, 0), (10, 80, 40, 0), (10, 90, 40, 0), (0, 0, 0, 0)), Sensitivity.EXPERIENCE)

    with monkeypatch.context() as patch:
        patch.setattr(Panel, "found", lambda *_about: iter(()))
        careless = released(cross, CODES)

    assert audit(careless).safe
    assert not audit(careless.alone).safe
    assert passes(released(cross, CODES))


def test_nearly_everybody_of_a_table_is_no_figure() -> None:
    """Where so few stand outside a category that who said what is plain, its figure goes; others stay. Proves: R2."""
    table = RawTable(
        "q", Shape.PARTITION, Sensitivity.IDENTITY, ("a", "b", "c", "d", NO_ANSWER), (93, 10, 1, 0, 2), 106, 104
    )
    cells = [row.cell for row in protect(table, CODES, SEED).rows]
    kept = [isinstance(cell, Shown) for cell in cells]

    assert isinstance(cells[2], Small)
    assert kept.count(True) < 2
    assert not arbiter.found_in_table(next(iter(schemes(table))), tuple(cells), CODES)


def test_what_is_shown_throughout_is_asked_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross without a gap, over tables without one, is told without an audit: sums of large numbers are large."""

    def nobody(*_about: object) -> Never:
        raise AssertionError("audited")

    monkeypatch.setattr(Panel, "found", nobody)
    told = protect_cross(crossed(((60, 40, 20), (40, 50, 20), (20, 20, 20))), CODES, SEED)

    assert {cell.display for line in told.cells for cell in line} == {"shown"}


def test_what_the_audit_does_not_judge_is_left_to_its_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question of too many answers is no finding here; the audit of everything names the table to drop."""

    def refuses(*_about: object) -> Never:
        raise TooLarge(("by", "question"), 100_000, "by*question")

    monkeypatch.setattr(arbiter, "audit", refuses)
    monkeypatch.setattr(Panel, "__init__", refuses)

    assert protect_cross(crossed(HARMED, Sensitivity.EXPERIENCE), CODES, SEED).cells


def test_the_same_counts_come_out_the_same() -> None:
    """The door, and the audit in it, hang on the secret and on nothing else. Proves: R3."""
    cross = crossed(HARMED, Sensitivity.EXPERIENCE)

    once, again = (protect_cross(cross, CODES, SEED) for _ in range(2))

    assert once == again


@pytest.mark.parametrize("plan", [["region", "needs"], ["displaced", "returned"], ["region", "harm"]], ids="*".join)
def test_kinds_of_questions_are_read_as_the_audit_reads_them(plan: list[str]) -> None:
    """Choices by group, and a question put to some of them, pass the audit once they pass the door. Proves: R2."""
    tables, (cross,) = raw([plan], 900)
    by, question = (control.published(table, CODES, SEED) for table in (cross.by, cross.question))
    assert isinstance(by, Published)
    assert isinstance(question, Published)
    (frame, *_) = frames(cross, by, question, CODES)
    judge = arbiter.Arbiter(frame, cross, by, question, CODES)
    displays = settled(judge, frame.table.primary(), Lots(cross.id, SEED))
    assert displays is not None

    read = judge.system(displays)

    assert tables
    assert passes(read)
    assert {figure.count for figure in read.items if figure.table == "cell"} == {  # type: ignore[union-attr]  # figures
        judge.count(key) for key in displays if key[0] == "cell"
    }
    assert not list(judge.exposed(displays))


CHOSEN = RawCross(
    "by*q",
    RawTable("by", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", NO_ANSWER), (230, 70, 0), 300, 300),
    RawTable(
        "q", Shape.CHOICES, Sensitivity.OPINION, ("x", "y", NO_ANSWER), (160, 230, 30), 300, 270,
        picks=Picks(1, 2, frozenset()),
    ),
    ("a", "b", NO_ANSWER), ("x", "y", NO_ANSWER), ((145, 175, 18), (15, 55, 12), (0, 0, 0)), 300,
)  # fmt: skip


@pytest.mark.parametrize("rules", [CODES, OPEN], ids=["codes", "open"])
def test_choices_by_group_pass_what_they_have_to(rules: Rules) -> None:
    """Whoever picked a choice in the other groups is in doubt as well, or nothing is told. Proves: R2."""
    assert passes(released(CHOSEN, rules))


@st.composite
def small_worlds(draw: st.DrawFn) -> RawCross:
    """Crosses of two or three rows and columns, some cells small, of any sensitivity."""
    rows, columns = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    some = st.one_of(st.integers(0, 12), st.integers(10, 90))
    line = st.tuples(*[some] * columns, st.integers(0, 12))
    world = draw(st.tuples(*[line] * rows, st.tuples(*[st.integers(0, 4)] * (columns + 1))))
    return crossed(world, draw(st.sampled_from([Sensitivity.OPINION, Sensitivity.EXPERIENCE, Sensitivity.IDENTITY])))


@given(small_worlds(), st.sampled_from([0, 3]), st.sampled_from([Sensitivity.OPINION, Sensitivity.IDENTITY]))
@settings(max_examples=25, deadline=None)
def test_what_the_door_lets_through_the_audit_does(cross: RawCross, s: int, by: Sensitivity) -> None:
    """Whatever the counts are, what one of the two lets out the other does not refuse. Proves: R2."""
    assert passes(released(cross, replace(Rules.of_round(10, s), people_a_cell=15), by=by))


RANKED = RawTable(
    "first", Shape.PARTITION, Sensitivity.OPINION, ("early", "courts", "aid", NO_ANSWER), (40, 52, 87, 9), 188, 179,
    places=((40, 50), (52, 98), (87, 28)),
)  # fmt: skip
"""Three options and two places, of which three people gave one only."""


def test_places_are_told_only_as_the_audit_lets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures by place that the audit refuses of a ranking's table are kept back, and its first choices stay.

    Proves: R2
    """
    safe = protect(RANKED, OPEN, SEED)
    with monkeypatch.context() as patch:
        patch.setattr(control, "may_be_placed", lambda *_table: True)
        careless = protect(RANKED, OPEN, SEED)

    assert careless.places
    assert not arbiter.may_be_placed(RANKED, careless, OPEN)
    assert not safe.places
    assert safe.rows == careless.rows
