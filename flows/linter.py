"""Whether a consultation is sound and kind: one table of rules, each with its reason and its remedy.

Errors keep a consultation from being loaded; warnings are for its author to weigh. Ids are those of the project's
requirements. A rule that can be set aside becomes a warning where the deployment record gives a reason.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from flows.checks import answers, audio, effort, fitting, groups, heavy, paths, reviews, texts, translations, wording
from flows.checks.walk import Flaw
from flows.findings import Finding, Places, Severity
from flows.model import Consultation
from flows.prompts import Fetch, nothing

Check = Callable[..., Iterator[Flaw]]
"""Takes the consultation, and where it `hears`, what brings sound files."""
Exceptions = Mapping[str, str]
"""Requirement id ("Q8", "Q9") → the recorded reason for setting it aside."""

_NOWHERE = Places()
NONE: Exceptions = MappingProxyType({})


class Rule(NamedTuple):
    """One line of the table."""

    code: str
    requirement: str
    severity: Severity
    check: Check
    yields: bool = False
    """Whether a recorded reason can set it aside."""
    hears: bool = False
    """Whether it also looks into sound files."""


FIRST: tuple[Rule, ...] = (
    Rule("id-not-unique", "Q3", Severity.ERROR, answers.unique_ids),
    Rule("too-large", "Q5", Severity.ERROR, texts.bounds),
    Rule("language-list", "Q7", Severity.ERROR, texts.languages),
)
"""Rules that the others rely on: where one of these is broken, the rest is not asked."""

RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule("expression", "Q1", Severity.ERROR, paths.expressions),
    Rule("unknown-code", "Q1", Severity.ERROR, paths.codes),
    Rule("unreachable", "Q1", Severity.ERROR, paths.reachable),
    Rule("no-way-on", "Q1", Severity.ERROR, paths.endings),
    Rule("no-answer-passes", "Q1", Severity.ERROR, paths.constraints),
    Rule("type", "Q1", Severity.ERROR, fitting.types),
    Rule("once", "Q1", Severity.WARNING, paths.kept_once),
    Rule("asks-too-much", "Q2", Severity.ERROR, wording.open_questions),
    Rule("no-word-list", "Q2", Severity.WARNING, wording.unlisted),
    Rule("required", "Q3", Severity.ERROR, answers.required),
    Rule("min-max", "Q3", Severity.ERROR, answers.multiple),
    Rule("exclusive", "Q3", Severity.ERROR, answers.exclusive),
    Rule("ranking", "Q3", Severity.ERROR, answers.ranking),
    Rule("scale", "Q3", Severity.ERROR, answers.scales),
    Rule("bands", "Q3", Severity.ERROR, answers.bands),
    Rule("collapse", "Q3", Severity.ERROR, answers.merges),
    Rule("constraint-silent", "Q3", Severity.WARNING, answers.explained),
    Rule("heavy-unannounced", "Q4", Severity.ERROR, heavy.announced),
    Rule("heavy-misplaced", "Q4", Severity.ERROR, heavy.in_the_middle),
    Rule("heavy-without-end", "Q4", Severity.ERROR, heavy.followed),
    Rule("too-long", "Q5", Severity.ERROR, texts.fits),
    Rule("card-too-long", "Q5", Severity.ERROR, effort.cards),
    Rule("tiring", "Q5", Severity.ERROR, effort.pace),
    Rule("long-screen", "Q5", Severity.ERROR, effort.screens),
    Rule("button-too-long", "Q5", Severity.ERROR, effort.buttons),
    Rule("choices-alike", "Q5", Severity.WARNING, texts.distinct),
    Rule("promise", "Q6", Severity.ERROR, wording.promises),
    Rule("claim", "Q6", Severity.ERROR, wording.claims),
    Rule("revealing", "Q6", Severity.ERROR, wording.first_lines),
    Rule("language-tag", "Q7", Severity.ERROR, translations.tags),
    Rule("language-missing", "Q7", Severity.ERROR, texts.complete),
    Rule("language-stray", "Q7", Severity.WARNING, texts.strays),
    Rule("invisible-character", "Q7", Severity.ERROR, texts.visible),
    Rule("placeholder", "Q7", Severity.ERROR, translations.placeholders),
    Rule("review-broken", "Q7", Severity.WARNING, reviews.unbroken),
    Rule("audio-missing", "Q7", Severity.ERROR, audio.complete),
    Rule("audio-stray", "Q7", Severity.WARNING, audio.strays),
    Rule("audio-file", "Q7", Severity.ERROR, audio.playable, hears=True),
    Rule("disaggregation", "Q8", Severity.ERROR, answers.disaggregation),
    Rule("too-many-variables", "Q8", Severity.ERROR, groups.variables, yields=True),
    Rule("age-below-18", "Q8", Severity.ERROR, groups.adults),
    Rule("age-band-narrow", "Q8", Severity.ERROR, groups.bands, yields=True),
    Rule("place-too-fine", "Q8", Severity.ERROR, groups.places, yields=True),
    Rule("identity-in-words", "Q8", Severity.ERROR, groups.identity_in_words, yields=True),
    Rule("chat-can-be-read", "Q9", Severity.ERROR, groups.exposed, yields=True),
)


def lint(
    consultation: Consultation, places: Places = _NOWHERE, *, exceptions: Exceptions = NONE, fetch: Fetch = nothing
) -> tuple[Finding, ...]:
    """Everything the rules find, in the order of the table.

    Args:
        consultation: what is looked at.
        places: gives findings their lines in the file.
        exceptions: requirement ids that the deployment record sets aside, with its reasons; an empty reason is none.
        fetch: brings the sound files that are named.
    """
    found = _ask(FIRST, consultation, places, exceptions, fetch)
    if any(one.severity is Severity.ERROR for one in found):
        return found
    return found + _ask(RULES[len(FIRST) :], consultation, places, exceptions, fetch)


def founded(consultation: Consultation, places: Places) -> tuple[Finding, ...]:
    """What breaks the rules that all others rely on, and whoever names a text by its question as well."""
    return _ask(FIRST, consultation, places, NONE, nothing)


def _ask(
    rules: tuple[Rule, ...], consultation: Consultation, places: Places, exceptions: Exceptions, fetch: Fetch
) -> tuple[Finding, ...]:
    found = []
    for rule in rules:
        excused = rule.yields and bool(exceptions.get(rule.requirement, "").strip())
        severity = Severity.WARNING if excused else rule.severity
        kept = "The deployment record gives the reason why it stays." if excused else None
        found += [
            places.finding(severity, rule.code, flaw.path, flaw.message, kept or flaw.remedy)
            for flaw in (rule.check(consultation, fetch) if rule.hears else rule.check(consultation))
        ]
    return tuple(found)
