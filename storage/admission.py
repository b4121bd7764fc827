"""Who is let in by an invitation, and what counts: what a turn asks of the code that somebody came with (F4).

Under a key of the round's salt lies, beside each code's keyed hash, a sealed body of one size. So the database alone
does not tell which codes are used, how often, or which are for one person, and a slip that somebody holds cannot be
looked up in it. Rows lie in the order of their keyed hashes; none knows when, or from which sheet it is. All of them
die with the salt, at closing.

At the beginning an invitation is only looked at: what ends before consent is not counted (K2, C1). Consent takes a
place behind a link, in its transaction. A code for one person is used by what is sent first; what follows a used one
looks the same to everybody, and is not kept.
"""

import struct
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.database import take_locks
from storage.drafts import StoredDraft
from storage.errors import StorageRefused
from storage.intake_keys import RoundKeys
from storage.running import Running
from storage.statements import Keep, Statement
from storage.tables import invitations, new_invitations
from storage.values import Verdict

_NUMBERS: Final = struct.Struct(">II")
_PAD: Final = 16
_TURN: Final = (0x5361757469506C61,)
"""Number of an advisory lock: of several workers, one at a time writes invitations, or two take the last place."""
_one = Statement(select(invitations.c.body).where(invitations.c.key == bindparam("this")))
_new = Statement(
    select(new_invitations.c.places).where(
        new_invitations.c.key == bindparam("this"), new_invitations.c.round == bindparam("round_id")
    )
)
_forget = Statement(delete(new_invitations).where(new_invitations.c.key == bindparam("this")))
_rewrite = Statement(update(invitations).where(invitations.c.key == bindparam("this")).values(body=bindparam("sealed")))
_keep = Keep(invitations)


@dataclass(frozen=True, slots=True, repr=False)
class _Invitation:
    """One code, as the transaction has it."""

    key: bytes
    places: int
    """How many may come; one where it is for one person alone."""
    taken: int

    @property
    def single(self) -> bool:
        """Whether it is for one person: then nothing that can be seen tells whether it was used."""
        return self.places == 1

    @property
    def full(self) -> bool:
        """Whether nobody more may come."""
        return self.taken >= self.places

    def __repr__(self) -> str:
        return "<_Invitation>"


def invited(connection: Connection, running: Running, name: bytes | None) -> bytes | None:
    """Where the invitation lies whose code is `name` (`storage.invitation_codes.hashed`), if it still lets anybody in.

    Empty where there is nothing to count: a rehearsal is entered without one, too.
    """
    if name is None:
        return b"" if running.row.rehearsal else None
    found = _find(connection, running.keys, running.row.id, name)
    # A code for one person opens the same cards after it was used, so that nobody can find out by it that it was.
    return None if found is None or (found.full and not found.single) else found.key


def admitted(connection: Connection, running: Running, draft: StoredDraft, verdict: Verdict) -> StoredDraft | None:
    """The draft, a place behind a link taken where she consents; None where none was left."""
    if verdict.begin is None or not draft.invitation:
        return draft
    place = _load(connection, running.keys, draft.round_id, draft.invitation)
    if place is not None and place.single:
        return draft
    taken = _take(connection, running.keys, draft.round_id, draft.invitation)
    return draft.but(invitation=b"") if taken else None


def counts(connection: Connection, running: Running, draft: StoredDraft) -> bool:
    """Whether what is sent is kept: behind a code for one person, only what is sent first."""
    return not draft.invitation or _take(connection, running.keys, draft.round_id, draft.invitation)


def _find(connection: Connection, keys: RoundKeys, round_id: bytes, name: bytes) -> _Invitation | None:
    """The invitation of this `hashed` code in this round, if there is one."""
    key = keys.invitation(name)
    found = _load(connection, keys, round_id, key)
    if found is not None:
        return found
    new = _new.run(connection, this=name, round_id=round_id).fetchone()
    if new is None:
        return None
    _adopt(connection, keys, round_id, name, new[0])
    return _load(connection, keys, round_id, key)


def _load(connection: Connection, keys: RoundKeys, round_id: bytes, key: bytes) -> _Invitation | None:
    """The invitation at this key, as it was when this statement ran."""
    row = _one.run(connection, this=key).fetchone()
    if row is None:
        return None
    places, taken = _NUMBERS.unpack(keys.invitations.open(row[0], round_id + key))
    return _Invitation(key, places, taken)


def _take(connection: Connection, keys: RoundKeys, round_id: bytes, key: bytes) -> bool:
    """Takes a place; whether there was one. The row is written anew either way, so that writing tells nothing.

    Raises:
        StorageRefused: `no-such-invitation`: this round never had it.
    """
    _alone(connection)
    found = _load(connection, keys, round_id, key)
    if found is None:
        raise StorageRefused("no-such-invitation")
    taken = found.taken if found.full else found.taken + 1
    _rewrite.run(connection, this=key, sealed=_sealed(keys, round_id, key, found.places, taken))
    return not found.full


def adopt(connection: Connection, keys: RoundKeys, round_id: bytes, most: int) -> None:
    """Lays at most so many new codes of a running round under its key, which hides what they are."""
    wanted = select(new_invitations.c.key, new_invitations.c.places).where(new_invitations.c.round == round_id)
    for name, places in connection.execute(wanted.limit(most)).all():
        _adopt(connection, keys, round_id, name, places)


def _adopt(connection: Connection, keys: RoundKeys, round_id: bytes, name: bytes, places: int) -> None:
    _alone(connection)
    key = keys.invitation(name)
    # Where another worker does the same at this moment, its row counts, and may have places taken already.
    _keep(connection, key=key, round=round_id, body=_sealed(keys, round_id, key, places, 0))
    _forget.run(connection, this=name)


def _alone(connection: Connection) -> None:
    take_locks(connection, _TURN)


def _sealed(keys: RoundKeys, round_id: bytes, key: bytes, places: int, taken: int) -> bytes:
    return keys.invitations.close(_NUMBERS.pack(places, taken), round_id + key, size=_PAD)
