"""Any session at all → one that can go on: the reason why the engine and the card never fail.

A session that the engine made for this consultation comes back as it is. One that does not fit (a draft from before
an operator's mistake, a place that no longer exists) loses what does not fit, never gains a consent or an answer,
and stands at the nearest sensible card.
"""

from dataclasses import replace

from flows.model import PURPOSES, Consultation, Multiple, Ranking
from flows.options import codes, offered
from flows.path import has_room, onward
from flows.rules import rules_of
from flows.session import ENDED, Session, State

ASIDES = frozenset({State.LANGUAGE, State.PAUSED, State.STOPPING})
"""States that lie over another one, to which `back_to` returns. They never lie over each other."""

_BEFORE_CONSENT = frozenset({State.LANGUAGE, State.ABOUT, State.CONSENT})
_AMONG_ITEMS = frozenset({State.CONTENT_NOTE, State.ASKING, State.REVIEW})


def underlying(session: Session) -> State:
    """The step of the journey that a session stands at, whatever lies over it."""
    state = (session.back_to or State.LANGUAGE) if session.state in ASIDES else session.state
    return state if state in _BEFORE_CONSENT | _AMONG_ITEMS else State.LANGUAGE


def uncovered(session: Session) -> Session:
    """The session at its step of the journey, with nothing over it."""
    return replace(session, state=underlying(session), back_to=None)


def covered(session: Session, aside: State) -> Session:
    """The session with `aside` over its step of the journey."""
    beneath = underlying(session)
    return replace(session, state=aside, back_to=None if beneath is aside else beneath)


def mend(consultation: Consultation, session: Session) -> Session:
    """The session, or the nearest one that fits `consultation`. Total; what the engine made comes back as it is."""
    language = session.language if session.language in consultation.languages else None
    session = replace(session, language=language)
    if session.state in ENDED:
        return session
    sound = _placed(consultation, uncovered(session))
    if session.state in ASIDES and underlying(session) is not session.state:
        return covered(sound, session.state)
    return covered(sound, State.LANGUAGE) if language is None else sound


def _placed(consultation: Consultation, session: Session) -> Session:
    begun = session.spent >= 1
    if begun:
        session = replace(session, kept=_kept(consultation, session), purposes=frozenset())
        if session.state not in _AMONG_ITEMS:
            # A response was begun: consent is behind her and is not asked, nor begun, twice.
            session = replace(session, state=State.CONTENT_NOTE, place=0)
        return _among_items(consultation, session)
    session = replace(session, spent=0, kept=(), chosen=())
    if session.state in _AMONG_ITEMS:
        # Nothing was begun, so consent was not given: it is asked for, never assumed (K2).
        return replace(session, state=State.CONSENT, place=0, purposes=frozenset())
    return _before_consent(consultation, session)


def _before_consent(consultation: Consultation, session: Session) -> Session:
    cards = {State.ABOUT: len(consultation.consent.about), State.CONSENT: len(PURPOSES)}.get(session.state, 1)
    place = min(max(session.place, 0), cards - 1)
    answered = PURPOSES[:place] if session.state is State.CONSENT else ()
    return replace(session, place=place, purposes=session.purposes.intersection(answered))


def _among_items(consultation: Consultation, session: Session) -> Session:
    last = len(consultation.items)
    place = last if session.state is State.REVIEW else min(max(session.place, 0), last)
    session = replace(session, place=place)
    if place == last or not has_room(consultation, session):
        return replace(session, state=State.REVIEW, place=last, chosen=())
    values = dict(session.kept)
    if not rules_of(consultation).relevant(place, values):
        return onward(consultation, session, place)
    if session.state is State.CONTENT_NOTE:
        if consultation.sections[consultation.section_of[place]].content_note is not None:
            return replace(session, chosen=())
        session = replace(session, state=State.ASKING)
    return replace(session, chosen=_chosen(consultation, session))


def _chosen(consultation: Consultation, session: Session) -> tuple[str, ...]:
    if not isinstance(consultation.items[session.place], Multiple | Ranking):
        return ()
    left = offered(consultation, session.place, dict(session.kept))
    return tuple(code for code in dict.fromkeys(session.chosen) if code in left)


def _kept(consultation: Consultation, session: Session) -> tuple[tuple[int, tuple[str, ...]], ...]:
    referred = rules_of(consultation).referred
    return tuple(
        (position, given)
        for position, given in session.kept
        if position in referred and set(given) <= set(codes(consultation.items[position]))
    )
