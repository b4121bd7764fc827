"""What a reader can work out, against a referee that tries every table."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy.control import protect
from privacy.intervals import Cell, Limits, exposed_in_partition, reading
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Picks, RawTable, SafeCell, Shape, Shown, Small, Withheld
from tests.privacy import referee

SEED = bytes(32)
counts_of_a_table = st.lists(st.integers(0, 22), min_size=2, max_size=4)
small_rules = st.builds(Rules, t=st.integers(5, 8), t_sensitive=st.just(20), s=st.integers(0, 2))


def displayed(counts: list[int], hidden: int, rules: Rules) -> list[SafeCell]:
    """Primary displays, one of the larger cells withheld as well where `hidden` names one."""
    threshold = rules.threshold(Sensitivity.OPINION)
    displays: list[SafeCell] = [
        Small(below=threshold) if count < threshold else Shown(count=rules.rounded(count)) for count in counts
    ]
    if hidden < len(counts) and counts[hidden] >= threshold:
        displays[hidden] = Withheld()
    return displays


def partition(counts: list[int], sensitivity: Sensitivity = Sensitivity.OPINION) -> RawTable:
    """A table of a single question that everybody answered."""
    codes = tuple(f"c{place}" for place in range(len(counts)))
    return RawTable("q", Shape.PARTITION, sensitivity, codes, tuple(counts), asked=sum(counts), answered=sum(counts))


@given(st.lists(st.integers(0, 22), min_size=2, max_size=3), st.integers(0, 5), small_rules)
@settings(max_examples=150)
def test_the_closed_form_finds_what_the_referee_finds(counts: list[int], hidden: int, rules: Rules) -> None:
    """In a group of known size the closed form and trying every table agree on each cell.

    So they do of every table that looks like this one: which of them is true has no say. Proves: R1
    """
    threshold = rules.threshold(Sensitivity.OPINION)
    limits = Limits(threshold, rules)
    displays = displayed(counts, hidden, rules)
    total = sum(counts)

    cells = [
        Cell(display, count, *reading(display, total, limits)) for display, count in zip(displays, counts, strict=True)
    ]
    found = list(exposed_in_partition(cells, total, limits))

    worlds = list(referee.partitions(displays, [total], threshold, rules))
    exposed = [referee.small_cells_in_doubt(worlds, world, displays, threshold, rules) for world in worlds]
    assert tuple(counts) in worlds
    assert found == sorted(set().union(*exposed))


@given(counts_of_a_table, small_rules)
@settings(max_examples=100)
def test_what_is_published_leaves_every_hidden_count_in_doubt(counts: list[int], rules: Rules) -> None:
    """No table that passes the door lets anyone who tries every table narrow a small cell too far. Proves: R1."""
    threshold = rules.threshold(Sensitivity.OPINION)

    safe = protect(partition(counts), rules, SEED)

    if safe.rows:
        displays = [row.cell for row in safe.rows]
        worlds = list(referee.partitions(displays, [sum(counts)], threshold, rules))
        assert referee.small_cells_in_doubt(worlds, counts, displays, threshold, rules) == []


@given(st.lists(st.integers(0, 20), min_size=2, max_size=3), st.data(), small_rules)
@settings(max_examples=60)
def test_the_same_group_in_two_tables_gives_nothing_away(first: list[int], data: st.DataObject, rules: Rules) -> None:
    """Two tables over the same people, joined by their total, leave each other's hidden cells in doubt. Proves: R1."""
    total = sum(first)
    cut = data.draw(st.integers(0, total))
    second = [cut, total - cut]
    threshold = rules.threshold(Sensitivity.OPINION)
    tables = [(counts, protect(partition(counts), rules, SEED)) for counts in (first, second)]
    if not all(safe.rows for _, safe in tables):
        return

    low, high = rules.unrounded(rules.rounded(total))
    possible = [
        list(referee.partitions([row.cell for row in safe.rows], range(max(0, low), high + 1), threshold, rules))
        for _, safe in tables
    ]
    shared = set(map(sum, possible[0])) & set(map(sum, possible[1]))

    for (counts, safe), worlds in zip(tables, possible, strict=True):
        joint = [world for world in worlds if sum(world) in shared]
        displays = [row.cell for row in safe.rows]
        assert referee.small_cells_in_doubt(joint, counts, displays, threshold, rules) == []


@given(st.lists(st.integers(0, 14), min_size=5, max_size=5), small_rules)
@settings(max_examples=100)
def test_a_choice_that_only_some_were_offered_gives_nothing_away(people: list[int], rules: Rules) -> None:
    """Two tables, one choice of the second only for one cell of the first: both hold, read together. Proves: R1."""
    stayed_in, stayed_else, left_in, left_else, left_out = people
    first = [stayed_in + stayed_else, left_in + left_else + left_out]
    second = [stayed_in + left_in, stayed_else + left_else, left_out]
    threshold = rules.threshold(Sensitivity.OPINION)
    offer = replace(partition(second), ceiling=("c2", first[1]), left_out=min(first))
    known = (frozenset({"c1"}),) if min(first) >= threshold else ()
    safe = [protect(replace(partition(first), known_groups=known), rules, SEED), protect(offer, rules, SEED)]
    if not all(table.rows for table in safe):
        return

    shown = [[row.cell for row in table.rows] for table in safe]
    one, two = (list(referee.partitions(cells, [sum(people)], threshold, rules)) for cells in shown)
    joint = [(*mine, *theirs) for mine in one for theirs in two if theirs[2] <= mine[1]]

    assert referee.small_cells_in_doubt(joint, [*first, *second], [*shown[0], *shown[1]], threshold, rules) == []


@st.composite
def answers_to_choices(draw: st.DrawFn) -> tuple[list[referee.Person], frozenset[str], int]:
    """People who picked among three choices, one of which may stand alone, or gave no answer."""
    exclusive = draw(st.sampled_from([frozenset[str](), frozenset({"c"})]))
    most = draw(st.integers(1, 3))
    patterns: list[referee.Person] = [frozenset(), frozenset("a"), frozenset("b"), frozenset("c")]
    if most > 1:
        patterns += [frozenset("ab")] if exclusive else [frozenset("ab"), frozenset("ac"), frozenset("bc")]
    people = [
        pattern
        for pattern in patterns
        for _ in range(draw(st.integers(0, 14)))
    ]  # fmt: skip
    return people, exclusive, most


@given(answers_to_choices(), small_rules)
@settings(max_examples=100)
def test_published_choices_leave_counts_and_rests_in_doubt(
    answers: tuple[list[referee.Person], frozenset[str], int], rules: Rules
) -> None:
    """For a multiple question neither a small count nor a small rest can be worked out, whoever helps. Proves: R1."""
    people, exclusive, most = answers
    codes = ("a", "b", "c", NO_ANSWER)
    answered = sum(map(bool, people))
    counts = (*(sum(code in person for person in people) for code in codes[:-1]), len(people) - answered)
    together = 3 - len(exclusive)
    picks = Picks(1, min(most, together), exclusive)
    raw = RawTable("q", Shape.CHOICES, Sensitivity.OPINION, codes, counts, len(people), answered, picks=picks)
    threshold = rules.threshold(Sensitivity.OPINION)

    safe = protect(raw, rules, SEED)

    if safe.rows:
        displays = [row.cell for row in safe.rows]
        worlds = list(
            referee.choice_worlds(codes, displays, len(people), exclusive, picks.most, threshold, rules)
        )  # fmt: skip
        assert counts in worlds
        assert referee.choices_in_doubt(worlds, people, codes, displays, threshold, rules)
