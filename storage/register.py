"""The register of bundles: what left, to whom, and in which week; written down before its first byte leaves (D5).

It stands in the database, where backups keep it, and in the folder of secrets, where a database that is older than the
last bundle finds it again. It outlives its round: as long as one bundle is not accounted for, nobody may say that the
round is destroyed. It holds a hash of what the server signed, the key of whoever took it, and nothing of anybody else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update

from storage.database import reading, writing
from storage.secrets import Secrets
from storage.tables import exported

_NAME = re.compile(r"([0-9a-f]{32})-([0-9a-f]{64})-([0-9a-f]{64}|none)-(\d{4}-W\d{2})")
_NOBODY = "none"


@dataclass(frozen=True, slots=True, order=True)
class Export:
    """One bundle in somebody's hands."""

    round: bytes
    bundle: bytes
    """SHA-256 of its first line, the signed manifest, which names every byte that follows."""
    holder: bytes
    """Public signing key of whoever took it; empty where nobody was named, and the custodians answer for it."""
    week: str
    """ISO week in which it left, for the last time if it is the same file again."""

    @property
    def name(self) -> str:
        """How it is called in the folder of secrets."""
        return f"{self.round.hex()}-{self.bundle.hex()}-{self.holder.hex() or _NOBODY}-{self.week}"


def note(connection: Connection, secrets: Secrets, export: Export) -> None:
    """Writes an export down, within the transaction after which the bundle may leave."""
    secrets.note_export(export.name)
    _put(connection, export)


def of(engine: Engine, round_id: bytes) -> tuple[Export, ...]:
    """What left of a round, in the order of hashes."""
    with reading(engine) as connection:
        return tuple(sorted(one for one in _held(connection) if one.round == round_id))


def catch_up(engine: Engine, secrets: Secrets) -> None:
    """Database and folder know the same afterwards, whichever of them is the older copy."""
    marked = set(_read(secrets.exports()))
    with reading(engine) as connection:
        held = set(_held(connection))
    newest = _newest(marked | held)
    for export in newest - marked:
        secrets.note_export(export.name)
    if newest - held:
        with writing(engine, alone=True) as connection:
            for export in sorted(newest - held):
                _put(connection, export)


def _put(connection: Connection, export: Export) -> None:
    same = (
        exported.c.round == export.round, exported.c.bundle == export.bundle, exported.c.holder == export.holder
    )  # fmt: skip
    if not connection.execute(update(exported).where(*same).values(week=export.week)).rowcount:
        line = {"round": export.round, "bundle": export.bundle, "holder": export.holder, "week": export.week}
        connection.execute(insert(exported), line)


def _held(connection: Connection) -> Iterable[Export]:
    return (Export(**row._mapping) for row in connection.execute(select(exported)).all())  # noqa: SLF001 - SQLAlchemy's public name for it


def _newest(known: Iterable[Export]) -> set[Export]:
    # Sorted by week last: of the same file in the same hands, the later week stays.
    return set({(one.round, one.bundle, one.holder): one for one in sorted(known)}.values())


def _read(names: Iterable[str]) -> Iterable[Export]:
    for round_id, bundle, holder, week in (found.groups() for found in map(_NAME.fullmatch, names) if found):
        yield Export(
            bytes.fromhex(round_id), bytes.fromhex(bundle), bytes.fromhex("" if holder == _NOBODY else holder), week
        )
