"""What of a round's list of referrals stands on whose card; read anew each time, because the list may be renewed."""

from typing import Protocol

from bot.participant.render import Places
from flows.model import Consultation
from flows.screens import Screen, ScreenKind
from flows.session import Session, State
from storage.conditions import Conditions
from storage.referrals import Referral, Service, offered


class Refers(Protocol):
    """What of a round is needed here (`storage.rounds.RoundRow`)."""

    @property
    def consultation(self) -> Consultation:
        """Whose languages and regions count."""

    @property
    def referrals(self) -> tuple[Referral, ...]:
        """Where help can be found."""

    @property
    def conditions(self) -> Conditions:
        """What the deployment record says of complaints."""


def on_card(known: Refers, shown: Screen) -> Places:
    """For the support card: the places in her region, in her language or, before she has chosen, in each (P6)."""
    if shown.kind is not ScreenKind.SUPPORT or shown.offered:
        return ()
    languages = known.consultation.languages if shown.language is None else (shown.language,)
    return tuple((one, offered(known.referrals, one, shown.region)) for one in languages)


def at_end(known: Refers, ended: Session) -> Places:
    """For whoever is under 18: people who are there for children, wherever they are (C1)."""
    if ended.state is not State.UNDER_AGE or ended.language is None:
        return ()
    return ((ended.language, offered(known.referrals, ended.language, None, (Service.CHILD,))),)


def complaint(known: Refers, language: str | None) -> str | None:
    """Whom to tell, outside the organisation that asks, when something is wrong (W6)."""
    route = known.conditions.complaint
    return route[language] if language is not None and language in route else None
