"""The quick audit of the door beside the slow one that begins anew each time."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy import control
from privacy.arbiter import Arbiter
from privacy.audit.panel import Panel
from privacy.audit.run import Finding, Verdict, audit
from privacy.audit.targets import Target
from privacy.frames import Published, frames
from privacy.rules import Rules
from privacy.tables import RawCross, Shown, Withheld
from tests.privacy.test_arbiter import SEED, small_worlds
from tests.privacy.test_cross_control import raw
from tests.privacy.test_crossing import crossed

LOOSE = replace(Rules.of_round(10, 3), people_a_cell=1, crosses_from=1)


def judges(cross: RawCross, rules: Rules) -> list[Arbiter]:
    """A cross on its way through the door, in each of its frames; nothing where a question's own table is withheld."""
    by, question = (control.published(table, rules, SEED) for table in (cross.by, cross.question))
    if not isinstance(by, Published) or not isinstance(question, Published):
        return []
    return [Arbiter(frame, cross, by, question, rules) for frame in frames(cross, by, question, rules)]


def slowly(judge: Arbiter, displays: dict[tuple[str, ...], object]) -> tuple[Finding, ...]:
    """What desk and gate find, each from the beginning."""
    everything = judge.system(displays)  # type: ignore[arg-type]  # cells of many kinds
    known = audit(everything).found if judge.rules.s else ()
    return known or audit(everything.alone).found


def agree(judge: Arbiter, hidden: list[int]) -> None:
    """That both find the same, whatever is withheld, of everything and of each number by itself."""
    displays = judge.frame.table.primary()
    shown = [key for key, cell in displays.items() if isinstance(cell, Shown)]
    for place in hidden:
        if shown:
            displays[shown[place % len(shown)]] = Withheld()
    panel = Panel(judge.system(judge.frame.table.primary()))
    laid = [figure.display for figure in judge.system(displays).items]  # type: ignore[union-attr]  # figures

    found = tuple(panel.found(laid))

    assert found == slowly(judge, dict(displays))
    for one in found:
        if one.verdict is Verdict.NARROW:
            assert one in panel.found(laid, partial(_is, one))


def _is(one: Finding, target: Target) -> bool:
    return (one.reason, one.table, one.cells) == (target.reason, target.table, target.cells)


HIDDEN = st.lists(st.integers(0, 50), max_size=4)


@given(small_worlds(), HIDDEN, st.sampled_from([0, 3]))
@settings(max_examples=40, deadline=None)
def test_the_door_asks_quickly_what_the_audit_says_slowly(cross: RawCross, hidden: list[int], s: int) -> None:
    """Whatever stands in a cross, and whatever is withheld of it, both find the same. Proves: R2, R3."""
    for judge in judges(cross, replace(LOOSE, s=s)):
        agree(judge, hidden)


@pytest.mark.parametrize("plan", [["region", "needs"], ["displaced", "returned"], ["region", "harm"]], ids="*".join)
def test_every_kind_of_question_is_laid_out_alike(plan: list[str]) -> None:
    """So they do for choices by group, for a question put to some, and for harmful ones. Proves: R2."""
    _, (cross,) = raw([plan], 300)

    for judge in judges(cross, LOOSE):
        for hidden in ([], [0], [3, 5]):
            agree(judge, hidden)


def test_the_gate_is_asked_beside_the_desk() -> None:
    """Others who are not few, as the desk can tell and readers of tables cannot, are found by both. Proves: R2."""
    world = ((120, 70, 40, 0), (12, 80, 40, 0), (12, 90, 40, 0), (0, 0, 0, 0))
    (judge,) = judges(crossed(world, Sensitivity.EXPERIENCE), LOOSE)
    everything = judge.system(judge.frame.table.primary())

    assert audit(everything).safe
    assert not audit(everything.alone).safe
    agree(judge, [])
