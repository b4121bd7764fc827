"""From a bundle to a candidate, on all cores: open, count, forget; add the counts; let them out by the one door.

The bundle is verified as a whole first. Then each worker process gets byte ranges of it and the private key through
its pipe, and hands back a tally: counts that can be added in any order, never a row. A few responses at a time are in a
worker's memory, so a bundle of any size needs no more than a small one.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial, reduce
from itertools import accumulate, islice
from multiprocessing import get_context
from operator import add
from pathlib import Path

from pydantic import ValidationError

from flows.model import Consultation, canonical
from privacy.bundles import Bundle, BundleRange, ids, ranges, read_range, verify
from privacy.candidate import Made, apart, candidate
from privacy.consent import Consents, NotUsable
from privacy.counting import Admission
from privacy.earlier import Standing, standing
from privacy.errors import OtherKey
from privacy.keys import RoundPrivateKey
from privacy.ledger import remember_withdrawn
from privacy.opening import Opener
from privacy.planned import Plan, Unplannable
from privacy.release import Release, Snapshot
from privacy.repairs import Repair
from privacy.succession import before
from privacy.tally import Layout, Tallier, Tally
from privacy.withholding import seed_of
from storage.envelope import response
from storage.envelope.bundle import Manifest
from storage.envelope.errors import BadManifest, ResponseRefused

Progress = Callable[[int, int], None]
"""Called with responses done and responses in all."""

BATCH = 1_000
"""Responses in one range: about a quarter of a second's work, so that progress moves and no worker waits long."""
TOGETHER = 32
"""Responses that a worker opens before it counts them."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know besides its range."""

    private_key: RoundPrivateKey = field(repr=False)
    round_id: bytes
    consultation: bytes
    """The frozen consultation as canonical JSON."""
    rehearsal: bool
    withdrawn: frozenset[bytes] = field(repr=False)
    """Ids of responses that were withdrawn after the bundle was taken, as far as this desk knows."""
    plan: Plan = ()
    """The tables that were planned when the round opened."""


@dataclass(frozen=True, slots=True)
class Tabulated:
    """What was made of a bundle, the ledger beside which it was, and what the desk knows to audit it by."""

    made: Made
    releases: tuple[Release, ...]
    known: Snapshot
    again: Callable[[Repair], Made] = field(repr=False)
    """Makes it anew under a repair, without opening anything."""
    seed: bytes = field(repr=False)
    """Decides by lot which of several figures is withheld; the custodians' secret."""


def tabulate(
    path: Path, private_key: RoundPrivateKey, ledger: Path, progress: Progress, *, workers: int | None = None,
    earlier: Sequence[Path] | None = None,
) -> Tabulated:  # fmt: skip
    """The candidate of the bundle at `path`, not audited yet.

    Args:
        path: the bundle.
        private_key: the round's key, unlocked by k custodians.
        ledger: the release ledger; begun where there is none. Withdrawals that a newer bundle told it of are honoured
            in this one, and those that this one tells of are written into it first.
        progress: told how far the counting is.
        workers: processes; None for one per core.
        earlier: bundles of earlier releases of the same round; None for a draft, which needs none of them.

    Raises:
        BundleRefused, ResponseRefused: the bundle is not what the server signed; nothing of it is counted.
        OtherKey: the key is not the one this bundle is sealed to.
        LedgerRefused: the ledger cannot be relied on.
        ReleaseRefused: earlier bundles are not those of the round's releases, or say other than this one.
    """
    bundle = verify(path)
    manifest = bundle.manifest
    if private_key.key_id != manifest.key_id:
        raise OtherKey
    consultation = _asked(manifest)
    known = remember_withdrawn(ledger, consultation.id, manifest.round, manifest.tombstones)
    withdrawn = known.withdrawn(manifest.round)
    line = () if earlier is None else before(manifest.round.hex(), known.releases)
    released = [verify(each, manifest.server_key) for each in earlier or ()]
    stood = standing(
        ids(bundle), line, {each.manifest.root.hex(): frozenset(ids(each)) for each in released}, withdrawn
    )
    job = Job(
        private_key, manifest.round, canonical(manifest.consultation), manifest.rehearsal,
        withdrawn.difference(manifest.tombstones), manifest.planned_tables,
    )  # fmt: skip
    tallies = count_apart(bundle, job, stood, progress, workers or os.cpu_count() or 1)
    seed = seed_of(private_key.secret, manifest.root)
    told = tuple(release.candidate for release in known.releases)
    again = partial(
        candidate, reduce(add, tallies), consultation, manifest, ledger_head=known.head, seed=seed, before=told
    )
    made = again(())
    snapshot = Snapshot(made.people, made.counts, *apart(tallies, consultation, manifest)) if line else None
    return Tabulated(made, known.releases, snapshot or Snapshot(made.people, made.counts), again, seed)


