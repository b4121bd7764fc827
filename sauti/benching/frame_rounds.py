"""All tables of one and two questions of a frame, by us and by peers in turn; what they count is compared."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from sauti.benching.contestants import PEERS_PYTHON, ROOT
from sauti.benching.figures import Spread, spread
from sauti.benching.frame import Frame
from sauti.benching.memory import peak_mib
from sauti.benching.opening import Miscounted
from sauti.benching.samples import rotated

OURS: Final = "sauti"
PEERS: Final = ("duckdb", "polars", "pandas", "acro")
PAIRS_ONLY: Final = frozenset({"acro"})
"""Its crosstab needs two questions; and all pairs would take it minutes, so that it is asked for a few."""
FEW: Final = 4

Say = Callable[[str], None]
Tables = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one program said in one round. Seconds."""

    tables: int
    two_way: float
    one_way: float | None = None
    protecting: float | None = None

    @property
    def table(self) -> float:
        """Seconds of one table of two questions."""
        return self.two_way / self.tables

    @property
    def safe(self) -> float | None:
        """Seconds of all tables, counted and let through the door."""
        return None if self.protecting is None else self.two_way + self.protecting


@dataclass(slots=True)
class Counted:
    """One program over one frame: a turn for each round, and the most memory it held."""

    people: int
    name: str
    turns: list[Turn] = field(default_factory=list)
    peak_mib: float = 0.0

    def over(self, figure: Callable[[Turn], float | None]) -> Spread | None:
        """A figure over the rounds, where the program has it."""
        found = [value for turn in self.turns if (value := figure(turn)) is not None]
        return spread(found) if found else None


@dataclass(frozen=True, slots=True)
class Program:
    """A process that holds the frame and counts when it is asked."""

    pid: int
    questions: IO[str]
    answers: IO[str]

    def ask(self, tables: Tables) -> Mapping[str, Any]:
        """Its answer. Raises Miscounted where it ends instead."""
        self.questions.write(json.dumps({"tables": tables}) + "\n")
        self.questions.flush()
        return self.heard()

    def heard(self) -> Mapping[str, Any]:
        """The next line it says. Raises Miscounted where it ends instead."""
        line = self.answers.readline()
        if not line:
            raise Miscounted("a program ended before it had counted")
        found: Mapping[str, Any] = json.loads(line)
        return found


@contextmanager
def _program(name: str, path: Path) -> Iterator[Program]:
    """Starts a program and waits until it holds the frame; ends it with the block."""
    theirs = (str(PEERS_PYTHON), "-m", "bench.tables", name, str(path))
    command = (sys.executable, "-m", "sauti.benching.frame", str(path)) if name == OURS else theirs
    with subprocess.Popen(  # noqa: S603 - our own modules
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise Miscounted("a program without pipes")
        program = Program(process.pid, process.stdin, process.stdout)
        program.heard()
        yield program
        process.stdin.close()


def counted(frame: Frame, path: Path, rounds: int, peers: Sequence[str], say: Say) -> list[Counted]:
    """All programs over one frame, in rounds that each begin with another one.

    Raises:
        Miscounted: a program ended, or two of them counted differently.
    """
    frame.save(path)
    names = (OURS, *peers)
    found = {name: Counted(frame.people, name) for name in names}
    with ExitStack() as stack:
        programs = {name: stack.enter_context(_program(name, path)) for name in names}
        # The first round finds nothing in the caches and is dropped.
        for number in range(rounds + 1):
            seen: dict[tuple[str, ...], list[int | None]] = {}
            for name in rotated(names, number):
                turn = _turn(name, programs[name], frame, seen)
                say(f"round {number} of {rounds}: {frame.people:,} people, {name}: {turn.table * 1000:.1f} ms a table")
                if number:
                    found[name].turns.append(turn)
        for name in names:
            found[name].peak_mib = peak_mib(programs[name].pid)
    return list(found.values())


def _turn(name: str, program: Program, frame: Frame, seen: dict[tuple[str, ...], list[int | None]]) -> Turn:
    if name in PAIRS_ONLY:
        pairs = frame.pairs[:: len(frame.pairs) // FEW][:FEW]
        answer = program.ask(pairs)
        _compare(pairs, answer["tables"], seen)
        return Turn(len(pairs), answer["seconds"])
    singles = [[one] for one in frame.codes]
    one_way, two_way = program.ask(singles), program.ask(frame.pairs)
    _compare(singles, one_way["tables"], seen)
    _compare(frame.pairs, two_way["tables"], seen)
    return Turn(len(frame.pairs), two_way["seconds"], one_way["seconds"], two_way.get("protecting"))


def _compare(
    tables: Tables, found: Sequence[Sequence[int | None]], seen: dict[tuple[str, ...], list[int | None]]
) -> None:
    """That everybody counts the same, but for what is withheld. Raises Miscounted."""
    for names, counts in zip(tables, found, strict=True):
        known = seen.setdefault(tuple(names), list(counts))
        if any(None not in {one, other} and one != other for one, other in zip(counts, known, strict=True)):
            raise Miscounted(f"two programs counted {' and '.join(names)} differently")
