"""Inviting staff to link an account, and unlinking them: what the command line does, without the staff bot's token.

A code is shown once and stored as a hash; the second factor waits sealed under it. Who has linked which account is
not to be read here: rows are keyed hashes, and names are labels that people choose so that they name nobody.
"""

import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, update

from storage import staff_keys, work_log
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.statements import Keep
from storage.tables import staff, staff_offers
from storage.times import before

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,23}")
"""A label: short, in every script's reach, and no name of a person."""
FACTOR: Final = 20
"""Random bytes of a second factor (RFC 4226, section 4: 160 bits)."""
_offer = Keep(staff_offers)


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """What is told to one staff member once, by hand."""

    code: str
    factor: str
    """The second factor's secret in base 32, as authenticator apps take it."""

    def __repr__(self) -> str:
        return "<Offer>"


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of the staff, as the operator may see them."""

    name: str
    role: str
    state: str
    """`invited`, `linked`, or `unlinked` while the chat waits to be wiped."""


def offer(engine: Engine, name: str, role: str, now: datetime, minutes: int) -> Offer:
    """A new one-time code for a name that nobody has.

    Raises:
        StorageRefused: `bad-staff-name`, `staff-name-taken`.
    """
    if not NAME.fullmatch(name):
        raise StorageRefused("bad-staff-name")
    made = Offer(staff_keys.new_code(), b32encode(secrets.token_bytes(FACTOR)).decode())
    code = staff_keys.normal(made.code) or ""
    with writing(engine) as connection:
        forget_old(connection, now)
        kept = not connection.execute(select(staff.c.name).where(staff.c.name == name)).first()
        kept = kept and not connection.execute(select(staff_offers.c.name).where(staff_offers.c.name == name)).first()
        kept = kept and _offer(
            connection, code=staff_keys.hashed(code), name=name, role=role,
            body=staff_keys.seal_under_code(code, made.factor.encode()),
            expires=before(now, timedelta(minutes=minutes)),
        )  # fmt: skip
        if kept:
            work_log.note(connection, work_log.OFFICE, "staff-invite", name)
    if not kept:
        raise StorageRefused("staff-name-taken")
    return made


def unlink(engine: Engine, name: str) -> None:
    """From now on the account is a stranger's; its chat is wiped by the staff bot, as far as Telegram lets it.

    Raises:
        StorageRefused: `no-such-staff`.
    """
    with writing(engine) as connection:
        offered = connection.execute(delete(staff_offers).where(staff_offers.c.name == name)).rowcount
        linked = connection.execute(update(staff).where(staff.c.name == name).values(gone=True)).rowcount
        if offered + linked:
            work_log.note(connection, work_log.OFFICE, "staff-unlink", name)
    if not offered + linked:
        raise StorageRefused("no-such-staff")


def everybody(engine: Engine, now: datetime) -> tuple[Listed, ...]:
    """All names, in their order."""
    with writing(engine) as connection:
        forget_old(connection, now)
    with reading(engine) as connection:
        linked = connection.execute(select(staff.c.name, staff.c.role, staff.c.gone)).all()
        offered = connection.execute(select(staff_offers.c.name, staff_offers.c.role)).all()
    found = [Listed(row.name, row.role, "unlinked" if row.gone else "linked") for row in linked]
    return tuple(
        sorted([*found, *(Listed(row.name, row.role, "invited") for row in offered)], key=lambda one: one.name)
    )


def forget_old(connection: Connection, now: datetime) -> None:
    """Codes whose time is over are gone."""
    connection.execute(delete(staff_offers).where(staff_offers.c.expires <= int(now.timestamp())))
