"""Small systems for tests: invented people, and what would be published of them in every way there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from privacy.audit.choices import Choices
from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Item,
    Mean,
    Moment,
    Population,
    Share,
    Stay,
    System,
    Variable,
    exact,
    most,
    rounded,
    small,
    withheld,
)
from privacy.rules import Rules
from privacy.tables import NOT_ASKED, Picks
from tests.privacy.audit import worlds

NOW = Moment(0)
RULES = Rules(t=3, s=0, base=3, width=2)
"""Small enough to try everything: below 3 hidden, the rest to the nearest 3, three values must be left."""


@dataclass(frozen=True, slots=True)
class Case:
    """A system and the truth behind it."""

    system: System
    truth: worlds.World


def shown(value: int, style: str, rules: Rules = RULES) -> Display:
    """How a count would be displayed in one of the ways there are."""
    if style == "exact":
        return exact(value)
    if style == "hidden":
        return withheld()
    if value < rules.t:
        return small(rules.t)
    if style == "most":
        return most(max(rules.t, value - 1), rules.t)
    return rounded(rules.rounded(value), rules, rules.t) if rules.rounded(value) >= rules.t else withheld(rules.t)


AB = (Variable("a", ("a0", "a1")), Variable("b", ("b0", "b1", "b2")))
SKIP = (
    Variable("a", ("a0", "a1")),
    Variable("q", ("q0", "q1", NOT_ASKED), NOT_ASKED, frozenset({("a", frozenset({"a0"}))})),
)
PICKS = (Variable("a", ("a0", "a1")), Choices("m", ("x", "y", "z"), Picks(1, 2, frozenset({"z"}))).variable())
APART = (Variable("a", ("a0", "a1")), Variable("b", ("b0", "b1", "b2")), Variable("c", ("c0", "c1")))


def populations(variables: Sequence[Variable], *, crossed: bool) -> list[Population]:
    """Everybody, each single code, and, where wanted, each pair of codes of the first two variables."""
    single = [frozenset({(v.id, frozenset({code}))}) for v in variables for code in v.codes]
    pairs = [
        frozenset({(variables[0].id, frozenset({one})), (variables[1].id, frozenset({other}))})
        for one in variables[0].codes
        for other in variables[1].codes
    ]
    return [EVERYBODY, *single, *(pairs if crossed else [])]


@st.composite
def cases(
    draw: st.DrawFn, *, most_people: int = 5, known_sizes: bool | None = None, s: int = 0, quiet: bool = False
) -> Case:
    """People who answered, in one or two snapshots, and some figures about them.

    Most of what is drawn hides nothing well: the fewer people and the more figures, the more can be worked out. `quiet`
    is for tests of what is safe: there are people, and few figures are told of them.
    """
    variables, crossed = draw(st.sampled_from([(AB, True), (AB, False), (SKIP, True), (PICKS, True), (APART, False)]))
    stays = draw(st.sampled_from([(Stay(0, 0),), (Stay(0, 1), Stay(1, 1)), (Stay(0, 0), Stay(0, 1), Stay(1, 1))]))
    impossible = (
        (frozenset({("a", frozenset({"a0"})), ("b", frozenset({"b0"}))}),) if crossed and variables is AB else ()
    )
    empty = System(variables, dict.fromkeys(stays, (0, 0)), (), impossible)
    kinds = worlds.persons(empty)
    people = draw(
        st.lists(st.sampled_from(range(len(kinds))), min_size=most_people - 1 if quiet else 0, max_size=most_people)
    )
    truth = tuple(people.count(place) for place in range(len(kinds)))
    slack = 0 if known_sizes or (known_sizes is None and draw(st.booleans())) else 1
    sizes = {}
    for stay in stays:
        size = sum(many for kind, many in zip(kinds, truth, strict=True) if kind.stay == stay)
        sizes[stay] = (max(0, size - slack), size)
    last = max(stay.last for stay in stays)
    places = [
        (population, Moment(at)) for population in populations(variables, crossed=crossed) for at in range(last + 1)
    ]
    items: list[Item] = []
    told = st.lists(st.sampled_from(places), min_size=int(quiet), max_size=2 if quiet else 8, unique=True)
    for population, moment in draw(told):
        value = worlds.count(population, moment, kinds, truth)
        style = draw(st.sampled_from(["exact", "rounded", "most", "hidden"]))
        items.append(Figure("t", str(len(items)), population, moment, shown(value, style), RULES.t, count=value))
    items += draw(ratios(kinds, truth))
    return Case(System(variables, sizes, tuple(items), impossible, Rules(t=3, s=s, base=3, width=2)), truth)


@st.composite
def ratios(draw: st.DrawFn, kinds: list[worlds.Person], truth: worlds.World) -> list[Item]:
    """Perhaps a percentage and a mean about them."""
    part, whole = frozenset({("a", frozenset({"a0"}))}), EVERYBODY
    number = worlds.count(whole, NOW, kinds, truth)
    found: list[Item] = []
    if number and draw(st.booleans()):
        some = worlds.count(part, NOW, kinds, truth)
        found.append(Share("t", part, whole, NOW, (200 * some + number) // (2 * number)))
    if number and draw(st.booleans()):
        second = worlds.count(frozenset({("a", frozenset({"a1"}))}), NOW, kinds, truth)
        points = {"a0": 1, "a1": 3}
        sums = number - second + 3 * second
        found.append(Mean("t", "a", points, whole, NOW, (20 * sums + number) // (2 * number)))
    return found
