"""The verdicts of the audit, against readers who try every world, alone or with accomplices."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings

from privacy.audit import accomplices
from privacy.audit.errors import AuditRefused, Contradiction, TimedOut, TooLarge, Unknown
from privacy.audit.figures import (
    EVERYBODY,
    Figure,
    Mode,
    Moment,
    Stay,
    System,
    Variable,
    exact,
    people,
    small,
    withheld,
)
from privacy.audit.programs import Program
from privacy.audit.rows import Block, blocks
from privacy.audit.run import Job, Verdict, audit, bounds, judged
from privacy.intervals import Limits
from privacy.rules import Rules
from tests.privacy.audit import worlds
from tests.privacy.audit.systems import NOW, Case, cases


def verdicts(system: System) -> list[tuple[Figure, Verdict]]:
    """Every hidden figure with its verdict."""
    figures = {item.cell: item for item in system.items if isinstance(item, Figure)}
    return [
        (figures[target.cells[0]], verdict)
        for block in blocks(system)
        for target, verdict in zip(block.targets, judged(everything(block), system), strict=True)
        if target.hidden
    ]


def everything(block: Block) -> Job:
    """All targets of a block."""
    return Job(block, tuple(range(len(block.targets))))


def doubtful(case: Case, every: worlds.Every, figure: Figure, known: worlds.World) -> bool:
    """Whether a reader of `every` world who knows these people must reckon with enough values of a hidden figure."""
    kinds = worlds.persons(case.system)
    low, high = worlds.extremes(case.system, figure.population, figure.moment, known, every)
    inside = worlds.count(figure.population, figure.moment, kinds, known)
    return Limits(figure.threshold, case.system.rules).leaves_doubt(low, high, inside)


@given(cases(most_people=4))
@settings(max_examples=40, deadline=None)
def test_a_reader_alone_is_judged_as_by_trying_every_world(case: Case) -> None:
    """Each hidden figure is found safe exactly where all worlds that fit leave enough values. Proves: R2."""
    nobody, every = (0,) * len(case.truth), worlds.worlds(case.system)

    for figure, verdict in verdicts(case.system):
        assert (verdict is Verdict.SAFE) == doubtful(case, every, figure, nobody)


@pytest.mark.parametrize("tried", [3_000, 0], ids=["all coalitions", "of one kind"])
@given(cases(most_people=5, known_sizes=False, s=1, quiet=True))
@settings(max_examples=150, deadline=None)
def test_no_accomplice_narrows_what_was_found_safe(tried: int, case: Case) -> None:
    """What is found safe stays in doubt for whoever also knows the answers of any `s` respondents. Proves: R2."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accomplices, "EVERY", tried)
        found = [figure for figure, verdict in verdicts(case.system) if verdict is Verdict.SAFE]
    every = worlds.worlds(case.system)

    for known in product(*(range(min(1, many) + 1) for many in case.truth)):
        if sum(known) <= 1:
            assert all(doubtful(case, every, figure, known) for figure in found)


A, B = Variable("a", ("a0", "a1", "a2")), Variable("b", ("b0", "b1", "b2"))


def hidden_row(total: int, shown: int, rules: Rules, *, count: int | None) -> System:
    """Two small cells beside one that is shown exactly."""
    cells = (
        Figure("t", "a0", people(a="a0"), NOW, exact(shown), rules.t),
        Figure("t", "a1", people(a="a1"), NOW, small(10), 10, count=count),
        Figure("t", "a2", people(a="a2"), NOW, small(10), 10, count=None if count is None else total - shown - count),
    )
    return System((A,), {Stay(0, 0): (total, total)}, cells, rules=rules)


@pytest.mark.parametrize(("s", "safe"), [(0, True), (3, True), (5, False)])
def test_accomplices_take_as_many_values_as_they_are(s: int, *, safe: bool) -> None:
    """Eight people in two hidden cells are in doubt for whoever knows three of them, and not for who knows five."""
    assert audit(hidden_row(48, 40, Rules(t=10, s=s), count=4)).safe is safe


def test_nothing_is_safe_that_has_one_value() -> None:
    """One hidden cell beside shown ones and a total is found, by its codes and without its value. Proves: R2."""
    items = (
        Figure("t", "a0", people(a="a0"), NOW, exact(40), 10),
        Figure("t", "a1", people(a="a1"), NOW, exact(40), 10),
        Figure("t", "a2", people(a="a2"), NOW, small(10), 10),
    )
    found = audit(System((A,), {Stay(0, 0): (87, 87)}, items))

    assert [str(each) for each in found.found] == ["t (small, narrow): a2"]
    assert "7" not in str(found.found) + found.remedy


def test_in_exact_mode_a_hidden_count_may_be_one_or_large() -> None:
    """With exact figures a hidden count is safe only if readers cannot even tell that it is small. Proves: R2."""
    row = [
        Figure("t", "a0", people(a="a0"), NOW, withheld(), 10),
        Figure("t", "a1", people(a="a1"), NOW, small(10), 10),
        Figure("t", "a2", people(a="a2"), NOW, exact(40), 10),
    ]
    row[1] = replace(row[1], display=replace(row[1].display, high=None))

    def safe(total: int) -> bool:
        return audit(System((A,), {Stay(0, 0): (total, total)}, tuple(row), mode=Mode.EXACT)).safe

    assert (safe(60), safe(48)) == (True, False)


