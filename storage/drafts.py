"""Open conversations at rest: one encrypted row each, and the sealed chunks of what has been said so far.

The row is found by a pseudonym and encrypted for it, so that a row copied to another account's place does not open. It
holds what lets a person go on and never an answer in words. Before consent it lives half an hour from its beginning and
nothing extends that (K2); after consent, as long after the last word as its round says, a day at most (P7). When the
card goes neutral is in the row twice: to ten minutes beside it, exactly inside.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, select

from flows.changing import Changing
from flows.session import Session, State
from storage import due
from storage.envelope.response import SealedAnswer
from storage.errors import StorageRefused
from storage.intake_keys import RoundKeys
from storage.statements import Statement
from storage.tables import chunks, drafts
from storage.times import GRAIN, HOUR, before
from storage.values import Card, Draft, Playing, Verdict

UNCONSENTED = timedelta(minutes=30)
RESTS = timedelta(minutes=30)
"""After this long without a word from her, the card becomes a neutral line (P7)."""
SUPPORT_RESTS = timedelta(minutes=5)
"""The same for the card with places to turn to (P6)."""
_PAD = 512
"""Bytes: rows grow in steps, so that a length does not count messages or choices."""
_FORM = 4
"""The first byte says how the rest is written. The first form began with a chat's number, whose first byte is 0."""
_HEAD = struct.Struct(">BqI16sI8sI?qI8sI?qI32sH")
_THIRD = 3
_THIRD_HEAD = struct.Struct(">BqI16sI8sI?qI8sI?qIH")
_SECOND = 2
_SECOND_HEAD = struct.Struct(">BqI16sI8sI?qI8sIH")
_FIRST_HEAD = struct.Struct(">qI16sI8sI?q8sH")
_NO_ID = -1
_NO_RESPONSE = bytes(16)
_NO_TAG = bytes(8)
_NO_INVITATION = bytes(32)

_this: BindParameter[bytes] = bindparam("this")
_delete = Statement(delete(drafts).where(drafts.c.key == _this))
_read_chunks = Statement(select(chunks.c.chunk).where(chunks.c.draft == _this).order_by(chunks.c.number))
_delete_chunks = Statement(delete(chunks).where(chunks.c.draft == _this))


