"""Around a step of the engine: which event an update is to this draft, and what storage is to do after the step."""

from dataclasses import replace

from bot.participant import tokens
from bot.participant.incoming import Incoming, Kind
from bot.participant.plans import FROM_ANY_CARD, Plan
from flows.card import MARKED, rests_on
from flows.engine import start
from flows.events import Control, Earlier, Event, Pressed, Restarted, Returned, Stale
from flows.model import Consultation
from flows.prompts import digest
from flows.records import Answered
from flows.screens import Begin, Erase, Hide, Play, Seal, Send, Step
from flows.session import Session, State
from storage.values import Draft, Fate, Turned, Verdict


def hidden(draft: Draft) -> bool:
    """Whether a conversation is out of sight, so that she is met as a stranger until she gives its code."""
    return draft.session.state is State.HIDDEN


def event(meant: Plan, draft: Draft, consultation: Consultation) -> Event:
    """The plan's event, unless its button stands on a card that is no longer on screen, or shows other marks."""
    if hidden(draft):
        return Returned()
    given = meant.event or Restarted()
    if not isinstance(given, Pressed) or meant.named is None or given.action in FROM_ANY_CARD:
        return given
    nonce = draft.card.nonce if draft.card else b""
    (marks,) = rests_on(consultation, draft.session, (given.action,))
    if meant.named == tokens.named(meant.key, nonce, marks):
        return given
    if meant.position is not None and isinstance(given.action, Control):
        return Earlier(given.action, meant.position)
    # She wants it marked, or not marked, and so it is: her card came too late to say so.
    already = tokens.named(meant.key, nonce, () if marks == MARKED else MARKED)
    return Restarted() if meant.named == already and marks in {(), MARKED} else Stale()


def outside(meant: Plan, named: Consultation | None, nonce: bytes) -> Verdict:
    """What an update changes where there is no conversation, or one that only its code brings back.

    Of the two, nothing here may depend on which it is (P12).
    """
    if meant.hiding:
        return Verdict(Fate.NONE, hide=True)
    if named is not None:
        return replace(verdict(start(named), None, nonce), anew=True)
    if meant.stopping:
        return Verdict(Fate.ERASE, unwanted=True)
    return Verdict(Fate.NONE, withdraw_receipt=meant.withdraw_receipt, telling=meant.telling)


def verdict(done: Step, draft: Draft | None, nonce: bytes, remind_at: int | None = None) -> Verdict:
    """What storage is to do for a step of the engine, with the time of the reminder that she wants after it."""
    session, effects = done.session, done.effects
    fate = Fate.KEEP
    if any(isinstance(effect, Send) for effect in effects):
        fate = Fate.SEND
    elif any(isinstance(effect, Erase) for effect in effects):
        fate = Fate.ERASE
    hide = any(isinstance(effect, Hide) for effect in effects)
    # The same question keeps its name, so that two quick taps on it both count.
    same = draft is not None and draft.card is not None and _place(draft.session) == _place(session)
    return Verdict(
        fate,
        session=session,
        card_nonce=draft.card.nonce if same and draft is not None and draft.card is not None else nonce,
        hide=hide,
        remind_at=remind_at,
        begin=next((effect for effect in effects if isinstance(effect, Begin)), None),
        play=next((digest(effect.name) for effect in effects if isinstance(effect, Play)), None),
        seal=tuple(Answered(effect.position, effect.answer) for effect in effects if isinstance(effect, Seal)),
    )


def _place(session: Session) -> tuple[object, ...]:
    return session.state, session.place, session.language, session.back_to, session.veiled, session.region


def going(incoming: Incoming, meant: Plan, turned: Turned, *, live: bool) -> tuple[int, ...]:
    """What goes from the chat at once: what she typed, where it tells something, and at the end all the rest."""
    typed = incoming.kind in {Kind.TEXT, Kind.ATTACHMENT} and incoming.message_id is not None
    goes = turned.repeated or live or meant.telling or meant.hiding
    own = (incoming.message_id,) if typed and goes and incoming.message_id is not None else ()
    swept = turned.sweep if live or meant.hiding else ()
    return tuple(dict.fromkeys((*own, *swept)))
