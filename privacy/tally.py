"""Counts that can be added in any order, and the counting of one person into them.

A tally knows how often each thing was said and nothing of who said what with what: two answers of one person meet in it
only where their cross was planned before the round opened, or through the form's own skip rules. That is what a worker
may hand back; how large it is depends on the form and the plan, never on how many people answered.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import Consultation, Item, Note, Number, Ranking, Scale, ShortText, Vote
from flows.statements import statements
from privacy.columns import Column, Counts, Numbers, alone, column, together
from privacy.counting import CountableAnswers, Heard
from privacy.planned import Crossing, Plan, crossings, grouped
from privacy.tables import NO_ANSWER, NOT_ASKED

WROTE = "wrote"
"""Code of the one cell of a text question: somebody wrote words of her own. What she wrote is not for counting."""
FOLD = 1_024
"""Persons of whom a tallier remembers at a time what each said to the questions that are crossed."""
NAMELESS = 2
"""Numbers of a column that stand for no answer, and for not asked."""
Kind = tuple[str, bool, frozenset[int]]
"""Language, whether it is not the first response from an account, and the questions that were not asked."""


Ballot = tuple[int, ...]
"""How somebody stands to each statement that everybody was asked about: 1 for, -1 against, 0 passed, or SILENT."""
SILENT = 2
STANDS = {Stance.AGREE: 1, Stance.DISAGREE: -1, Stance.PASS: 0}


@dataclass(frozen=True, slots=True, repr=False)
class Tally:
    """Counts over some responses. `cells` is laid out by `Layout`; `refused` counts responses left out, by code."""

    cells: tuple[int, ...]
    refused: Mapping[str, int]
    ballots: Mapping[Ballot, int] = field(default_factory=dict)
    """How many people voted so on all statements; nothing where the plan asks for no opinion groups."""

    def __add__(self, other: Self) -> "Tally":
        """The tally over both sets of responses: associative and commutative."""
        cells = tuple(mine + theirs for mine, theirs in zip(self.cells, other.cells, strict=True))
        ballots = Counter(self.ballots) + Counter(other.ballots)
        return Tally(
            cells,
            dict(sorted((Counter(self.refused) + Counter(other.refused)).items())),
            dict(sorted(ballots.items())),
        )

    def __repr__(self) -> str:
        return "<Tally>"


@dataclass(frozen=True, slots=True, repr=False)
class ItemCounts:
    """What was counted of one question."""

    asked: int
    answered: int
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


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Answers:
    """What some persons said to one question that is crossed."""

    heard: Sequence[Heard]
    """What the numbers of the column mean, from the third on."""
    column: Column

    def __repr__(self) -> str:
        return "<Answers>"


class Layout:
    """Where each count of a consultation stands in a tally's cells."""

    RESPONSES, REPEATS, LANGUAGES = 0, 1, 2
    ASKED, ANSWERED, CELLS = range(3)

    def __init__(self, consultation: Consultation, plan: Plan = ()) -> None:
        """Raises Unplannable for a plan that is not of this consultation."""
        self.consultation = consultation
        self.crossings = crossings(consultation, plan)
        self.by_group = grouped(consultation, plan)
        self.statements = statements(consultation) if self.by_group else ()
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
        return ItemCounts(head[self.ASKED], head[self.ANSWERED], tally.cells[first : first + number], places)


def _places_of(item: Item) -> int:
    return item.top if isinstance(item, Ranking) else 0