def test_time_that_runs_out_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was not solved in its time makes its target a finding. Proves: R2."""
    triple = tuple(Variable(name, ("0", "1")) for name in "xyz")
    items = tuple(
        Figure("t", f"{one}{other}", people(**{one: "1", other: "1"}), NOW, small(10), 10)
        for one, other in (("x", "y"), ("y", "z"), ("x", "z"))
    )

    def late(_program: Program, _mask: object) -> tuple[int, int]:
        raise TimedOut

    monkeypatch.setattr(Program, "outer", lambda program, mask: late(program, mask) if mask.sum() < 4 else (0, 9))
    found = audit(System(triple, {Stay(0, 0): (20, 20)}, items)).found

    assert {each.verdict for each in found} == {Verdict.UNDECIDED}


def test_too_many_linked_answers_are_refused_with_the_table_to_drop() -> None:
    """A component past the stated size is not audited; the refusal says which table to drop. Proves: R2."""
    many = tuple(Variable(name, tuple(f"{name}{place}" for place in range(30))) for name in "abcd")
    items = tuple(
        Figure(f"{one}*{other}", "c", people(**{one: f"{one}0", other: f"{other}0"}), NOW, small(10), 10)
        for one, other in ("ab", "bc", "cd")
    )

    with pytest.raises(TooLarge, match=r"drop the table b\*c") as refused:
        audit(System(many, {Stay(0, 0): (90, 90)}, items))

    assert refused.value.atoms == 30**4


def test_figures_that_cannot_all_be_true_are_refused() -> None:
    """More people in a cell than there are, by flow or by programs: nothing is judged."""
    one = Figure("t", "a0", people(a="a0"), NOW, exact(20), 10)
    tangled = (
        Figure("t", "b0", people(b="b0"), NOW, exact(5), 10),
        Figure("t", "c", people(a="a0", b=frozenset({"b1", "b2"})), NOW, exact(9), 10),
        Figure("t", "d", people(a=frozenset({"a0", "a1"}), b="b1"), NOW, exact(9), 10),
    )
    for items in ((one,), (one, *tangled)):
        with pytest.raises(Contradiction, match="compare the tables"):
            audit(System((A, B), {Stay(0, 0): (10, 10)}, items))


def test_what_was_not_declared_is_refused() -> None:
    """A figure about an unknown question or code cannot be judged."""
    with pytest.raises(Unknown, match="unknown"):
        audit(System((A,), {Stay(0, 0): (9, 9)}, (Figure("t", "z", people(a="z"), NOW, small(10), 10),)))
    assert issubclass(Unknown, AuditRefused)


def test_progress_is_told_and_workers_are_used() -> None:
    """Targets are shared out, judged in any process, and counted as they come back."""
    told: list[tuple[int, int]] = []

    class Line:
        """Workers that do one thing after the other."""

        map = staticmethod(map)

    system = hidden_row(48, 40, Rules(t=10, s=0), count=None)
    alone = audit(system, progress=lambda done, every: told.append((done, every)))

    assert audit(system, workers=Line()) == alone
    assert told[-1] == (alone.targets, alone.targets) == (2, 2)


@given(cases(most_people=4))
@settings(max_examples=40, deadline=None)
def test_to_publish_less_never_narrows(case: Case) -> None:
    """Without its last figure a system leaves at least the values it leaves with it. Proves: R2."""
    figure = Figure("asked", "", people(a="a0"), NOW, withheld(), 3)

    less, more = (bounds(replace(case.system, items=case.system.items[:last]), figure) for last in (-1, None))

    assert less[0] <= more[0] <= more[1] <= less[1]


@given(cases(most_people=4))
@settings(max_examples=40, deadline=None)
def test_order_names_and_files_change_nothing(case: Case) -> None:
    """Figures in another order, codes in another order, one release as two files: the same findings."""
    turned = replace(
        case.system,
        variables=tuple(replace(variable, codes=variable.codes[::-1]) for variable in reversed(case.system.variables)),
        items=(*case.system.items[::-1], *case.system.items[:2]),
        sizes=dict(list(case.system.sizes.items())[::-1]),
    )

    one, other = (audit(system) for system in (case.system, turned))

    assert sorted(each.verdict for each in one.found) == sorted(each.verdict for each in other.found)
    assert one.targets == other.targets


def test_everybody_is_a_population() -> None:
    """Nothing but the total: nothing to find."""
    whole = Figure("t", "all", EVERYBODY, Moment(0), exact(40), 10)

    assert audit(System((A,), {Stay(0, 0): (40, 40)}, (whole,))).safe


def test_each_number_has_its_own_time() -> None:
    """A model that was asked a lot before has as long for the next number as for the first. Proves: R2."""
    (block,) = blocks(hidden_row(48, 40, Rules(t=10, s=0), count=None))
    program, mask = Program(block, seconds=5.0), block.masks[0]
    limits = []
    for _ in range(3):
        program.outer(mask)
        program.begin()
        limits.append(float(program._highs.getOptionValue("time_limit")[1]))

    assert limits == sorted(set(limits))
    assert limits[0] >= 5.0
