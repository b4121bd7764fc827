"""A database with a round in it, a bot's intake on top, and the key that only a test holds beside them."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_box_keypair
from sqlalchemy import Engine, Table, select

from flows.answers import Said
from flows.model import Consultation
from flows.records import decode_answer, decode_manifest
from privacy.keys import RoundPrivateKey
from privacy.opening import Opener
from storage.closing import close_round
from storage.database import connect, reading, writing
from storage.envelope.ceremony import PublicFile
from storage.envelope.response import key_id
from storage.intake import Decide, Expired, Intake, Turned, Verdict
from storage.invitation_codes import new_code
from storage.invitations import offer
from storage.rounds import NO_RECORD, NO_SOUNDS, ControlRow, Record, RoundRow, RoundState, RoundStore
from storage.secrets import Secrets
from storage.tables import mailbag, responses
from storage.writer import Writer
from tests.storage.asked import CONSENTED, CONSULTATION, SEND, START, always, say, words

BOT = 4_242
CLOCK = datetime(2026, 11, 21, 12, 3, 4, tzinfo=UTC)


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now: datetime = CLOCK

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class World:
    """One process on one database."""

    url: str
    secrets: Secrets
    engine: Engine
    rounds: RoundStore
    writer: Writer
    intake: Intake
    clock: Clock
    keys: dict[bytes, RoundPrivateKey] = field(default_factory=dict)
    boxes: dict[bytes, RoundPrivateKey] = field(default_factory=dict)
    """By round, what opens its contact box."""
    updates: Iterator[int] = field(default_factory=lambda: itertools.count(1_000))

    @classmethod
    @contextmanager
    def make(cls, url: str, secrets: Path, clock: Clock | None = None) -> "Iterator[World]":
        """Opens a migrated database; closes writer and connections at the end."""
        engine = connect(url)
        writer, held, rounds, clock = Writer(engine), Secrets(secrets), RoundStore(engine), clock or Clock()
        intake = Intake(writer, held, rounds, bot_id=BOT, clock=clock)
        made = cls(url, held, engine, rounds, writer, intake, clock)
        try:
            yield made
        finally:
            made.writer.close()
            engine.dispose()

    def open_round(
        self, consultation: Consultation = CONSULTATION, *, rehearsal: bool = True, record: Record = NO_RECORD,
        sounds: Mapping[bytes, bytes] = NO_SOUNDS,
    ) -> RoundRow:  # fmt: skip
        """A round that is open, with a key of its own."""
        row = self.drafted(consultation, rehearsal=rehearsal, record=record, sounds=sounds)
        self.secrets.make_round(row.id)
        self.secrets.make_contact_key(row.id)
        self.rounds.set_state(row, RoundState.OPEN, opened_week="2026-W47")
        return self.rounds.get(row.id)

    def drafted(
        self, consultation: Consultation = CONSULTATION, *, rehearsal: bool = True, record: Record = NO_RECORD,
        sounds: Mapping[bytes, bytes] = NO_SOUNDS,
    ) -> RoundRow:  # fmt: skip
        """A round with a key of its own that nobody has opened yet."""
        public, secret = crypto_box_keypair()
        file = PublicFile(
            format="sauti-round-public", version=1, key_id=key_id(public), public_key=public, shares=3, threshold=2
        )
        box = RoundPrivateKey(*crypto_box_keypair())
        record = replace(record, notification_key=box.public_key)
        row = self.rounds.add(
            consultation, file, rehearsal=rehearsal, control=ControlRow(), record=record, sounds=sounds
        )  # fmt: skip
        self.keys[row.id], self.boxes[row.id] = RoundPrivateKey(public, secret), box
        return row

    def offered(self, row: RoundRow, places: int) -> str:
        """The code of an invitation that lets so many in."""
        code = new_code(row.code)
        with writing(self.engine) as connection:
            offer(connection, row.id, [code], places)
        return code

    def move(self, row: RoundRow, state: RoundState) -> RoundRow:
        """The round in another state."""
        self.rounds.set_state(self.rounds.get(row.id), state)
        return self.rounds.get(row.id)

    def close(self, row: RoundRow) -> RoundRow:
        """The round, closed as `sauti round close` does it."""
        close_round(self.rounds, self.secrets, self.rounds.get(row.id), self.clock())
        return self.rounds.get(row.id)

    async def turn(
        self,
        user: int,
        verdict: Verdict | Decide,
        *,
        round_id: bytes | None = None,
        update: int | None = None,
        messages: tuple[int, ...] = (),
    ) -> Turned:
        """One update of a person whose chat has her own number."""
        decide = always(verdict) if isinstance(verdict, Verdict) else verdict
        update = next(self.updates) if update is None else update
        return await self.intake.turn(
            chat_id=user, user_id=user, update_id=update, message_ids=messages, decide=decide, round_id=round_id
        )

    async def consented(self, user: int, row: RoundRow) -> None:
        """She has opened a conversation and agreed."""
        await self.turn(user, START, round_id=row.id)
        await self.turn(user, CONSENTED)

    async def sent(self, user: int, row: RoundRow, text: str = "peace") -> str:
        """A whole conversation; its receipt."""
        await self.consented(user, row)
        await self.turn(user, say(words(text)))
        receipt = (await self.turn(user, SEND)).receipt
        assert receipt is not None
        return receipt

    async def sent_by(self, users: range, row: RoundRow) -> list[str]:
        """Many conversations at once; their receipts."""
        return list(await asyncio.gather(*(self.sent(user, row, f"peace {user}") for user in users)))

    async def keep_house(self) -> tuple[Expired, ...]:
        return await self.intake.housekeeping()

    def rows(self, table: Table) -> list[tuple[object, ...]]:
        """Everything in a table, in the order in which the database gives it."""
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(select(table)).all()]

    def blobs(self, row: RoundRow) -> list[bytes]:
        """Sealed responses of a round, mailed or not."""
        with reading(self.engine) as connection:
            return [
                blob
                for table in (mailbag, responses)
                for blob in connection.execute(select(table.c.blob).where(table.c.round == row.id)).scalars()
            ]

    def opened(self, row: RoundRow) -> list[tuple[Any, ...]]:
        """What the round's responses say: for each, whether it is a repeat, then the answers."""
        return [self.read(row, blob) for blob in self.blobs(row)]

    def said(self, row: RoundRow) -> list[tuple[bool, Said]]:
        """Of responses that say one thing in words: whether each is a repeat, and the words."""
        return [(repeat, words[1]) for repeat, words in self.opened(row)]

    def read(self, row: RoundRow, blob: bytes) -> tuple[Any, ...]:
        """What one response says, opened with the key that the server does not have."""
        manifest, *answers = Opener(self.keys[row.id], row.id).open(blob).records
        said = [decode_answer(answer, row.consultation) for answer in answers]
        return decode_manifest(manifest, row.consultation).repeat, *((one.position, one.answer) for one in said)