class Tallier:
    """Counts persons; of those before it holds what was said, and never who said what with what.

    Answers that no plan crosses are counted at once. Of those that are crossed it keeps up to FOLD persons' side by
    side, then counts them and forgets them: a cross costs a person hardly more than her answers do.
    """

    def __init__(self, consultation: Consultation, plan: Plan = ()) -> None:
        """Raises Unplannable for a plan that is not of this consultation."""
        self._layout = layout = Layout(consultation, plan)
        crossed = {place for each in layout.crossings for place in (each.by, each.question)}.union(layout.statements)
        self._crossed, self._apart = tuple(sorted(crossed)), tuple(sorted(layout.questions - crossed))
        self._people: Counter[Kind] = Counter()
        self._heard: Counter[Heard | None] = Counter()
        self._refused: Counter[str] = Counter()
        self._crosses: dict[Crossing, Counts] = {}
        self._ballots: Counter[Ballot] = Counter()
        self._kinds: list[Kind] = []
        self._said: list[Heard | None] = []

    def count(self, person: CountableAnswers) -> None:
        """Adds one person."""
        said = person.answers.get
        self._kinds.append((person.language, person.repeat, person.not_asked))
        self._heard.update(map(said, self._apart))
        self._said.extend(map(said, self._crossed))
        if len(self._kinds) == FOLD:
            self._fold()

    def refuse(self, code: str) -> None:
        """Adds one response that is not counted, and why."""
        self._refused[code] += 1

    def add(self, people: Mapping[Kind, int], crossed: Mapping[int, Answers]) -> None:
        """Adds many persons at once: how many there are of each kind, and what they said to the crossed questions."""
        self._people.update(people)
        for answers in crossed.values():
            numbers = alone(answers.column).tolist()[NAMELESS:]
            self._heard.update(dict(zip(answers.heard, numbers, strict=True)))
        for crossing in self._layout.crossings:
            counts = together(crossed[crossing.by].column, crossed[crossing.question].column)
            before = self._crosses.get(crossing)
            self._crosses[crossing] = counts if before is None else before + counts
        if self._layout.statements:
            self._ballots.update(ballots([crossed[position] for position in self._layout.statements]))

    def _fold(self) -> None:
        """Counts those who stand side by side, and lets them go."""
        heard: dict[int, list[Heard]] = {position: [] for position in self._crossed}
        number: dict[Heard | None, int] = {None: 0}
        for one in set(filter(None, self._said)):
            number[one] = NAMELESS + len(heard[one.position])
            heard[one.position].append(one)
        shape = len(self._kinds), len(self._crossed)
        said = np.fromiter(map(number.__getitem__, self._said), np.uint32, len(self._said)).reshape(shape)
        people = Counter(self._kinds)
        ways = {kind: place for place, kind in enumerate(people)}
        way = np.fromiter(map(ways.__getitem__, self._kinds), np.intp, len(self._kinds))
        answers = {}
        for place, position in enumerate(self._crossed):
            left_out = np.array([position in not_asked for _, _, not_asked in ways], dtype=np.bool_)
            numbers = np.where(left_out[way], 1, said[:, place])
            answers[position] = answers_of(self._layout, position, numbers, heard[position])
        self._kinds.clear()
        self._said.clear()
        self.add(people, answers)

    def tally(self) -> Tally:
        """Everything counted so far."""
        self._fold()
        layout = self._layout
        cells = [0] * layout.size
        for (language, repeat, not_asked), number in self._people.items():
            cells[layout.RESPONSES] += number
            cells[layout.REPEATS] += number * repeat
            cells[layout.language[language]] += number
            for position in layout.questions - not_asked:
                cells[layout.start[position] + layout.ASKED] += number
        for heard, number in self._heard.items():
            for place in self._places(heard) if heard is not None else ():
                cells[place] += number
        for crossing, counts in self._crosses.items():
            start = layout.cross_start[crossing]
            cells[start : start + counts.size] = counts.ravel().tolist()
        return Tally(tuple(cells), dict(sorted(self._refused.items())), dict(sorted(self._ballots.items())))

    def _places(self, heard: Heard) -> tuple[int, ...]:
        """The cells that one answer of somebody who was asked adds to, beside those of everybody who was asked."""
        layout, start = self._layout, self._layout.start[heard.position]
        if isinstance(heard.answer, Skipped | Declined):
            return ()
        codes, first = layout.codes[heard.position], start + layout.CELLS
        found = (start + layout.ANSWERED, *(first + codes.index(code) for code in said(heard.answer)))
        if not isinstance(heard.answer, Ranked):
            return found
        top = _places_of(layout.consultation.items[heard.position])
        begin = first + len(codes)
        return (*found, *(begin + top * codes.index(code) + place for place, code in enumerate(heard.answer.choices)))


def answers_of(layout: Layout, position: int, numbers: Numbers, heard: Sequence[Heard]) -> Answers:
    """What some persons said to one question. Number 0 is no answer, 1 not asked, 2 the first of `heard`."""
    codes = layout.cross_codes(position)
    stands: list[tuple[int, ...]] = [(codes.index(NO_ANSWER),), (codes.index(NOT_ASKED),)]
    stands += [tuple(map(codes.index, _stands(one.answer))) for one in heard]
    return Answers(heard, column(numbers, stands, len(codes)))


def ballots(votes: Sequence[Answers]) -> dict[Ballot, int]:
    """How many people gave each set of votes; for each statement what was said to it, over the same people."""
    stands = [
        np.array([SILENT, SILENT, *(_stance(one.answer) for one in vote.heard)], dtype=np.int8)[vote.column.numbers]
        for vote in votes
    ]
    distinct, counts = np.unique(np.stack(stands, axis=1), axis=0, return_counts=True)
    return dict(zip(map(tuple, distinct.tolist()), counts.tolist(), strict=True))


def _stance(answer: Answer) -> int:
    return STANDS[answer.stance] if isinstance(answer, Voted) else SILENT


def _stands(answer: Answer) -> tuple[str, ...]:
    """The rows or columns of a cross in which whoever said this stands."""
    return (NO_ANSWER,) if isinstance(answer, Skipped | Declined) else said(answer)


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
