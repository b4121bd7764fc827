"""Who somebody whose words are quoted may be said to be: what at least ten who answered share, and no more (A4).

"A woman from the north" points at her as a small number in a table does, and worse, because her own words stand beside
it. So a line may name only a combination of attributes that was released as a figure, and that at least ten people
share on the desk's own data. A missing value is a value of its own here: taken as a joker that fits everything, as some
tools take it, a person about whom little is known would seem to have company that she may not have. Pure.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from privacy.consent import NotUsable

LEAST: Final = 10
"""How many who answered have to share what is said of one of them."""

Attributes = Mapping[str, str | None]
"""Question → category, as released; None where she did not say."""
Combination = frozenset[tuple[str, str]]
"""Questions with the category of each: one cell of a released table."""


def frequencies(rows: Sequence[Attributes], questions: Collection[str]) -> tuple[int, ...]:
    """For each row, how many rows have the same categories in all of `questions`, it included.

    Source: the sample frequencies of microdata risk (Templ, Statistical Disclosure Control for Microdata, 2017, 3.1),
    with missing values as values of their own.
    """
    keys = [tuple(row.get(question) for question in sorted(questions)) for row in rows]
    shared = Counter(keys)
    return tuple(shared[key] for key in keys)


def attributed(
    person: int, questions: Collection[str], rows: Sequence[Attributes], released: Collection[Combination]
) -> Combination:
    """What may be said of the person in row `person` about these `questions`; nothing is asked of nothing.

    Args:
        person: her place in `rows`.
        questions: what somebody wants to say of her.
        rows: everybody who answered and allowed counting, in the categories of the release.
        released: the cells that the release shows as figures, also those of tables with one question.

    Raises:
        NotUsable: `attribute-unknown`, she did not say; `attribution-not-released`; `attribution-too-rare`.
    """
    said = frozenset((question, rows[person].get(question)) for question in questions)
    known = frozenset((question, category) for question, category in said if category is not None)
    if len(known) < len(said):
        raise NotUsable("attribute-unknown")
    if known and known not in released:
        raise NotUsable("attribution-not-released")
    if frequencies(rows, questions)[person] < LEAST:
        raise NotUsable("attribution-too-rare")
    return known
