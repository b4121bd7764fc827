"""One turn: from what came in, through one transaction, to what is to be said. Knows no Telegram library.

`_decide` runs inside the transaction and may run again when an update comes again, so everything random is drawn before
it. What is shown is worked out after the commit, from the session that was stored: nothing is said that was not kept.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.participant import heard, keeping, referring, render, results, texts, toast, tokens
from bot.participant.incoming import Incoming, Kind
from bot.participant.looks import Looks
from bot.participant.outcome import Outcome
from bot.participant.plans import Plan, plan
from bot.participant.referring import Refers
from bot.participant.render import Card
from bot.participant.results import Asking, Told
from bot.participant.spoken import Spoken
from bot.participant.verdicts import event, going, hidden, outside, verdict
from flows.card import rests_on, screen
from flows.earlier import position
from flows.engine import step
from flows.events import Control, Idle, ReminderDue
from flows.mending import mend
from flows.model import Consultation
from flows.screens import Remind, Screen, ScreenKind, Show
from flows.session import Session
from rounds import reminders
from storage.errors import StorageError
from storage.invitation_codes import hashed, round_of
from storage.values import READING_TIME, Decide, Draft, Fate, Resting, Turned, Verdict

if TYPE_CHECKING:  # a row of a database, and whoever holds a conversation without one must not load it
    from storage.reminders import Reminder

OLD = timedelta(hours=40).total_seconds()
"""Seconds after which a card is replaced: after 48 hours it could not be deleted any more."""


class Round(Refers, Protocol):
    """What a conversation needs to know of a round."""

    @property
    def id(self) -> bytes:
        """16 bytes."""

    @property
    def code(self) -> str:
        """What stands behind `/start`."""

    @property
    def rehearsal(self) -> bool:
        """Whether everybody in it is invented."""

    @property
    def draft_minutes(self) -> int:
        """How long a conversation is kept after her last word."""


class Rounds(Protocol):
    """The rounds there are (`storage.rounds.RoundStore`)."""

    def open_codes(self) -> dict[str, bytes]:
        """Ids of those that take answers now, by code."""

    def all(self) -> tuple[Told, ...]:
        """All there are, also those that are over."""

    def get(self, name: bytes) -> Round:
        """One by its id."""


class Intake(Protocol):
    """The door into storage (`storage.intake.Intake`)."""

    def button_key(self, user_id: int) -> bytes:
        """Key of this account's button tokens."""

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
        """One update, durably."""

    async def rest(self, one: Resting, decide: Decide) -> Turned | None:
        """What time changes in a conversation, durably."""

    async def remind(self, one: "Reminder", decide: Decide) -> Turned | None:
        """That somebody is reminded, durably."""


@dataclass(slots=True)
class _Seen:
    """What `_decide` saw, for what is said afterwards."""

    language: str | None = None
    rehearsal: bool | None = None
    round_id: bytes | None = None
    screen: Screen | None = None
    card: int | None = None
    """The message that was the card, where there was one."""
    reader: bool = False
    """Whether she has cards read out."""
    live: bool = False
    """Whether there was a conversation, and not a hidden one: else she is met as a stranger (P12)."""


