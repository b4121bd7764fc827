"""All and nobody are figures as well: *nobody in the north agreed* tells of every single one there what was said.

Looked for is a word for all or none beside what people say, beside where they live, or right beside a word for people.
A wish is none: *everybody in the north should be heard*.
"""

from collections.abc import Iterator, Sequence

from reports.prose.lists import Lists, Span, spans

BESIDE = 1
"""So many words may stand between *all* and those of whom it is said; without spaces, signs for about as much."""


def speaks_of_all(held: str, lists: Lists) -> bool:
    """Whether a sentence, its references taken out, says something of everybody or of nobody."""

    def at(entries: Sequence[str]) -> list[Span]:
        return spans(held, entries, lists, lists.fair)

    wishes, beside = at(lists.norms), BESIDE if lists.spaced else lists.near // 4
    all_or_none = at(lists.everybody)
    said = _pairs(all_or_none, at(lists.claims), lists.near + BESIDE)
    about = (
        *_pairs(all_or_none, at(lists.places), lists.near + BESIDE),
        *_pairs(at(lists.all_of), at(lists.groups), beside),
    )
    # What follows upon *said* may be a wish; that everybody said it is none.
    return not all(_wished(pair, wishes, beside) for pair in said) or not all(
        _wished(pair, wishes, lists.near - BESIDE) for pair in about
    )


def _pairs(all_or_none: Sequence[Span], others: Sequence[Span], most: int) -> Iterator[Span]:
    """From one to the other, where no more than `most` words stand between them."""
    for one in all_or_none:
        for other in others:
            apart = max(one[0], other[0]) - min(one[1], other[1])
            if 0 <= apart <= most:
                yield min(one[0], other[0]), max(one[1], other[1])


def _wished(pair: Span, wishes: Sequence[Span], after: int) -> bool:
    """Whether the pair is part of a wish: its word stands in between, or soon after."""
    return any(pair[0] < wish[0] < pair[1] + after for wish in wishes)
