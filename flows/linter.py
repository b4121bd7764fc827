"""Whether a consultation is sound and kind: one table of rules, each with its reason and its remedy.

Errors keep a consultation from being loaded; warnings are for its author to weigh. Ids in brackets are those of the
project's requirements.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flows.checks import answers, paths, texts
from flows.checks.walk import Flaw
from flows.findings import Finding, Places, Severity
from flows.model import Consultation

Check = Callable[[Consultation], Iterator[Flaw]]
_NOWHERE = Places()


class Rule(NamedTuple):
    """One line of the table."""

    code: str
    requirement: str
    severity: Severity
    check: Check


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
    Rule("required", "Q3", Severity.ERROR, answers.required),
    Rule("min-max", "Q3", Severity.ERROR, answers.multiple),
    Rule("exclusive", "Q3", Severity.ERROR, answers.exclusive),
    Rule("ranking", "Q3", Severity.ERROR, answers.ranking),
    Rule("scale", "Q3", Severity.ERROR, answers.scales),
    Rule("bands", "Q3", Severity.ERROR, answers.bands),
    Rule("constraint-silent", "Q3", Severity.WARNING, answers.explained),
    Rule("disaggregation", "Q8", Severity.ERROR, answers.disaggregation),
    Rule("age-below-18", "Q8", Severity.ERROR, answers.adults),
    Rule("language-missing", "Q7", Severity.ERROR, texts.complete),
    Rule("language-stray", "Q7", Severity.WARNING, texts.strays),
    Rule("invisible-character", "Q7", Severity.ERROR, texts.visible),
    Rule("too-long", "Q5", Severity.ERROR, texts.fits),
    Rule("tiring", "Q5", Severity.WARNING, texts.short),
    Rule("button-too-long", "Q5", Severity.WARNING, texts.buttons),
    Rule("choices-alike", "Q5", Severity.WARNING, texts.distinct),
)


def lint(consultation: Consultation, places: Places = _NOWHERE) -> tuple[Finding, ...]:
    """Everything the rules find, in the order of the table; `places` gives findings their lines."""
    found = _ask(FIRST, consultation, places)
    if any(one.severity is Severity.ERROR for one in found):
        return found
    return found + _ask(RULES[len(FIRST) :], consultation, places)


def _ask(rules: tuple[Rule, ...], consultation: Consultation, places: Places) -> tuple[Finding, ...]:
    return tuple(
        places.finding(rule.severity, rule.code, flaw.path, flaw.message, flaw.remedy)
        for rule in rules
        for flaw in rule.check(consultation)
    )
