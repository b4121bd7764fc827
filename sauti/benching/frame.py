"""A frame of invented people: the answers to twenty questions as numbers, and the desk's counting and door over it.

Run as `python -m sauti.benching.frame FILE` it answers like the peers of bench/tables.py, which load the same file.
"""

import itertools
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from flows.answers import Chosen
from flows.model import Consultation, Purpose
from privacy.columns import Numbers
from privacy.control import protect, protect_cross
from privacy.counting import Heard
from privacy.planned import Plan
from privacy.raw import raw_crosses, raw_tables
from privacy.rules import Rules
from privacy.tables import NO_ANSWER
from privacy.tally import Layout, Tallier, Tally, answers_of

QUESTIONS: Final = 20
SLICE: Final = 1 << 16
"""Persons that are counted at a time, so that what is in the making stays in the caches."""
SEED: Final = bytes(32)
RULES: Final = Rules.of_round(10, 5)
EVERYBODY: Final = ("en", False, frozenset[int]())
"""Kind of all these people: one language, first response, asked everything."""
WORDS: Final = {"en": "What would help?"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The answers of many people as numbers: of each question 0 is no answer, then come its choices."""

    codes: Mapping[str, Sequence[str]]
    """What the numbers of each question mean."""
    numbers: Mapping[str, Numbers] = field(repr=False)

    @property
    def people(self) -> int:
        """How many there are."""
        return len(next(iter(self.numbers.values())))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every two questions."""
        return list(itertools.combinations(self.codes, 2))

    def save(self, path: Path) -> None:
        """Writes it for whoever counts."""
        np.savez(path, allow_pickle=False, **dict(self.numbers))
        path.with_suffix(".json").write_text(json.dumps(self.codes), "utf-8")

    @classmethod
    def load(cls, path: Path) -> "Frame":
        """What was written."""
        codes = json.loads(path.with_suffix(".json").read_text("utf-8"))
        with np.load(path, allow_pickle=False) as numbers:
            return cls(codes, {name: numbers[name] for name in codes})


def invented(people: int) -> Frame:
    """Questions of three to eight choices, some of which hardly anybody takes; three in a hundred do not answer."""
    chance = np.random.default_rng(1)
    codes, numbers = {}, {}
    for place in range(QUESTIONS):
        choices = 3 + place % 6
        shares = np.array([0.03, *(0.97 * chance.dirichlet(np.full(choices, 0.8)))])
        codes[f"q{place}"] = [NO_ANSWER, *(f"c{number}" for number in range(choices))]
        numbers[f"q{place}"] = chance.choice(choices + 1, people, p=shares / shares.sum()).astype(np.uint8)
    return Frame(codes, numbers)


def _consultation(codes: Mapping[str, Sequence[str]]) -> Consultation:
    items = [
        {"kind": "single", "id": name, "text": WORDS, "choices": [{"id": code, "text": WORDS} for code in listed[1:]]}
        for name, listed in codes.items()
    ]
    return Consultation.model_validate(
        {
            "format": "sauti-consultation", "version": 1, "id": "frame", "title": WORDS, "asked_by": WORDS,
            "process": WORDS, "languages": ["en"],
            "consent": {"about": [WORDS], **{purpose.value: WORDS for purpose in Purpose}},
            "sections": [{"id": "all", "items": items}],
        }
    )  # fmt: skip


class Counting:
    """The desk's counting over a frame, and its one door."""

    def __init__(self, frame: Frame) -> None:
        self._asked = _consultation(frame.codes)
        self._people = frame.people
        self._heard = [
            [Heard(place, Chosen((code,)), (code,)) for code in listed[1:]]
            for place, listed in enumerate(frame.codes.values())
        ]
        # Number 1 is for those who were not asked, and here everybody was.
        self._numbers = [numbers + (numbers > 0).astype(np.uint8) for numbers in frame.numbers.values()]

    def counted(self, plan: Plan) -> Tally:
        """Everybody's answers, and each cross of a plan."""
        layout, tallier = Layout(self._asked, plan), Tallier(self._asked, plan)
        for start in range(0, self._people, SLICE):
            answers = {
                place: answers_of(layout, place, numbers[start : start + SLICE], self._heard[place])
                for place, numbers in enumerate(self._numbers)
            }
            tallier.add({EVERYBODY: min(SLICE, self._people - start)}, answers)
        return tallier.tally()

    def safe(self, tally: Tally, plan: Plan) -> int:
        """Sends every table and cross through the door; how many cells are shown."""
        raw = raw_tables(tally, self._asked, RULES, plan)
        tables = [protect(each, RULES, SEED) for each in raw]
        crosses = [protect_cross(each, RULES, SEED) for each in raw_crosses(tally, self._asked, plan, raw)]
        shown = sum(len(each.rows) - each.hidden for each in tables)
        return shown + sum(len(each.rows) * len(each.columns) - each.hidden for each in crosses)

    def laid_out(self, tally: Tally, tables: Sequence[Sequence[str]], plan: Plan) -> Iterator[list[int]]:
        """Tables of one or two questions as the peers lay them out: no answer first, cell by cell."""
        layout, places = Layout(self._asked, plan), self._asked.positions
        crosses = {each.id: each for each in layout.crossings}
        for names in tables:
            if len(names) == 1:
                one = layout.item(tally, places[names[0]])
                yield [one.asked - one.answered, *one.cells]
                continue
            *rows, silent, _ = layout.cross(tally, crosses["*".join(names)])
            yield [row[at] for row in (silent, *rows) for at in (len(row) - 2, *range(len(row) - 2))]


def main() -> None:
    """Loads the frame, says so, and counts as often as it is asked."""
    counting = Counting(Frame.load(Path(sys.argv[1])))
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        tables = json.loads(line)["tables"]
        plan = [names for names in tables if len(names) > 1]
        begun, worked = time.perf_counter(), time.process_time()
        tally = counting.counted(plan)
        took = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - worked}
        begun = time.perf_counter()
        shown = counting.safe(tally, plan)
        took |= {"protecting": time.perf_counter() - begun, "shown": shown}
        laid_out = list(counting.laid_out(tally, tables, plan))
        sys.stdout.write(json.dumps(took | {"tables": laid_out}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
