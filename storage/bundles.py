"""Writing a bundle: the sealed responses of a round as one file that the desk can check and nobody here can read.

Responses are streamed from one snapshot of the database, twice: once for their hashes, once for their bytes, so that
a million of them need no more memory than their hashes do. While a round is open, a bundle is a snapshot and needs 50
more responses than the last one (D3): two snapshots that differ by one response would show that response alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Connection, Engine, func, select

from storage import register, work_log
from storage.database import reading, writing
from storage.envelope import bundle
from storage.envelope.response import CHUNK, HEADER
from storage.errors import StorageRefused
from storage.register import Export
from storage.rounds import ENDED, RUNNING, RoundRow, RoundStore, change
from storage.secrets import Secrets
from storage.settling import unsettled
from storage.signing import server_key, sign
from storage.tables import responses, tombstones
from storage.times import iso_week

NEW_RESPONSES = 50
_AT_ONCE = 100
"""Responses read at a time; about 2 MB."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What a bundle holds, for whoever asked for it."""

    count: int
    tombstones: int
    root: bytes
    snapshot: bool
    size: int
    """Bytes."""
    name: bytes
    """What the register calls it."""


def write_bundle(
    engine: Engine, secrets: Secrets, round_id: bytes, out: BinaryIO, *, now: datetime, holder: bytes = b""
) -> BundleSummary:  # fmt: skip
    """Writes the bundle of a round to `out`, and into the register that `holder` has it: a public signing key.

    Raises:
        StorageRefused: `never-opened`; `not-settled`; `not-enough-new` for a round that is not closed; `no-such-round`.
        StorageUnavailable: the database did not answer; what was written so far is no bundle.
    """
    with reading(engine, snapshot=True) as connection:
        row = RoundStore(engine).load(connection, round_id)
        snapshot = _may_bundle(connection, row)
        digests = _digests(connection, round_id)
        line = bundle.pack_manifest(_manifest(connection, secrets, row, digests, now))
        export = Export(row.id, bundle.name(line), holder, iso_week(now))
        # Noted and counted before the first byte leaves: a bundle that fails half-way may still have been read.
        with writing(engine) as noting:
            change(noting, row, bundled=len(digests) if snapshot else row.bundled)
            register.note(noting, secrets, export)
            work_log.note(noting, work_log.OFFICE, "bundle", round_id)
        out.write(line)
        out.writelines(_blobs(connection, round_id))
    size = len(line) + len(digests) * _size(row)
    buried = len(bundle.read_manifest(line).tombstones)
    return BundleSummary(len(digests), buried, bundle.merkle_root(digests), snapshot, size, export.bundle)


def _may_bundle(connection: Connection, row: RoundRow) -> bool:
    """Whether this would be a snapshot of a round that goes on."""
    if row.opened_week is None and row.state not in RUNNING:
        raise StorageRefused("never-opened")
    if row.state in ENDED:
        if row.id in unsettled(connection):
            raise StorageRefused("not-settled")
        return False
    count = select(func.count()).select_from(responses).where(responses.c.round == row.id)
    if connection.execute(count).scalar_one() < row.bundled + NEW_RESPONSES:
        raise StorageRefused("not-enough-new")
    return True


def _digests(connection: Connection, round_id: bytes) -> list[bytes]:
    wanted = select(responses.c.digest).where(responses.c.round == round_id).order_by(responses.c.digest)
    return list(connection.execute(wanted).scalars())


def _blobs(connection: Connection, round_id: bytes) -> Iterator[bytes]:
    wanted = select(responses.c.blob).where(responses.c.round == round_id).order_by(responses.c.digest)
    yield from connection.execution_options(yield_per=_AT_ONCE).execute(wanted).scalars()


def _manifest(
    connection: Connection, secrets: Secrets, row: RoundRow, digests: list[bytes], now: datetime
) -> bundle.Manifest:  # fmt: skip
    seed = secrets.bundle_key()
    buried = connection.execute(select(tombstones.c.response_id).where(tombstones.c.round == row.id)).scalars()
    unsigned = bundle.Manifest(
        format="sauti-bundle",
        version=1,
        round=row.id,
        key_id=row.key_id,
        public_key=row.public_key,
        rehearsal=row.rehearsal,
        consultation=row.consultation.model_dump(mode="json"),
        consultation_hash=row.consultation_hash,
        count=len(digests),
        response_size=_size(row),
        root=bundle.merkle_root(digests),
        tombstones=tuple(sorted(buried)),
        opened_week=row.opened_week or iso_week(now),
        week=row.closed_week or iso_week(now),
        control=bundle.Control(t=row.control.t, s=row.control.s),
        planned_tables=row.conditions.planned_tables,
        snapshot=row.state not in ENDED,
        server_key=server_key(seed),
        signature=bytes(64),
    )
    return unsigned.model_copy(update={"signature": sign(seed, unsigned.signed)})


def _size(row: RoundRow) -> int:
    return HEADER + row.capacity * CHUNK
