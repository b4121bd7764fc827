"""One turn of one conversation, as a part of one transaction: see, decide, seal, save.

Order matters for safety. The update's tag is taken first, so that an update counts once. A stream state is taken out
of memory before anything is pushed, and left in `Turn.segment` for the caller, who gives it back only after the commit
(see storage.streams). An exception anywhere, also in another turn of the same batch, leaves the database as it was and
the stream state lost, which costs a segment: a turn that is tried again is another `Turn`, with another state.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from flows.mending import hidden
from flows.records import Manifest, consent_hash, encode_answer, encode_manifest
from flows.screens import Begin
from storage import (
    admission,
    contacts,
    drafts,
    due,
    links,
    mailbag,
    playing,
    reminders,
    skipping,
    sweep,
    withdrawal,
)
from storage.batch import Batch
from storage.drafts import StoredDraft
from storage.due import Due
from storage.envelope import response
from storage.envelope.ceremony import RESPONSE_ID
from storage.envelope.response import SealedAnswer
from storage.errors import StorageRefused
from storage.intake_keys import BotKeys, receipt_hash
from storage.mailbag import Sent
from storage.posting import post
from storage.receipts import from_seed
from storage.running import Running, RunningRounds
from storage.sealing import Segment, fill
from storage.streams import StreamCache
from storage.times import HOUR, before
from storage.values import LAST_LINE, OUTSIDE, READING_TIME, Decide, Draft, Fate, Turned, Verdict

TAGS_KEPT = timedelta(hours=48)
"""Telegram offers an update again for 24 hours."""
MESSAGES = 400
"""Message ids a draft holds at most; older ones go to the sweep box while the conversation goes on."""


@dataclass(frozen=True, slots=True, repr=False)
class Tools:
    """What every turn of one bot needs."""

    bot_id: int
    keys: BotKeys
    running: RunningRounds
    streams: StreamCache
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What arrived, in numbers, and who decides about it."""

    chat_id: int
    user_id: int
    update_id: int
    message_ids: tuple[int, ...]
    decide: Decide
    round_id: bytes | None
    tag: bytes | None = None
    """Of the update, so that it counts once; None where nothing has arrived."""


