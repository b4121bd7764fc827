"""The deployment record: who asks whom, why, at what risk, and where help is. One file beside the consultation (O1).

A file may leave almost everything out: what is missing is named by `rounds.gate` before a round opens, each gap with
its remedy, so that a record can be written bit by bit. What stands in it has to have the right form, or the file is
refused with line and column. Opening freezes the record but for the list of referrals (O4).
"""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StringConstraints

from flows import plain_yaml
from flows.findings import ConsultationError, Finding, Path, Places, Severity
from flows.model import Frozen, LanguageTag, Slug, Texts, canonical
from flows.shape import shaped
from storage.conditions import Conditions
from storage.referrals import Referral

Words = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=20, max_length=2_000, strip_whitespace=True)]
"""Long enough to be one: somebody will have to answer for it."""

_TEXTS = ("name", "how", "hours")
_MISSING = "There is no text in {language} here."


class Exemption(StrEnum):
    """Rules that a record may set aside, each with a written reason."""

    Q8 = "Q8"
    """Finer or more disaggregation than is safe everywhere."""
    Q9 = "Q9"
    """Questions on own experience, group or armed actors while only the chat can be used."""
    O3 = "O3"
    """One custodian alone can open the answers."""


class RiskAssessment(Frozen):
    """That somebody thought about what could go wrong, and when."""

    date: dt.date
    by: Words | None = None


class Reader(Frozen):
    """A native speaker who checked a language."""

    reviewed_by: Words | None = None
    date: dt.date | None = None


class Earlier(Frozen):
    """A consultation on the same topic and place, so that nobody is asked twice without need (O5)."""

    topic: Words
    place: Words
    year: int = Field(ge=1990, le=2100)
    by: Words
    why_again: Words


class Deployment(Conditions):
    """One deployment record, as its file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["sauti-deployment"]
    version: Literal[1]
    purpose: Words | None = None
    process: Words | None = None
    """The UN process or body that will hear the summary."""
    recipients: tuple[Words, ...] = ()
    risk_assessment: RiskAssessment | None = None
    custodians: tuple[Words, ...] = Field(default=(), max_length=16)
    """Names or roles of those who hold a share of the key."""
    languages: dict[LanguageTag, Reader] = Field(default_factory=dict)
    community_reviewer: Words | None = None
    """Who from the community asked has approved the text."""
    earlier_consultations: tuple[Earlier, ...] | None = None
    """None: nobody looked. An empty list: somebody did, and there was none."""
    exceptions: dict[Exemption, Reason] = Field(default_factory=dict)
    planned_tables: tuple[Annotated[tuple[Slug, ...], Field(min_length=1, max_length=2)], ...] = ()
    """Ids of the questions whose answers are to be crossed; one id is a plain count."""
    open_links: bool = True
    """Whether one person could take part many times over, because a link lets anybody in (R1). If not, each invitation
    has a code for one person (F4)."""
    draft_hours: float = Field(default=24, ge=0.5, le=24)
    """How long what was not sent is kept after the last word (P7)."""
    referrals: tuple[Referral, ...] = ()

    @property
    def set_aside(self) -> dict[str, str]:
        """Requirement ids that the linter shall not insist on, each with its reason."""
        return {rule.value: reason for rule, reason in self.exceptions.items()}

    @property
    def hostile(self) -> int:
        """Responses that one hostile party may control (s): 5 behind open links, 0 behind single-use codes (R1)."""
        return 5 if self.open_links else 0

    @property
    def draft_minutes(self) -> int:
        """`draft_hours` in whole minutes."""
        return int(self.draft_hours * 60)

    @property
    def frozen(self) -> bytes:
        """What opening freezes, as canonical JSON: everything but the referrals."""
        return canonical(self.model_dump(mode="json", by_alias=True, exclude={"referrals"}))


class ReferralList(Frozen):
    """A list of referrals by itself, which replaces the one that a round has."""

    format: Literal["sauti-referrals"]
    version: Literal[1]
    referrals: tuple[Referral, ...] = Field(min_length=1)


def load(data: bytes, name: str) -> Deployment:
    """The record in `data`; `name` is what findings call the file.

    Raises:
        ConsultationError: with every finding.
    """
    tree = plain_yaml.read(data, name)
    record = shaped(Deployment, tree)
    _judge([*_of_referrals(record.referrals, tree.places), *_of_zone(record, tree.places)])
    return record


def load_referrals(data: bytes, name: str) -> tuple[Referral, ...]:
    """The list in `data`: a `sauti-referrals` file, or a whole record, of which only the list is taken.

    Raises:
        ConsultationError: with every finding.
    """
    tree = plain_yaml.read(data, name)
    if isinstance(tree.value, dict) and tree.value.get("format") == "sauti-deployment":
        return load(data, name).referrals
    found = shaped(ReferralList, tree).referrals
    _judge([*_of_referrals(found, tree.places)])
    return found


def thawed(frozen: bytes) -> Deployment:
    """The record that a round was made with, without its referrals. Raises ValueError for bytes that are none."""
    return Deployment.model_validate_json(frozen)


def _judge(findings: list[Finding]) -> None:
    if findings:
        raise ConsultationError(tuple(findings))


def _of_referrals(referrals: tuple[Referral, ...], places: Places) -> Iterator[Finding]:
    """An entry that is offered in a language says everything in it."""
    for number, one in enumerate(referrals):
        for language in one.languages:
            for field in _TEXTS:
                texts: Texts = getattr(one, field)
                if language not in texts:
                    path: Path = ("referrals", number, field)
                    remedy = f"Add '{language}: …' below '{field}:', or take {language} out of 'languages'."
                    message = _MISSING.format(language=language)
                    yield places.finding(Severity.ERROR, "language-missing", path, message, remedy)


def _of_zone(record: Deployment, places: Places) -> Iterator[Finding]:
    try:
        ZoneInfo(record.time_zone or "UTC")
    except (LookupError, OSError, ValueError):
        message, remedy = "There is no such time zone.", "Write a name such as Africa/Nairobi or Asia/Yangon."
        yield places.finding(Severity.ERROR, "time-zone", ("time_zone",), message, remedy)
