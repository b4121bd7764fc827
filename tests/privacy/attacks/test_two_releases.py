"""Attacks on two releases of one round: each succeeds against what a careless hand prints, and fails against ours.

The attacker is the exact audit, told of both releases, of how many people came and left, and of our rules.
"""

import random

import pytest

from flows.model import Sensitivity
from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Kind,
    Moment,
    Stay,
    System,
    exact,
    people,
    rounded,
    withheld,
)
from privacy.audit.reading import Printed, joiners_in, system
from privacy.audit.run import Finding, audit, bounds
from privacy.audit.targets import Reason
from privacy.control import protect
from privacy.form import facts_of
from privacy.moves import moved, with_rule
from privacy.schemes import Schemes
from privacy.tables import NO_ANSWER, Counts, RawTable, Shape
from tests.privacy.attacks.test_attacks import CODED, Q

STAYED, CAME, WENT = Stay(0, 1), Stay(1, 1), Stay(0, 0)
THEN, NOW = Moment(0), Moment(1)


def table(counts: tuple[int, ...], *, merged: int = 0) -> RawTable:
    """A single question whose first two categories may be brought together; the last count is of no answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    return RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, sum(counts), sum(counts[:-1]),
        merges=(("c01", "c0", "c1"),), merged=merged,
    )  # fmt: skip


def ours(before: RawTable, came: tuple[int, ...]) -> tuple[Finding, ...]:
    """What the desk finds before it signs a second release in which these people have come."""
    rules, after = CODED, table(tuple(map(sum, zip(before.counts, came, strict=True))))
    printed = [
        Printed([facts_of(raw, rules)], [protect(raw, rules, bytes(32))], counts=Counts({"q": raw}))
        for raw in (before, after)
    ]
    sizes = {STAYED: (before.asked,) * 2, CAME: (sum(came),) * 2}
    everything = with_rule(system(printed, sizes, rules))
    since = Printed(printed[1].form, printed[1].tables, counts=Counts({"q": table(came)}))
    return (*moved(everything, [joiners_in(since, rules)]), *audit(everything).found)


def naive(sizes: dict[Stay, int], *figures: Figure) -> System:
    """What a careless hand prints, twice."""
    return System((Q,), {stay: (size, size) for stay, size in sizes.items()}, figures)


def figure(code: str, moment: Moment, display: Display) -> Figure:
    """One figure of the question."""
    return Figure("q", code, people(q=code), moment, display, 10)


def of(system: System, code: str, moment: Moment) -> tuple[int, int]:
    """Between what a reader knows how many people gave an answer at a moment."""
    return bounds(system, figure(code, moment, withheld()))


def test_a7_who_came_between_two_releases() -> None:
    """The difference of two exact tables is the answer of the one who came; ours prints none that few joined.

    Proves: R2, R4
    """
    careless = naive(
        {STAYED: 130, CAME: 1}, figure("c0", THEN, exact(60)), figure("c0", NOW, exact(60)),
        figure("c1", THEN, exact(40)), figure("c1", NOW, exact(41)),
    )  # fmt: skip

    assert (of(careless, "c0", Moment(1, 0)), of(careless, "c1", Moment(1, 0))) == ((0, 0), (1, 1))
    assert {each.reason for each in ours(table((60, 40, 7, 23)), (0, 1, 0, 0))} == {Reason.JOINED}
    assert ours(table((60, 40, 7, 23)), (30, 20, 0, 12)) == ()


def test_a7_who_left_between_two_releases() -> None:
    """One who took back what she had said is the difference; ours tells no figure anew without those who left.

    Proves: R2, R4, W3
    """
    careless = naive(
        {WENT: 1, STAYED: 129}, figure("c0", THEN, exact(60)), figure("c0", NOW, exact(59)),
    )  # fmt: skip
    figures = [
        Figure("q", "c0", people(q="c0"), at, rounded(60, CODED, 10), 10, count=None if at == THEN else 59)
        for at in (THEN, NOW)
    ]
    told_twice = naive({WENT: 20, STAYED: 110}, *figures)

    assert of(careless, "c0", Moment(0, 1)) == (1, 1)
    assert [each.reason for each in audit(careless).found] == [Reason.LEFT]
    assert [each.reason for each in moved(told_twice, [{people(q="c0"): 0}])] == [Reason.LEFT]


def test_a12_rounding_is_averaged_away() -> None:
    """Noise drawn anew for each of four releases pins a count; ours rounds alike each time and keeps five values.

    Proves: R2
    """
    chance, count = random.Random(4), 63
    four = {Stay(0, 3): 130}
    drawn = [chance.choice([60, 65]) for _ in range(4)]
    noisy = [figure("c0", Moment(at), Display(Kind.ROUNDED, value - 4, value + 4)) for at, value in enumerate(drawn)]
    same = [figure("c0", Moment(at), rounded(CODED.rounded(count), CODED, 10)) for at in range(4)]

    careless, made = (of(naive(four, *some), "c0", THEN) for some in (noisy, same))

    assert set(drawn) == {60, 65}
    assert careless[1] - careless[0] < 4
    assert made == (63, 67)


def test_a12_a_count_creeps_over_the_edge() -> None:
    """Sixty becomes sixty-five when one person came: then she is known, and ours does not print it. Proves: R2, R4."""
    careless = naive(
        {STAYED: 130, CAME: 1}, figure("c0", THEN, rounded(60, CODED, 10)), figure("c0", NOW, rounded(65, CODED, 10))
    )

    assert (of(careless, "c0", Moment(1, 0)), of(careless, "c0", THEN)) == ((1, 1), (62, 62))
    assert ours(table((62, 40, 7, 21)), (1, 0, 0, 0))


@pytest.mark.parametrize("merged", [0, 1], ids=["the same categories", "others"])
def test_a8_categories_change_between_releases(merged: int) -> None:
    """Bands told apart once and brought together later are subtracted; the scheme of the first release is kept.

    Proves: R2, R4
    """
    both = frozenset({("q", frozenset({"c0", "c1"}))})
    careless = naive(
        {STAYED: 130, CAME: 20}, figure("c0", THEN, exact(60)),
        Figure("q", "c01", both, NOW, exact(64), 10, frozenset({EVERYBODY})),
    )  # fmt: skip
    first = table((60, 40, 7, 23), merged=merged)
    shown = protect(first, CODED, bytes(32))
    second = Schemes([([shown], [])]).kept(table((90, 80, 7, 43)))

    assert {each.reason for each in audit(careless).found} == {Reason.DIFFERENCE}
    assert [row.code for row in protect(second, CODED, bytes(32)).rows] == [row.code for row in shown.rows]
