"""The slow and obvious reader: tries every table of whole numbers that fits what was published.

She knows how figures are displayed, how many were asked (exactly, or rounded as printed), and the answers of any
`s` respondents. Nothing here is clever, so that it can be believed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product

from privacy.rules import Rules
from privacy.tables import Most, SafeCell, Shown, Small

World = tuple[int, ...]


def fits(count: int, display: SafeCell, threshold: int, rules: Rules) -> bool:
    """Whether a cell with `count` persons would have been displayed like this."""
    if isinstance(display, Small):
        return count < threshold
    if isinstance(display, Shown):
        return count >= threshold and rules.rounded(count) == display.count
    if isinstance(display, Most):
        return count >= max(threshold, display.least)
    return count >= threshold


def partitions(displays: Sequence[SafeCell], totals: Sequence[int], threshold: int, rules: Rules) -> Iterator[World]:
    """Every table over the cells of one group, whose size is one of `totals`, that would have looked like this."""
    options = [[n for n in range(max(totals) + 1) if fits(n, display, threshold, rules)] for display in displays]
    sizes = set(totals)
    return (world for world in product(*options) if sum(world) in sizes)


def coalitions(counts: Sequence[int], size: int) -> Iterator[World]:
    """Every way in which at most `size` of the respondents can stand in the cells."""
    return (
        known
        for known in product(*(range(min(size, count) + 1) for count in counts))
        if sum(known) <= size
    )  # fmt: skip


def in_doubt(values: Sequence[int], known: int, threshold: int, rules: Rules) -> bool:
    """Whether the possible `values` of a hidden count leave what the rules ask for."""
    return max(values) - min(values) >= rules.width and min(values) - known <= -(-threshold // 2)


def small_cells_in_doubt(
    worlds: Sequence[World], counts: Sequence[int], displays: Sequence[SafeCell], threshold: int, rules: Rules
) -> list[int]:
    """Indices of small cells that some reader with `s` accomplices can narrow too far: the verdict to compare with."""
    exposed = set()
    for known in coalitions(counts, rules.s):
        possible = [world for world in worlds if all(have >= need for have, need in zip(world, known, strict=True))]
        for index, display in enumerate(displays):
            if isinstance(display, Small) and not in_doubt(
                [world[index] for world in possible], known[index], threshold, rules
            ):
                exposed.add(index)
    return sorted(exposed)


Person = frozenset[str]
"""The choices one person picked; empty for no answer."""


def choice_worlds(
    codes: Sequence[str], displays: Sequence[SafeCell], asked: int, exclusive: frozenset[str], most: int,
    threshold: int, rules: Rules,
) -> Iterator[World]:  # fmt: skip
    """Every row of counts (choices, then no answer) that people picking 1 to `most` choices could have produced."""
    options = [[n for n in range(asked + 1) if fits(n, display, threshold, rules)] for display in displays]
    for world in product(*options):
        answered = asked - world[-1]
        alone = sum(count for code, count in zip(codes, world, strict=False) if code in exclusive)
        together = [count for code, count in zip(codes, world[:-1], strict=False) if code not in exclusive]
        pickers = answered - alone
        if pickers < 0 or any(count > pickers for count in together):
            continue
        if not pickers <= sum(together) <= most * pickers:
            continue
        # A choice is shown only if those who answered otherwise are enough as well.
        if all(
            answered - count >= threshold
            for count, display in zip(world[:-1], displays, strict=False)
            if isinstance(display, Shown)
        ):
            yield world


def choices_in_doubt(
    worlds: Sequence[World], people: Sequence[Person], codes: Sequence[str], displays: Sequence[SafeCell],
    threshold: int, rules: Rules,
) -> bool:  # fmt: skip
    """Whether every hidden count, and every hidden rest, stays in doubt for every coalition of `s` respondents."""
    asked = len(people)
    answered = sum(bool(person) for person in people)
    kinds = Counter(people)
    groups = (
        group
        for size in range(rules.s + 1)
        for group in combinations_with_replacement(kinds, size)
        if all(kinds[kind] >= taken for kind, taken in Counter(group).items())
    )
    for group in groups:
        silent = sum(not person for person in group)
        have = [sum(code in person for person in group) for code in codes[:-1]]
        lack = [sum(bool(person) and code not in person for person in group) for code in codes[:-1]]
        possible = [
            world
            for world in worlds
            if world[-1] >= silent
            and all(count >= known for count, known in zip(world, have, strict=False))
            and all(asked - world[-1] - count >= known for count, known in zip(world, lack, strict=False))
        ]
        for index, display in enumerate(displays):
            last = index == len(displays) - 1
            if isinstance(display, Small):
                values, known = [world[index] for world in possible], silent if last else have[index]
            elif not last and answered - sum(codes[index] in person for person in people) < threshold:
                values, known = [asked - world[-1] - world[index] for world in possible], lack[index]
            else:
                continue
            if not in_doubt(values, known, threshold, rules):
                return False
    return True
