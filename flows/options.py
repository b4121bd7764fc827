"""What can be tapped on a question: every code it knows, and those that are left for this person."""

from flows.answers import Stance
from flows.model import Consultation, Item, Multiple, Number, Ranking, Scale, Single, Vote
from flows.rules import Values, rules_of


def codes(item: Item) -> tuple[str, ...]:
    """Every code that an answer to `item` can have; none for notes and for words."""
    match item:
        case Single() | Multiple() | Ranking():
            return tuple(choice.id for choice in item.choices)
        case Number():
            return tuple(band.id for band in item.bands)
        case Scale():
            return tuple(map(str, range(item.low, item.high + 1)))
        case Vote():
            return tuple(stance.value for stance in Stance)
        case _:
            return ()


def offered(consultation: Consultation, position: int, values: Values) -> tuple[str, ...]:
    """The codes that can be picked at `position`, once a `choice_filter` has looked at `values`."""
    item = consultation.items[position]
    if isinstance(item, Single | Multiple | Ranking):
        return rules_of(consultation).offered(position, values)
    return codes(item)
