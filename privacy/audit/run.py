"""The audit: all targets of all blocks, by flow where that is exact, else by programs; it fails closed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, partial
from hashlib import blake2b
from typing import Protocol

import numpy as np

from privacy.audit.accomplices import stands_all, stands_in_flow
from privacy.audit.atoms import Mask
from privacy.audit.doubt import Doubt, Ends
from privacy.audit.errors import Contradiction, TimedOut
from privacy.audit.figures import Figure, System, withheld
from privacy.audit.laminar import Transport, bits, with_targets
from privacy.audit.programs import SECONDS, Program
from privacy.audit.rows import UNBOUNDED, Block, blocks
from privacy.audit.targets import Reason, Target, plain

SHARE = 8
"""Targets that one worker takes at a time."""


class Verdict(StrEnum):
    """What was found of a target. The first is no finding."""

    SAFE = "safe"
    NARROW = "narrow"
    """A reader of everything published can narrow it too far."""
    KNOWN = "known"
    """So can one who also knows some respondents' answers."""
    UNDECIDED = "undecided"
    """The time was not enough to tell; refused like the others."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that could be worked out, named by the cells it comes from."""

    verdict: Verdict
    reason: Reason
    table: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} ({self.reason}, {self.verdict}): {' and '.join(self.cells)}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the audit found. Safe means: nothing."""

    found: tuple[Finding, ...]
    figures: int
    targets: int
    fingerprint: str
    """Of everything audited as readers see it, and the rules: what a certificate names."""

    @property
    def safe(self) -> bool:
        """Whether everything may be published together."""
        return not self.found

    @property
    def remedy(self) -> str:
        """What to do."""
        if self.safe:
            return "Nothing to do."
        return "Bring categories together, withhold one more figure beside each, or drop a table; then audit again."


class Workers(Protocol):
    """Something that maps a function over jobs, in order: an executor of threads or processes."""

    def map(self, work: Callable[["Job"], list[Verdict]], jobs: Iterable["Job"], /) -> Iterable[list[Verdict]]:
        """Results in the order of the jobs."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """Some targets of a block."""

    block: Block
    numbers: tuple[int, ...]


def audit(
    system: System,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    workers: Workers | None = None,
    seconds: float = SECONDS,
) -> Findings:
    """Whether everything ever published, together, leaves every small number in doubt.

    `progress` is told how many targets of how many are judged. `seconds` is the longest for all programs about one.

    Raises:
        TooLarge: a component has more atoms than the audit takes on; it names the table to drop.
        Contradiction: figures that cannot all be true.
        Unknown: a figure about something that was not declared.
    """
    every = blocks(system)
    jobs = [job for block in every for job in _jobs(block, SHARE if workers else len(block.targets))]
    total, done = sum(len(job.numbers) for job in jobs), 0
    found: list[Finding] = []
    work = partial(judged, system=system, seconds=seconds)
    for job, verdicts in zip(jobs, workers.map(work, jobs) if workers else map(work, jobs), strict=True):
        done += len(job.numbers)
        progress(done, total)
        for number, verdict in zip(job.numbers, verdicts, strict=True):
            target = job.block.targets[number]
            if verdict is not Verdict.SAFE:
                found.append(Finding(verdict, target.reason, target.table, target.cells))
    return Findings(tuple(found), len(system.items), total, fingerprint(system))


def _jobs(block: Block, share: int) -> list[Job]:
    numbers = range(len(block.targets))
    return [Job(block, tuple(numbers[start : start + share])) for start in range(0, len(numbers), share or 1)] or [
        Job(block, ())
    ]


def judged(job: Job, system: System, seconds: float = SECONDS) -> list[Verdict]:
    """A verdict for each target of a job."""
    judge = Judge(job.block, Doubt(system), seconds)
    return [judge.verdict(number) for number in job.numbers]


class Judge:
    """One block, its network where there is one, its programs where they are needed."""

    def __init__(self, block: Block, doubt: Doubt, seconds: float) -> None:
        self._block = block
        self._doubt = doubt
        self._seconds = seconds
        self._made: Program | None = None
        self._transport = transport(block)
        if self._transport is None:
            # That the figures can all be true is checked even where nothing needs to stay in doubt.
            self._program.outer(np.ones(block.matrix.shape[1], dtype=np.bool_))

    @cached_property
    def _most(self) -> list[int]:
        """How many people can in truth stand in each column, as far as the desk knows."""
        return [int(most) for most in self._block.most]

    @property
    def _program(self) -> Program:
        if self._made is None:
            self._made = Program(self._block, self._seconds)
        return self._made

    def verdict(self, number: int) -> Verdict:
        """What can be told of a target."""
        target, mask = self._block.targets[number], self._block.masks[number]
        try:
            flow = self._flow(mask)
            return self._by_programs(target, mask) if flow is None else self._by_flow(flow, target, mask)
        except TimedOut:
            return Verdict.UNDECIDED

    def _flow(self, mask: Mask) -> Transport | None:
        """A network that tells of a set: the block's, or one of its own where other targets leave no room for it."""
        if self._transport is None or self._transport.tells(bits(mask)):
            return self._transport
        alone = transport(self._block, mask[np.newaxis])
        return alone if alone is not None and alone.tells(bits(mask)) else None

    def _by_flow(self, flow: Transport, target: Target, mask: Mask) -> Verdict:
        low, high = flow.bounds(bits(mask))
        if not self._doubt.stands_alone(target, low, high):
            return Verdict.NARROW
        if self._doubt.is_large(target, low) or not self._doubt.system.rules.s:
            return Verdict.SAFE
        column = int(mask.argmax()) if mask.sum() == 1 else None
        ends = Ends(low, high, partial(flow.worlds, bits(mask)), self._most, column)
        if self._doubt.stands_steps(target, ends) or stands_in_flow(flow, target, mask, self._doubt, self._block):
            return Verdict.SAFE
        return Verdict.KNOWN

    def _by_programs(self, target: Target, mask: Mask) -> Verdict:
        program, doubt = self._program, self._doubt
        program.begin()
        found = program.attained(mask)
        if found is None or not doubt.leaves(target, *found):
            outer = program.outer(mask)
            if doubt.is_large(target, outer[0]):
                return Verdict.SAFE
            # What is possible lies within: too narrow here is too narrow in whole numbers.
            if not doubt.leaves(target, *outer):
                return Verdict.NARROW
            found = program.attained(mask)
            if found is None or not doubt.leaves(target, *found):
                found = program.bounds(mask)
            if not doubt.stands_alone(target, *found):
                return Verdict.NARROW
        if doubt.system.rules.s and not stands_all(program, target, mask, doubt, self._most):
            return Verdict.KNOWN
        return Verdict.SAFE


