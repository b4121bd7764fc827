"""The audit of a round that was released before: everything that its releases ever told, judged together.

Tables are made as the desk makes them, from invented people through the one door; then the desk's audit (true counts,
any five people on the reader's side) and the gate's (no counts) run over all of them. No table is left out for the rule
of moves, so more is judged here than a further release could hold. Nothing is voted on or written.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

import numpy as np

from flows.model import Sensitivity
from privacy.audit.figures import System
from privacy.audit.reading import Printed, system
from privacy.audit.run import Findings, audit
from privacy.control import protect, protect_crosses
from privacy.form import facts_of
from privacy.rules import Rules
from privacy.succession import patterns
from privacy.tables import Counts, RawCross, RawTable, Shape
from sauti.benching.figures import Spread, spread
from sauti.benching.summary import machine

Say = Callable[[str], None]
Coded = np.ndarray[tuple[int, int], np.dtype[np.int64]]

CHOICES: Final = (2, 3, 4, 5, 6, 5, 4, 3, 5, 6, 4, 5, 5, 5, 5, 5)
"""Categories of each question, as far as a measurement asks for so many."""
CROSSED: Final = ((0, 3), (0, 4), (1, 5))
"""Three crosses, of which two share a question: a component of three questions, and one of two."""
RULES: Final = Rules()
PROCESSES: Final = 2
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Case:
    """What is released, and how often."""

    people: int
    """In the last release; each earlier one had an even part of them."""
    releases: int
    questions: int = 12
    crosses: int = 3


WANTED: Final = Case(1_000, 4)
"""The case of the target: three earlier releases."""
CASES: Final = (
    WANTED, Case(1_000, 1), Case(1_000, 2), Case(1_000, 3), Case(2_000, 4), Case(10_000, 4), Case(1_000, 4, 6),
    Case(1_000, 4, 16), Case(1_000, 4, crosses=0), Case(1_000, 4, crosses=1), Case(1_000, 4, crosses=2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audited:
    """One case: how much was judged, and seconds by the clock."""

    case: Case
    figures: int
    targets: int
    desk: Spread
    gate: Spread


def invented(case: Case, seed: int) -> System:
    """Everything told of invented people in all releases, with the counts that the desk knows."""
    chance = np.random.default_rng(seed)
    shares = [chance.dirichlet(np.full(CHOICES[place], 2.0)) for place in range(case.questions)]
    every = np.stack([chance.choice(len(share), case.people, p=share) for share in shares], axis=1)
    ends = [case.people * number // case.releases for number in range(1, case.releases + 1)]
    sizes = [tuple(end - start for start, end in zip([0, *ends[:number]], ends[: number + 1], strict=True))
             for number in range(case.releases)]  # fmt: skip
    printed = [_printed(every[:end], case) for end in ends]
    return system(printed, patterns(sizes), RULES)


def _printed(people: Coded, case: Case) -> Printed:
    tables = [_table(people, place) for place in range(case.questions)]
    crosses = [_cross(people, tables[by], tables[of], (by, of)) for by, of in CROSSED[: case.crosses]]
    return Printed(
        [facts_of(each, RULES) for each in tables],
        [protect(each, RULES, bytes(32)) for each in tables],
        [each for each in protect_crosses(crosses, RULES, bytes(32)) if each.cells],
        Counts({each.id: each for each in tables}, {each.id: each for each in crosses}),
    )


def _table(people: Coded, place: int) -> RawTable:
    codes = tuple(f"c{code}" for code in range(CHOICES[place]))
    counts = tuple(np.bincount(people[:, place], minlength=len(codes)).tolist())
    return RawTable(
        f"q{place}", Shape.PARTITION, Sensitivity.OPINION, codes, counts, asked=len(people), answered=len(people)
    )


def _cross(people: Coded, by: RawTable, of: RawTable, places: tuple[int, int]) -> RawCross:
    wide = len(of.codes)
    cells = np.bincount(people[:, places[0]] * wide + people[:, places[1]], minlength=len(by.codes) * wide).tolist()
    rows = tuple(tuple(cells[start : start + wide]) for start in range(0, len(cells), wide))
    return RawCross(f"{by.id}*{of.id}", by, of, by.codes, of.codes, rows, len(people))


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured, and on what."""

    machine: str
    audited: tuple[Audited, ...]


def run(cases: Sequence[Case], rounds: int, say: Say) -> Found:
    """Measures every case."""
    return Found(machine(), tuple(audited(cases, rounds, say)))


def audited(cases: Sequence[Case], rounds: int, say: Say) -> list[Audited]:
    """Every case, with other people in each round, on two processes that have begun before the clock runs."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        audit(invented(Case(200, 1, 3, 0), 0), workers=pool)
        return [_case(case, rounds, pool, say) for case in cases]


def _case(case: Case, rounds: int, pool: ProcessPoolExecutor, say: Say) -> Audited:
    say(f"{case.releases} releases of {case.people:,} people, {case.questions} questions, {case.crosses} crosses …")
    took: list[tuple[float, float]] = []
    figures, targets = 0, 0
    for seed in range(rounds):
        made = invented(case, seed)
        desk, found = _timed(made, pool)
        gate, _ = _timed(made.alone, pool)
        took.append((desk, gate))
        figures, targets = max(figures, found.figures), max(targets, found.targets)
    desks, gates = zip(*took, strict=True)
    return Audited(case, figures, targets, spread(desks), spread(gates))


def _timed(made: System, pool: ProcessPoolExecutor) -> tuple[float, Findings]:
    begun = time.monotonic()
    found = audit(made, workers=pool)
    return time.monotonic() - begun, found
