"""What stands in storage's place: drafts in memory for as long as the preview runs, and nothing else.

Nothing that is said is sealed, counted or written anywhere: where storage would seal an answer, here it is dropped.
What the conversation can notice is as in `storage.turns`: which draft is the current one, which messages go, that a
hidden conversation waits for its code. One person has no more than two: one that goes on, one that is hidden.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from flows.mending import hidden
from flows.model import Consultation
from flows.session import State, consented
from storage.conditions import Conditions
from storage.receipts import from_seed
from storage.referrals import Referral
from storage.results import Results
from storage.values import Card, Decide, Draft, Fate, Resting, Turned, Verdict

if TYPE_CHECKING:  # a row of a database
    from storage.reminders import Reminder

CODE: Final = "PREVIEW"
"""What stands behind `/start` in a link to the one round there is."""


@dataclass(frozen=True, slots=True)
class Practice:
    """The round of a preview: a rehearsal, without a record, without a list of help, and never published."""

    consultation: Consultation
    id: bytes = bytes(16)
    code: str = CODE
    rehearsal: bool = True
    draft_minutes: int = 1_440
    referrals: tuple[Referral, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    closed_week: str | None = None
    results: Results | None = None


class OnlyRound:
    """All rounds there are: one, and it is open."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def open_codes(self) -> dict[str, bytes]:
        """Its id, by its code."""
        return {self._practice.code: self._practice.id}

    def all(self) -> tuple[Practice, ...]:
        """It alone."""
        return (self._practice,)

    def get(self, _name: bytes) -> Practice:
        """It, by its id."""
        return self._practice


@dataclass(frozen=True, slots=True, repr=False)
class _Kept:
    """A draft, and which message its recording is, where one stands below the card."""

    draft: Draft
    playing: int | None = None

    def __repr__(self) -> str:
        return "<_Kept>"


class Memory:
    """The door into storage, without a storage behind it."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._kept: dict[int, tuple[_Kept, ...]] = {}
        """The current draft last."""

    def button_key(self, user_id: int) -> bytes:
        """Key of this account's button tokens; another one in each preview."""
        return blake2b(user_id.to_bytes(8, "big", signed=True), key=self._secret, digest_size=32).digest()

    async def turn(
        self,
        *,
        chat_id: int,
        user_id: int,
        update_id: int,
        message_ids: tuple[int, ...],
        decide: Decide,
        round_id: bytes | None,
    ) -> Turned:
        """One update. Chat and update are those of one phone in this process, so neither is looked at."""
        del chat_id, update_id
        kept = self._kept.get(user_id, ())
        current = kept[-1] if kept else None
        verdict = decide(current.draft if current else None)
        after, draft, swept = _carried_out(verdict, kept, message_ids, round_id)
        if verdict.hide:
            after, swept = _hidden(after), _messages(kept, message_ids)
            draft = None if draft is None else _bare(draft)
        self._kept[user_id] = after
        receipt = from_seed(secrets.token_bytes(32)) if verdict.fate is Fate.SEND else None
        play = verdict.play if after and after[-1].playing is None else None
        return Turned(
            repeated=False, verdict=verdict, draft=draft, receipt=receipt, withdrawn=0, sweep=swept, play=play
        )  # fmt: skip

    def card_stands(self, user_id: int, message_id: int, sent: float) -> int | None:
        """Remembers which message her card is, and when it was sent (seconds since 1970).

        Gives the card that it replaces, if that is another message.
        """
        *others, current = self._kept[user_id]
        before = current.draft.card
        card = before
        if before is not None and before.message_id != message_id:
            card = Card(message_id, before.nonce, int(sent))
        messages = tuple(dict.fromkeys((*current.draft.messages, message_id)))
        draft = replace(current.draft, card=card, messages=messages)
        self._kept[user_id] = (*others, replace(current, draft=draft))
        return before.message_id if before and before.message_id != message_id else None

    def recording_stands(self, user_id: int, message_id: int) -> None:
        """Remembers which message the recording below her card is."""
        *others, current = self._kept[user_id]
        draft = replace(current.draft, messages=(*current.draft.messages, message_id))
        self._kept[user_id] = (*others, _Kept(draft, message_id))

    async def rest(self, one: Resting, decide: Decide) -> None:
        """Nothing: no clock runs in a preview, so no card goes neutral by itself."""

    async def remind(self, one: "Reminder", decide: Decide) -> None:
        """Nothing, for the same reason."""


