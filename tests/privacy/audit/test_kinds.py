"""Each kind of constraint is one that a reader uses: without it the audit would think her less able than she is."""

from collections.abc import Callable

import pytest

from privacy.audit.choices import Choices
from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Item,
    Kind,
    Mean,
    Population,
    Share,
    Stay,
    System,
    Variable,
    exact,
    most,
    people,
    rounded,
    small,
    withheld,
)
from privacy.audit.run import bounds
from privacy.rules import Rules
from privacy.tables import NOT_ASKED, Picks
from tests.privacy.audit.systems import NOW

V = Variable("v", ("a", "b", "c"))
RULES = Rules(t=10, s=0)


def about(**codes: str | frozenset[str]) -> Figure:
    """A question to the audit."""
    return Figure("asked", "", people(**codes), NOW, withheld(), 10)


def of(*items: Item, variables: tuple[Variable, ...] = (V,), impossible: tuple[Population, ...] = ()) -> System:
    """Forty people, and what is published of them."""
    return System(variables, {Stay(0, 0): (40, 40)}, items, impossible)


def beside(display: Display) -> Callable[[], tuple[System, Figure]]:
    """One count displayed like this; what is asked is how many are left."""
    return lambda: (of(Figure("t", "a", people(v="a"), NOW, display, 10)), about(v=frozenset("bc")))


def only_some_were_asked() -> tuple[System, Figure]:
    """A question for those who said a, of whom there are thirty."""
    question = Variable("q", ("x", NOT_ASKED), NOT_ASKED, people(v="a"))
    figure = Figure("t", "a", people(v="a"), NOW, exact(30), 10)
    return of(figure, variables=(V, question)), about(q="x")


def one_choice_at_most() -> tuple[System, Figure]:
    """Thirty picked x and nobody may pick two."""
    question = Choices("m", ("x", "y"), Picks(1, 1, frozenset()))
    figure = Figure("t", "x", frozenset({("m", question.holding("x"))}), NOW, exact(30), 10)
    asked = Figure("asked", "", frozenset({("m", question.holding("y"))}), NOW, withheld(), 10)
    return of(figure, variables=(question.variable(),)), asked


def nobody_there() -> tuple[System, Figure]:
    """Whoever said a cannot have said x."""
    other = Variable("w", ("x", "y"))
    figure = Figure("t", "a", people(v="a"), NOW, exact(30), 10)
    return of(figure, variables=(V, other), impossible=(people(v="a", w="x"),)), about(w="x")


SCENES: dict[Kind, tuple[Callable[[], tuple[System, Figure]], tuple[int, int]]] = {
    Kind.EXACT: (beside(exact(33)), (7, 7)),
    Kind.ROUNDED: (beside(rounded(30, RULES, 10)), (8, 12)),
    Kind.SMALL: (beside(small(10)), (31, 40)),
    Kind.WITHHELD: (beside(withheld(10)), (0, 30)),
    Kind.MOST: (beside(most(35, 10)), (0, 5)),
    Kind.SHARE: (lambda: (of(Share("t", people(v="a"), EVERYBODY, NOW, 83)), about(v=frozenset("bc"))), (7, 7)),
    Kind.MEAN: (lambda: (of(Mean("t", "v", {"a": 1, "b": 3}, EVERYBODY, NOW, 29)), about(v="b")), (37, 39)),
    Kind.SIZES: (lambda: (of(), about(v="a")), (0, 40)),
    Kind.IMPOSSIBLE: (nobody_there, (0, 10)),
    Kind.SKIPPED: (only_some_were_asked, (30, 30)),
    Kind.PICKS: (one_choice_at_most, (0, 10)),
    Kind.RULE: (beside(Display(Kind.RULE, 15, None)), (0, 25)),
}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_constraint_narrows(kind: Kind) -> None:
    """What a reader takes from this kind of constraint, the audit takes too. Proves: R2."""
    scene, expected = SCENES[kind]

    assert bounds(*scene()) == expected
