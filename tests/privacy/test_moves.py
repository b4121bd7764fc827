"""Each figure told twice: none or many joined, none or many left, and what a reader learns because she knows that."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Kind,
    Moment,
    Population,
    Stay,
    System,
    Variable,
    exact,
    most,
    rounded,
    small,
    withheld,
)
from privacy.audit.figures import people as those
from privacy.audit.rows import blocks
from privacy.audit.run import Job, Verdict, audit, bounds, judged
from privacy.audit.targets import Reason
from privacy.intervals import Limits
from privacy.moves import broken, moved, with_rule
from privacy.rules import Rules
from tests.privacy.audit import worlds

RULES = Rules.of_round(10, 0)
TINY = Rules(t=3, s=0, base=3, width=2)
"""Small enough to try every world: below 3 hidden, the rest to the nearest 3."""
CODES = ("a", "b", "c")
WHEN = ("then", "now")
V = Variable("v", CODES)
CAME = Stay(0, 1), Stay(1, 1)


def displayed(value: int, rules: Rules) -> Display:
    """As the door would show it."""
    return small(rules.t) if value < rules.t else rounded(rules.rounded(value), rules, rules.t)


def twice(
    before: tuple[int, ...], after: tuple[int, ...], rules: Rules = RULES, *, rest: bool = False, left: int = 0
) -> System:
    """One question in two snapshots, of which everybody knows how many came and how many left."""
    figures = tuple(
        Figure(
            "t", f"{code} {WHEN[at]}", those(v=code), Moment(at), displayed(count, rules), rules.t,
            frozenset({EVERYBODY}), rest, None if left and not at else count,
        )
        for at, counts in enumerate((before, after))
        for code, count in zip(CODES, counts, strict=False)
    )  # fmt: skip
    stayed, came = sum(before) - left, sum(after) - sum(before) + left
    sizes = {Stay(0, 0): left, CAME[0]: stayed, CAME[1]: came}
    return System((V,), {stay: (size, size) for stay, size in sizes.items() if size}, figures, rules=rules)


def figures_of(system: System) -> tuple[Figure, ...]:
    """All that is told."""
    return tuple(item for item in system.items if isinstance(item, Figure))


def joiners(*counts: int) -> dict[Population, int]:
    """How many came into each code."""
    told = {those(v=code): count for code, count in zip(CODES, counts, strict=False)}
    return told | {EVERYBODY: sum(counts)}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((60, 40, 5), (85, 70, 5), []),
        ((60, 40, 5), (60, 70, 8), []),
        ((60, 40, 5), (64, 70, 5), ["a"]),
        ((60, 40, 5), (80, 70, 11), ["c"]),
        ((60, 40, 12), (80, 70, 14), ["c"]),
    ],
    ids=["many", "none, and a hidden one", "four", "into sight", "two more shown the same"],
)
def test_none_or_many_join_a_figure(before: tuple[int, ...], after: tuple[int, ...], found: list[str]) -> None:
    """A figure that one to nine people joined is found by its cell; one hidden both times is the audit's. Proves: R4.

    What is found names both figures and no number.
    """
    came = joiners(*(new - old for old, new in zip(before, after, strict=True)))
    broke = moved(twice(before, after), [came])

    assert [each.cells[1] for each in broke] == [f"t: {code} now" for code in found]
    assert all(each.reason is Reason.JOINED and not any(map(str.isdigit, str(each))) for each in broke)


def test_who_joined_may_not_agree_about_something_harmful() -> None:
    """Of a delicate question, many must join each answer, and many of those who joined must not have given it.

    Proves: R4
    """
    agreed = moved(twice((60, 40), (120, 40), rest=True), [joiners(60, 0)])
    opinion = moved(twice((60, 40), (120, 40)), [joiners(60, 0)])
    divided = moved(twice((60, 40), (120, 80), rest=True), [joiners(60, 40)])

    assert [each.cells[1] for each in agreed] == ["t: a now", "t: b now"]
    assert (opinion, divided) == ((), ())


@pytest.mark.parametrize("first", [displayed(60, RULES), withheld(10)], ids=["shown", "withheld"])
def test_what_was_told_of_people_who_left_is_not_told_anew(first: Display) -> None:
    """Who left is not opened, so nobody can say how many stood in a figure: its table stands as it was. Proves: R4, W3.

    Desk and gate find the same.
    """
    made = twice((60, 60), (40, 40), left=40)
    made = replace(made, items=(replace(figures_of(made)[0], display=first), *made.items[1:]))
    found = moved(made, [joiners(0, 0)])

    assert [(each.reason, each.cells[1]) for each in found] == [(Reason.LEFT, "t: a now"), (Reason.LEFT, "t: b now")]
    assert broken(made, 1) == found
    assert with_rule(made).items == made.items


def test_what_nobody_counted_is_found() -> None:
    """A figure whose joiners the desk cannot tell is treated as if few had joined. Proves: R4."""
    made = twice((60, 40), (90, 70))

    assert [each.cells[1] for each in moved(made, [{}])] == ["t: a now", "t: b now"]


def test_a_withheld_figure_is_the_audits() -> None:
    """The rule speaks of figures that are bounded both times; of others the audit asks that joiners stay in doubt."""
    for display in (withheld(10), most(40, 10)):
        made = twice((60, 40, 5), (64, 70, 5))
        kept = replace(made, items=tuple(
            replace(item, display=display) if item.cell == "a now" else item for item in figures_of(made)
        ))  # fmt: skip
        assert moved(kept, [joiners(4, 30, 0)]) == ()
        assert audit(with_rule(kept)).safe


def test_readers_who_know_the_rule_learn_that_nobody_came() -> None:
    """Sixty and sixty again are the same people; sixty and eighty-five are many more: both are constraints.

    Proves: R2
    """
    plain = twice((60, 40, 5), (60, 75, 5))
    ruled = with_rule(plain)
    asked = Figure("asked", "", those(v="a"), Moment(1, 0), withheld(), 10)

    assert bounds(plain, asked) == (0, 4)
    assert bounds(ruled, asked) == (0, 0)
    assert {item.display.kind for item in figures_of(ruled)[len(plain.items) :]} == {Kind.RULE}
    assert audit(ruled).safe


def test_everybody_sees_a_rule_that_was_plainly_broken() -> None:
    """Whoever holds only the tables finds what no counting desk may print, and doubts nothing else. Proves: R4."""
    assert [each.cells for each in broken(twice((60, 40), (65, 80)), 1)] == [("t: a then", "t: a now")]
    assert broken(twice((60, 40), (80, 60)), 1) == ()


def test_one_population_in_two_tables_is_one_figure() -> None:
    """What stands in a table and as a total of a cross is known as exactly as both together say."""
    made = twice((60, 40), (90, 70))
    again = replace(figures_of(made)[0], table="x", display=withheld(10), count=None)
    both = replace(made, items=(again, *made.items))

    assert moved(both, [joiners(30, 30)]) == ()
    assert [each.cells[0] for each in moved(both, [joiners(3, 30)])] == ["x: a then"]


def test_a_group_told_later_beside_a_part_told_before() -> None:
    """Women printed once, young women in an earlier release: what lies between is judged across both. Proves: R2."""
    sex, age = Variable("sex", ("f", "m")), Variable("age", ("young", "old"))
    young = Figure("t", "young", those(sex="f", age="young"), Moment(0), exact(60), 10, count=60)
    women = Figure("u", "women", those(sex="f"), Moment(1), exact(62), 10, count=62)
    made = System((sex, age), {CAME[0]: (200, 200), CAME[1]: (60, 60)}, (young, women), rules=RULES)

    found = audit(with_rule(made)).found

    assert [(each.reason, each.cells) for each in found] == [(Reason.DIFFERENCE, ("t: young", "u: women"))]


@st.composite
def rounds(draw: st.DrawFn) -> tuple[System, list[dict[Population, int]]]:
    """A few people who answered one question, a few more who came, and what was printed of them before and after."""
    stayed = Counter(draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=6)))
    came = Counter(draw(st.lists(st.sampled_from(CODES), max_size=6)))
    before, both = (tuple(some[code] for code in CODES) for some in (stayed, stayed + came))
    return twice(before, both, TINY), [joiners(*(came[code] for code in CODES))]


def follows_the_rule(system: System, world: worlds.World) -> bool:
    """Whether a world is one of those in which these tables would have been printed."""
    figures = {(item.population, item.moment): item for item in system.items if isinstance(item, Figure)}
    kinds = worlds.persons(system)
    for code in CODES:
        pair = [figures[those(v=code), Moment(at)].display.kind for at in (0, 1)]
        came = worlds.count(those(v=code), Moment(1, 0), kinds, world)
        if pair != [Kind.SMALL] * 2 and 0 < came < TINY.t:
            return False
    return True


@given(rounds())
@settings(max_examples=60, deadline=None)
def test_two_releases_are_judged_as_by_trying_every_world(made: tuple[System, list[dict[Population, int]]]) -> None:
    """What is found safe in two releases stays in doubt for a reader who knows the rule and tries every world.

    Proves: R2, R4
    """
    system, came = made
    assume(not moved(system, came))
    ruled = with_rule(system)
    kinds = worlds.persons(system)
    possible = [world for world in worlds.worlds(system) if follows_the_rule(system, world)]
    limits = Limits(TINY.t, TINY)
    for block in blocks(ruled):
        verdicts = judged(Job(block, tuple(range(len(block.targets)))), ruled)
        for target, verdict in zip(block.targets, verdicts, strict=True):
            if target.hidden or target.reason is Reason.JOINED:
                code, when = target.cells[0].removeprefix("t: ").split()
                moment = Moment(1, 0) if target.reason is Reason.JOINED else Moment(WHEN.index(when))
                values = [worlds.count(those(v=code), moment, kinds, world) for world in possible]
                assert (verdict is Verdict.SAFE) == limits.leaves_doubt(min(values), max(values), 0)
