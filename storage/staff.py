"""Accounts of staff, and the little that is kept of their chats: the staff bot's own tables, and one view.

The view says how many have sent, in tens and a day late (F3), because the table behind it would say it a day too early.
On PostgreSQL the process has a role of its own (`storage.staff_guard`), to which the database refuses the rest; on
SQLite, where there are no roles, its connections refuse it themselves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Engine, MetaData, Row, Table, delete, func, select, update

from storage import staff_keys, work_log
from storage.database import reading, writing
from storage.staff_keys import StaffKeys
from storage.staff_offers import forget_old
from storage.statements import Keep, Put
from storage.tables import staff, staff_messages, staff_offers, staff_sent
from storage.times import GRAIN, before, day

VIEWS: Final = MetaData()
"""What the newest migration shows of other rooms' tables; no tables themselves, so not among `storage.tables`."""
_participation = Table("staff_participation", VIEWS, *map(Column, ("round", "day", "tens")))
_LATE: Final = 2
"""Days: as in `storage.participation`, whose notes these are."""
KEPT: Final = timedelta(hours=12)
"""How long a message stands in a staff chat at most; Telegram lets a bot delete it for 48 hours."""
TRIES: Final = 5
"""Wrong step-up codes in a row, after which none counts for an hour."""
SHUT: Final = 3_600
_account = Keep(staff)
_note = Keep(staff_messages)
_sent = Put(staff_sent)


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """A linked account, as long as one update or one job is at work."""

    key: bytes
    name: str
    role: str
    language: str
    chat_id: int
    factor: str
    step: int
    shut: int
    """Until when no step-up code counts: seconds since 1970, UTC; 0 is never."""

    def __repr__(self) -> str:
        return "<Account>"


