"""What a deployment record still lacks for the round it was given to (O1, O2, O5, W6). Pure.

Codes name what is missing and where, never who: no name of a person stands in a gap.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from flows.model import Consultation, Note, ShortText
from flows.statements import FEWEST, GROUPS, MOST, asks_for_groups, misplanned
from rounds.deployment import Deployment, Exemption, thawed
from rounds.gap import Gap
from storage.referrals import EVERYWHERE, ROOM, Referral, Service, offered, stale
from storage.rounds import RoundRow

TWO_WAY = 3
"""Tables of two variables that a round may plan (R1)."""
LEAST_CUSTODIANS = 2
_AGAIN = "Then make a new round."
_RENEW = "Then renew the list: `sauti round referrals`."


def of(row: RoundRow) -> Deployment | None:
    """The record of a round as it is today: frozen part and present list of referrals."""
    if row.deployment is None:
        return None
    return thawed(row.deployment).model_copy(update={"referrals": row.referrals})


def gaps(row: RoundRow, deployment: Deployment | None, today: date) -> Iterator[Gap]:
    """Everything that is missing, in the order of the file."""
    if deployment is None:
        yield Gap("no-deployment", "Write a deployment record as in examples/deployment.yaml, give it to `round new`.")
        return
    yield from _of_purpose(deployment, today)
    yield from _of_thresholds(row, deployment)
    yield from _of_tables(deployment, row.consultation)
    yield from _of_complaint(deployment, row.consultation)
    if not row.rehearsal:
        yield from _of_persons(row, deployment)
        yield from _of_night(deployment)
    yield from of_help(row, today)


def cautions(deployment: Deployment) -> Iterator[Gap]:
    """What is told and keeps nothing shut."""
    if deployment.earlier_consultations is None:
        yield Gap(
            "earlier-not-recorded",
            "Find out who has asked these people before, list it under `earlier_consultations`; [] says: nobody.",
        )
    if Exemption.O3 in deployment.exceptions:
        yield Gap("one-custodian-by-exception", "One person alone may open the answers; the record says why.")


def of_help(row: RoundRow, today: date) -> Iterator[Gap]:
    """What the list of referrals lacks: entries, and in a live round somebody's word that they answer (O2)."""
    yield from _of_services(row)
    yield from _of_length(row)
    if not row.rehearsal:
        yield from _of_trials(row.referrals, today)


def _of_trials(referrals: tuple[Referral, ...], today: date) -> Iterator[Gap]:
    """Entries that nobody, or nobody named, has tried within 30 days."""
    old = set(stale(referrals, today))
    for place, one in enumerate(referrals):
        entry = f"entry {place + 1} ({one.service}, {one.region}) of the referrals"
        if place in old:
            yield Gap(f"referral-stale-{place + 1}", f"Try {entry}, set `verified_on`. {_RENEW}")
        if one.verified_by is None:
            yield Gap(f"referral-unverified-{place + 1}", f"Say who tried {entry}: `verified_by`. {_RENEW}")


def _of_purpose(deployment: Deployment, today: date) -> Iterator[Gap]:
    """What is asked for, by whom it is heard, and whether somebody thought about the risk."""
    needed = {
        "purpose": (deployment.purpose, "Say what the answers are for"),
        "process": (deployment.process, "Name the process that will hear the summary"),
        "recipients": (deployment.recipients, "List who receives the summary"),
        "risk-assessment": (deployment.risk_assessment, "Assess the risks for those who answer, and give the date"),
        "retention": (deployment.retention_months, "Say after how many months sealed answers are destroyed"),
    }
    for code, (value, remedy) in needed.items():
        if not value:
            yield Gap(f"no-{code}", f"{remedy}: `{_field(code)}` of the deployment record. {_AGAIN}")
    assessed = deployment.risk_assessment
    if assessed is not None and assessed.date > today + timedelta(days=1):
        yield Gap("risk-assessment-ahead", f"The risk assessment is dated in the future: correct it. {_AGAIN}")


def _field(code: str) -> str:
    return {"retention": "retention_months"}.get(code, code.replace("-", "_"))


def _of_persons(row: RoundRow, deployment: Deployment) -> Iterator[Gap]:
    """Everybody who answers for something has a name or a role; a live round only."""
    if len(deployment.custodians) < max(LEAST_CUSTODIANS, row.shares):
        yield Gap("no-custodians", f"List who holds each share of the key under `custodians`. {_AGAIN}")
    if deployment.risk_assessment is not None and deployment.risk_assessment.by is None:
        yield Gap("no-risk-assessor", f"Say who assessed the risks: `risk_assessment: {{by: …}}`. {_AGAIN}")
    if deployment.community_reviewer is None:
        yield Gap(
            "no-community-reviewer",
            f"Let somebody from the community read the text and name them: `community_reviewer`. {_AGAIN}",
        )
    for language in row.consultation.languages:
        reader = deployment.languages.get(language)
        if reader is None or reader.reviewed_by is None or reader.date is None:
            yield Gap(
                f"no-reader-{language}",
                f"Name the native speaker who checked `{language}`, and when, under `languages`. {_AGAIN}",
            )


