"""Answers of many people side by side as small numbers, and how often two answers stand together in them.

A column says for each person which of the different answers to one question she gave; what these are stands beside it
once. So two questions are crossed by one pass over numbers, however many people there are, and whoever overlaps,
having picked several choices, is laid into cells afterwards, once for each different answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Numbers = np.ndarray[tuple[int], np.dtype[np.unsignedinteger]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Stands = np.ndarray[tuple[int, int], np.dtype[np.int64]]

MOST_BINS = 1 << 16
"""Pairs of different answers that are counted in one pass; a table of so many counts stays within a core's cache."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Column:
    """One question over some people."""

    numbers: Numbers
    """For each person, which of the different answers she gave."""
    stands: Stands
    """For each different answer, 1 under each code in which whoever gave it stands."""

    def __repr__(self) -> str:
        return "<Column>"


def column(numbers: Sequence[int] | Numbers, answers: Sequence[Sequence[int]], codes: int) -> Column:
    """A column in which each of `answers` is told by the places of its codes, of which there are `codes`."""
    stands = np.zeros((len(answers), codes), dtype=np.int64)
    for number, places in enumerate(answers):
        stands[number, list(places)] = 1
    # Numbers that fit a byte are an eighth of what numpy would take by itself, and are read that much quicker.
    return Column(np.asarray(numbers).astype(np.min_scalar_type(max(len(answers) - 1, 0)), copy=False), stands)


def alone(one: Column) -> Counts:
    """How often each of the different answers was given."""
    return np.bincount(one.numbers, minlength=len(one.stands)).astype(np.int64, copy=False)


def together(by: Column, question: Column) -> Counts:
    """How many people stand under each two codes: rows of the first question, columns of the second."""
    if len(by.stands) * len(question.stands) <= MOST_BINS:
        return by.stands.T @ _pairs(by, question) @ question.stands
    # With very many different answers, people are counted code by code instead.
    rows = [question.numbers[code[by.numbers]] for code in by.stands.T.astype(np.bool_)]
    every = [np.bincount(numbers, minlength=len(question.stands)) for numbers in rows]
    return np.array(every, dtype=np.int64) @ question.stands


def _pairs(by: Column, question: Column) -> Counts:
    """How often each two different answers were given by the same person."""
    width = len(question.stands)
    bins = len(by.stands) * width
    kind = np.min_scalar_type(bins)
    pairs = np.multiply(by.numbers, width, dtype=kind) + question.numbers
    return np.bincount(pairs, minlength=bins).reshape(-1, width)
