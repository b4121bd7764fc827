"""The deployment record of a rehearsal that was given none: everything in it is in square brackets and means nothing.

A rehearsal is judged by the same gate as a live round, so it needs a record; but whoever tries the program out for the
first time has none. Live rounds never take this one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from flows.model import Consultation, Number, Question, Scale, Single, Texts
from flows.statements import FEWEST, GROUPS, MOST, statements
from rounds.deployment import Deployment, RiskAssessment
from rounds.record import TWO_WAY
from storage.referrals import EVERYWHERE, Referral, Service

_WORD = "[invented]"
TABLES = 2
"""Crosses of each kind at most. A round may show three in all, so that beside two by group one of questions is left."""
_DAY = datetime(2026, 1, 1, tzinfo=UTC).date()


def record(consultation: Consultation) -> Deployment:
    """A complete record for rehearsing a consultation, the same for the same consultation."""
    return Deployment(
        format="sauti-deployment",
        version=1,
        purpose=_WORD,
        process=_WORD,
        recipients=(_WORD,),
        risk_assessment=RiskAssessment(date=_DAY),
        planned_tables=_tables(consultation),
        retention_months=1,
        complaint=_everywhere(consultation, "[+000 000 000]"),
        referrals=tuple(_entry(consultation, service) for service in Service),
    )


def _tables(consultation: Consultation) -> tuple[tuple[str, str], ...]:
    groups = _groups(consultation)
    return (*tuple(_crosses(consultation))[: TWO_WAY - len(groups)], *groups)


def _crosses(consultation: Consultation) -> Iterator[tuple[str, str]]:
    """The first question about what should change, by who answers it: tables that a coalition would plan."""
    countable = (item for item in consultation.items if isinstance(item, Single | Scale | Number))
    asked = [item for item in countable if _to_all(consultation, item)]
    about = [item.id for item in asked if item.disaggregation is None][:1]
    yield from [(group.id, name) for name in about for group in asked if group.disaggregation][:TABLES]


def _to_all(consultation: Consultation, item: Question) -> bool:
    section = consultation.sections[consultation.section_of[consultation.positions[item.id]]]
    return item.relevant is None and section.relevant is None


def _groups(consultation: Consultation) -> tuple[tuple[str, str], ...]:
    """How groups of people who vote alike stand to the first statements, where there are enough to tell groups."""
    votes = [consultation.items[place].id for place in statements(consultation)]
    possible = FEWEST <= len(votes) <= MOST and GROUPS not in consultation.positions
    return tuple((GROUPS, name) for name in votes[:TABLES]) if possible else ()


def _entry(consultation: Consultation, service: Service) -> Referral:
    return Referral(
        service=service,
        region=EVERYWHERE,
        languages=consultation.languages,
        name=_everywhere(consultation, f"[{service}]"),
        how=_everywhere(consultation, "[+000 000 000]"),
        hours=_everywhere(consultation, "[00:00 - 24:00]"),
    )


def _everywhere(consultation: Consultation, text: str) -> Texts:
    return Texts(dict.fromkeys(consultation.languages, text))
