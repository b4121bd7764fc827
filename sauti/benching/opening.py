"""How fast sealed responses are opened and counted, beside libsodium's bare calls and beside a box for each answer.

Two questions, two tables. What does everything around libsodium cost: in this process, in processor time, the three
loops taking turns on the same responses. And does it stay like that in a whole round: the desk's own workers over a
file, ten times as much of it, with the peak of each worker's memory.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from flows.model import Consultation, canonical
from flows.records import capacity
from privacy.bundles import BundleRange
from privacy.tabulate import BATCH, Job, count_range, count_responses
from privacy.tally import Tally
from sauti.benching import twenty, yardsticks
from sauti.benching.figures import Spread, spread
from sauti.benching.memory import peak_mib
from storage.envelope.response import CHUNK, HEADER
from storage.sealing import Sealer

LEAST = twenty.ANSWERS + 2
"""Chunks of a response that has room for its manifest, twenty answers and the last chunk, and for nothing else."""
WORKERS = (1, 2)

Say = Callable[[str], None]


class Miscounted(Exception):  # noqa: N818 - named for what happened
    """A measurement whose result was wrong measures nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `sample` responses a loop and round; files of `sizes` responses, ascending."""

    rounds: int = 15
    sample: int = BATCH
    sizes: tuple[int, ...] = (10_000, 100_000)
    turns: int = 3
    """Rounds over the files."""


QUICK = Plan(rounds=3, sizes=(1_000, 10_000), turns=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """One kind of response: rates in responses a second of one core, and ratios taken round by round."""

    chunks: int
    segments: int
    ours: Spread
    bare: Spread
    boxes: Spread
    ours_to_bare: Spread
    ours_to_boxes: Spread


@dataclass(frozen=True, slots=True)
class Whole:
    """One file and number of workers: responses a second by the clock and a second of a core; the worst peak in MiB."""

    responses: int
    workers: int
    rate: Spread
    rate_a_core: Spread
    peak_mib: Spread


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured."""

    beside: tuple[Beside, ...]
    whole: tuple[Whole, ...]


class Round:
    """A key, a sealer, and the consultation of twenty questions."""

    def __init__(self) -> None:
        self.asked: Consultation = twenty.consultation()
        self.key = yardsticks.throwaway_key()
        self.sealer = Sealer(self.key.public_key, secrets.token_bytes(16))
        frozen = canonical(self.asked.model_dump(mode="json"))
        self.job = Job(self.key, self.sealer.round_id, frozen, rehearsal=True, withdrawn=frozenset())

    def responses(self, number: int, chunks: int, segments: int) -> Iterator[bytes]:
        """That many sealed responses."""
        return (twenty.sealed(self.sealer, records, chunks, segments) for records in twenty.people(self.asked, number))


def run(plan: Plan, say: Say) -> Found:
    """Measures both. Takes minutes and, unless quick, 570 MB of the temporary folder.

    Raises:
        Miscounted: a response was refused or lost on the way.
    """
    made = Round()
    kinds = [(LEAST, 1), (LEAST, 2), (LEAST, 3), (capacity(made.asked), 1)]
    beside = tuple(_beside(made, plan, *kind, say) for kind in kinds)
    return Found(beside, tuple(_whole(made, plan, say)))


def _beside(made: Round, plan: Plan, chunks: int, segments: int, say: Say) -> Beside:
    say(f"{chunks} chunks, segments {segments}: sealing {plan.sample:,} responses, then {plan.rounds} rounds …")
    blobs = list(made.responses(plan.sample, chunks, segments))
    # Boxes take so much longer that a tenth of the people tell enough.
    few = list(twenty.people(made.asked, max(plan.sample // 10, 1)))
    boxes = yardsticks.box_for_each(few, made.key, made.asked)
    loops: tuple[tuple[Callable[[], object], int], ...] = (
        (lambda: _all_counted(count_responses(made.job, blobs), plan.sample), plan.sample),
        (yardsticks.bare_calls(blobs, made.key), plan.sample),
        (lambda: _all_counted(boxes(), len(few)), len(few)),
    )
    rounds = [[number / _cpu_seconds(loop) for loop, number in loops] for _ in range(plan.rounds + 1)]
    del rounds[0]  # the first finds nothing in the caches
    ours, bare, each = (spread(column) for column in zip(*rounds, strict=True))
    return Beside(
        chunks, segments, ours, bare, each,
        spread(one[0] / one[1] for one in rounds), spread(one[0] / one[2] for one in rounds),
    )  # fmt: skip


def _cpu_seconds(loop: Callable[[], object]) -> float:
    begun = time.process_time()
    loop()
    return time.process_time() - begun


def _whole(made: Round, plan: Plan, say: Say) -> Iterator[Whole]:
    size = HEADER + CHUNK * LEAST
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as folder:
        path = Path(folder) / "responses"
        _write(path, made, plan.sizes[-1], say)
        settings = [(number, workers) for number in plan.sizes for workers in WORKERS]
        turns: dict[tuple[int, int], list[tuple[float, float, float]]] = {setting: [] for setting in settings}
        for turn in range(plan.turns):
            for number, workers in settings:
                say(f"round {turn + 1} of {plan.turns}: {number:,} responses, workers {workers} …")
                parts = [
                    BundleRange(path, first * size, min(BATCH, number - first), size)
                    for first in range(0, number, BATCH)
                ]
                turns[number, workers].append(_counted(made.job, parts, workers))
    for (number, workers), found in turns.items():
        yield Whole(number, workers, *(spread(column) for column in zip(*found, strict=True)))


def _write(path: Path, made: Round, number: int, say: Say) -> None:
    with path.open("wb") as file:
        blobs, done = made.responses(number, LEAST, 1), 0
        while some := list(islice(blobs, BATCH)):
            file.writelines(some)
            done += len(some)
            if done % (10 * BATCH) == 0 or done == number:
                say(f"sealed {done:,} of {number:,} responses")


def _counted(job: Job, parts: Sequence[BundleRange], workers: int) -> tuple[float, float, float]:
    """Responses a second, responses a second of a core, and the worst worker's peak in MiB."""
    total = sum(part.count for part in parts)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        # Starting Python and loading the modules is no part of it.
        list(pool.map(partial(_measured, job), [parts[0]] * (2 * workers)))
        begun = time.perf_counter()
        found = list(pool.map(partial(_measured, job), parts))
        took = time.perf_counter() - begun
    tally, *others = (one for one, _, _ in found)
    for other in others:
        tally += other
    _all_counted(tally, total)
    return total / took, total / sum(cpu for _, cpu, _ in found), max(peak for _, _, peak in found)


def _measured(job: Job, part: BundleRange) -> tuple[Tally, float, float]:
    """One range counted by a worker: the tally, its processor time, and its process's peak so far in MiB."""
    begun = time.process_time()
    tally = count_range(job, part)
    return tally, time.process_time() - begun, peak_mib()


def _all_counted(tally: Tally, number: int) -> None:
    if tally.refused or tally.cells[0] != number:
        raise Miscounted(f"{number} responses were sealed and {tally.cells[0]} counted")
