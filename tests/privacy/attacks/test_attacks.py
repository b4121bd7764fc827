"""Attacks on published tables: each succeeds against what a careless hand would print, and fails against ours.

The attacker is the exact audit itself: what it cannot narrow, nobody who computes can.
"""

import pytest

from flows.model import Sensitivity
from privacy.audit.choices import Choices
from privacy.audit.figures import (
    EVERYBODY,
    Figure,
    Kind,
    Mean,
    Moment,
    Share,
    Stay,
    System,
    Variable,
    exact,
    people,
    rounded,
    small,
    withheld,
)
from privacy.audit.reading import Printed, system
from privacy.audit.run import Verdict, audit, bounds
from privacy.audit.targets import Reason
from privacy.control import protect, protect_cross
from privacy.form import facts_of
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Counts, Picks, RawCross, RawTable, Shape, Withheld
from tests.privacy.audit.test_golden import GV1, GV1_HIDDEN, two_way

NOW, THEN = Moment(0), Moment(1)
ONCE = Stay(0, 0)
CODED = Rules.of_round(10, 0)
OPEN = Rules.of_round(10, 5)
Q = Variable("q", ("c0", "c1", "c2", "c3"))


def table(counts: tuple[int, ...], sensitivity: Sensitivity = Sensitivity.OPINION) -> RawTable:
    """A single question; the last count is of those who gave no answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    return RawTable("q", Shape.PARTITION, sensitivity, codes, counts, sum(counts), sum(counts[:-1]))


def ours(*tables: RawTable, rules: Rules = CODED, sizes: dict[Stay, tuple[int, int]] | None = None) -> System:
    """What our door lets out of these tables, one release after the other."""
    releases = [
        Printed([facts_of(raw, rules)], [protect(raw, rules, bytes(32))], counts=Counts({raw.id: raw}))
        for raw in tables
    ]
    return system(releases, sizes or {ONCE: (tables[0].asked,) * 2}, rules)


def crossed(counts: tuple[tuple[int, ...], ...], rules: Rules = CODED) -> System:
    """What our door lets out of two questions and their cross: rows g0, g1 and so on, columns q0, q1 and so on."""
    totals = {"g": tuple(map(sum, counts)), "q": tuple(map(sum, zip(*counts, strict=True)))}
    by, question = (_everybody(each, name) for name, each in totals.items())
    cross = RawCross("g*q", by, question, by.codes, question.codes, counts, by.asked)
    sides, desk = (by, question), Counts({"g": by, "q": question}, {cross.id: cross})
    shown = [protect(side, rules, bytes(32)) for side in sides]
    told = protect_cross(cross, rules, bytes(32))
    assert told.cells
    release = Printed([facts_of(side, rules) for side in sides], shown, [told], desk)
    return system([release], {ONCE: (by.asked, by.asked)}, rules)


def naive(*figures: Figure, people_: int, variables: tuple[Variable, ...] = (Q,)) -> System:
    """What a careless hand prints about so many people."""
    return System(variables, {ONCE: (people_, people_)}, figures)


def printed(code: str, value: int, moment: Moment = NOW) -> Figure:
    """A count as it is."""
    return Figure("q", code, people(q=code), moment, exact(value), 10)


def hidden(code: str, moment: Moment = NOW) -> Figure:
    """A small count behind a sign."""
    return Figure("q", code, people(q=code), moment, small(10), 10)


def known(system: System, **codes: str) -> int | None:
    """What an attacker learns of a population, where she learns it exactly."""
    low, high = bounds(system, Figure("asked", "", people(**codes), NOW, withheld(), 10))
    return low if low == high else None


def test_a1_a_small_cell_is_printed() -> None:
    """Printed, it is known; ours says *fewer than* and stays in doubt. Proves: R2."""
    made = ours(table((60, 50, 7, 20)))

    assert known(naive(printed("c2", 7), people_=137), q="c2") == 7
    assert known(made, q="c2") is None
    assert audit(made).safe


def test_a2_the_total_less_the_others() -> None:
    """A cell withheld beside exact ones and a total is known; beside rounded ones it is not. Proves: R2."""
    careless = naive(printed("c0", 60), printed("c1", 50), hidden("c2"), printed("c3", 20), people_=137)
    made = ours(table((60, 50, 7, 20)))

    assert known(careless, q="c2") == 7
    assert [each.verdict for each in audit(careless).found] == [Verdict.NARROW]
    assert audit(made).safe


def test_a3_round_a_cycle_of_gaps() -> None:
    """Sums round a cycle of gaps, two in each row and column, give one away; ours leaves every cell in doubt."""
    made = crossed(((40, 26, 9), (33, 8, 52), (61, 30, 12)))
    figures = [item for item in made.items if isinstance(item, Figure) and item.table == "g*q"]
    hidden = [each for each in figures if each.display.kind is Kind.SMALL]

    assert known(two_way(GV1, frozenset(GV1_HIDDEN)), row="w", column="b") == GV1["w"][1]
    assert len(hidden) == 2
    assert audit(made).safe


def test_a4_one_margin_in_several_tables() -> None:
    """A group's size, hidden in its own table, is the sum of its row in another; ours tells neither. Proves: R2."""
    group, answer = Variable("g", ("g0", "g1")), Variable("q", ("c0", "c1"))
    row = [Figure("g*q", code, people(g="g1", q=code), NOW, exact(value), 10) for code, value in (("c0", 4), ("c1", 3))]
    size = Figure("g", "g1", people(g="g1"), NOW, small(10), 10)

    careless = naive(*row, size, people_=60, variables=(group, answer))
    made = crossed(((70, 60), (4, 3), (20, 30)))

    assert known(careless, g="g1") == 7
    assert not audit(careless).safe
    assert known(made, g="g1") is None
    assert audit(made).safe