def transport(block: Block, masks: Mask | None = None) -> Transport | None:
    """The network of a block, with as many of some sets as it can tell of, its targets; None where it is no network.

    Raises:
        Contradiction: it is one, and nothing fits all bounds.
    """
    if not np.isin(block.matrix, (0, 1)).all() or not block.matrix.any(axis=0).all():
        return None
    sets = [bits(row != 0) for row in block.matrix]
    bounds = {each: (int(low), int(high)) for each, low, high in zip(sets, block.low, block.high, strict=True)}
    every = with_targets(tuple(sets), tuple(map(bits, block.masks if masks is None else masks)))
    if every is None:
        return None
    try:
        return Transport(every, [bounds.get(each, (0, UNBOUNDED)) for each in every], block.matrix.shape[1])
    except ValueError:
        raise Contradiction(block.variables) from None


def bounds(system: System, figure: Figure, seconds: float = SECONDS) -> tuple[int, int]:
    """Exact smallest and largest number of the people that a figure is about, for whoever computes with the system.

    The figure need not have been published; what it displays is not believed.
    """
    # As something withheld it says nothing, and links what it names.
    asking = replace(system, items=(*system.items, replace(figure, display=withheld())))
    block = next(each for each in reversed(blocks(asking, [figure])) if plain(figure) in each.targets)
    mask = block.masks[block.targets.index(plain(figure))]
    flow = transport(block)
    if flow is not None and flow.tells(bits(mask)):
        return flow.bounds(bits(mask))
    return Program(block, seconds).bounds(mask)


def fingerprint(system: System) -> str:
    """Hash of everything in a system as readers see it, and of its rules: the same for whoever knows no counts."""
    public = [
        (item.table, item.cell, _sorted(item.population), item.moment, item.display, item.threshold)
        if isinstance(item, Figure)
        else item
        for item in system.items
    ]
    rules = (system.rules, system.mode, sorted(map(str, system.sizes.items())))
    return blake2b(repr((sorted(map(str, public)), rules)).encode(), digest_size=16).hexdigest()


def _sorted(population: Iterable[tuple[str, frozenset[str]]]) -> list[tuple[str, list[str]]]:
    return sorted((name, sorted(codes)) for name, codes in population)
