"""What may be said of somebody whose words are quoted, with the published vector of microdata risk (GV-4)."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import attribution
from privacy.attribution import Attributes
from privacy.consent import NotUsable

VECTOR = tuple(
    {"a": a, "b": b, "c": c} for a, b, c in zip("23223312", "33333343", "13121111", strict=True)
)  # fmt: skip
"""GV-4: eight people in three questions, from the tests of sdcMicro; its frequencies are transcribed, not its code."""
EVERYTHING = ("a", "b", "c")
PEOPLE = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(["x", "y", "z", None]) for name in EVERYTHING}),
    min_size=1,
    max_size=30,
)


def slowly(rows: Sequence[Attributes], questions: Sequence[str]) -> tuple[int, ...]:
    """The referee: everybody is compared with everybody."""
    return tuple(sum(all(one.get(q) == other.get(q) for q in questions) for other in rows) for one in rows)


def refused(person: int, questions: Sequence[str], rows: Sequence[Attributes], *released: dict[str, str]) -> str:
    """Why a line may not stand."""
    with pytest.raises(NotUsable) as told:
        attribution.attributed(person, questions, rows, [frozenset(cell.items()) for cell in released])
    return told.value.code


def test_gv_4_frequencies_of_the_attribution_check() -> None:
    """GV-4: how many share each person's combination is what the published vector says.

    Proves: A4
    """
    assert attribution.frequencies(VECTOR, EVERYTHING) == (3, 1, 3, 1, 2, 2, 1, 3)


def test_gv_4_a_missing_value_brings_no_company() -> None:
    """GV-4 with two values missing: where a joker would give 4, 2 and 1, what is missing stands for itself.

    Proves: A4
    """
    rows = [dict(row) for row in VECTOR]
    for place in (2, 6):
        del rows[place]["c"]
    jokers = (3, 1, 4, 2, 2, 2, 1, 3)

    ours = attribution.frequencies(rows, EVERYTHING)

    assert ours == (2, 1, 1, 1, 2, 2, 1, 2)
    assert all(mine <= theirs for mine, theirs in zip(ours, jokers, strict=True))


@given(PEOPLE, st.sets(st.sampled_from(EVERYTHING)).map(sorted))
def test_frequencies_are_what_counting_by_hand_gives(rows: list[Attributes], questions: list[str]) -> None:
    """The count agrees with comparing everybody with everybody, whatever is asked."""
    assert attribution.frequencies(rows, questions) == slowly(rows, questions)


@given(PEOPLE)
def test_saying_less_never_makes_rarer(rows: list[Attributes]) -> None:
    """With each question less, at least as many share what is said; and nobody's place in the list counts."""
    more, less = attribution.frequencies(rows, EVERYTHING), attribution.frequencies(rows, EVERYTHING[:2])
    turned = attribution.frequencies(rows[::-1], EVERYTHING)[::-1]

    assert all(many >= few for few, many in zip(more, less, strict=True))
    assert turned == more


def test_a_line_needs_ten_who_share_it() -> None:
    """Nine people in the north are too few to speak of "somebody in the north"; ten are enough.

    Proves: A4
    """
    north, south = {"place": "north"}, {"place": "south"}

    assert attribution.LEAST == 10
    assert refused(0, ["place"], [north] * 9 + [south] * 20, north) == "attribution-too-rare"
    assert attribution.attributed(0, ["place"], [north] * 10 + [south] * 20, [frozenset(north.items())]) == {
        ("place", "north")
    }


def test_a_line_says_what_was_released_together() -> None:
    """Two attributes that were each released, and never crossed, do not stand side by side.

    Proves: A4
    """
    row = {"place": "north", "age": "young"}
    alone = [frozenset({("place", "north")}), frozenset({("age", "young")})]

    assert refused(0, ["age", "place"], [row] * 50, {"place": "north"}, {"age": "young"}) == "attribution-not-released"
    assert attribution.attributed(0, ["age", "place"], [row] * 50, [*alone, frozenset(row.items())]) == frozenset(
        row.items()
    )


def test_what_she_did_not_say_is_not_said_of_her() -> None:
    """Where an answer is missing there is no line about it, however many left it out."""
    assert refused(0, ["place"], [{"place": None}] * 50, {"place": "north"}) == "attribute-unknown"


def test_a_quote_may_stand_with_nothing() -> None:
    """No attribute at all needs no release, but still ten who answered."""
    assert attribution.attributed(0, [], [{}] * 10, []) == frozenset()
    assert refused(0, [], [{}] * 9) == "attribution-too-rare"