def test_a5_those_who_did_not_choose() -> None:
    """Of a choice that 97 of 100 made, three did not; ours gives no figure of it. Proves: R2."""
    question = Choices("q", ("a", "b", "c"), Picks(1, 3, frozenset()))
    everybody = Figure("q", "answered", frozenset({("q", question.answered())}), NOW, exact(100), 10)
    choice = Figure("q", "a", frozenset({("q", question.holding("a"))}), NOW, exact(97), 10,
                    frozenset({everybody.population}), rest=True)  # fmt: skip
    raw = RawTable("q", Shape.CHOICES, Sensitivity.OPINION, ("a", "b", "c", NO_ANSWER), (97, 40, 50, 0), 100, 100,
                   picks=Picks(1, 3, frozenset()))  # fmt: skip

    careless = audit(naive(everybody, choice, people_=100, variables=(question.variable(),)))

    assert Reason.REST in {each.reason for each in careless.found}
    assert audit(ours(raw)).safe


def test_a6_shares_and_means_of_a_known_number() -> None:
    """Of 40 people, 18 per cent are seven, and a mean of 1.2 leaves few who gave two points. Proves: R2."""
    group = people(q="c2")
    share = Share("q", group, EVERYBODY, NOW, 18)
    mean = Mean("q", "q", {"c0": 1, "c1": 1, "c2": 2, "c3": 1}, EVERYBODY, NOW, 12)

    by_share = System((Q,), {ONCE: (40, 40)}, (share, hidden("c2")))
    by_mean = System((Q,), {ONCE: (40, 40)}, (mean, hidden("c2")))

    assert known(by_share, q="c2") == 7
    assert bounds(by_mean, hidden("c2")) == (6, 9)
    assert not audit(by_share).safe
    assert not audit(by_mean).safe
    assert audit(ours(table((20, 13, 7, 0)))).safe


def test_a7_one_more_person() -> None:
    """Between 40 and 41 people one came, and her answer is the difference; with eighty new ones not. Proves: R2."""
    came = {Stay(0, 1): (40, 40), Stay(1, 1): (1, 1)}
    careless = System((Q,), came, (printed("c0", 20), printed("c0", 21, THEN)))
    many = ours(table((60, 50, 7, 23)), table((90, 80, 9, 41)), sizes={Stay(0, 1): (140, 140), Stay(1, 1): (80, 80)})

    assert [each.reason for each in audit(careless).found] == [Reason.JOINED]
    assert audit(many).safe


