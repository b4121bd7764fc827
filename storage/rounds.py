"""Rounds at rest. A round is frozen when it is made: nothing here can change what it asks, of whom, or to which key.

`terms` is a hash over everything that opening freezes, checked whenever a round is loaded (O4): consultation with its
consent texts and languages, key, thresholds, and the deployment record with its planned tables. Only the list of
referrals and the published results may change. The hash catches what was edited by accident or by a migration;
somebody who can write the database can also write a hash, and is kept out by other means. Which state may follow
which is decided in `rounds.life`; here a change of state only refuses to overtake another.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, literal, select, update

from flows.model import Consultation, canonical
from flows.prompts import digest, names
from flows.records import capacity
from storage import recordings, work_log
from storage import results as published
from storage.conditions import Conditions
from storage.database import reading, writing
from storage.envelope.ceremony import ROUND_ID, PublicFile
from storage.errors import StorageRefused
from storage.referrals import Referral, packed, stale, unpacked
from storage.tables import destroyed, rounds
from storage.work_log import OFFICE

CODE = 8
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"
"""No 0 and no 1: a code is read aloud and copied by hand."""


class RoundState(StrEnum):
    """Where in its life a round is."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    SCHEDULED = "scheduled"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    ANALYSED = "analysed"
    RELEASED = "released"
    DESTRUCTION_PENDING = "destruction-pending"
    """Nothing of it is left here but its name; shares and bundles elsewhere may still exist."""
    DESTROYED = "destroyed"
    """Custodians and holders have signed that those are gone, too."""


RUNNING = (RoundState.OPEN, RoundState.PAUSED)
"""States in which drafts and link rows are kept."""
ENDED = (RoundState.CLOSED, RoundState.ANALYSED, RoundState.RELEASED)
"""States in which nothing more comes in, and sealed answers are kept."""


@dataclass(frozen=True, slots=True)
class ControlRow:
    """Thresholds of disclosure control: `t` people at least in a cell, of whom `s` may be one hostile party (R1)."""

    t: int = 10
    s: int = 5


@dataclass(frozen=True, slots=True)
class Record:
    """What a round takes over from those who answer for it."""

    frozen: bytes | None = None
    """The whole record as canonical JSON, without its referrals."""
    referrals: tuple[Referral, ...] = ()
    draft_minutes: int = 1_440
    notification_key: bytes | None = None
    """To which chats that may be told of results are sealed; comes with the record, from its custodians."""
    custody: bytes | None = None
    """Who signs that the shares of its keys are gone (`ceremony.pack_custody`); None where keys name nobody."""


