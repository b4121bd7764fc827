"""A multiple question by group, against a referee that tries every world of persons' choices."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy.control import protect_cross, protect_exact
from privacy.rules import Rules
from privacy.tables import (
    NO_ANSWER,
    Impossible,
    Limit,
    Picks,
    RawCross,
    RawTable,
    Refusal,
    SafeCell,
    SafeCross,
    Shape,
    Shown,
    Small,
    Withheld,
)
from tests.privacy.referee import fits, in_doubt

SEED = bytes(32)
LOOSE = Rules(t=5, s=0, crosses_from=1, people_a_cell=1, percent_from=50)
CODES = ("a", "b", NO_ANSWER)
Person = tuple[int, frozenset[str]]
"""Row, and the choices that were picked in it."""
Line = tuple[int, ...]
"""Of one row: a count for each choice, then for no answer, then the whole row."""


def crossed(people: Sequence[Person], rows: int, most: int = 2, *, exclusive: bool = False) -> RawCross:
    """The cross of some people."""
    names = (*(f"r{row}" for row in range(rows)), NO_ANSWER)
    counts = tuple(line[:-1] for line in lines(people, rows + 1))
    totals = tuple(line[-1] for line in lines(people, rows + 1))
    whole = [sum(column) for column in zip(*counts, strict=True)]
    by = RawTable("by", Shape.PARTITION, Sensitivity.OPINION, names, totals, len(people), len(people) - totals[-1])
    picks = Picks(1, most - exclusive, frozenset({"b"} if exclusive else ()))
    question = RawTable(
        "question", Shape.CHOICES, Sensitivity.OPINION, CODES, tuple(whole), len(people), len(people) - whole[-1],
        picks=picks,
    )  # fmt: skip
    return RawCross("by*question", by, question, names, CODES, counts, len(people))


def lines(people: Sequence[Person], rows: int) -> list[Line]:
    """True counts, row by row."""
    return [
        (
            *(sum(at == row and code in picked for at, picked in people) for code in CODES[:-1]),
            sum(at == row and not picked for at, picked in people),
            sum(at == row for at, _ in people),
        )
        for row in range(rows)
    ]


def worlds(safe: SafeCross, people: int, raw: RawCross, rules: Rules) -> Iterator[tuple[Line, ...]]:
    """Every table that people picking as the form allows could have produced, and that would have been shown so."""
    every = [list(_rows(safe, place, raw, rules, people)) for place in range(len(safe.rows))]
    threshold = rules.threshold(Sensitivity.OPINION)
    for world in product(*every):
        sums = [sum(column) for column in zip(*world, strict=True)]
        if sums[-1] == people and _choices_fit(sums, [head.total for head in safe.columns], threshold, rules):
            yield world


def _rows(safe: SafeCross, place: int, raw: RawCross, rules: Rules, people: int) -> Iterator[Line]:
    threshold, displays = rules.threshold(Sensitivity.OPINION), safe.cells[place]
    picks = raw.question.picks or Picks(1, 2, frozenset())
    options = [[n for n in range(people + 1) if _fits(n, display, threshold, rules)] for display in displays]
    for whole in (n for n in range(people + 1) if fits(n, safe.rows[place].total, threshold, rules)):
        for counts in product(*([n for n in each if n <= whole] for each in options)):
            alone = sum(n for code, n in zip(CODES, counts, strict=True) if code in picks.exclusive)
            together = [n for code, n in zip(CODES, counts[:-1], strict=False) if code not in picks.exclusive]
            pickers = whole - counts[-1] - alone
            if (
                pickers >= 0
                and all(n <= pickers for n in together)
                and picks.fewest * pickers <= sum(together) <= picks.most * pickers
                and _choices_fit([*counts, whole], displays, threshold, rules)
            ):
                yield (*counts, whole)


def _fits(count: int, display: SafeCell | Impossible, threshold: int, rules: Rules) -> bool:
    return count == 0 if isinstance(display, Impossible) else fits(count, display, threshold, rules)


def _choices_fit(
    counts: Sequence[int], displays: Sequence[SafeCell | Impossible], threshold: int, rules: Rules
) -> bool:
    """Whether counts would be shown so, where a choice is shown only if its rest is large as well."""
    answered = counts[-1] - counts[-2]
    return all(
        _fits(count, display, threshold, rules) for count, display in zip(counts, displays, strict=False)
    ) and all(
        answered - count >= threshold
        for count, display in zip(counts[:-2], displays, strict=False)
        if isinstance(display, Shown)
    )


def exposed(safe: SafeCross, people: Sequence[Person], raw: RawCross, rules: Rules) -> set[str]:
    """Hidden small counts, and small rests, that some reader with `s` accomplices can narrow too far."""
    every = list(worlds(safe, len(people), raw, rules))
    truth = tuple(lines(people, len(safe.rows)))
    assert truth in every
    found: set[str] = set()
    kinds = Counter(people)
    for size in range(rules.s + 1):
        for group in combinations_with_replacement(sorted(kinds, key=str), size):
            if any(kinds[kind] < taken for kind, taken in Counter(group).items()):
                continue
            known = lines(group, len(safe.rows))
            possible = [world for world in every if _holds(world, known)]
            found |= set(_narrowed(safe, truth, known, possible, rules))
    return found


def _holds(world: Sequence[Line], known: Sequence[Line]) -> bool:
    return all(
        all(have >= need for have, need in zip(line, part, strict=True))
        and all(_rest(line, place) >= _rest(part, place) for place in range(len(CODES) - 1))
        for line, part in zip(world, known, strict=True)
    )


def _rest(line: Sequence[int], place: int) -> int:
    return line[-1] - line[-2] - line[place]


def _narrowed(
    safe: SafeCross, truth: Sequence[Line], known: Sequence[Line], possible: Sequence[Sequence[Line]], rules: Rules
) -> Iterator[str]:  # fmt: skip
    threshold = rules.threshold(Sensitivity.OPINION)
    for row, displays in enumerate(safe.cells):
        for place, display in enumerate(displays):
            values: Mapping[str, tuple[int, list[int]]] = {}
            if isinstance(display, Small):
                values = {"cell": (known[row][place], [world[row][place] for world in possible])}
            elif place < len(CODES) - 1 and _rest(truth[row], place) < threshold:
                values = {"rest": (_rest(known[row], place), [_rest(world[row], place) for world in possible])}
            for name, (knows, each) in values.items():
                if not in_doubt(each, knows, threshold, rules):
                    yield f"{name} {row} {place}"
        if isinstance(safe.rows[row].total, Small) and not in_doubt(
            [world[row][-1] for world in possible], known[row][-1], threshold, rules
        ):
            yield f"row {row}"


@st.composite
def groups(draw: st.DrawFn) -> list[Person]:
    """People of a group, and of none, who picked among two choices, or gave no answer."""
    picked = [frozenset[str](), frozenset("a"), frozenset("b"), frozenset("ab")]
    return [(row, each) for row in (0, 1) for each in picked for _ in range(draw(st.integers(0, 12)))]


@given(groups(), st.integers(0, 1))
@settings(max_examples=15, deadline=None)
def test_choices_by_group_leave_every_hidden_number_in_doubt(people: list[Person], s: int) -> None:
    """A multiple question by group lets nobody who tries every world narrow a small count or rest. Proves: R1."""
    rules = replace(LOOSE, s=s)
    raw = crossed(people, 1)

    safe = protect_cross(raw, rules, SEED)

    if safe.cells:
        assert exposed(safe, people, raw, rules) == set()


@given(groups(), st.integers(0, 1))
@settings(max_examples=15, deadline=None)
def test_an_answer_that_stands_alone_gives_nothing_away(people: list[Person], s: int) -> None:
    """The same where one choice excludes the others, so that everybody stands in one column. Proves: R1."""
    rules = replace(LOOSE, s=s)
    single = [(row, picked if len(picked) < 2 else frozenset("a")) for row, picked in people]
    raw = crossed(single, 1, exclusive=True)

    safe = protect_cross(raw, rules, SEED)

    if safe.cells:
        assert exposed(safe, single, raw, rules) == set()


def test_a_small_rest_of_a_choice_is_hidden_in_its_group() -> None:
    """A5: where all but three of a group picked a choice, its figure there is withheld, others are not. Proves: R1."""
    both, one, other, none = frozenset("ab"), frozenset("a"), frozenset("b"), frozenset[str]()
    people: list[Person] = [(0, both)] * 60 + [(0, other)] * 3 + [(0, one)] * 30 + [(0, none)] * 20
    people += [(1, both)] * 40 + [(1, one)] * 40 + [(1, other)] * 30 + [(1, none)] * 20
    people += [(2, each) for each in (both, one, other, none) for _ in range(16)]

    safe = protect_cross(crossed(people, 2), Rules(s=0), SEED)

    assert safe.cells[0][0] == Withheld()
    assert isinstance(safe.cells[0][1], Shown)
    assert isinstance(safe.cells[1][0], Shown)


def drawn(seed: int, rows: int, most: int) -> list[Person]:
    """Frozen examples: people of `rows` groups, and of none, up to `most` of each kind in each."""
    dice = random.Random(seed)
    picked = [frozenset[str](), frozenset("a"), frozenset("b"), frozenset("ab")]
    return [(row, each) for row in range(rows + 1) for each in picked for _ in range(dice.randint(0, most))]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("alone", [False, True])
def test_frozen_examples_leave_every_hidden_number_in_doubt(seed: int, alone: bool) -> None:
    """The same two promises for a few people who are always the same, so that no luck decides what is tried."""
    people = drawn(seed, 1, 12)
    if alone:
        people = [(row, picked if len(picked) < 2 else frozenset("a")) for row, picked in people]
    rules = replace(LOOSE, s=seed % 2)
    raw = crossed(people, 1, exclusive=alone)

    safe = protect_cross(raw, rules, SEED)

    if safe.cells:
        assert exposed(safe, people, raw, rules) == set()


@pytest.mark.parametrize("seed", range(60))
def test_in_larger_groups_what_is_shown_is_large_and_near_the_truth(seed: int) -> None:
    """Three groups of many people: each shown figure is at its threshold at least and rounded, no more. Proves: R1."""
    rules = Rules(s=seed % 6)
    alone = bool(seed % 3 == 0)
    people = drawn(seed, 3, (40, 90, 160)[seed % 3])
    if alone:
        people = [(row, picked if len(picked) < 2 else frozenset("a")) for row, picked in people]
    raw = crossed(people, 3, most=1 + seed % 2 + alone, exclusive=alone)
    if seed % 2 == 0 and not alone:
        people = [(row, picked if len(picked) < 2 else frozenset("b")) for row, picked in people]
        raw = crossed(people, 3, most=1)

    safe = protect_cross(raw, rules, SEED)

    for row, cells in zip(safe.rows, safe.cells, strict=True):
        if row.code not in raw.rows:
            continue  # a row that was brought together from several
        for column, cell in zip(safe.columns, cells, strict=True):
            if isinstance(cell, Shown):
                count = raw.counts[raw.rows.index(row.code)][raw.columns.index(column.code)]
                assert count >= rules.threshold(Sensitivity.OPINION)
                assert abs(cell.count - count) <= 2


def test_no_annex_is_made_of_overlapping_answers_or_of_few() -> None:
    """Where answers overlap an annex says that it cannot be exact; where few were asked, that they are few."""
    many, few = drawn(2, 1, 160), drawn(2, 1, 9)

    assert protect_exact(crossed(many, 1), Rules(s=0), SEED) is Refusal.TANGLED
    assert protect_exact(crossed(few, 1), Rules(s=0), SEED) is Limit.FEW
    assert protect_exact(crossed(many, 1), Rules(s=0, people_a_cell=500), SEED) is Limit.FEW


def test_a_cross_of_a_question_that_is_withheld_is_withheld() -> None:
    """Where one of both questions shows nothing by itself, their cross does not either. Proves: R1."""
    none: list[Person] = [(0, frozenset("a"))] * 200 + [(0, frozenset())] * 3

    safe = protect_cross(crossed(none, 1), Rules(s=0), SEED)

    assert safe.refusal is Refusal.PROTECTED
    assert safe.cells == ()