def test_a8_filters_that_overlap() -> None:
    """Women less young women are three old women; in ours, of the same people, they are in doubt. Proves: R2."""
    sex, age = Variable("sex", ("f", "m")), Variable("age", ("young", "old"))
    figures = [
        Figure(name, "", who, NOW, exact(number), 10)
        for name, who, number in (
            ("women", people(sex="f"), 43),
            ("young women", people(sex="f", age="young"), 40),
        )
    ]

    careless = naive(*figures, people_=200, variables=(sex, age))
    made = crossed(((40, 3), (90, 67)))

    assert known(careless, sex="f", age="old") == 3
    assert [each.reason for each in audit(careless).found] == [Reason.DIFFERENCE]
    assert known(made, g="g0", q="q1") is None
    assert audit(made).safe


def test_a9_everybody_or_nobody_said_so() -> None:
    """A printed zero says *nobody did*; in ours it looks like any small count; harmful agreement goes. Proves: R2."""
    raw = table((120, 0, 0, 0), Sensitivity.EXPERIENCE)

    assert known(naive(printed("c0", 120), people_=120), q="c1") == 0
    assert protect(raw, CODED, bytes(32)).rows == ()
    assert known(ours(raw), q="c1") is None
    assert audit(ours(table((60, 50, 0, 20)))).safe


def test_a10_the_rule_of_suppression_is_known() -> None:
    """If the smallest other figure always goes, the gap says which is smaller; ours, near a tie, says neither."""

    def by_rule(counts: tuple[int, ...]) -> int:
        return counts.index(min(counts[:2]))

    def gaps(counts: tuple[int, ...]) -> set[int]:
        rows = [protect(_everybody(counts), CODED, bytes([seed]) * 32).rows for seed in range(1, 21)]
        return {place for row in rows for place, each in enumerate(row) if isinstance(each.cell, Withheld)}

    assert (by_rule((21, 22, 9)), by_rule((22, 21, 9))) == (0, 1)
    assert gaps((21, 22, 9)) == gaps((22, 21, 9)) == {0, 1}


def _everybody(counts: tuple[int, ...], name: str = "q") -> RawTable:
    codes = tuple(f"{name}{place}" for place in range(len(counts)))
    return RawTable(name, Shape.PARTITION, Sensitivity.OPINION, codes, counts, sum(counts), sum(counts))


def test_a11_a_family_subtracts_its_own() -> None:
    """What is in doubt for strangers can be known to whoever knows five; ours holds for them as well. Proves: R2."""
    careless = System(
        (Variable("q", ("c0", "c1", "c2")),), {ONCE: (66, 66)},
        (
            Figure("q", "c0", people(q="c0"), NOW, exact(60), 10, count=60),
            Figure("q", "c1", people(q="c1"), NOW, small(10), 10, count=1),
            Figure("q", "c2", people(q="c2"), NOW, small(10), 10, count=5),
        ),
        rules=Rules(t=10, s=5),
    )  # fmt: skip

    assert {each.verdict for each in audit(careless).found} == {Verdict.KNOWN}
    assert audit(ours(table((60, 50, 7, 20)), rules=OPEN)).safe


@pytest.mark.parametrize(("again", "safe"), [(True, True), (False, False)], ids=["printed again", "counted again"])
def test_a12_one_person_over_the_edge(*, again: bool, safe: bool) -> None:
    """Ten becomes fifteen when one person comes; the old figure again says nothing. Proves: R2."""
    came = {Stay(0, 1): (60, 60), Stay(1, 1): (1, 1)}
    first = Figure("q", "c0", people(q="c0"), NOW, rounded(10, CODED, 10), 10)
    second = Figure("q", "c0", people(q="c0"), NOW if again else THEN, rounded(10 if again else 15, CODED, 10), 10)

    assert audit(System((Q,), came, (first, second))).safe is safe