def _carried_out(
    verdict: Verdict, kept: tuple[_Kept, ...], message_ids: Sequence[int], round_id: bytes | None
) -> tuple[tuple[_Kept, ...], Draft | None, tuple[int, ...]]:
    """What is kept afterwards, the draft as the conversation sees it, and messages that go now."""
    current = kept[-1] if kept else None
    match verdict.fate:
        case Fate.KEEP:
            after, gone = _going_on(verdict, current, message_ids, round_id)
            return (kept, None, ()) if after is None else ((*_beside(verdict, kept), after), after.draft, gone)
        case Fate.SEND:
            return kept[:-1], None, _ended(kept[-1:], message_ids)
        case Fate.ERASE:
            return (), None, () if verdict.hide else _ended(_seen(kept), message_ids)
        case Fate.NONE:
            return kept, None if current is None else current.draft, ()


def _beside(verdict: Verdict, kept: tuple[_Kept, ...]) -> tuple[_Kept, ...]:
    """Other conversations than the one that goes on: somebody who begins anew has hidden one at most."""
    return kept[-1:] if verdict.anew else kept[:-1]


def _going_on(
    verdict: Verdict, current: _Kept | None, message_ids: Sequence[int], round_id: bytes | None
) -> tuple[_Kept | None, tuple[int, ...]]:
    """The draft after a step, or a new one, and the recording whose card has gone."""
    if verdict.anew or current is None:
        if round_id is None or verdict.session is None:
            return None, ()
        current = _Kept(Draft(round_id, verdict.session, None, ()))
    before, playing = current.draft, current.playing
    card = _card(before.card, verdict.card_nonce)
    moved = card is None or before.card is None or card.nonce != before.card.nonce
    gone = (playing,) if moved and playing is not None else ()
    messages = tuple(one for one in (*before.messages, *message_ids) if one not in gone)
    draft = Draft(before.round_id, verdict.session or before.session, card, messages)
    return _Kept(draft, None if moved else playing), gone


def _card(before: Card | None, nonce: bytes | None) -> Card | None:
    if nonce is None:
        return before
    return Card(None, nonce) if before is None else replace(before, nonce=nonce)


def _seen(kept: tuple[_Kept, ...]) -> tuple[_Kept, ...]:
    """Those that are not hidden: of the others, nothing in the chat tells that they were there."""
    return tuple(one for one in kept if one.draft.session.state is not State.HIDDEN)


def _ended(kept: tuple[_Kept, ...], message_ids: Sequence[int]) -> tuple[int, ...]:
    """Messages that go as a conversation ends: all but the card, which stays to be read."""
    cards = {one.draft.card.message_id for one in kept if one.draft.card}
    return tuple(one for one in _messages(kept, message_ids) if one not in cards)


def _messages(kept: tuple[_Kept, ...], message_ids: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*(message for one in kept for message in one.draft.messages), *message_ids)))


def _hidden(kept: tuple[_Kept, ...]) -> tuple[_Kept, ...]:
    """What stays of conversations that are hidden: those with a consent, without a message."""
    begun = (one.draft for one in kept if consented(one.draft.session))
    return tuple(_Kept(_bare(replace(draft, session=hidden(draft.session)))) for draft in begun)


def _bare(draft: Draft) -> Draft:
    return replace(draft, card=None, messages=())
