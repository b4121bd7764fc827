"""How far a broadcast has come: whom it has been to, and that nobody is written to twice, whatever happens (T4, W5).

A message cannot be part of a transaction. So a chat is *claimed* before anything is sent to it, by a keyed hash that
says nothing without the key beside the box; a process that dies between claim and message has sent nothing to the few
it was just about to write to, and the next one leaves them alone. Once too few is the side to err on.
"""

from enum import StrEnum

from sqlalchemy import Connection, Engine, bindparam, delete, select

from storage import skipping
from storage.database import reading, writing
from storage.destroying import destroy_box
from storage.errors import StorageRefused
from storage.intake_keys import ContactKeys
from storage.rounds import RoundRow, RoundStore, change
from storage.secrets import Secrets
from storage.statements import Keep, Statement
from storage.tables import told

AT_MOST = 2
"""Broadcasts of a round; after the last one its box is destroyed (W5)."""
_claim = Keep(told)
_release = Statement(delete(told).where(told.c.key == bindparam("claimed")))


class Let(StrEnum):
    """Whether a message may go to a chat now."""

    GO = "go"
    LISTED = "listed"
    """She does not want to be written to."""
    DONE = "done"
    """It has gone already, or somebody else is about to send it."""


class Errand:
    """One broadcast of one round, under way."""

    __slots__ = ("keys", "number", "round_id")

    def __init__(self, round_id: bytes, keys: ContactKeys, number: int) -> None:
        self.round_id, self.keys, self.number = round_id, keys, number

    def claim(self, connection: Connection, chat_id: int) -> Let:
        """Takes a chat for this broadcast, unless its owner has said no, up to this very transaction."""
        if skipping.listed(connection, self.round_id, self.keys, chat_id):
            return Let.LISTED
        fresh = _claim(connection, key=self.keys.told(self.number, chat_id), round=self.round_id)
        return Let.GO if fresh else Let.DONE

    def release(self, connection: Connection, chat_id: int) -> None:
        """Gives a chat back: for certain, nothing was sent to it."""
        _release.run(connection, claimed=self.keys.told(self.number, chat_id))

    def been(self, engine: Engine, chat_ids: list[int]) -> frozenset[int]:
        """Those of the chats that this broadcast has been to."""
        with reading(engine) as connection:
            known = set(connection.execute(select(told.c.key).where(told.c.round == self.round_id)).scalars())
        return frozenset(chat_id for chat_id in chat_ids if self.keys.told(self.number, chat_id) in known)

    def __repr__(self) -> str:
        return "<Errand>"


def box_keys(secrets: Secrets, row: RoundRow) -> ContactKeys:
    """Keys of what is noted beside a round's box.

    Raises:
        StorageRefused: `no-contact-box`, there never was one; `box-destroyed`.
    """
    if row.notification_key is None:
        raise StorageRefused("no-contact-box")
    if secrets.boxless(row.id) or (row.broadcasts >= AT_MOST and not row.telling):
        raise StorageRefused("box-destroyed")
    key = secrets.contact_key(row.id)
    if key is None:
        raise StorageRefused("no-secret")
    return ContactKeys(key)


def begin(store: RoundStore, secrets: Secrets, row: RoundRow) -> Errand:
    """The broadcast that was interrupted, or the next one. Raises as `box_keys`, and `state-moved-on`."""
    keys, number = box_keys(secrets, row), row.broadcasts
    if not row.telling:
        number += 1
        with writing(store.engine, alone=True) as connection:
            change(connection, row, broadcasts=number, telling=True)
    return Errand(row.id, keys, number)


def end(store: RoundStore, secrets: Secrets, errand: Errand) -> bool:
    """Everybody has been written to; whether that was the last time, and the box is gone. Safe to repeat."""
    last = errand.number >= AT_MOST
    if last:
        destroy_box(store, secrets, errand.round_id)
    with writing(store.engine, alone=True) as connection:
        connection.execute(delete(told).where(told.c.round == errand.round_id))
        change(connection, store.load(connection, errand.round_id), telling=False)
    return last
