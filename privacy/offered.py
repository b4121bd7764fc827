"""What a form lets nobody pick, whatever else they say: who sealed such an answer had no form before her.

Anybody can seal a response, because the key is public. One that holds a choice which no card ever offered would stand
among those who were asked and in no cell, and tables would not add up. Rules that look at other answers rule nothing
out here: whom they let pick what, only the engine can say. Pure.
"""

from functools import lru_cache

from flows.model import Consultation, Item, Note, Scale, Single
from flows.rules import attributes_of, parsed, rules_of


@lru_cache(maxsize=64)
def ruled_out(consultation: Consultation) -> tuple[frozenset[str], ...]:
    """For each item, codes that its own filter or constraint leaves out for everybody."""
    return tuple(_ruled_out(consultation, position, item) for position, item in enumerate(consultation.items))


def _ruled_out(consultation: Consultation, position: int, item: Item) -> frozenset[str]:
    if isinstance(item, Note):
        return frozenset()
    rules, codes = rules_of(consultation), frozenset(consultation.codes[position])
    out: frozenset[str] = frozenset()
    if _stands_alone(consultation, position, item, getattr(item, "choice_filter", None)):
        out = codes - frozenset(rules.offered(position, {}))
    if isinstance(item, Single | Scale) and _stands_alone(consultation, position, item, item.constraint):
        given = (str(one) for one in range(item.low, item.high + 1)) if isinstance(item, Scale) else iter(codes)
        out |= frozenset(code for code in given if not rules.satisfied(position, (code,), {}))
    return out


def _stands_alone(consultation: Consultation, position: int, item: Item, rule: str | None) -> bool:
    """Whether there is a rule, and it looks at no other answer."""
    return rule is not None and not parsed(consultation, rule, position, attributes_of(item)).references
