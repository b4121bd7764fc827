"""One turn: from what came in, through one transaction, to what is to be said. Knows no Telegram library.

`_decide` runs inside the transaction and may run again when an update comes again, so everything random is drawn before
it. What is shown is worked out after the commit, from the session that was stored: nothing is said that was not kept.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.participant import render, texts, tokens
from bot.participant.incoming import Incoming, Kind
from bot.participant.plans import FROM_ANY_CARD, Plan, plan
from bot.participant.render import Card
from flows.card import screen
from flows.engine import start, step
from flows.events import Event, Pressed, Restarted, Stale
from flows.model import Consultation
from flows.records import Answered
from flows.screens import Begin, Erase, Screen, Seal, Send, Show, Step
from flows.session import Session
from storage.receipts import grouped
from storage.values import Decide, Draft, Fate, Turned, Verdict


class Round(Protocol):
    """What a conversation needs to know of a round."""

    @property
    def id(self) -> bytes:
        """16 bytes."""

    @property
    def code(self) -> str:
        """What stands behind `/start`."""

    @property
    def consultation(self) -> Consultation:
        """The frozen consultation."""

    @property
    def rehearsal(self) -> bool:
        """Whether everybody in it is invented."""


class Rounds(Protocol):
    """The rounds there are (`storage.rounds.RoundStore`)."""

    def open_rounds(self) -> tuple[Round, ...]:
        """Those that take answers now."""

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


Keyboard = tuple[tuple[tuple[str, str], ...], ...]
"""(label, callback data), row by row."""


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What is to be done in the chat, after the commit. `repr` is silent."""

    chat_id: int
    user_id: int
    card: Card | None = None
    tokens: tuple[str, ...] = ()
    """Callback data of the card's buttons, in reading order."""
    edit: int | None = None
    """The message that becomes the card; None sends a new one."""
    remember: bytes | None = None
    """Round in whose draft the card's message id is to be remembered."""
    known: bool = False
    """`edit` is remembered there already; a new message, sent because that one is gone, is not."""
    callback_id: str | None = None
    toast: str | None = None
    delete: tuple[int, ...] = ()
    leave: bool = False
    passing: bool = False
    """A newer card of the same chat makes this one pointless. A receipt, or a line said once, is never passing."""

    @property
    def keyboard(self) -> Keyboard:
        """The card's buttons as they go out."""
        data = iter(self.tokens)
        rows = self.card.rows if self.card else ()
        return tuple(tuple((label, next(data)) for label, _ in row) for row in rows)

    def __repr__(self) -> str:
        return "<Outcome>"


@dataclass(slots=True)
class _Seen:
    """What `_decide` saw, for what is said afterwards."""

    language: str | None = None
    rehearsal: bool | None = None
    screen: Screen | None = None
    card: int | None = None
    """A card that has lost its conversation and goes at once."""


