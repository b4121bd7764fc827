"""Two questions crossed by one pass over numbers, against somebody who looks at one person after the other."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Consultation
from privacy import columns, tally
from privacy.columns import Column, alone, column, together
from privacy.tally import Tally
from tests.flows.strategies import consultations
from tests.privacy import counting_referee
from tests.privacy.test_counting import plans, responses, tally_of

SMALL = 2
"""Bins that are already too many, so that people are counted code by code."""


def one_by_one(by: Column, question: Column) -> list[list[int]]:
    """The cross, person by person and code by code."""
    found = [[0] * question.stands.shape[1] for _ in range(by.stands.shape[1])]
    for one, other in zip(by.numbers.tolist(), question.numbers.tolist(), strict=True):
        for row in np.flatnonzero(by.stands[one]):
            for place in np.flatnonzero(question.stands[other]):
                found[row][place] += 1
    return found


@st.composite
def two_columns(draw: st.DrawFn) -> tuple[Column, Column]:
    """Two questions over the same people, whose answers may stand under no code, one, or several."""
    people = draw(st.integers(0, 30))
    found = []
    for _ in range(2):
        codes = draw(st.integers(1, 5))
        answers = draw(st.lists(st.sets(st.integers(0, codes - 1)), min_size=1, max_size=8))
        numbers = draw(st.lists(st.integers(0, len(answers) - 1), min_size=people, max_size=people))
        found.append(column(numbers, [sorted(one) for one in answers], codes))
    return found[0], found[1]


@given(two_columns(), st.sampled_from([SMALL, columns.MOST_BINS]))
@settings(max_examples=80, deadline=None)
def test_two_columns_cross_like_people_one_by_one(two: tuple[Column, Column], bins: int) -> None:
    """Whatever answers overlap, and whichever way is quicker, each two codes hold as many people. Proves: R1."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MOST_BINS", bins)
        assert together(*two).tolist() == one_by_one(*two)


@pytest.mark.parametrize("bins", [SMALL, columns.MOST_BINS], ids=["code by code", "in one pass"])
def test_whoever_picked_two_choices_stands_in_both(monkeypatch: pytest.MonkeyPatch, bins: int) -> None:
    """Of three people, one picked both choices: she counts in both columns of her row, once in each."""
    monkeypatch.setattr(columns, "MOST_BINS", bins)
    by = column([0, 1, 1], [(0,), (1,)], 2)
    picked = column([0, 2, 1], [(0,), (1,), (0, 1)], 2)

    assert together(by, picked).tolist() == [[1, 0], [1, 2]]
    assert alone(picked).tolist() == [1, 1, 1]
    assert repr(picked) == "<Column>"


@pytest.mark.parametrize("different", [2, 300, 70_000])
def test_a_number_takes_no_more_room_than_the_answers_need(different: int) -> None:
    """A byte for a few different answers, more only where there are more of them; the last one is counted as well."""
    one = column([0, different - 1], [()] * different, 1)

    assert one.numbers.dtype.itemsize == {2: 1, 300: 2, 70_000: 4}[different]
    assert alone(one)[different - 1] == 1
    assert together(one, one).tolist() == [[0]]


def test_a_million_people_are_counted_to_the_last() -> None:
    """No number is too large for where it stands: a million people, alone and crossed both ways. Proves: R1."""
    people = np.arange(1_000_000, dtype=np.uint32)
    by, question = column(people % 2, [(0,), (1,)], 2), column(people % 5, [(place,) for place in range(5)], 5)

    assert alone(by).tolist() == [500_000] * 2
    for bins in (SMALL, columns.MOST_BINS):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columns, "MOST_BINS", bins)
            assert together(by, question).tolist() == [[100_000] * 5] * 2


def in_parts(people: list[list[bytes]], cuts: list[int], asked: Consultation, plan: list[list[str]]) -> Tally:
    """People counted part by part, in threads."""
    ends = sorted({0, len(people), *(min(cut, len(people)) for cut in cuts)})
    parts = [people[start:end] for start, end in pairwise(ends)] or [people]
    with ThreadPoolExecutor(2) as pool:
        first, *others = pool.map(lambda part: tally_of(part, asked, plan), parts)
    for other in others:
        first += other
    return first


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 5), st.sampled_from([SMALL, columns.MOST_BINS]))
def test_however_people_are_parted_the_tally_is_the_same(data: st.DataObject, fold: int, bins: int) -> None:
    """Any parts, in threads, however many persons stand side by side at a time: as one reader counts them. Proves: R1.

    The parts of a round in processes of their own are in tests/privacy/test_tabulate.py.
    """
    asked = data.draw(consultations(sections=2, items=3))
    people = data.draw(st.lists(responses(asked), max_size=8))
    plan = data.draw(plans(asked))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "FOLD", fold)
        patch.setattr(columns, "MOST_BINS", bins)

        found = in_parts(people, data.draw(st.lists(st.integers(0, 8), max_size=3)), asked, plan)

    assert found == counting_referee.counted(people, asked, rehearsal=True, plan=plan)