@dataclass(frozen=True, slots=True, repr=False)
class StoredDraft(Changing):
    """A draft with all that storage needs to go on with it."""

    key: bytes
    """The pseudonym it is stored under."""
    round_id: bytes
    chat_id: int
    session: Session
    expires: int
    card: Card | None = None
    messages: tuple[int, ...] = ()
    turn: int = 0
    """Of an account's drafts in several rounds, the one with the highest is the conversation that goes on."""
    response_id: bytes | None = None
    """None until consent."""
    segments: int = 0
    """Segments begun and committed."""
    tag: bytes = field(default=_NO_TAG)
    """Of the last segment."""
    chunks: int = 0
    """Chunks committed; the next one's number."""
    touched: int = 0
    """When she last wrote or tapped: seconds since 1970, UTC."""
    playing: Playing | None = None
    """What can be heard below the card."""
    invitation: bytes = b""
    """Where the invitation lies that is still to be counted: until consent, or until *send* where it is for one."""

    @property
    def hidden(self) -> bool:
        """Whether it waits for its code, and for everybody else is not there."""
        return self.session.state is State.HIDDEN

    @property
    def rests_at(self) -> int:
        """When its card goes neutral unless she does something; not before its end where it is hidden already."""
        if self.hidden:
            return self.expires
        rests = SUPPORT_RESTS if self.session.state is State.SUPPORT else RESTS
        return self.touched + int(rests.total_seconds())

    @property
    def idle(self) -> int:
        """The same to ten minutes, as it stands beside the row."""
        return self.rests_at // GRAIN * GRAIN

    @property
    def view(self) -> Draft:
        """What the engine may see of it."""
        return Draft(self.round_id, self.session, self.card, self.messages)

    def with_messages(self, message_ids: Sequence[int]) -> Self:
        """The same, remembering these message ids too."""
        messages = joined(self.messages, message_ids)
        return self if messages is self.messages else self.but(messages=messages)

    def remembering(
        self, more: Sequence[int], card: Card | None, gone: Sequence[int], most: int
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:  # fmt: skip
        """The ids that it holds with `more` and without `gone`, at most `most`; and those that are too many for it."""
        kept = tuple([one for one in self.messages if one not in gone]) if gone else self.messages
        kept = joined(kept, more)
        if len(kept) <= most:
            return kept, ()
        shown = card.message_id if card else None
        old = tuple(message for message in kept[: -most // 2] if message != shown)
        swept = set(old)
        return tuple(message for message in kept if message not in swept), old

    def __repr__(self) -> str:
        return "<StoredDraft>"


def joined(messages: tuple[int, ...], more: Sequence[int]) -> tuple[int, ...]:
    """Both, each message once; `messages` itself where there is nothing new."""
    new = [message_id for message_id in more if message_id not in messages]
    return (*messages, *dict.fromkeys(new)) if new else messages


def begin(
    key: bytes, round_id: bytes, chat_id: int, session: Session, now: datetime, invitation: bytes = b""
) -> StoredDraft:  # fmt: skip
    """A new conversation, not yet stored, with half an hour to live."""
    return StoredDraft(
        key, round_id, chat_id, session, before(now, UNCONSENTED), touched=int(now.timestamp()), invitation=invitation
    )  # fmt: skip


def card_after(draft: StoredDraft, verdict: Verdict) -> Card | None:
    """The card after the turn: the same message under a new name, where one was given."""
    if verdict.card_nonce is None:
        return draft.card
    if draft.card is None:
        return Card(None, verdict.card_nonce)
    return Card(draft.card.message_id, verdict.card_nonce, draft.card.sent)


def chunks_of(connection: Connection, draft: StoredDraft) -> list[SealedAnswer]:
    """The chunks stored so far, in order."""
    return [SealedAnswer(chunk) for (chunk,) in _read_chunks.run(connection, this=draft.key).fetchall()]


def erase(connection: Connection, key: bytes) -> None:
    """Destroys a draft, what was sealed in it, and what was planned for it."""
    due.forget(connection, key)
    _delete_chunks.run(connection, this=key)
    _delete.run(connection, this=key)


def encode(keys: RoundKeys, draft: StoredDraft) -> bytes:
    """The encrypted row of a draft."""
    card, playing = draft.card, draft.playing
    head = _HEAD.pack(
        _FORM, draft.chat_id, draft.turn, draft.response_id or _NO_RESPONSE, draft.segments, draft.tag, draft.chunks,
        card is not None, _NO_ID if card is None or card.message_id is None else card.message_id,
        card.sent if card else 0, card.nonce if card else _NO_TAG, draft.touched,
        playing is not None, _NO_ID if playing is None or playing.message_id is None else playing.message_id,
        playing.asked if playing else 0, draft.invitation, len(draft.messages),
    )  # fmt: skip
    ids = struct.pack(f">{len(draft.messages)}q", *draft.messages)
    return keys.drafts.close(head + ids + draft.session.to_bytes(), draft.round_id + draft.key, size=_PAD)


def decode(keys: RoundKeys, key: bytes, round_id: bytes, body: bytes, expires: int) -> StoredDraft:
    """The draft that `encode` wrote. Raises StorageRefused `bad-secret` where it was not written with these keys."""
    plain = keys.drafts.open(body, round_id + key)
    if plain[0] not in {_FORM, _THIRD, _SECOND}:
        plain = _second_form(plain, expires)
    if plain[0] == _SECOND:
        plain = _third_form(plain)
    if plain[0] != _FORM:
        plain = _fourth_form(plain)
    (
        _, chat_id, turn, response_id, segments, tag, count, has_card, message_id, sent, nonce, touched,
        has_sound, heard, asked, invitation, ids,
    ) = _HEAD.unpack_from(plain)  # fmt: skip
    end = _HEAD.size + 8 * ids
    card = Card(None if message_id == _NO_ID else message_id, nonce, sent) if has_card else None
    return StoredDraft(
        key, round_id, chat_id, Session.from_bytes(plain[end:]), expires, card,
        struct.unpack_from(f">{ids}q", plain, _HEAD.size), turn,
        None if response_id == _NO_RESPONSE else response_id, segments, tag, count, touched,
        Playing(None if heard == _NO_ID else heard, asked) if has_sound else None,
        b"" if invitation == _NO_INVITATION else invitation,
    )  # fmt: skip


def opened(keys: RoundKeys, row: Row[*tuple[Any, ...]]) -> StoredDraft | None:
    """The draft of a row, for whoever goes through many; None where it is damaged or of another secret."""
    try:
        return decode(keys, row.key, row.round, row.body, row.expires)
    except StorageRefused:
        return None


def _second_form(plain: bytes, expires: int) -> bytes:
    """A row of the first form in the second: nobody knows when its card was sent, or when she last wrote."""
    *before_card, message_id, nonce, ids = _FIRST_HEAD.unpack_from(plain)
    head = _SECOND_HEAD.pack(_SECOND, *before_card, message_id, 0, nonce, expires - HOUR, ids)
    return head + plain[_FIRST_HEAD.size :]


def _third_form(plain: bytes) -> bytes:
    """A row of the second form in the third: nothing could be heard then."""
    _, *values, ids = _SECOND_HEAD.unpack_from(plain)
    return _THIRD_HEAD.pack(_THIRD, *values, False, _NO_ID, 0, ids) + plain[_SECOND_HEAD.size :]  # noqa: FBT003 - a flag of the format


def _fourth_form(plain: bytes) -> bytes:
    """A row of the third form in today's: no invitation was counted then."""
    _, *values, ids = _THIRD_HEAD.unpack_from(plain)
    return _HEAD.pack(_FORM, *values, _NO_INVITATION, ids) + plain[_THIRD_HEAD.size :]