def _asked(manifest: Manifest) -> Consultation:
    """What a bundle's people were asked, if its hash and its plan are about that. Raises BadManifest."""
    try:
        consultation = Consultation.model_validate(manifest.consultation)
        Layout(consultation, manifest.planned_tables)
    except (ValidationError, Unplannable):
        raise BadManifest from None
    # That the hash is the text's is the envelope's to check. A text that leaves defaults unsaid is another text.
    if consultation.fingerprint != manifest.consultation_hash:
        raise BadManifest
    return consultation


def count_apart(bundle: Bundle, job: Job, stood: Standing, progress: Progress, workers: int) -> tuple[Tally, ...]:
    """A tally for each group of a verified bundle's responses; the same for any number of workers."""
    total = bundle.manifest.count
    parts = _parts(stood.firsts, ranges(bundle, -(-total // BATCH) or 1))  # nobody answered: one range of nothing
    tallies = (Tallier(_consultation(job.consultation), job.plan).tally(),) * stood.groups
    done = 0
    with _workers(min(workers, len(parts))) as run:
        for size, found in run(partial(_count_sized, job, stood.groups), parts):
            tallies = tuple(map(add, tallies, found))
            done += size
            progress(done, total)
    return tallies


def count(bundle: Bundle, job: Job, progress: Progress, workers: int) -> Tally:
    """The tally over every response of a verified bundle."""
    (tally,) = count_apart(bundle, job, Standing(bytes(bundle.manifest.count), 1), progress, workers)
    return tally


@dataclass(frozen=True, slots=True)
class Part:
    """A range, and the group of each response in it."""

    range: BundleRange
    groups: bytes


def _parts(groups: bytes, every: Sequence[BundleRange]) -> list[Part]:
    ends = list(accumulate(part.count for part in every))
    return [Part(part, groups[end - part.count : end]) for part, end in zip(every, ends, strict=True)]


def count_range(job: Job, part: BundleRange) -> Tally:
    """The tally over one range. A response that does not open, or may not be counted, is counted as refused."""
    return count_responses(job, read_range(part))


def count_responses(job: Job, blobs: Iterable[bytes]) -> Tally:
    """The tally over sealed responses, each held for no longer than it takes to count it and its few neighbours."""
    consultation = _consultation(job.consultation)
    opener, tallier, admission = (
        Opener(job.private_key, job.round_id),
        Tallier(consultation, job.plan),
        Admission(consultation),
    )
    consents = Consents(consultation, process=consultation.process, rehearsal=job.rehearsal)
    left = _standing(job.withdrawn, blobs, tallier) if job.withdrawn else iter(blobs)
    # Turns of one response measured about a tenth slower, probably because ciphers and counting share the caches.
    while some := tuple(islice(left, TOGETHER)):
        opened = []
        for blob in some:
            try:
                opened.append(opener.open(blob).records)
            except ResponseRefused as refusal:
                tallier.refuse(refusal.code)
        for records in opened:
            try:
                tallier.count(admission.countable(consents.countable(records)))
            except NotUsable as refusal:
                tallier.refuse(refusal.code)
    return tallier.tally()


def _standing(withdrawn: frozenset[bytes], blobs: Iterable[bytes], tallier: Tallier) -> Iterator[bytes]:
    """The responses that nobody took back. The others are not opened, and `withdrawn` counts them."""
    for blob in blobs:
        if response.read_header(blob).response_id in withdrawn:
            tallier.refuse("withdrawn")
        else:
            yield blob


def _count_sized(job: Job, groups: int, part: Part) -> "Sized":
    found = []
    for group in range(groups):
        blobs = zip(part.groups, read_range(part.range), strict=True)
        found.append(count_responses(job, (blob for own, blob in blobs if own == group)))
    return part.range.count, tuple(found)


@lru_cache(maxsize=2)
def _consultation(text: bytes) -> Consultation:
    return Consultation.model_validate_json(text)


Sized = tuple[int, tuple[Tally, ...]]
Run = Callable[[Callable[[Part], Sized], Iterable[Part]], Iterator[Sized]]


@contextmanager
def _workers(processes: int) -> Iterator[Run]:
    """A way to run over ranges: here, or in processes of their own, results in the order in which they come."""
    if processes <= 1:
        yield map
        return
    # Spawned, not forked: a worker starts with nothing of this process in its memory but what it is sent.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:

        def run(work: Callable[[Part], Sized], parts: Iterable[Part]) -> Iterator[Sized]:
            waiting = [pool.submit(work, part) for part in parts]
            return (future.result() for future in as_completed(waiting))

        try:
            yield run
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
