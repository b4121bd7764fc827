"""Why a round may not open: every gap at once, each with what to do about it. Pure.

A rehearsal skips the review of languages and of the bot's own words, the names of persons, the age of referrals and the
key of the contact box, and nothing else; instead it runs only against a Bot API on this very machine, so that no real
person can ever walk into one. There is no other switch.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from flows.findings import Severity
from flows.linter import lint
from flows.model import Consultation
from flows.prompts import Fetch, nothing
from flows.review import holds
from rounds import record
from rounds.deployment import Deployment, Exemption
from rounds.gap import Gap
from rounds.settings import is_loopback
from storage.rounds import RoundRow

LEAST_SHARES = 2


class GateClosed(Exception):  # noqa: N818 - named for what it says
    """A round that does not open, and every reason."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(*(gap.code for gap in gaps))
        self.gaps = gaps

    def __str__(self) -> str:
        return "\n".join(map(str, self.gaps))


@dataclass(frozen=True, slots=True)
class Interface:
    """The languages in which the bot itself can speak, and those in which a native speaker has signed its words."""

    spoken: frozenset[str]
    signed: frozenset[str]
    told: frozenset[str]
    """Those in which there are words for documents: nothing is released before people can read it in each (R9)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What besides the round itself decides whether it opens."""

    proved: bool
    """Whether enough custodians have shown that the key opens (O3)."""
    bot_api_url: str
    """Where the bot will speak to Telegram, or to what stands in for it."""
    interface: Interface
    """What the bot can say in its own words."""
    today: date
    fetch: Fetch = nothing
    """Brings the recordings that the round has taken along."""


def gaps(row: RoundRow, opening: Opening) -> tuple[Gap, ...]:
    """Everything that keeps a round, as it is stored, from opening; empty where nothing does."""
    deployment = record.of(row)
    return (
        *_of_consultation(row.consultation, deployment, opening.fetch),
        *record.gaps(row, deployment, opening.today),
        *_of_custody(row, deployment, proved=opening.proved),
        *_of_interface(row, opening.interface),
        *(address_gaps(opening.bot_api_url) if row.rehearsal else _of_languages(row.consultation)),
    )


def cautions(row: RoundRow) -> tuple[Gap, ...]:
    """What does not keep a round shut, and should be said aloud before it opens."""
    deployment = record.of(row)
    untold = Gap("no-notification-key", "nobody of this rehearsal is told of results: they can be read by /results.")
    return (
        *(() if deployment is None else record.cautions(deployment)),
        *((untold,) if row.notification_key is None and row.rehearsal else ()),
    )


def address_gaps(bot_api_url: str) -> tuple[Gap, ...]:
    """Why a rehearsal may not run against this Bot API; checked at opening and at every start of the bot."""
    if is_loopback(bot_api_url):
        return ()
    return (
        Gap("rehearsal-outside", "A rehearsal runs on this machine only: set SAUTI_BOT_API_URL to `sauti simulator`."),
    )


def _of_consultation(consultation: Consultation, deployment: Deployment | None, fetch: Fetch) -> Iterator[Gap]:
    for finding in lint(consultation, exceptions={} if deployment is None else deployment.set_aside, fetch=fetch):
        if finding.severity is Severity.ERROR:
            yield Gap(f"lint-{finding.code}", f"{finding.path}: {finding.remedy} Then make a new round.")


def _of_custody(row: RoundRow, deployment: Deployment | None, *, proved: bool) -> Iterator[Gap]:
    if not proved:
        yield Gap(
            "key-not-proved",
            "Run `sauti round challenge`, let the custodians run `sauti keys drill`, open with --drill.",
        )
    if row.threshold < LEAST_SHARES and not (deployment and Exemption.O3 in deployment.exceptions):
        yield Gap(
            "one-custodian",
            "One person alone could open the answers. Make a key with --threshold 2 or more, or write down under "
            "`exceptions: {O3: …}` why it cannot be otherwise.",
        )
    if row.notification_key is None and row.opened_week is None and not row.rehearsal:
        yield Gap(
            "no-notification-key",
            "People are asked whether they may be told of results, so there has to be a box for those who say yes: "
            "`sauti keys new --purpose notification`, then make a new round with --notification-key.",
        )
    if row.shares <= row.threshold and not row.rehearsal:
        yield Gap(
            "no-spare-share", "One lost share would lose all answers. Make a key with more shares than the threshold."
        )


def unspoken(consultation: Consultation, spoken: Collection[str], told: Collection[str]) -> Iterator[Gap]:
    """The languages in which people are to be asked, and in which the bot, or documents, have no words of their own."""
    for code, words, domain, known in (
        ("no-interface", "The bot has", "participant", spoken), ("no-documents", "Documents have", "reports", told)
    ):  # fmt: skip
        for language in consultation.languages:
            if language not in known:
                yield Gap(
                    f"{code}-{language}",
                    f"{words} no words in `{language}`: begin them with `sauti messages export {domain}`.",
                )


def _of_interface(row: RoundRow, interface: Interface) -> Iterator[Gap]:
    yield from unspoken(row.consultation, interface.spoken, interface.told)
    for language in row.consultation.languages:
        if language in interface.spoken and language not in interface.signed and not row.rehearsal:
            yield Gap(
                f"interface-not-reviewed-{language}",
                f"Let a native speaker sign the bot's own words in `{language}`: `sauti messages sign participant`.",
            )


def _of_languages(consultation: Consultation) -> Iterator[Gap]:
    for language in consultation.languages:
        if not holds(consultation, language):
            yield Gap(
                f"not-reviewed-{language}",
                f"Let a native speaker read `{language}` as it stands and sign it with `sauti messages sign`; then "
                "make a new round.",
            )
