"""Counts that can be added in any order, and the counting of one person into them.

A tally knows how often each thing was said and nothing of who said what with what: no two answers of one person ever
meet in it, except through the form's own skip rules. That is what a worker may hand back.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import Consultation, Item, Note, Number, Scale, ShortText, Vote
from privacy.counting import CountableAnswers, Heard

WROTE = "wrote"
"""Code of the one cell of a text question: somebody wrote words of her own. What she wrote is not for counting."""


@dataclass(frozen=True, slots=True, repr=False)
class Tally:
    """Counts over some responses. `cells` is laid out by `Layout`; `refused` counts responses left out, by code."""

    cells: tuple[int, ...]
    refused: Mapping[str, int]

    def __add__(self, other: Self) -> "Tally":
        """The tally over both sets of responses: associative and commutative."""
        cells = tuple(mine + theirs for mine, theirs in zip(self.cells, other.cells, strict=True))
        return Tally(cells, dict(sorted((Counter(self.refused) + Counter(other.refused)).items())))

    def __repr__(self) -> str:
        return "<Tally>"


@dataclass(frozen=True, slots=True, repr=False)
class ItemCounts:
    """What was counted of one question."""

    asked: int
    answered: int
    skipped: int
    declined: int
    cells: tuple[int, ...]
    """One count for each of `cell_codes`."""

    def __repr__(self) -> str:
        return "<ItemCounts>"


def cell_codes(item: Item) -> tuple[str, ...]:
    """The cells a question is counted in; for a ranking, what stands first."""
    match item:
        case Note():
            return ()
        case Scale(low=low, high=high):
            return tuple(map(str, range(low, high + 1)))
        case Vote():
            return tuple(Stance)
        case Number(bands=bands):
            return tuple(band.id for band in bands)
        case ShortText():
            return (WROTE,)
        case _:
            return tuple(choice.id for choice in item.choices)


class Layout:
    """Where each count of a consultation stands in a tally's cells."""

    RESPONSES, REPEATS, LANGUAGES = 0, 1, 2
    ASKED, ANSWERED, SKIPPED, DECLINED, CELLS = range(5)

    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        self.language = {tag: self.LANGUAGES + place for place, tag in enumerate(consultation.languages)}
        self.codes = tuple(map(cell_codes, consultation.items))
        self.questions = frozenset(
            place for place, item in enumerate(consultation.items) if not isinstance(item, Note)
        )  # fmt: skip
        self.start: list[int] = []
        size = self.LANGUAGES + len(consultation.languages)
        for codes in self.codes:
            self.start.append(size)
            size += self.CELLS + len(codes)
        self.size = size

    def responses(self, tally: Tally) -> int:
        """Responses counted."""
        return tally.cells[self.RESPONSES]

    def repeats(self, tally: Tally) -> int:
        """Responses that were not the first from their account."""
        return tally.cells[self.REPEATS]

    def languages(self, tally: Tally) -> tuple[int, ...]:
        """Responses by language of answering, in the consultation's order."""
        return tally.cells[self.LANGUAGES : self.LANGUAGES + len(self.language)]

    def item(self, tally: Tally, position: int) -> ItemCounts:
        """The counts of the question at `position`."""
        start = self.start[position]
        head = tally.cells[start : start + self.CELLS]
        cells = tally.cells[start + self.CELLS : start + self.CELLS + len(self.codes[position])]
        return ItemCounts(head[self.ASKED], head[self.ANSWERED], head[self.SKIPPED], head[self.DECLINED], cells)


class Tallier:
    """Counts persons one by one; holds nothing of the one before but that the same things were said once more."""

    def __init__(self, consultation: Consultation) -> None:
        self._layout = Layout(consultation)
        self._people: Counter[tuple[str, bool, frozenset[int]]] = Counter()
        self._heard: Counter[Heard] = Counter()
        self._refused: Counter[str] = Counter()

    def count(self, person: CountableAnswers) -> None:
        """Adds one person."""
        self._people[person.language, person.repeat, person.not_asked] += 1
        self._heard.update(person.answers.values())

    def refuse(self, code: str) -> None:
        """Adds one response that is not counted, and why."""
        self._refused[code] += 1

    def tally(self) -> Tally:
        """Everything counted so far."""
        layout = self._layout
        cells = [0] * layout.size
        for (language, repeat, not_asked), number in self._people.items():
            cells[layout.RESPONSES] += number
            cells[layout.REPEATS] += number * repeat
            cells[layout.language[language]] += number
            for position in layout.questions - not_asked:
                cells[layout.start[position] + layout.ASKED] += number
        for heard, number in self._heard.items():
            for place in self._places(heard):
                cells[place] += number
        for position in layout.questions:
            # No answer at all is a skip: a part left out as a whole.
            head = layout.start[position]
            given = cells[head + layout.ANSWERED] + cells[head + layout.DECLINED]
            cells[head + layout.SKIPPED] = cells[head + layout.ASKED] - given
        return Tally(tuple(cells), dict(sorted(self._refused.items())))

    def _places(self, heard: Heard) -> tuple[int, ...]:
        """The cells that one answer of somebody who was asked adds to, beside those of everybody who was asked."""
        layout, start = self._layout, self._layout.start[heard.position]
        if isinstance(heard.answer, Skipped):
            return ()
        if isinstance(heard.answer, Declined):
            return (start + layout.DECLINED,)
        codes = layout.codes[heard.position]
        said = _SAID[type(heard.answer)](heard.answer)
        return (start + layout.ANSWERED, *(start + layout.CELLS + codes.index(code) for code in said))


_SAID: dict[type[Answer], Callable[..., tuple[str, ...]]] = {
    Chosen: lambda answer: answer.choices,
    Rated: lambda answer: (str(answer.value),),
    Ranked: lambda answer: answer.choices[:1],
    Banded: lambda answer: (answer.band,),
    Said: lambda _answer: (WROTE,),
    Voted: lambda answer: (answer.stance.value,),
}