def _of_night(deployment: Deployment) -> Iterator[Gap]:
    """It is known when it is night for those who are asked, so that nobody is reminded then (P7)."""
    if deployment.time_zone is None:
        yield Gap(
            "no-time-zone",
            f"Name the zone of the place where people are asked, as in Asia/Yangon: `time_zone`. {_AGAIN}",
        )


def _of_thresholds(row: RoundRow, deployment: Deployment) -> Iterator[Gap]:
    """No option lowers what the record says of hostile responses, and with it every threshold (R1)."""
    if row.control.s < deployment.hostile:
        yield Gap(
            "hostile-too-few",
            f"Behind open links one party may control {deployment.hostile} responses, and this round reckons with "
            f"{row.control.s}: make a new round without --hostile, or with a larger number.",
        )


def _of_tables(deployment: Deployment, consultation: Consultation) -> Iterator[Gap]:
    """Planned tables are made of questions that can be counted."""
    plan = deployment.planned_tables
    for number in misplanned(consultation, plan):
        yield Gap(
            f"planned-groups-{number}",
            f"Table {number} of `planned_tables` asks for `{GROUPS}`. Name one statement beside it that everybody "
            f"votes on; have {FEWEST} to {MOST} of them, and cross none of these with anything else. {_AGAIN}",
        )
    crosses = [table for table in plan if not asks_for_groups(consultation, table)]
    for number, table in enumerate(plan, 1):
        if table not in crosses:
            continue
        if len(set(table)) != len(table) or not all(_countable(consultation, name) for name in table):
            yield Gap(
                f"planned-table-{number}",
                f"Table {number} of `planned_tables` names something that is no question with choices, or one twice. "
                f"Use the ids of the consultation. {_AGAIN}",
            )
    if sum(len(table) > 1 for table in plan) > TWO_WAY:
        yield Gap(
            "too-many-tables",
            f"Plan at most {TWO_WAY} tables of two variables, those by `{GROUPS}` among them. {_AGAIN}",
        )


def _countable(consultation: Consultation, name: str) -> bool:
    place = consultation.positions.get(name)
    return place is not None and not isinstance(consultation.items[place], Note | ShortText)


def _of_complaint(deployment: Deployment, consultation: Consultation) -> Iterator[Gap]:
    """There is somebody outside to complain to, in every language (W6)."""
    for language in consultation.languages:
        if language not in deployment.complaint:
            yield Gap(
                f"no-complaint-{language}",
                f"Say in `{language}` whom people can tell, outside your organisation, when something is wrong: "
                f"`complaint`. {_AGAIN}",
            )


def _of_services(row: RoundRow) -> Iterator[Gap]:
    """Every kind of help can be named to everybody, wherever she is and whatever she reads (O2)."""
    regions: tuple[str | None, ...] = tuple(region.id for region in row.consultation.regions) or (None,)
    for place, one in enumerate(row.referrals, 1):
        if one.region not in {*regions, EVERYWHERE}:
            yield Gap(
                f"unknown-region-{place}",
                f"Entry {place} of the referrals is for `{one.region}`, no region of the consultation. {_RENEW}",
            )
    for service, language, region in product(Service, row.consultation.languages, regions):
        if not any(one.service is service and one.serves(language, region) for one in row.referrals):
            where = "" if region is None else f"-{region}"
            yield Gap(
                f"no-help-{service}-{language}{where}",
                f"Find {_KIND[service]} for people who read `{language}`{where and f' in {region}'}. {_RENEW}",
            )


def _of_length(row: RoundRow) -> Iterator[Gap]:
    """What one person is shown fits on one card."""
    regions: tuple[str | None, ...] = tuple(region.id for region in row.consultation.regions) or (None,)
    for language, region in product(row.consultation.languages, regions):
        shown = offered(row.referrals, language, region)
        if sum(len(one.text.encode("utf-16-le")) // 2 + 2 for one in shown) > ROOM:
            where = "" if region is None else f"-{region}"
            yield Gap(
                f"help-too-long-{language}{where}",
                f"The entries for `{language}`{where and f' in {region}'} do not fit on one card of {ROOM} characters: "
                f"shorten them, or leave some out. {_RENEW}",
            )


_KIND = {
    Service.HEALTH: "medical help",
    Service.MENTAL_HEALTH: "psychological help",
    Service.LEGAL: "legal advice",
    Service.PROTECTION: "protection",
    Service.COMPLAINT: "a place outside your organisation to complain to",
    Service.CHILD: "help for children",
}