NO_RECORD = Record()
NO_SOUNDS: Mapping[bytes, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as it is stored. Everything but the last block is frozen."""

    id: bytes
    code: str
    rehearsal: bool
    consultation: Consultation
    consultation_hash: bytes
    public_key: bytes
    key_id: bytes
    shares: int
    threshold: int
    capacity: int
    """Sealed chunks of every response."""
    control: ControlRow
    deployment: bytes | None = None
    """The deployment record as canonical JSON, without its referrals; None where there is none."""

    state: RoundState = RoundState.DRAFTED
    proof: bytes | None = None
    """What a drill must bring; None before the challenge."""
    proved: bool = False
    opened_week: str | None = None
    closed_week: str | None = None
    bundled: int = 0
    """Responses in the last snapshot taken while open."""
    draft_minutes: int = 1_440
    """How long after her last word a conversation is kept, from half an hour to a day (P7)."""
    referrals: tuple[Referral, ...] = ()
    """Where help can be found; the one thing that may be renewed while a round is open."""
    results: published.Results | None = None
    """What was published of it, and what happened with that; None before."""
    notification_key: bytes | None = None
    """Frozen, too: the public key of the contact box (W5); None where nobody is told unasked."""
    custody: bytes | None = None
    """Frozen, too: who signs that shares are gone; without it nobody can prove that the round was destroyed."""
    broadcasts: int = 0
    """How many have begun; two at most."""
    telling: bool = False
    """Whether the last of them is not over."""

    @property
    def conditions(self) -> Conditions:
        """What its conversations keep to. Raises ValueError where the stored record is none."""
        return Conditions() if self.deployment is None else _conditions(self.deployment)

    def stale_referrals(self, today: date) -> int:
        """How many entries of a live round's list nobody has tried within 30 days (O2)."""
        return 0 if self.rehearsal else sum(1 for _ in stale(self.referrals, today))

    @property
    def terms(self) -> bytes:
        """SHA-256 over all that is frozen."""
        return hashlib.sha256(
            canonical([
                self.id.hex(), self.code, self.rehearsal, self.consultation_hash.hex(), self.public_key.hex(),
                self.key_id.hex(), self.shares, self.threshold, self.capacity, self.control.t, self.control.s,
                *self._of_record, *self._of_contacts, *self._of_custody,
            ])
        ).digest()  # fmt: skip

    @property
    def _of_record(self) -> tuple[object, ...]:
        # Nothing where there is no record: rounds made before there were records keep the hash they were made with.
        return () if self.deployment is None else (hashlib.sha256(self.deployment).hexdigest(), self.draft_minutes)

    @property
    def _of_contacts(self) -> tuple[str, ...]:
        return () if self.notification_key is None else ("contacts", self.notification_key.hex())

    @property
    def _of_custody(self) -> tuple[str, ...]:
        return () if self.custody is None else ("custody", hashlib.sha256(self.custody).hexdigest())


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of a round that was destroyed here."""

    id: bytes
    code: str
    week: str
    shares: int
    threshold: int
    custody: bytes | None = None
    """Who signs that shares are gone; None where its keys name nobody."""
    proof: bytes | None = None
    """That it is destroyed elsewhere, too: the file, as canonical JSON."""

    @property
    def state(self) -> RoundState:
        """*Destroyed* with a proof, and never without one."""
        return RoundState.DESTRUCTION_PENDING if self.proof is None else RoundState.DESTROYED


class RoundStore:
    """The rounds of one database. What is frozen is read and checked once, states are read each time."""

    def __init__(self, engine: Engine, hand: str = OFFICE) -> None:
        """`hand` is whose acts the log takes them for."""
        self.engine, self.hand = engine, hand
        self._consultations: dict[bytes, Consultation] = {}

    def by(self, hand: str) -> "RoundStore":
        """The same rounds in other hands."""
        other = RoundStore(self.engine, hand)
        other._consultations = self._consultations
        return other

    def add(
        self, consultation: Consultation, public: PublicFile, *, rehearsal: bool, control: ControlRow,
        record: Record = NO_RECORD, sounds: Mapping[bytes, bytes] = NO_SOUNDS,
    ) -> RoundRow:  # fmt: skip
        """A new round, drafted, with a random id and code, and the recordings that its consultation names.

        Raises:
            StorageRefused: `no-such-recording`: one that it names is not among `sounds`, or not by its SHA-256.
        """
        if any((held := digest(name)) is None or held not in sounds for name in names(consultation)):
            raise StorageRefused("no-such-recording")
        row = RoundRow(
            id=secrets.token_bytes(ROUND_ID),
            code="".join(secrets.choice(_ALPHABET) for _ in range(CODE)),
            rehearsal=rehearsal,
            consultation=consultation,
            consultation_hash=consultation.fingerprint,
            public_key=public.public_key,
            key_id=public.key_id,
            shares=public.shares,
            threshold=public.threshold,
            capacity=capacity(consultation),
            control=control,
            deployment=record.frozen,
            draft_minutes=record.draft_minutes,
            referrals=record.referrals,
            notification_key=record.notification_key,
            custody=record.custody,
        )
        with writing(self.engine) as connection:
            connection.execute(insert(rounds), _stored(row))
            recordings.put(connection, row.id, sounds)
            work_log.note(connection, self.hand, "new", row.id)
        return row

    def get(self, name: bytes | str) -> RoundRow:
        """A round by its id, its code, its hexadecimal id, or the unique beginning of that.

        Raises:
            StorageRefused: `no-such-round`, `ambiguous-round`, `round-changed`.
        """
        with reading(self.engine) as connection:
            known = connection.execute(select(rounds.c.id, rounds.c.code)).all() if isinstance(name, str) else ()
            return self.load(connection, name if isinstance(name, bytes) else _named(known, name).id)

    def doomed(self, name: str, week: str) -> Gone:
        """What will be left of a round, or is left already: read without looking at the rest, which may be damaged.

        Raises:
            StorageRefused: `no-such-round`, `ambiguous-round`.
        """
        own = rounds.c
        columns = own.id, own.code, literal(week).label("week"), own.shares, own.threshold, own.custody
        with reading(self.engine) as connection:
            known = [row for each in (select(destroyed), select(*columns)) for row in connection.execute(each).all()]
            return Gone(**_named(known, name)._mapping)  # noqa: SLF001 - as in `_row`

    def all(self) -> tuple[RoundRow, ...]:
        """Every round, by code."""
        with reading(self.engine) as connection:
            return tuple(self._row(row) for row in connection.execute(select(rounds).order_by(rounds.c.code)).all())

    def gone(self) -> tuple[Gone, ...]:
        """Every round that was destroyed, by code."""
        wanted = select(destroyed).order_by(destroyed.c.code)
        with reading(self.engine) as connection:
            return tuple(Gone(**row._mapping) for row in connection.execute(wanted).all())  # noqa: SLF001 - as in `_row`

    def destroyed(self, name: str) -> Gone | None:
        """The destroyed round of this name, if it is the name of one."""
        found = [one for one in self.gone() if one.code == name.strip().upper() or one.id.hex() == name.strip().lower()]
        return found[0] if found else None

    def set_proof(self, gone: Gone, proof: bytes) -> None:
        """Keeps the proof that a round is destroyed elsewhere, too. Raises StorageRefused `state-moved-on`."""
        same = (destroyed.c.id == gone.id, destroyed.c.proof.is_(None))
        with writing(self.engine, alone=True) as connection:
            if connection.execute(update(destroyed).where(*same).values(proof=proof)).rowcount != 1:
                raise StorageRefused("state-moved-on")
            work_log.note(connection, self.hand, RoundState.DESTROYED, gone.id)

    def open_codes(self, *, live: bool = False) -> dict[str, bytes]:
        """Ids of the rounds that are open now, by code; with `live`, without rehearsals."""
        with reading(self.engine) as connection:
            return {row.code: row.id for row in connection.execute(_OPEN) if not (live and row.rehearsal)}

    def load(self, connection: Connection, round_id: bytes) -> RoundRow:
        """A round within a transaction. Raises StorageRefused `no-such-round` or `round-changed`."""
        row = connection.execute(select(rounds).where(rounds.c.id == round_id)).first()
        if row is None:
            raise StorageRefused("no-such-round")
        return self._row(row)

    def set_challenge(self, row: RoundRow, proof: bytes) -> None:
        """Remembers what a drill must bring. Raises StorageRefused `state-moved-on`."""
        self._change(row, "challenge", proof=proof, proved=False)

    def set_results(self, row: RoundRow, results: published.Results) -> None:
        """Replaces what was published. Raises StorageRefused `state-moved-on`."""
        self._change(row, "results", results=published.packed(results))

    def set_state(self, row: RoundRow, state: RoundState, **facts: object) -> None:
        """Moves a round from the state in `row`. Raises StorageRefused `state-moved-on` where it is no longer in it."""
        self._change(row, state.value, state=state.value, **facts)

    def set_referrals(self, row: RoundRow, referrals: tuple[Referral, ...]) -> None:
        """Replaces where help can be found. Raises StorageRefused `state-moved-on`."""
        self._change(row, "referrals", referrals=packed(referrals))

    def _change(self, row: RoundRow, act: str, **values: object) -> None:
        with writing(self.engine, alone=True) as connection:
            change(connection, row, **values)
            work_log.note(connection, self.hand, act, row.id)

    def _row(self, row: Row[tuple[object, ...]]) -> RoundRow:
        """The row, its consultation parsed once, its terms compared."""
        found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
        consultation = self._consultations.get(found["id"])
        if consultation is None or consultation.fingerprint != found["consultation_hash"]:
            consultation = _consultation(found["consultation"])
        loaded = RoundRow(
            **{name: found[name] for name in _PLAIN},
            consultation=consultation,
            control=ControlRow(found["control_t"], found["control_s"]),
            state=RoundState(found["state"]),
            referrals=_referrals(found["referrals"]),
            results=_results(found["results"]),
        )
        if consultation.fingerprint != loaded.consultation_hash or loaded.terms != found["terms"]:
            raise StorageRefused("round-changed")
        self._consultations[loaded.id] = consultation
        return loaded


_OPEN = (
    select(rounds.c.code, rounds.c.id, rounds.c.rehearsal)
    .where(rounds.c.state == RoundState.OPEN.value)
    .order_by(rounds.c.code)
)  # fmt: skip
_PLAIN = (
    "id", "code", "rehearsal", "consultation_hash", "public_key", "key_id", "shares", "threshold", "capacity",
    "proof", "proved", "opened_week", "closed_week", "bundled",
    "draft_minutes", "deployment", "notification_key", "custody", "broadcasts", "telling",
)  # fmt: skip


def change(connection: Connection, row: RoundRow, **values: object) -> None:
    """Changes a round that is still as `row` says. Raises StorageRefused `state-moved-on` where it is not."""
    same = (rounds.c.id == row.id, rounds.c.state == row.state.value, rounds.c.bundled == row.bundled)
    if connection.execute(update(rounds).where(*same).values(**values)).rowcount != 1:
        raise StorageRefused("state-moved-on")


def _stored(row: RoundRow) -> dict[str, object]:
    plain = {name: getattr(row, name) for name in _PLAIN}
    return plain | {
        "state": row.state.value,
        "consultation": canonical(row.consultation.model_dump(mode="json")),
        "control_t": row.control.t,
        "control_s": row.control.s,
        "referrals": packed(row.referrals),
        "terms": row.terms,
    }


def _named(known: Sequence[Row[*tuple[Any, ...]]], name: str) -> Row[*tuple[Any, ...]]:
    """Of rows with id and code, the one that `name` means."""
    wanted = name.strip()
    found = [row for row in known if row.code == wanted.upper()] or [
        row for row in known if wanted and row.id.hex().startswith(wanted.lower())
    ]
    if len(found) != 1:
        raise StorageRefused("ambiguous-round" if found else "no-such-round")
    return found[0]


def _consultation(stored: bytes) -> Consultation:
    try:
        return Consultation.model_validate_json(stored)
    except ValueError:
        raise StorageRefused("round-changed") from None


@lru_cache(maxsize=64)
def _referrals(stored: bytes | None) -> tuple[Referral, ...]:
    try:
        return () if stored is None else unpacked(stored)
    except ValueError:
        raise StorageRefused("round-changed") from None


@lru_cache(maxsize=64)
def _results(stored: bytes | None) -> published.Results | None:
    try:
        return None if stored is None else published.unpacked(stored)
    except ValueError:
        raise StorageRefused("round-changed") from None


@lru_cache(maxsize=64)
def _conditions(record: bytes) -> Conditions:
    return Conditions.model_validate_json(record)
