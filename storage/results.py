"""What was published of a round, and what has happened with it since: the words that `/results` reads out (W4). Pure.

Written by people, from a release whose figures are protected, and meant for everybody who was asked. What makes such
a file acceptable is judged in `rounds.results`; here is only what is kept and shown, nothing of any one participant.
"""

import datetime as dt

from pydantic import Field

from flows.model import Frozen, Texts


class Happening(Frozen):
    """One thing that was done with what people said, in every language."""

    date: dt.date
    text: Texts


class Results(Frozen):
    """The published summary, and what happened with it, the newest first; an empty list says "nothing yet"."""

    summary: Texts
    happened: tuple[Happening, ...] = Field(default=(), max_length=100)


def packed(results: Results) -> bytes:
    """The results as they are stored."""
    return results.model_dump_json().encode()


def unpacked(stored: bytes) -> Results:
    """The results that `packed` wrote. Raises ValueError for anything else."""
    return Results.model_validate_json(stored)