class Conversation:
    """All conversations of one bot."""

    def __init__(self, intake: Intake, rounds: Rounds, clock: Callable[[], datetime]) -> None:
        self._intake, self._rounds, self._clock = intake, rounds, clock
        self._known: dict[bytes, Round] = {}

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
        said = Outcome(
            incoming.chat_id,
            incoming.user_id,
            callback_id=incoming.callback_id,
            delete=_delete(incoming, meant, turned),
        )
        if incoming.kind is Kind.BLOCKED or meant.receipt_kept:
            return said
        return self._said(said, incoming, meant, turned, seen)

    async def _named(self, code: str) -> Round | None:
        """The round that a start names; without a code, the only one there is."""
        open_ones = await asyncio.to_thread(self._rounds.open_rounds)
        if not code:
            return open_ones[0] if len(open_ones) == 1 else None
        return next((one for one in open_ones if one.code == code.upper()), None)

    def _round(self, round_id: bytes) -> Round:
        """A round never changes what is asked for here, so it is read once."""
        if round_id not in self._known:
            self._known[round_id] = self._rounds.get(round_id)
        return self._known[round_id]

    def _decide(
        self, meant: Plan, named: Round | None, nonce: bytes, now: datetime, seen: _Seen, draft: Draft | None
    ) -> Verdict:
        if meant.withdraw_chat:
            # What she has not sent yet are answers from this chat, too.
            seen.card = draft.card.message_id if draft and draft.card else None
            return Verdict(Fate.ERASE, withdraw_chat=True)
        if meant.event is None:
            return Verdict(Fate.NONE, withdraw_receipt=meant.withdraw_receipt)
        if draft is None:
            return Verdict(Fate.NONE) if named is None else _verdict(start(named.consultation), None, nonce)
        known = self._round(draft.round_id)
        seen.language, seen.rehearsal = draft.session.language, known.rehearsal
        done = step(known.consultation, draft.session, _event(meant, draft), now)
        seen.screen = next((effect.screen for effect in done.effects if isinstance(effect, Show)), None)
        return _verdict(done, draft, nonce)

    def _said(self, said: Outcome, incoming: Incoming, meant: Plan, turned: Turned, seen: _Seen) -> Outcome:
        pressed = incoming.message_id if incoming.callback_id is not None else None
        if turned.receipt is not None:
            rehearsal = seen.rehearsal if seen.rehearsal is not None else any(map(_rehearsal, self._known.values()))
            card = render.receipt_card(seen.language, grouped(turned.receipt), rehearsal=rehearsal)
            return self._with(replace(said, edit=pressed), card)
        if turned.draft is not None and meant.event is not None:
            return self._at_card(said, meant, turned.draft, pressed, None if turned.repeated else seen.screen)
        fate = turned.verdict.fate if turned.verdict else Fate.NONE
        if fate is Fate.ERASE and turned.verdict is not None and turned.verdict.session is not None:
            ended = turned.verdict.session
            line = render.line(texts.ENDINGS.get(ended.state, texts.STOPPED), ended.language)
            return self._with(replace(said, edit=pressed), line)
        if pressed is not None and not meant.withdraw_chat:
            # The message may be a receipt by now: a second tap on *send* must not write over it.
            return replace(said, toast=render.toast(meant.line))
        if seen.card is not None:
            said = replace(said, delete=(*said.delete, seen.card))
        language = turned.draft.session.language if turned.draft else None
        return self._with(replace(said, edit=pressed), render.line(meant.line, language, meant.offer))

    def _at_card(
        self, said: Outcome, meant: Plan, draft: Draft, pressed: int | None, seen: Screen | None
    ) -> Outcome:  # fmt: skip
        known = self._round(draft.round_id)
        notice = seen.notice if seen else None
        shown = replace(seen, notice=None) if seen and notice else seen or screen(known.consultation, draft.session)
        if notice is not None and shown.language is not None:
            # Over the chat where she has just pressed; on the card where she has typed, or where it is too long.
            line = render.notice(known.consultation, shown, notice)
            if pressed is not None and render.fits_toast(line):
                said = replace(said, toast=line)
            else:
                shown = replace(shown, notice=notice)
        help_ = render.line(texts.HELP, shown.language).text if meant.helping else None
        card = render.card(known.consultation, shown, rehearsal=known.rehearsal, extra=help_)
        current = draft.card.message_id if draft.card else None
        edit = current if current is not None else pressed
        if meant.starting and edit is not None:
            # She may have lost sight of the card: it comes again below, and the old one goes.
            said, edit = replace(said, delete=(*said.delete, edit)), None
        nonce = draft.card.nonce if draft.card else bytes(tokens.NONCE)
        said = replace(said, edit=edit, remember=draft.round_id, known=edit is not None and edit == current)
        return self._with(replace(said, passing=True), card, nonce)

    def _with(self, said: Outcome, card: Card, nonce: bytes | None = None) -> Outcome:
        """The outcome with a card, and tokens on its buttons."""
        key = self._intake.button_key(said.user_id)
        name = nonce or secrets.token_bytes(tokens.NONCE)
        given = tokens.keyboard(key, name, (action for row in card.rows for _, action in row))
        standing = tuple(one for one in said.delete if one != said.edit)
        return replace(said, card=card, tokens=given, delete=standing)


def _rehearsal(known: Round) -> bool:
    return known.rehearsal


def _event(meant: Plan, draft: Draft) -> Event:
    """The plan's event, unless its button stands on a card that is no longer on screen."""
    event = meant.event or Restarted()
    current = draft.card.nonce if draft.card else None
    if isinstance(event, Pressed) and meant.nonce not in {None, current} and event.action not in FROM_ANY_CARD:
        return Stale()
    return event


def _verdict(done: Step, draft: Draft | None, nonce: bytes) -> Verdict:
    """What storage is to do for a step of the engine."""
    session, effects = done.session, done.effects
    fate = Fate.KEEP
    if any(isinstance(effect, Send) for effect in effects):
        fate = Fate.SEND
    elif any(isinstance(effect, Erase) for effect in effects):
        fate = Fate.ERASE
    # The same question keeps its name, so that two quick taps on it both count.
    same = draft is not None and draft.card is not None and _place(draft.session) == _place(session)
    return Verdict(
        fate,
        session=session,
        card_nonce=draft.card.nonce if same and draft is not None and draft.card is not None else nonce,
        begin=next((effect for effect in effects if isinstance(effect, Begin)), None),
        seal=tuple(Answered(effect.position, effect.answer) for effect in effects if isinstance(effect, Seal)),
    )


def _place(session: Session) -> tuple[object, ...]:
    return session.state, session.place, session.language, session.back_to


def _delete(incoming: Incoming, meant: Plan, turned: Turned) -> tuple[int, ...]:
    """What goes from the chat at once: what she typed, where it tells something, and at the end all the rest."""
    if meant.receipt_kept and incoming.message_id is not None:
        return (incoming.message_id,)
    typed = incoming.kind in {Kind.TEXT, Kind.ATTACHMENT} and incoming.message_id is not None
    at_work = turned.repeated or turned.draft is not None or (turned.verdict and turned.verdict.fate is not Fate.NONE)
    own = (incoming.message_id,) if typed and (at_work or meant.telling) and incoming.message_id is not None else ()
    return tuple(dict.fromkeys((*own, *turned.sweep)))
