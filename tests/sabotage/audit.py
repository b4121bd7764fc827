"""Breakages of the audit: each makes readers less able than they are."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from privacy import control
from privacy.audit import accomplices, atoms, doubt, panel, rows, run, targets
from privacy.audit.choices import Choices
from privacy.audit.figures import Figure, Item, Kind, Mean, System, Variable
from tests.sabotage.registry import sabotage

KINDS = "tests/privacy/audit/test_kinds.py::test_each_kind_of_constraint_narrows"
AUDIT = "tests/privacy/audit/test_audit.py::"
ATTACKS = "tests/privacy/attacks/test_attacks.py::"


def _of_kind(item: Item) -> Kind:
    if isinstance(item, Figure):
        return item.display.kind
    return Kind.MEAN if isinstance(item, Mean) else Kind.SHARE


def _without_rows(patch: pytest.MonkeyPatch, kind: Kind) -> None:
    every = rows._rows

    def some(item: Item, of: atoms.Atoms) -> Iterator[tuple[atoms.Whole, int, int]]:
        return iter(()) if _of_kind(item) is kind else every(item, of)

    patch.setattr(rows, "_rows", some)


def _without_sizes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rows, "sizes_of", lambda system: [(0, 1_000)] * len(system.sizes))


def _without_rules_of_the_form(patch: pytest.MonkeyPatch, kind: Kind) -> None:
    every = atoms._component

    def looser(system: System, variables: tuple[Variable, ...]) -> atoms.Component:
        if kind is Kind.IMPOSSIBLE:
            return replace(every(system, variables), impossible=())
        return every(system, tuple(replace(variable, not_asked=None) for variable in variables))

    patch.setattr(atoms, "_component", looser)


def _without_picks(patch: pytest.MonkeyPatch) -> None:
    def every(choices: Choices) -> list[tuple[str, ...]]:
        sizes = range(1, len(choices.options) + 1)
        return [picked for size in sizes for picked in combinations(choices.options, size)]

    patch.setattr(Choices, "_sets", every)


def _forgets(kind: Kind) -> Callable[[pytest.MonkeyPatch], None]:
    def breakage(monkeypatch: pytest.MonkeyPatch) -> None:
        if kind is Kind.SIZES:
            _without_sizes(monkeypatch)
        elif kind is Kind.PICKS:
            _without_picks(monkeypatch)
        elif kind in {Kind.IMPOSSIBLE, Kind.SKIPPED}:
            _without_rules_of_the_form(monkeypatch, kind)
        else:
            _without_rows(monkeypatch, kind)

    breakage.__name__ = f"the_audit_forgets_{kind}"
    breakage.__doc__ = f"Constraints of the kind {kind} are left out."
    return breakage


for _kind in Kind:
    sabotage("R2", caught_by=f"{KINDS}[{_kind}]")(_forgets(_kind))


@sabotage("R2", caught_by=ATTACKS + "test_a8_filters_that_overlap")
def differences_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies between two nested figures is not looked at."""
    monkeypatch.setattr(targets, "nested", lambda _figures, _regions: iter(()))


@sabotage("R2", caught_by=ATTACKS + "test_a7_one_more_person")
def joiners_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who came between two releases is not looked at."""
    monkeypatch.setattr(targets, "_moved", lambda _system, _atoms, _figures: iter(()))


@sabotage("R2", caught_by=ATTACKS + "test_a11_a_family_subtracts_its_own")
def accomplices_know_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only readers who know nobody are reckoned with."""
    monkeypatch.setattr(doubt.Doubt, "stands_steps", lambda _doubt, _target, _ends: True)


@sabotage("R2", caught_by=AUDIT + "test_time_that_runs_out_refuses")
def late_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was not solved in its time lets its target pass."""
    every = run.Judge.verdict
    safe = {run.Verdict.UNDECIDED: run.Verdict.SAFE}
    monkeypatch.setattr(run.Judge, "verdict", lambda judge, number: safe.get(found := every(judge, number), found))


DOOR = "tests/privacy/test_arbiter.py::"


@sabotage("R2", caught_by=DOOR + "test_whoever_else_said_so_is_not_left_over")
def the_door_asks_no_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies between two figures is no matter of the door's."""
    monkeypatch.setattr(panel.Panel, "found", lambda *_about: iter(()))


@sabotage("R2", caught_by=DOOR + "test_what_only_the_desk_could_tell_is_withheld_as_well")
def the_gate_is_thought_to_know_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the tables only is taken to know what the desk knows."""
    knowing = property(lambda system: replace(system, rules=replace(system.rules, s=0)))
    monkeypatch.setattr(System, "alone", knowing)


@sabotage("R2", caught_by=DOOR + "test_places_are_told_only_as_the_audit_lets_them")
def places_are_told_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No audit stands between the places of a ranking and their reader."""
    monkeypatch.setattr(control, "may_be_placed", lambda *_table: True)


@sabotage("R2", caught_by="tests/privacy/audit/test_accomplices.py::test_in_a_network_nobody_is_overlooked")
def no_larger_coalition_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds that fool a coalition of nobody are taken to fool everybody."""
    monkeypatch.setattr(accomplices._Search, "larger", lambda _search, _known, _fooled: iter(()))


PANEL = "tests/privacy/audit/test_panel.py::"


@sabotage("R2", caught_by=PANEL + "test_the_door_asks_quickly_what_the_audit_says_slowly")
def the_panel_looks_at_nothing_between_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick audit lays out which figure lies within which as if none did."""
    monkeypatch.setattr(panel, "pairs", lambda _figures, _regions: [])


@sabotage("R2", caught_by=PANEL + "test_the_gate_is_asked_beside_the_desk")
def the_panel_forgets_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the desk has asked about is all that the quick audit asks."""
    monkeypatch.setattr(panel, "_named", lambda _target, _mask: None)
