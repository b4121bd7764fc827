"""Q1: every reference resolves, nothing looks ahead, every question can be reached, every path ends."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from flows.answers import Stance
from flows.checks.walk import Flaw, items, sections
from flows.expressions import Expression, ExpressionError
from flows.findings import Path
from flows.model import Consultation, Item, Multiple, Note, Number, Scale, ShortText, Single, Vote
from flows.rules import attributes_of, calculations_of, choices_of, parsed, parsed_calculation

MAX_CASES, _USUAL = 2_000, 120
"""Combinations of earlier answers that are tried, fewer for rules of more parts; rules over more are taken on trust."""

_MAX_BEHIND = 10
"""Questions behind questions that are taken in: with one more, even two answers each were too many cases."""

_MAX_SUBSETS = 8
"""Choices of a multiple question up to which all sets of answers are tried; beyond: none, one, all but one, all."""


class Rule(NamedTuple):
    """An expression of the file: what it belongs to and what it may see."""

    path: Path
    field: str
    text: str
    position: int
    item: Item | None

    def parsed(self, consultation: Consultation) -> Expression:
        """The expression, with all that it may see. Raises ExpressionError."""
        if self.path[:1] == ("calculations",):
            known = calculations_of(consultation)
            above = [one.id for one in consultation.calculations[: self.position]]
            return parsed_calculation(consultation, self.text, {name: known[name] for name in above if name in known})
        attributes = attributes_of(self.item) if self.item is not None and self.field == "choice_filter" else ()
        return parsed(consultation, self.text, self.position, attributes)


def expressions(consultation: Consultation) -> Iterator[Flaw]:
    """Every expression parses, and refers to earlier questions that are answered with codes."""
    for rule in rules(consultation):
        try:
            expression = rule.parsed(consultation)
        except ExpressionError as error:
            yield _refused(rule, error, consultation)
        else:
            itself = expression.looks_at_itself and rule.field != "calculate"
            if (expression.looks_at_current or itself) and rule.field != "constraint":
                yield Flaw(
                    rule.path,
                    f"'{'once' if itself else '.'}' means the answer being given, which only a constraint can look at.",
                    "Refer to an earlier question: ${id}.",
                )


def codes(consultation: Consultation) -> Iterator[Flaw]:
    """A code that an answer is compared with exists: a misspelt one would silently never match."""
    for rule in rules(consultation):
        expression = _parsed(rule, consultation)
        for mention in expression.mentions if expression else ():
            item = rule.item if mention.name == "." else consultation.items[consultation.positions[mention.name]]
            if item is None or (mention.name == "." and isinstance(item, Number)):
                continue  # what is given there is the number as typed, not yet a band
            known = known_codes(item)
            if known and mention.code not in {"", *known}:
                yield Flaw(
                    rule.path,
                    f"'{mention.code}' (character {mention.position + 1}) is no answer to that question.",
                    "Its answers are: " + ", ".join(known) + ".",
                )


def reachable(consultation: Consultation) -> Iterator[Flaw]:
    """Relevance can become true for somebody: nothing is asked of nobody."""
    for path, position, item in items(consultation):
        rules = _conditions(consultation, position)
        cases = None if rules is None else _cases(consultation, rules)
        if rules and cases is not None and not any(_all_hold(rules, case) for case in cases):
            where: Path = (*path, "relevant") if item.relevant is not None else (*path[:2], "relevant")
            yield Flaw(
                where,
                f"'{item.id}' is never asked: no answers make its relevance true.",
                "Mend 'relevant' here or on the section. A banded number is known by its band's id, not as a number.",
            )


def endings(consultation: Consultation) -> Iterator[Flaw]:
    """Whenever a filtered question is asked there is enough to pick from, so that every path goes on to its end."""
    for path, position, item in items(consultation):
        if not isinstance(item, Single | Multiple) or item.choice_filter is None:
            continue
        rule = _parsed(
            Rule((*path, "choice_filter"), "choice_filter", item.choice_filter, position, item), consultation
        )
        conditions = _conditions(consultation, position)
        if rule is None or conditions is None:
            continue
        least = item.min if isinstance(item, Multiple) else 1
        cases = _cases(consultation, [*conditions, rule])
        asked = (case for case in cases or () if _all_hold(conditions, case))
        stuck = [case for case in asked if _left(item, rule, case) < least]
        if stuck:
            yield Flaw(
                (*path, "choice_filter"),
                f"With some earlier answers (or skips) fewer than {least} choices are left.",
                _way_on(rule, stuck),
            )


def _way_on(rule: Expression, stuck: list[Mapping[str, str]]) -> str:
    """What lets every path go on; where it is a skip alone that leaves too few, the condition that does."""
    names = sorted(rule.references)
    if names and all(any(not case.get(name) for name in names) for case in stuck):
        condition = " and ".join(f"${{{name}}} != ''" for name in names)
        return f"Ask it of those alone who answered before: write {condition} in 'relevant'."
    return "Keep a choice for everyone, for example: … or name = 'other', or ask only when 'relevant'."


def constraints(consultation: Consultation) -> Iterator[Flaw]:
    """A constraint on a single question or scale lets some answer through."""
    for path, position, item in items(consultation):
        if not isinstance(item, Single | Scale) or item.constraint is None:
            continue
        rule = _parsed(Rule((*path, "constraint"), "constraint", item.constraint, position, item), consultation)
        cases = _cases(consultation, [rule]) if rule else None
        codes_ = known_codes(item)
        if rule and cases is not None and not any(rule.holds(case, code) for case in cases for code in codes_):
            yield Flaw((*path, "constraint"), "No answer satisfies this constraint.", "Mend or remove it.")


def rules(consultation: Consultation) -> Iterator[Rule]:
    """Every rule, and the two parts of each calculation."""
    for path, section in sections(consultation):
        if section.relevant is not None:
            first = consultation.positions[section.items[0].id]
            yield Rule((*path, "relevant"), "relevant", section.relevant, first, None)
    for path, position, item in items(consultation):
        for field in ("relevant", "constraint", "choice_filter"):
            text: str | None = getattr(item, field, None)
            if text is not None:
                yield Rule((*path, field), field, text, position, item)
    yield from _calculations(consultation)


def _calculations(consultation: Consultation) -> Iterator[Rule]:
    for number, one in enumerate(consultation.calculations):
        for field, text in (("calculate", one.calculate), ("relevant", one.relevant)):
            if text is not None:
                yield Rule(("calculations", number, field), field, text, number, None)


def kept_once(consultation: Consultation) -> Iterator[Flaw]:
    """Whoever writes `once` in a calculation is told that nothing is kept."""
    for rule in rules(consultation):
        expression = _parsed(rule, consultation) if rule.field == "calculate" else None
        if expression is not None and expression.looks_at_itself:
            yield Flaw(
                rule.path,
                "'once' keeps nothing here: a calculation follows the answers, also when they are changed.",
                "Nothing has to be done, if that is what is meant.",
            )


def _refused(rule: Rule, error: ExpressionError, consultation: Consultation) -> Flaw:
    message, remedy = f"{error.message} (character {error.position + 1})", error.remedy
    if error.code == "unknown-name":
        name = rule.text[error.position :].removeprefix("${").partition("}")[0]
        place = consultation.positions.get(name)
        if name in {one.id for one in consultation.calculations}:
            message, remedy = _not_yet(name)
        elif place is not None:
            message, remedy = _out_of_reach(consultation.items[place])
    return Flaw(rule.path, message, remedy)


def _out_of_reach(item: Item) -> tuple[str, str]:
    if isinstance(item, Note):
        return f"'{item.id}' is a note; nobody answers it.", "Refer to a question."
    if isinstance(item, ShortText):
        return (
            f"'{item.id}' is answered in words, and words are sealed at once: no rule can look at them.",
            "Ask what the rule needs to know in a question with choices.",
        )
    return f"'{item.id}' is not asked before this.", "Move it further up, or refer to an earlier question."


def _not_yet(name: str) -> tuple[str, str]:
    return (
        f"The calculation '{name}' cannot be looked at here.",
        "Let it stand above, and look at nothing but questions that are asked before this; mend it, if it is broken.",
    )


def _parsed(rule: Rule, consultation: Consultation) -> Expression | None:
    """The expression, or nothing where `expressions` has already said why not."""
    try:
        return rule.parsed(consultation)
    except ExpressionError:
        return None


@lru_cache(maxsize=512)  # asked once for each question that looks back at this one
def _conditions(consultation: Consultation, position: int) -> list[Expression] | None:
    """Everything that must hold for the item to be asked; nothing where an expression does not parse."""
    item = consultation.items[position]
    section = consultation.sections[consultation.section_of[position]]
    texts = [
        (section.relevant, consultation.positions[section.items[0].id]),
        (item.relevant, position),
    ]
    rules = [_parsed(Rule((), "relevant", text, before, None), consultation) for text, before in texts if text]
    return None if None in rules else [rule for rule in rules if rule is not None]


def _cases(consultation: Consultation, rules: list[Expression]) -> Iterator[Mapping[str, str]] | None:
    """Every combination of answers that the rules can tell apart; nothing where there are too many to try.

    Where it is not too much, the questions behind the questions are taken in, and combinations left out in which
    something was answered that had not been asked.
    """
    behind = _behind(consultation, rules)
    weight = 1 + sum(rule.size for rule in rules) // _USUAL
    names = frozenset().union(*(rule.references for rule in rules))
    for wanted, asked in (
        (names.union(*(rule.references for some in behind.values() for rule in some)), behind),
        (names, {}),
    ):
        domains = {name: _domain(consultation.items[consultation.positions[name]]) for name in sorted(wanted)}
        if prod(map(len, domains.values())) * weight <= MAX_CASES:
            every = (dict(zip(domains, case, strict=True)) for case in product(*domains.values()))
            return (case for case in every if all(not case[name] or _all_hold(asked[name], case) for name in asked))
    return None


def _behind(consultation: Consultation, rules: list[Expression]) -> dict[str, list[Expression]]:
    """For every question the rules refer to, directly or through others, when it is asked; empty if they are many."""
    found: dict[str, list[Expression]] = {}
    waiting = [name for rule in rules for name in rule.references]
    while waiting:
        name = waiting.pop()
        if name not in found:
            if len(found) == _MAX_BEHIND:
                return {}
            found[name] = _conditions(consultation, consultation.positions[name]) or []
            waiting += [other for rule in found[name] for other in rule.references]
    return found


def _all_hold(rules: list[Expression], case: Mapping[str, str]) -> bool:
    return all(rule.holds(case) for rule in rules)


def _left(item: Single | Multiple, rule: Expression, case: Mapping[str, str]) -> int:
    return sum(
        rule.holds(case, attributes={"name": choice.id, **choice.attributes})
        for choice in item.choices
        if not choice.exclusive or isinstance(item, Single)
    )


def known_codes(item: Item) -> tuple[str, ...]:
    """Every code one answer can consist of; empty for words and typed numbers."""
    match item:
        case Scale():
            return tuple(str(point) for point in range(item.low, item.high + 1))
        case Vote():
            return tuple(Stance)
        case Number():
            return tuple(band.id for band in item.bands)
        case _:
            return tuple(choice.id for choice in choices_of(item))


def _domain(item: Item) -> list[str]:
    """Every answer as a rule sees it, unanswered first; of large multiple questions a telling part."""
    known = known_codes(item)
    if not hasattr(item, "choices") or isinstance(item, Single):
        return ["", *known]
    if len(known) <= _MAX_SUBSETS:
        sets = product((True, False), repeat=len(known))
        return [" ".join(code for code, taken in zip(known, some, strict=True) if taken) for some in sets]
    but_one = (" ".join(code for code in known if code != left) for left in known)
    return ["", *known, *but_one, " ".join(known)]