class Turn:
    """One try of one turn, good for one `run`, `rest` or `remind`; made before any turn of its batch runs."""

    def __init__(self, tools: Tools, request: Request, batch: Batch) -> None:
        self.segment: Segment | None = None
        """Has been pushed; belongs back into the cache if, and only if, this transaction commits."""
        self._tools = tools
        self._request = request
        self._batch = batch
        self._connection = batch.connection
        self._now = tools.clock()
        self._running = tools.running.read(batch.connection)
        self._names = [name for one in self._running.values() for name in batch.expect(one.keys, request.user_id)]
        if request.tag is not None:
            batch.expect_tag(request.tag)
        self._asked = True

    def run(self) -> Turned:
        """Everything that happens because of this update. Raises StorageRefused where the verdict is impossible."""
        request, tools = self._request, self._tools
        fresh = request.tag is None or self._batch.fresh(request.tag, before(self._now, TAGS_KEPT, HOUR))
        stored = self._stored()
        current = self._current(stored)
        if not fresh:
            return Turned(
                repeated=True, verdict=None, draft=_view(current), receipt=self._receipt_again(), withdrawn=0, sweep=()
            )  # fmt: skip
        verdict = request.decide(_view(current))
        if verdict.unwanted:
            skipping.put(self._connection, tools.running.secrets, request.chat_id)
        if verdict.withdraw_chat or verdict.withdraw_receipt is not None:
            self._batch.bag()
        withdrawn = withdrawal.asked(self._connection, tools.running, verdict, request.user_id, request.round_id)
        draft, receipt, swept = self._carry_out(verdict, current, stored)
        if verdict.hide:
            draft, swept = self._hide(draft, stored)
        elif verdict.fate is Fate.NONE or (verdict.fate is Fate.KEEP and draft is None):
            self._sweep(request.message_ids, timedelta() if verdict.telling else OUTSIDE)
        return Turned(
            repeated=False, verdict=verdict, draft=_view(draft), receipt=receipt, withdrawn=withdrawn, sweep=swept,
            play=verdict.play if playing.begun(current, draft) else None,
        )  # fmt: skip

    def rest(self) -> Turned | None:
        """The same where nothing has happened for its time, and only there: None where something has."""
        stored = self._stored()
        current = self._current(stored)
        if current is None or current.hidden or current.rests_at > self._now.timestamp():
            return None
        self._asked = False
        verdict = self._request.decide(current.view)
        draft, _, swept = self._carry_out(verdict, current, stored)
        return Turned(repeated=False, verdict=verdict, draft=_view(draft), receipt=None, withdrawn=0, sweep=swept)

    def remind(self, planned: Due) -> Turned | None:
        """The one reminder: taken off the plan and noted in the draft at once, so that it goes out once or never.

        None, and nothing changed, where she came back, hid, began anew or does not want it any more, where it is night
        or the round rests, and where somebody else has done it. Also while her card is still up, which the reminder
        would otherwise replace before it has gone neutral.
        """
        current = self._current(self._stored())
        if current is None or current.key != planned.subject or not current.hidden or self._quiet(current):
            return None
        self._asked = False
        verdict = self._request.decide(current.view)
        if verdict.fate is not Fate.KEEP or not due.claim(self._connection, planned):
            return None
        draft, _, _ = self._keep(verdict, current, ())
        return Turned(repeated=False, verdict=verdict, draft=_view(draft), receipt=None, withdrawn=0, sweep=())

    def _quiet(self, draft: StoredDraft) -> bool:
        """Whether it is night where this round asks."""
        return self._running[draft.round_id].row.conditions.quiet(self._now)

    def _carry_out(
        self, verdict: Verdict, current: StoredDraft | None, stored: Sequence[StoredDraft]
    ) -> tuple[StoredDraft | None, str | None, tuple[int, ...]]:
        """The draft afterwards, a receipt, and message ids to delete now."""
        match verdict.fate:
            case Fate.KEEP:
                return self._keep(verdict, current, stored)
            case Fate.SEND:
                return None, *self._send(verdict, current)
            case Fate.ERASE:
                return None, None, () if verdict.hide else self._erase(stored)
            case Fate.NONE:
                return current, None, ()

    def _stored(self) -> list[StoredDraft]:
        """This account's drafts in all running rounds; those whose time is over end here."""
        alive = []
        for draft in self._batch.load(self._names):
            if draft.expires > self._now.timestamp():
                alive.append(draft)
            else:
                self._end(draft, timedelta())
        return alive

    def _current(self, stored: Sequence[StoredDraft]) -> StoredDraft | None:
        wanted = self._request.round_id
        open_ones = [
            draft
            for draft in stored
            if self._running[draft.round_id].open and wanted in {None, draft.round_id}
        ]  # fmt: skip
        return max(open_ones, key=lambda draft: draft.turn, default=None)

    def _keep(
        self, verdict: Verdict, current: StoredDraft | None, stored: Sequence[StoredDraft]
    ) -> tuple[StoredDraft | None, None, tuple[int, ...]]:
        draft = self._new(verdict, stored) if verdict.anew or current is None else current
        if draft is None:
            return None, None, ()
        running = self._running[draft.round_id]
        admitted = admission.admitted(self._connection, running, draft, verdict)
        if admitted is None:
            # The last place went while she read: her card goes, and she is told what strangers are told.
            return None, None, self._end(draft, timedelta())
        draft = admitted
        grown, chunks = self._seal(draft, verdict)
        card = drafts.card_after(draft, verdict)
        heard, gone = playing.after(draft, card, verdict, self._now)
        if gone:
            self._sweep(gone)
        newest = max([other.turn for other in stored if other.key != draft.key], default=-1)
        messages, old = draft.remembering(self._request.message_ids, card, gone, MESSAGES)
        self._sweep(old)
        # One copy for all that changes: there are twice as many fields as anything else of a turn has.
        draft = draft.but(
            session=verdict.session or draft.session, turn=max(draft.turn, newest + 1), card=card, playing=heard,
            messages=messages, **self._lasting(draft, grown), **grown,
        )  # fmt: skip
        if self._asked:
            wished = current is not None and current.session.remind
            reminders.plan(self._connection, draft.key, verdict.remind_at, planned=wished)
        self._batch.save(draft, chunks)
        return draft, None, gone

    def _lasting(self, draft: StoredDraft, grown: Mapping[str, object]) -> dict[str, int]:
        """When she wrote, and the expiry that this brings; nothing where it is no word from her."""
        if not self._asked:
            return {}
        expires = draft.expires
        if draft.response_id is not None or grown.get("response_id") is not None:
            expires = before(self._now, timedelta(minutes=self._running[draft.round_id].row.draft_minutes))
        return {"touched": int(self._now.timestamp()), "expires": expires}

    def _new(self, verdict: Verdict, stored: Sequence[StoredDraft]) -> StoredDraft | None:
        """A draft in the round that was named; None where that round is not open, and so nothing is kept."""
        running = self._running.get(self._request.round_id or b"")
        if running is None or not running.open:
            if verdict.begin or verdict.seal:
                raise StorageRefused("nothing-to-seal-into")
            return None
        if verdict.session is None:
            raise StorageRefused("no-session")
        here = {draft.key: draft for draft in stored if draft.round_id == running.row.id}
        invitation = admission.invited(self._connection, running, verdict.invitation)
        if invitation is None:
            return None
        keys = running.keys.pseudonyms(self._request.user_id)
        # Both places are taken where somebody began anew twice: the conversation that waited longest gives way.
        key = min(keys, key=lambda one: here[one].turn if one in here else -1)
        if key in here:
            self._end_unseen(here[key])
        return drafts.begin(key, running.row.id, self._request.chat_id, verdict.session, self._now, invitation)

    def _seal(self, draft: StoredDraft, verdict: Verdict) -> tuple[dict[str, Any], list[SealedAnswer]]:
        """Seals what the verdict says; how the draft changes by that, and the chunks by which its response grows."""
        if verdict.begin is None and not verdict.seal:
            return {}, []
        running, response_id = self._running[draft.round_id], draft.response_id
        records = []
        if verdict.begin is not None:
            if response_id is not None:
                raise StorageRefused("begun-twice")
            response_id = secrets.token_bytes(RESPONSE_ID)
            records.append(self._manifest(running, verdict.begin))
        records += [encode_answer(answered, running.row.consultation) for answered in verdict.seal]
        pieces = [piece for record in records for piece in response.pieces(record)]
        if draft.chunks + len(pieces) >= running.row.capacity:
            raise StorageRefused("response-full")
        segment = self._segment(running, draft, response_id)
        chunks = [segment.push(payload, more=more) for payload, more in pieces]
        begun = draft.segments + (segment.tag != draft.tag)
        grown = {"response_id": response_id, "segments": begun, "tag": segment.tag, "chunks": segment.next_index}
        return grown, chunks

    def _manifest(self, running: Running, begin: Begin) -> bytes:
        row = running.row
        link = running.keys.link(self._request.user_id)
        manifest = Manifest(
            row.consultation_hash, consent_hash(row.consultation, begin.language), begin.purposes, begin.language,
            rehearsal=row.rehearsal, repeat=bool(links.read(self._connection, link)),
        )  # fmt: skip
        return encode_manifest(manifest, row.consultation)

    def _segment(self, running: Running, draft: StoredDraft, response_id: bytes | None) -> Segment:
        """The stream that goes on, taken out of memory, or a new one; `response_id` is the draft's, or just drawn."""
        if response_id is None:
            raise StorageRefused("no-consent")
        if self.segment is None:
            last = (draft.segments - 1) % response.SEGMENTS
            self.segment = self._tools.streams.take(response_id, last, draft.tag, draft.chunks)
        if self.segment is None:
            self.segment = running.sealer.begin(response_id, draft.segments, draft.chunks)
        return self.segment

    def _send(self, verdict: Verdict, draft: StoredDraft | None) -> tuple[str, tuple[int, ...]]:
        """Finishes the response and puts it into the mailbag; the receipt, and message ids to delete now."""
        if draft is None:
            raise StorageRefused("nothing-to-send")
        running = self._running[draft.round_id]
        kept = self._batch.chunks_of(draft)
        grown, new = self._seal(draft, verdict)
        draft = draft.but(**grown)
        segment, row = self._segment(running, draft, draft.response_id), running.row
        chunks = [*kept, *new, *fill(segment, row.capacity)]
        blob = response.assemble(row.id, row.key_id, segment.response_id, chunks, row.capacity)
        receipt = self._receipt(running)
        sent = Sent(segment.response_id, blob, receipt_hash(running.receipt_key, receipt))
        if admission.counts(self._connection, running, draft):
            self._batch.send(row.id, sent, partial(_move, row.id, self._now))
            post(self._connection, running, draft, self._request.user_id, sent)
        return receipt, self._end(draft.with_messages(self._request.message_ids))

    def _receipt(self, running: Running) -> str:
        request = self._request
        seed = running.keys.receipt_seed(self._tools.bot_id, request.user_id, request.update_id)
        return from_seed(seed)

    def _receipt_again(self) -> str | None:
        """The receipt that this very update led to when it came first: that reply may never have arrived."""
        self._batch.bag()
        for running in self._running.values():
            receipt = self._receipt(running)
            if withdrawal.find(self._connection, running.receipt_key, receipt) is not None:
                return receipt
        return None

    def _erase(self, stored: Sequence[StoredDraft]) -> tuple[int, ...]:
        """Destroys what has not been sent; of hidden conversations, nothing in the chat tells that they were there."""
        for draft in stored:
            if draft.hidden:
                self._end_unseen(draft)
        seen = sorted((draft for draft in stored if not draft.hidden), key=lambda draft: draft.turn, reverse=True)
        if not seen:
            self._sweep(self._request.message_ids)
            return self._request.message_ids
        latest, *others = seen
        swept = self._end(latest.with_messages(self._request.message_ids))
        return sum((self._end(draft) for draft in others), swept)

    def _end(self, draft: StoredDraft, card_stays: timedelta = READING_TIME) -> tuple[int, ...]:
        """Destroys a draft, its chunks and its stream state; its message ids go to the sweep box.

        Returns the ids that are due now: all but the card on screen, if that stays for a while.
        """
        self._drop(draft)
        card = draft.card.message_id if draft.card and card_stays else None
        due = tuple(message for message in draft.messages if message != card)
        lock = self._tools.keys.sweep
        self._batch.sweep(sweep.rows(lock, draft.chat_id, due, now=self._now))
        if card is not None:
            self._batch.sweep(sweep.rows(lock, draft.chat_id, (card,), now=self._now, later=card_stays))
        return due

    def _drop(self, draft: StoredDraft) -> None:
        """Destroys a draft, its chunks and its stream state."""
        self._batch.erase(draft.key)
        if draft.response_id is not None:
            self._tools.streams.drop(draft.response_id)

    def _end_unseen(self, draft: StoredDraft) -> None:
        self._drop(draft)
        self._sweep(draft.messages, OUTSIDE)

    def _sweep(self, message_ids: Sequence[int], later: timedelta = timedelta()) -> None:
        lock = self._tools.keys.sweep
        self._batch.sweep(sweep.rows(lock, self._request.chat_id, message_ids, now=self._now, later=later))

    def _hide(
        self, draft: StoredDraft | None, stored: Sequence[StoredDraft]
    ) -> tuple[StoredDraft | None, tuple[int, ...]]:
        """The draft without a trace in the chat, and every message id that is known here, due now.

        What was begun is kept, hidden, in whatever round; what was not is destroyed.
        """
        known = {one.key: one for one in (*stored, *((draft,) if draft else ()))}
        ids = dict.fromkeys(self._request.message_ids)
        for one in known.values():
            ids |= dict.fromkeys(one.messages)
            if one.response_id is None:
                self._drop(one)
            else:
                self._save_hidden(one)
        self._sweep(tuple(ids))
        lock = self._tools.keys.sweep
        self._batch.sweep(sweep.wiping(lock, self._request.chat_id, now=self._now, later=LAST_LINE))
        return (draft.but(card=None, playing=None, messages=()) if draft else None), tuple(ids)

    def _save_hidden(self, draft: StoredDraft) -> None:
        reminders.plan(self._connection, draft.key, None, planned=draft.session.remind)
        kept = draft.but(session=hidden(draft.session), card=None, playing=None, messages=())
        self._batch.save(kept)


def _move(round_id: bytes, now: datetime, connection: Connection, sent: Sequence[Sent]) -> None:
    mailbag.move(connection, round_id, now, sent)
    contacts.move(connection, round_id)


def _view(draft: StoredDraft | None) -> Draft | None:
    return None if draft is None else draft.view