class StaffStore:
    """The staff bot's side of the database."""

    def __init__(self, engine: Engine, keys: StaffKeys) -> None:
        self._engine, self._keys = engine, keys

    def link(self, code: str, user_id: int, language: str, now: datetime) -> Account | None:
        """Links an account by its one-time code, which is used up; None for any other, and for a linked account."""
        key, used = self._keys.account(user_id), staff_keys.hashed(code)
        with writing(self._engine) as connection:
            forget_old(connection, now)
            offered = connection.execute(select(staff_offers).where(staff_offers.c.code == used)).first()
            if offered is None:
                return None
            factor = staff_keys.open_under_code(code, offered.body).decode()
            body = self._keys.seal(key, json.dumps([user_id, factor]).encode())
            facts = {"name": offered.name, "role": offered.role, "language": language, "body": body}
            if not _account(connection, key=key, step=0, fails=0, shut=0, gone=False, **facts):
                return None
            connection.execute(delete(staff_offers).where(staff_offers.c.code == used))
            work_log.note(connection, offered.name, "staff-link", offered.name)
        return self.who(user_id)

    def who(self, user_id: int) -> Account | None:
        """The linked account of this number; None for everybody else, who is a stranger."""
        with reading(self._engine) as connection:
            wanted = select(staff).where(staff.c.key == self._keys.account(user_id), ~staff.c.gone)
            row = connection.execute(wanted).first()
        return None if row is None else self._opened(row)

    def linked(self) -> tuple[Account, ...]:
        """All linked accounts, in no order that says anything."""
        return self._accounts(gone=False)

    def unlinked(self) -> tuple[Account, ...]:
        """Those whose chats are still to be wiped."""
        return self._accounts(gone=True)

    def forget(self, account: Account) -> None:
        """Nothing is kept of an unlinked account, whose chat was wiped as far as it can be."""
        with writing(self._engine) as connection:
            for table in (staff_messages, staff_sent):
                connection.execute(delete(table).where(table.c.key == account.key))
            connection.execute(delete(staff).where(staff.c.key == account.key, staff.c.gone))

    def unlink(self, name: str, by: str) -> bool:
        """As `staff_offers.unlink`, from the phone of `by`; False where nobody of this name is linked."""
        with writing(self._engine) as connection:
            found = bool(connection.execute(update(staff).where(staff.c.name == name).values(gone=True)).rowcount)
            if found:
                work_log.note(connection, by, "staff-unlink", name)
        return found

    def set_language(self, account: Account, language: str) -> None:
        """In which language this account is spoken to."""
        with writing(self._engine) as connection:
            connection.execute(update(staff).where(staff.c.key == account.key).values(language=language))

    def step_up(self, account: Account, step: int) -> bool:
        """Takes a right step-up code, once: False where it, or a later one, has been used before."""
        new = (staff.c.key == account.key, staff.c.step < step, ~staff.c.gone)
        with writing(self._engine) as connection:
            return bool(connection.execute(update(staff).where(*new).values(step=step, fails=0)).rowcount)

    def wrong(self, account: Account, now: datetime) -> bool:
        """Counts a wrong step-up code; whether it was one too many, so that none counts for an hour."""
        mine = staff.c.key == account.key
        with writing(self._engine) as connection:
            fails = connection.execute(select(staff.c.fails).where(mine)).scalar_one() + 1
            shut = {"fails": 0, "shut": int(now.timestamp()) // GRAIN * GRAIN + SHUT + GRAIN}
            connection.execute(update(staff).where(mine).values(**(shut if fails >= TRIES else {"fails": fails})))
        return bool(fails >= TRIES)

    def note(self, account: Account, message: int, now: datetime) -> None:
        """Remembers a message that stands in the chat, of whichever side, so that it can be deleted."""
        with writing(self._engine) as connection:
            _note(connection, key=account.key, message=message, due=before(now, KEPT))

    def standing(self, account: Account, due: datetime | None = None) -> tuple[int, ...]:
        """Messages of a chat: all, or those that have stood there long enough."""
        where = [staff_messages.c.key == account.key]
        if due is not None:
            where.append(staff_messages.c.due <= int(due.timestamp()))
        with reading(self._engine) as connection:
            return tuple(connection.execute(select(staff_messages.c.message).where(*where)).scalars())

    def swept(self, account: Account, messages: Sequence[int]) -> None:
        """These are gone, or cannot be deleted any more."""
        these = (staff_messages.c.key == account.key, staff_messages.c.message.in_(messages))
        with writing(self._engine) as connection:
            connection.execute(delete(staff_messages).where(*these))

    def count(self, round_id: bytes, now: datetime) -> int:
        """Responses sent to a round, rounded down to ten and at least a day old (F3)."""
        of = (_participation.c.round == round_id, _participation.c.day <= day(now) - _LATE)
        newest = select(func.max(_participation.c.day)).where(*of).scalar_subquery()
        wanted = select(_participation.c.tens).where(*of, _participation.c.day == newest)
        with reading(self._engine) as connection:
            return int(connection.execute(wanted).scalar() or 0)

    def claim(self, account: Account, what: str, slot: int) -> bool:
        """Takes on to tell an account `what` of the day `slot`, before it is told; False where somebody has."""
        mine = (staff_sent.c.key == account.key, staff_sent.c.what == what)
        with writing(self._engine) as connection:
            told = connection.execute(select(staff_sent.c.slot).where(*mine)).scalar()
            if told is not None and told >= slot:
                return False
            _sent(connection, key=account.key, what=what, slot=slot)
        return True

    def _accounts(self, *, gone: bool) -> tuple[Account, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(staff).where(staff.c.gone == gone)).all()
        return tuple(one for one in map(self._opened, rows) if one is not None)

    def _opened(self, row: Row[Any]) -> Account | None:
        """An account; None where another bot's token linked it: it is nobody's any more."""
        try:
            chat_id, factor = json.loads(self._keys.open(row.key, row.body))
        except ValueError:
            return None
        return Account(row.key, row.name, row.role, row.language, chat_id, factor, row.step, row.shut)
