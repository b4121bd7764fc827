"""From a sealed bundle to safe tables, as `sauti tabulate` does it: by the clock, part by part, and with what memory.

The bundle is one that a server could have signed: sealed one response after the other, sorted by hash, as large as the
form's longest path makes it. What sealing takes and what the disk takes are told apart from the desk's own time.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Final

from flows.records import capacity
from privacy.bundles import verify
from privacy.keys import RoundPrivateKey
from privacy.tabulate import tabulate
from sauti.benching import twenty, yardsticks
from sauti.benching.figures import Spread, spread
from sauti.benching.memory import peak_mib
from sauti.benching.opening import Miscounted, Round
from storage.envelope import bundle

PLANNED: Final = (("q0", "q5"), ("q7", "q1"), ("q4", "q8"))
"""Three crosses, one with a question of several choices: as many as a round may show."""
WORKERS: Final = (1, 2)
MIB: Final = 1 << 20

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Making one bundle: seconds for sealing, seconds for writing it (spooled, sorted, on the disk), its size."""

    responses: int
    chunks: int
    sealing: float
    writing: float
    mib: float


@dataclass(frozen=True, slots=True)
class Parts:
    """One run of the desk over a bundle. Seconds, and the most memory that the desk and any worker of it held."""

    verifying: float
    counting: float
    protecting: float
    desk_mib: float
    worker_mib: float

    @property
    def whole(self) -> float:
        """From the sealed bundle to the candidate."""
        return self.verifying + self.counting + self.protecting


@dataclass(frozen=True, slots=True)
class Tabulated:
    """The runs over one bundle with one number of workers."""

    responses: int
    workers: int
    runs: tuple[Parts, ...]

    def over(self, figure: Callable[[Parts], float]) -> Spread:
        """A figure over the runs."""
        return spread(map(figure, self.runs))


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything measured of bundles."""

    sealed: tuple[Sealed, ...]
    tabulated: tuple[Tabulated, ...]


def whole(sizes: Sequence[int], turns: int, say: Say) -> Whole:
    """Makes a bundle of each size and tabulates it in turn with one worker and with two.

    Raises:
        Miscounted: a response was refused or lost on the way.
    """
    made = Round()
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        paths = {number: Path(name) / f"{number}.bundle" for number in sizes}
        sealed = tuple(_sealed(made, path, number, say) for number, path in paths.items())
        runs: dict[tuple[int, int], list[Parts]] = {(number, few): [] for number in sizes for few in WORKERS}
        for turn in range(turns):
            for (number, workers), found in runs.items():
                say(f"round {turn + 1} of {turns}: {number:,} responses, workers {workers} …")
                # A process of its own, so that its memory is only what this run takes.
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    found.append(pool.submit(_tabulated, paths[number], made.key, number, workers).result())
    tabulated = (Tabulated(number, workers, tuple(found)) for (number, workers), found in runs.items())
    return Whole(sealed, tuple(tabulated))


def _sealed(made: Round, path: Path, number: int, say: Say) -> Sealed:
    chunks = capacity(made.asked)
    size, sealing, inventing, begun = 0, 0.0, 0.0, time.perf_counter()
    spool, hashes = path.with_suffix(".spool"), []
    with spool.open("wb") as file:
        people = twenty.people(made.asked, number)
        for done in range(number):
            at = time.perf_counter()
            records = next(people)
            inventing += (then := time.perf_counter()) - at
            blob = twenty.sealed(made.sealer, records, chunks, 1)
            sealing += time.perf_counter() - then
            size = len(blob)
            hashes.append((bundle.blob_hash(blob), done))
            file.write(blob)
            if (done + 1) % 10_000 == 0:
                say(f"sealed {done + 1:,} of {number:,} responses")
    hashes.sort()
    with spool.open("rb") as source, path.open("wb") as out:
        out.write(bundle.pack_manifest(_manifest(made, [one for one, _ in hashes], size)))
        for _, place in hashes:
            source.seek(place * size)
            out.write(source.read(size))
        out.flush()
        os.fsync(out.fileno())
    spool.unlink()
    writing = time.perf_counter() - begun - sealing - inventing
    return Sealed(number, chunks, sealing, writing, path.stat().st_size / MIB)


def _manifest(made: Round, hashes: list[bytes], size: int) -> bundle.Manifest:
    signing = yardsticks.throwaway_signature_key()
    unsigned = bundle.Manifest.model_construct(
        format="sauti-bundle", version=1, round=made.sealer.round_id, key_id=made.sealer.key_id,
        public_key=made.key.public_key, rehearsal=True, consultation=made.asked.model_dump(mode="json"),
        consultation_hash=made.asked.fingerprint, count=len(hashes), response_size=size,
        root=bundle.merkle_root(hashes), tombstones=(), opened_week="2026-W47", week="2026-W47",
        control=bundle.Control(t=10, s=5), snapshot=False, server_key=bytes(signing.verify_key),
        planned_tables=PLANNED, signature=bytes(64),
    )  # fmt: skip
    return unsigned.model_copy(update={"signature": signing.sign(unsigned.signed).signature})


def _tabulated(path: Path, key: RoundPrivateKey, number: int, workers: int) -> Parts:
    """The desk over a bundle; its verification is timed by itself first."""
    at, peaks = [0.0], [0.0]

    def progress(_done: int, _all: int) -> None:
        at.append(time.perf_counter())
        peaks.extend(_peaks())

    begun = time.perf_counter()
    verify(path)
    verifying = time.perf_counter() - begun
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        begun = time.perf_counter()
        made = tabulate(path, key, Path(name) / "ledger", progress, workers=workers).made.candidate
        ended = time.perf_counter()
    if made.method.refused or made.respondents is None or made.respondents.count != number:
        raise Miscounted(f"{number} responses were sealed and other ones counted")
    return Parts(verifying, at[-1] - begun - verifying, ended - at[-1], peak_mib(), max(peaks))


def _peaks() -> Iterator[float]:
    """What the workers of this process have held so far."""
    for each in active_children():
        if each.pid is not None:
            yield peak_mib(each.pid)
