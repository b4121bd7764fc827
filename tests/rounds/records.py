"""A complete deployment record for the small consultation of tests/storage, and ways to leave something out."""

from datetime import date
from typing import Any

from rounds.deployment import Deployment

TODAY = date(2026, 11, 21)
SERVICES = ("health", "mental_health", "legal", "protection", "complaint", "child")


def _texts(word: str) -> dict[str, str]:
    return {"en": word, "ar": f"{word} ع"}


def entry(service: str, **other: object) -> dict[str, Any]:
    """One entry of the referral list, tried today."""
    return {
        "service": service,
        "region": "everywhere",
        "languages": ["en", "ar"],
        "name": _texts(f"House of {service}"),
        "how": _texts("Ring +000 000"),
        "hours": _texts("09:00 - 17:00"),
        "verified_on": TODAY.isoformat(),
        "verified_by": "A. Caller",
    } | other


def said(**other: object) -> dict[str, Any]:
    """What stands in the file; None leaves a field out."""
    whole: dict[str, Any] = {
        "format": "sauti-deployment",
        "version": 1,
        "purpose": "To hear what should change.",
        "process": "The review of protection",
        "recipients": ["The secretariat of the review"],
        "risk_assessment": {"date": "2026-11-01", "by": "C. Assessor"},
        "retention_months": 6,
        "custodians": ["D. Holder", "E. Holder", "F. Holder"],
        "languages": {
            "en": {"reviewed_by": "A. Reader", "date": "2026-11-02"},
            "ar": {"reviewed_by": "B. Reader", "date": "2026-11-03"},
        },
        "community_reviewer": "The council of the quarter",
        "earlier_consultations": [],
        "planned_tables": [["place"]],
        "quiet_hours": {"from": "21:00", "to": "07:00"},
        "time_zone": "Africa/Nairobi",
        "complaint": _texts("Ring +000 111, which is not us"),
        "referrals": [entry(service) for service in SERVICES],
    }
    return {name: value for name, value in (whole | other).items() if value is not None}


def record(**other: object) -> Deployment:
    """The record with other values."""
    return Deployment.model_validate(said(**other))