class Conversation:
    """All conversations of one bot."""

    def __init__(
        self, intake: Intake, rounds: Rounds, clock: Callable[[], datetime], spoken: Spoken | None = None
    ) -> None:
        """`spoken` says in which languages strangers are met."""
        self._intake, self._rounds, self._clock, self._spoken = intake, rounds, clock, spoken or Spoken()
        self._known: dict[bytes, Round] = {}
        self._open = Looks(rounds.open_codes)

    async def handle(self, incoming: Incoming) -> Outcome:
        """What one update brings about; when this returns, it is on the disk.

        Raises:
            StorageUnavailable: not stored; the update must come again.
        """
        if incoming.kind is Kind.ELSEWHERE:
            return Outcome(incoming.chat_id, 0, leave=True)
        meant = plan(incoming, self._intake.button_key(incoming.user_id))
        named = None if meant.code is None else await self._named(meant.code)
        seen = _Seen()
        turned = await self._intake.turn(
            chat_id=incoming.chat_id,
            user_id=incoming.user_id,
            update_id=incoming.update_id,
            message_ids=() if incoming.message_id is None else (incoming.message_id,),
            decide=partial(self._decide, meant, named, secrets.token_bytes(tokens.NONCE), self._clock(), seen),
            round_id=named.id if named else None,
        )
        live = seen.live or (turned.draft is not None and not hidden(turned.draft))
        said = Outcome(
            incoming.chat_id,
            incoming.user_id,
            callback_id=incoming.callback_id,
            delete=going(incoming, meant, turned, live=live),
        )
        if incoming.kind is Kind.BLOCKED:
            return said
        if meant.hiding or (turned.verdict is not None and turned.verdict.hide):
            return replace(said, wipe=True)
        published = await self._published(meant, named, turned)
        if published is not None:
            pressed = incoming.message_id if incoming.callback_id is not None else None
            return self._with(replace(said, edit=pressed, stays=READING_TIME), published.card, published.nonce)
        return self._said(said, incoming, meant, turned, seen)

    async def _published(self, meant: Plan, named: Round | None, turned: Turned) -> results.Reply | None:
        """What came of a round, where that is asked for; a link asks for it once its round takes no more answers."""
        draft = None if turned.draft is None or hidden(turned.draft) else turned.draft
        asking = meant.results
        if draft is None and meant.code and named is None:
            asking = Asking(meant.code)
        if asking is None or (draft is not None and meant.event is not None):
            return None
        rounds = await asyncio.to_thread(self._rounds.all)
        own, language = (None, None) if draft is None else (draft.round_id, draft.session.language)
        return results.reply(rounds, asking, own, language)

    async def rest(self, one: Resting) -> Outcome | None:
        """What a conversation in which nothing happens shows from now on; None where somebody came back meanwhile."""
        seen, nonce = _Seen(), secrets.token_bytes(tokens.NONCE)
        turned = await self._intake.rest(one, partial(self._decide_rest, nonce, self._clock(), seen))
        if turned is None or turned.verdict is None or turned.verdict.session is None or seen.card is None:
            return None
        known = self._round(one.round_id)
        shown = screen(known.consultation, turned.verdict.session)
        card = render.card(known.consultation, shown, rehearsal=known.rehearsal, lasts=known.draft_minutes)
        said = Outcome(one.chat_id, one.chat_id, edit=seen.card, unasked=True, draft=turned.draft)
        if turned.verdict.fate is Fate.KEEP:
            said = replace(said, delete=turned.sweep)  # what could be heard goes with its card
        at = known.consultation, turned.verdict.session
        return self._with(said, card, turned.verdict.card_nonce, at)

    def _decide_rest(self, nonce: bytes, now: datetime, seen: _Seen, draft: Draft | None) -> Verdict:
        if draft is None:
            return Verdict(Fate.NONE)
        seen.card = draft.card.message_id if draft.card else None
        return verdict(step(self._round(draft.round_id).consultation, draft.session, Idle(), now), draft, nonce)

    async def remind(self, one: "Reminder") -> Outcome | None:
        """The one line that she has asked for, as a new message that is her card; None where it may not be sent."""
        turned = await self._intake.remind(one, partial(self._decide_reminder, self._clock()))
        if turned is None or turned.draft is None:
            return None
        said = Outcome(one.chat_id, one.chat_id, remember=turned.draft.round_id, once=True)
        return self._with(said, render.line(texts.REMINDER, self._languages(turned.draft.session.language)))

    def _decide_reminder(self, now: datetime, draft: Draft | None) -> Verdict:
        if draft is None:
            return Verdict(Fate.NONE)
        done = step(self._round(draft.round_id).consultation, draft.session, ReminderDue(), now)
        return Verdict(Fate.KEEP, done.session) if Remind() in done.effects else Verdict(Fate.NONE)

    async def _named(self, code: str) -> Round | None:
        """The round that a start names; without a code, the only one there is, if it is a rehearsal."""
        by_code = await self._open.next()
        only = next(iter(by_code.values())) if len(by_code) == 1 else None
        round_id = by_code.get(round_of(code)) if code else only
        if round_id is None:
            return None
        named = self._known.get(round_id)
        if named is None:
            named = await asyncio.to_thread(self._round, round_id)
        return named if code or named.rehearsal else None

    def _round(self, round_id: bytes) -> Round:
        """A round never changes what is asked for here, so it is read once."""
        if round_id not in self._known:
            self._known[round_id] = self._rounds.get(round_id)
        return self._known[round_id]

    def _renewed(self, round_id: bytes) -> Round:
        """The round with its list of referrals as it is now; as it was, where the database does not answer."""
        with suppress(StorageError):
            self._known[round_id] = self._rounds.get(round_id)
        return self._round(round_id)

    def _decide(
        self, meant: Plan, named: Round | None, nonce: bytes, now: datetime, seen: _Seen, draft: Draft | None
    ) -> Verdict:
        judged = self._judged(meant, named, nonce, now, seen, draft)
        if judged.anew:
            return replace(judged, invitation=_invitation(meant.code, named))
        unwanted = meant.leaving or judged.withdraw_receipt is not None
        return replace(judged, unwanted=True) if unwanted else judged

    def _judged(
        self, meant: Plan, named: Round | None, nonce: bytes, now: datetime, seen: _Seen, draft: Draft | None
    ) -> Verdict:
        # Storage may ask again, with another draft: then nothing of the first time is true.
        seen.language = seen.rehearsal = seen.round_id = seen.screen = seen.card = None
        seen.reader, seen.live = False, draft is not None and not hidden(draft)
        if draft is not None and seen.live:
            seen.card = draft.card.message_id if draft.card else None
        if meant.withdraw_chat:
            # What she has not sent yet are answers from this chat, too.
            return Verdict(Fate.ERASE, withdraw_chat=True)
        if draft is None or not (seen.live or (meant.code and named is not None)):
            return outside(meant, named.consultation if named else None, nonce)
        if meant.event is None:
            return Verdict(Fate.NONE, withdraw_receipt=meant.withdraw_receipt, telling=meant.telling)
        known = self._round(draft.round_id)
        seen.language, seen.rehearsal, seen.round_id = draft.session.language, known.rehearsal, known.id
        seen.reader = draft.session.reader
        done = step(known.consultation, draft.session, event(meant, draft, known.consultation), now)
        seen.screen = next((effect.screen for effect in done.effects if isinstance(effect, Show)), None)
        wished = done.session.remind
        remind_at = reminders.slot(now, known.draft_minutes, known.conditions) if wished else None
        return verdict(done, draft, nonce, remind_at)

    def _said(self, said: Outcome, incoming: Incoming, meant: Plan, turned: Turned, seen: _Seen) -> Outcome:
        pressed = incoming.message_id if incoming.callback_id is not None else None
        if turned.receipt is not None or meant.kept is not None:
            return self._receipt(said, pressed, meant, turned.receipt, seen)
        draft = None if turned.draft is None or hidden(turned.draft) else turned.draft
        if draft is not None and meant.event is not None:
            shown = self._at_card(said, meant, draft, pressed, None if turned.repeated else seen.screen)
            return shown if turned.play is None else self._aloud(shown, draft, turned.play, pressed)
        if turned.verdict is not None and turned.verdict.fate is Fate.ERASE and turned.verdict.session is not None:
            ended = turned.verdict.session
            places = () if seen.round_id is None else referring.at_end(self._renewed(seen.round_id), ended)
            line = render.ending(ended.state, self._languages(ended.language), places)
            return self._with(replace(said, edit=seen.card or pressed, stays=READING_TIME, first=True), line)
        if meant.receipt_kept:
            kept = render.line(texts.RECEIPT_KEPT, self._spoken.languages, Control.HIDE)
            return self._with(replace(said, edit=pressed), kept)
        if pressed is not None and not meant.withdraw_chat:
            # The message may be a receipt by now: a second tap on *send* must not write over it.
            return replace(said, toast=toast.line(meant.line, self._spoken.languages))
        if meant.withdraw_chat and seen.card is not None:
            said = replace(said, delete=(*said.delete, seen.card))
        languages = self._languages(draft.session.language if draft else None)
        message = texts.NO_RESULTS if draft is not None and meant.results is not None else meant.line
        return self._with(replace(said, edit=pressed), render.line(message, languages, meant.offer))

    def _receipt(self, said: Outcome, pressed: int | None, meant: Plan, digits: str | None, seen: _Seen) -> Outcome:
        """A card of the receipt, in place of the one that was pressed; read out, it is a new message."""
        key = self._intake.button_key(said.user_id)
        if digits is not None:
            rehearsal = seen.rehearsal if seen.rehearsal is not None else any(map(_rehearsal, self._known.values()))
            own = keeping.Kept(digits, " ".join(self._languages(seen.language)), rehearsal, seen.reader)
            card = keeping.receipt_card(own)
        elif meant.kept is not None:
            own, action = meant.kept
            card = keeping.answer(key, own, action)
        else:
            return said
        gone = (pressed,) if own.reader and pressed is not None else ()
        said = replace(said, edit=None if gone else pressed, stays=READING_TIME, delete=(*said.delete, *gone))
        said = self._with(said, card)
        return replace(said, tokens=keeping.keyboard(key, own, card)) if keeping.leads_on(card) else said

    def _languages(self, known: str | None) -> tuple[str, ...]:
        return self._spoken.languages if known is None else (known,)

    def _at_card(
        self, said: Outcome, meant: Plan, draft: Draft, pressed: int | None, seen: Screen | None
    ) -> Outcome:  # fmt: skip
        known = self._round(draft.round_id)
        notice = seen.notice if seen else None
        shown = replace(seen, notice=None) if seen and notice else seen or screen(known.consultation, draft.session)
        if notice is not None and shown.language is not None:
            # Over the chat where she has just pressed; on the card where she has typed, or where it is too long.
            line = render.notice(known.consultation, shown, notice)
            if pressed is not None and toast.fits(line) and not draft.session.reader:
                said = replace(said, toast=line)
            else:
                shown = replace(shown, notice=notice)
        complaint, languages = referring.complaint(known, shown.language), render.spoken(shown, known.consultation)
        help_ = render.help_text(languages, complaint) if meant.helping else None
        asks = shown.kind is ScreenKind.SUPPORT
        places = referring.on_card(self._renewed(draft.round_id), shown) if asks else ()
        card = render.card(
            known.consultation, shown, rehearsal=known.rehearsal, extra=help_, places=places, lasts=known.draft_minutes
        )
        current = draft.card.message_id if draft.card else None
        edit = current if current is not None else pressed
        if pressed is not None and pressed != edit:
            # Telegram sent it, though no answer came back: it stands below the card, hides it, and is old for ever.
            said = replace(said, delete=(*said.delete, pressed))
        # A new message comes below, and the old card goes when it stands there: for whoever has lost sight of it, for
        # whoever has it read out, and before it gets too old to be deleted.
        if meant.starting or draft.session.reader or self._old(draft):
            edit = None
        nonce = draft.card.nonce if draft.card else bytes(tokens.NONCE)
        known_there = edit is not None and edit == current
        at = known.consultation, draft.session if seen else mend(known.consultation, draft.session)
        said = replace(
            said, edit=edit, remember=draft.round_id, known=known_there, passing=True, first=asks, draft=draft
        )  # fmt: skip
        return self._with(said, card, nonce, at)

    def _aloud(self, said: Outcome, draft: Draft, digest: bytes, pressed: int | None) -> Outcome:
        """The same with what is to be heard; a card that stands there as it is need not be drawn again."""
        known = draft.card.message_id if draft.card else None
        card = None if pressed is not None and pressed == known else said.card
        below = heard.below(draft, digest, self._intake.button_key(said.user_id))
        return replace(said, card=card, heard=below)

    def _old(self, draft: Draft) -> bool:
        """Whether the card on screen soon cannot be deleted any more."""
        card = draft.card
        return card is not None and card.message_id is not None and self._clock().timestamp() - card.sent > OLD

    def _with(
        self, said: Outcome, card: Card, nonce: bytes | None = None, at: tuple[Consultation, Session] | None = None
    ) -> Outcome:  # fmt: skip
        """The outcome with a card, and tokens on its buttons; `at` is whose card it is, with what she has marked."""
        key, actions = self._intake.button_key(said.user_id), [action for row in card.rows for _, action in row]
        marks = itertools.repeat(()) if at is None else rests_on(*at, actions, sound=True)
        place = None if at is None else position(at[1])
        given = tokens.keyboard(key, nonce or secrets.token_bytes(tokens.NONCE), actions, marks, place)
        standing = tuple(one for one in said.delete if one != said.edit)
        return replace(said, card=card, tokens=given, delete=standing)


def _rehearsal(known: Round) -> bool:
    return known.rehearsal


def _invitation(code: str | None, named: Round | None) -> bytes | None:
    """What she came with, hashed; a rehearsal is entered by its own code, too."""
    if not code or named is None or (named.rehearsal and code.upper() == named.code):
        return None
    return hashed(code)
