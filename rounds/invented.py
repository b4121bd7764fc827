"""The deployment record of a rehearsal that was given none: everything in it is in square brackets and means nothing.

A rehearsal is judged by the same gate as a live round, so it needs a record; but whoever tries the program out for the
first time has none. Live rounds never take this one.
"""

from datetime import UTC, datetime

from flows.model import Consultation, Texts
from rounds.deployment import Deployment, RiskAssessment
from storage.referrals import EVERYWHERE, Referral, Service

_WORD = "[invented]"
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
        retention_months=1,
        complaint=_everywhere(consultation, "[+000 000 000]"),
        referrals=tuple(_entry(consultation, service) for service in Service),
    )


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
