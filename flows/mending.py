"""Any session at all → one that can go on: the reason why the engine and the card never fail.

A session that the engine made for this consultation comes back as it is. One that does not fit (a draft from before
an operator's mistake, a place that no longer exists) loses what does not fit, never gains a consent or an answer,
and stands at the nearest sensible card.

A conversation is in up to three layers: its place in the journey; over it, while it is hidden, a veil (the very first
cards again, `veiled` remembers the place); over both perhaps an aside (pause, support, …, `back_to` remembers).
"""

from flows.limits import WORD_LENGTH
from flows.model import PURPOSES, Consultation, Multiple, Ranking, ShortText
from flows.options import codes, offered
from flows.path import has_room, onward
from flows.rules import rules_of
from flows.session import AT_SENDING, ENDED, Session, State, consented

CHECKS = 2
"""Questions of the comprehension check (K5)."""

ASIDES = frozenset({State.LANGUAGE, State.PAUSED, State.STOPPING, State.SUPPORT, State.COMMAND})
"""States that lie over another one, to which `back_to` returns. They never lie over each other."""

VEIL = frozenset({State.LANGUAGE, State.SAFE})
"""What whoever comes back to a hidden conversation goes through first, exactly like somebody new."""

_BEFORE_CONSENT = frozenset(
    {State.LANGUAGE, State.SAFE, State.AGE, State.ABOUT, State.CHECK, State.CONSENT}
)  # fmt: skip
_AMONG_ITEMS = frozenset({State.CONTENT_NOTE, State.ASKING, State.REVIEW})


def underlying(session: Session) -> State:
    """The step of the journey, or of the veil, that a session stands at, whatever aside lies over it."""
    state = (session.back_to or State.LANGUAGE) if session.state in ASIDES else session.state
    return state if state in _BEFORE_CONSENT | _AMONG_ITEMS else State.LANGUAGE


def uncovered(session: Session) -> Session:
    """The session without its aside."""
    return _at(session, underlying(session), None)


def covered(session: Session, aside: State) -> Session:
    """The session with `aside` over it."""
    beneath = underlying(session)
    return _at(session, aside, None if beneath is aside else beneath)


def hidden(session: Session) -> Session:
    """The session as she hides it: with everything out of sight, and nothing that could come into the chat later."""
    return resting(session).but(remind=False)


def resting(session: Session) -> Session:
    """The session as time hides it: out of sight, too, and she is still reminded if she wanted to be."""
    return _at(session, State.HIDDEN, None).but(veiled=session.veiled or underlying(session))


def _at(session: Session, state: State, back_to: State | None) -> Session:
    return session.but(state=state, back_to=back_to, region=None, asked=None, word="")


def mend(consultation: Consultation, session: Session) -> Session:
    """The session, or the nearest one that fits `consultation`. Total; what the engine made comes back as it is."""
    language = session.language if session.language in consultation.languages else None
    session = session.but(language=language)
    if session.state in ENDED:
        return session
    if session.veiled is None and session.state is not State.HIDDEN:
        return _covered_again(consultation, session, _placed(consultation, uncovered(session)))
    place = _placed(consultation, uncovered(session).but(state=session.veiled or State.LANGUAGE, veiled=None))
    if not consented(place):
        # Nothing was begun, so there is nothing that could be hidden.
        return _covered_again(consultation, uncovered(session).but(state=State.LANGUAGE), place)
    if session.state is State.HIDDEN:
        return resting(place)
    front = underlying(session) if language is not None and underlying(session) in VEIL else State.LANGUAGE
    return _covered_again(consultation, session, place.but(state=front, veiled=place.state))


def _covered_again(consultation: Consultation, session: Session, sound: Session) -> Session:
    """`sound` under the aside that lay over `session`, if that makes sense there."""
    aside = session.state
    if aside in ASIDES and underlying(session) is not aside and underlying(sound) is not aside:
        over = covered(sound, aside)
        if aside is State.SUPPORT and len(consultation.regions) > 1 and session.region is not None:
            known = 0 <= session.region < len(consultation.regions)
            return over.but(region=session.region if known else None)
        if aside is not State.COMMAND:
            return over
        if session.asked is not None and 0 < len(session.word) <= WORD_LENGTH and takes_words(consultation, sound):
            return over.but(asked=session.asked, word=session.word)
    return sound if sound.language is not None else covered(sound, State.LANGUAGE)


def takes_words(consultation: Consultation, session: Session) -> bool:
    """Whether a session stands at a text question."""
    return session.state is State.ASKING and isinstance(consultation.items[session.place], ShortText)


def _placed(consultation: Consultation, session: Session) -> Session:
    if consented(session):
        furthest = min(max(session.furthest, 0), len(consultation.items))
        kept = _kept(consultation, session)
        purposes = session.purposes & AT_SENDING
        session = session.but(kept=kept, purposes=purposes, furthest=furthest, missed=False)
        session = session.but(remind=session.remind and not session.reminded)
        if session.state not in _AMONG_ITEMS:
            # A response was begun: consent is behind her and is not asked, nor begun, twice.
            session = session.but(state=State.CONTENT_NOTE, place=0)
        return _among_items(consultation, session)
    session = session.but(spent=0, kept=(), chosen=(), furthest=0, remind=False, reminded=False)
    if session.state in _AMONG_ITEMS:
        # Nothing was begun, so consent was not given: it is asked for, never assumed (K2).
        return session.but(state=State.CONSENT, place=0, purposes=frozenset())
    return _before_consent(consultation, session)


def _before_consent(consultation: Consultation, session: Session) -> Session:
    about = len(consultation.consent.about)
    cards = {State.ABOUT: about, State.CHECK: CHECKS, State.CONSENT: len(PURPOSES)}.get(session.state, 1)
    place = min(max(session.place, 0), cards - 1)
    answered = PURPOSES[:place] if session.state is State.CONSENT else ()
    return session.but(place=place, purposes=session.purposes.intersection(answered))


def _among_items(consultation: Consultation, session: Session) -> Session:
    last = len(consultation.items)
    place = last if session.state is State.REVIEW else min(max(session.place, 0), last)
    session = session.but(place=place)
    if place == last or not has_room(consultation, session):
        return session.but(state=State.REVIEW, place=last, chosen=())
    values = dict(session.kept)
    if not rules_of(consultation).relevant(place, values):
        return onward(consultation, session, place)
    if session.state is State.CONTENT_NOTE:
        if consultation.sections[consultation.section_of[place]].content_note is not None:
            return session.but(chosen=())
        session = session.but(state=State.ASKING)
    return session.but(chosen=_chosen(consultation, session))


def _chosen(consultation: Consultation, session: Session) -> tuple[str, ...]:
    if not isinstance(consultation.items[session.place], Multiple | Ranking):
        return ()
    left = offered(consultation, session.place, dict(session.kept))
    return tuple(code for code in dict.fromkeys(session.chosen) if code in left)


def _kept(consultation: Consultation, session: Session) -> tuple[tuple[int, tuple[str, ...]], ...]:
    if not session.kept:
        return ()
    referred = rules_of(consultation).referred
    return tuple(
        (position, given)
        for position, given in session.kept
        if position in referred and set(given) <= set(codes(consultation.items[position]))
    )
