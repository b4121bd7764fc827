"""Counts that can be added in any order, and the counting of one person into them.

A tally knows how often each thing was said and nothing of who said what with what: two answers of one person meet in it
only where their cross was planned before the round opened, or through the form's own skip rules. That is what a worker
may hand back; how large it is depends on the form and the plan, never on how many people answered.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import Consultation, Item, Note, Number, Ranking, Scale, ShortText, Vote
from privacy.counting import CountableAnswers, Heard
from privacy.planned import Crossing, Plan, crossings
from privacy.tables import NO_ANSWER, NOT_ASKED

WROTE = "wrote"
"""Code of the one cell of a text question: somebody wrote words of her own. What she wrote is not for counting."""
FOLD = 1_024
"""Persons of whom a tallier remembers at a time who gave which of the answers that are crossed: as many bits a code."""


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
    places: tuple[tuple[int, ...], ...]
    """Of a ranking: for each of `cell_codes`, one count for each place."""

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

    def __init__(self, consultation: Consultation, plan: Plan = ()) -> None:
        """Raises Unplannable for a plan that is not of this consultation."""
        self.consultation = consultation
        self.crossings = crossings(consultation, plan)
        self.language = {tag: self.LANGUAGES + place for place, tag in enumerate(consultation.languages)}
        self.codes = tuple(map(cell_codes, consultation.items))
        self.questions = frozenset(
            place for place, item in enumerate(consultation.items) if not isinstance(item, Note)
        )  # fmt: skip
        self.start: list[int] = []
        size = self.LANGUAGES + len(consultation.languages)
        for item, codes in zip(consultation.items, self.codes, strict=True):
            self.start.append(size)
            size += self.CELLS + len(codes) * (1 + _places_of(item))
        self.cross_start: dict[Crossing, int] = {}
        for crossing in self.crossings:
            self.cross_start[crossing] = size
            size += len(self.cross_codes(crossing.by)) * len(self.cross_codes(crossing.question))
        self.size = size

    def cross_codes(self, position: int) -> tuple[str, ...]:
        """Rows or columns that a question makes in a cross."""
        return (*self.codes[position], NO_ANSWER, NOT_ASKED)

    def cross(self, tally: Tally, crossing: Crossing) -> tuple[tuple[int, ...], ...]:
        """The counts of a cross: for each row one count for each column."""
        start, width = self.cross_start[crossing], len(self.cross_codes(crossing.question))
        rows = range(start, start + len(self.cross_codes(crossing.by)) * width, width)
        return tuple(tally.cells[row : row + width] for row in rows)

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
        first, number = start + self.CELLS, len(self.codes[position])
        top = _places_of(self.consultation.items[position])
        places = tuple(
            tally.cells[first + number + top * place : first + number + top * (place + 1)] for place in range(number)
        )
        return ItemCounts(
            head[self.ASKED], head[self.ANSWERED], head[self.SKIPPED], head[self.DECLINED],
            tally.cells[first : first + number], places,
        )  # fmt: skip


def _places_of(item: Item) -> int:
    return item.top if isinstance(item, Ranking) else 0


class Tallier:
    """Counts persons one by one; holds nothing of the one before but that the same things were said once more."""

    def __init__(self, consultation: Consultation, plan: Plan = ()) -> None:
        """Raises Unplannable for a plan that is not of this consultation."""
        self._layout = Layout(consultation, plan)
        self._together = Together(self._layout)
        self._people: Counter[tuple[str, bool, frozenset[int]]] = Counter()
        self._heard: Counter[Heard] = Counter()
        self._refused: Counter[str] = Counter()

    def count(self, person: CountableAnswers) -> None:
        """Adds one person."""
        self._people[person.language, person.repeat, person.not_asked] += 1
        self._heard.update(person.answers.values())
        self._together.count(person)

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
        for place, number in self._together.counts().items():
            cells[place] += number
        return Tally(tuple(cells), dict(sorted(self._refused.items())))

    def _places(self, heard: Heard) -> tuple[int, ...]:
        """The cells that one answer of somebody who was asked adds to, beside those of everybody who was asked."""
        layout, start = self._layout, self._layout.start[heard.position]
        if isinstance(heard.answer, Skipped):
            return ()
        if isinstance(heard.answer, Declined):
            return (start + layout.DECLINED,)
        codes, first = layout.codes[heard.position], start + layout.CELLS
        found = (start + layout.ANSWERED, *(first + codes.index(code) for code in said(heard.answer)))
        if not isinstance(heard.answer, Ranked):
            return found
        top = _places_of(layout.consultation.items[heard.position])
        begin = first + len(codes)
        return (*found, *(begin + top * codes.index(code) + place for place, code in enumerate(heard.answer.choices)))


class Together:
    """Counts answers that were given by the same person, for planned crosses and nothing else.

    Of up to FOLD persons it keeps, for each answer that is crossed, one bit a person; then it counts the bits that two
    answers have in common and forgets them. So counting a cross costs a person hardly more than counting her answers.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        crossed = {place for each in layout.crossings for place in (each.by, each.question)}
        self._crossed = tuple(sorted(crossed))
        self._marks: dict[Heard | tuple[int, str], int] = {}
        self._marked = 0
        self._counts: Counter[int] = Counter()

    def count(self, person: CountableAnswers) -> None:
        """Adds one person."""
        if not self._crossed:
            return
        bit, marks = 1 << self._marked, self._marks
        for position in self._crossed:
            key: Heard | tuple[int, str] | None = person.answers.get(position)
            if key is None:
                key = (position, NOT_ASKED if position in person.not_asked else NO_ANSWER)
            marks[key] = marks.get(key, 0) | bit
        self._marked += 1
        if self._marked == FOLD:
            self._fold()

    def counts(self) -> Counter[int]:
        """What was counted so far: place in the tally's cells, number."""
        self._fold()
        return self._counts

    def _fold(self) -> None:
        codes = {position: self._layout.cross_codes(position) for position in self._crossed}
        bits = {position: dict.fromkeys(codes[position], 0) for position in self._crossed}
        for key, marks in self._marks.items():
            position, said_so = _crossed(key)
            for code in said_so:
                bits[position][code] |= marks
        for crossing, start in self._layout.cross_start.items():
            columns = list(bits[crossing.question].values())
            place = start
            for row in bits[crossing.by].values():
                for column in columns:
                    self._counts[place] += (row & column).bit_count()
                    place += 1
        self._marks.clear()
        self._marked = 0


def _crossed(key: Heard | tuple[int, str]) -> tuple[int, tuple[str, ...]]:
    """Position, and the rows or columns in which whoever said this stands."""
    if isinstance(key, tuple):
        return key[0], (key[1],)
    if isinstance(key.answer, Skipped | Declined):
        return key.position, (NO_ANSWER,)
    return key.position, said(key.answer)


def said(answer: Answer) -> tuple[str, ...]:
    """The cells that an answer counts in; of a ranking, what stands first."""
    return _SAID[type(answer)](answer)


_SAID: dict[type[Answer], Callable[..., tuple[str, ...]]] = {
    Chosen: lambda answer: answer.choices,
    Rated: lambda answer: (str(answer.value),),
    Ranked: lambda answer: answer.choices[:1],
    Banded: lambda answer: (answer.band,),
    Said: lambda _answer: (WROTE,),
    Voted: lambda answer: (answer.stance.value,),
}
