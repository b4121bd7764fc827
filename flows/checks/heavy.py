"""Q4: what is heavy is announced, stands in the middle, and is followed by something light."""

from collections.abc import Iterator
from itertools import pairwise

from flows.checks.walk import Flaw, items
from flows.model import Consultation, Item, Note, Sensitivity

LIGHTER = 2
"""Questions that stand before the heavy ones, and again after them; in a consultation of fewer than six, one."""

_SMALL = 6


def announced(consultation: Consultation) -> Iterator[Flaw]:
    """A heavy question stands in a section with a content note, which brings *skip this part* with it."""
    for path, position, item in items(consultation):
        section = consultation.sections[consultation.section_of[position]]
        if _heavy(item) and section.content_note is None:
            message = f"'{item.id}' is heavy and comes unannounced."
            yield Flaw((*path, "heavy"), message, "Add 'content_note' to its section: what comes, and that it can go.")


def in_the_middle(consultation: Consultation) -> Iterator[Flaw]:
    """Nobody is met by a heavy question, left with one, or taken back to one after it was over."""
    asked = [(path, item) for path, _, item in items(consultation) if not isinstance(item, Note)]
    heavy = [number for number, (_, item) in enumerate(asked) if _heavy(item)]
    if not heavy:
        return
    apart = LIGHTER if len(asked) >= _SMALL else 1
    for number, remedy in (
        (heavy[0] if heavy[0] < apart else None, f"Ask at least {apart} lighter question(s) before it."),
        (heavy[-1] if len(asked) - heavy[-1] <= apart else None, f"Ask at least {apart} lighter question(s) after it."),
    ):
        if number is not None:
            path, item = asked[number]
            yield Flaw((*path, "heavy"), f"'{item.id}' is heavy and does not stand in the middle.", remedy)
    for before, number in pairwise(heavy):
        if number != before + 1:
            path, item = asked[number]
            message = f"'{item.id}' is heavy and comes after a lighter question that said it was over."
            yield Flaw((*path, "heavy"), message, "Put the heavy questions side by side.")


def followed(consultation: Consultation) -> Iterator[Flaw]:
    """After the heavy questions comes a line to breathe, and then a neutral question for everybody."""
    for path, position, item in items(consultation):
        rest = consultation.items[position + 1 :]
        asked = next((one for one in rest if not isinstance(one, Note)), None)
        if not _heavy(item) or _heavy(asked):
            continue
        if not rest or not isinstance(rest[0], Note):
            message = f"Nothing leads out of '{item.id}', which is heavy."
            yield Flaw((*path, "heavy"), message, "Let a note follow: that it is over, and that there is no hurry.")
            continue
        after = position + 1 + next((number for number, one in enumerate(rest) if not isinstance(one, Note)), 0)
        if not _light(consultation, after):
            message = f"No neutral question follows on '{item.id}', which is heavy."
            remedy = (
                "Let an ordinary question follow that is asked of everybody: no 'relevant', 'sensitivity: opinion'."
            )
            yield Flaw((*path, "heavy"), message, remedy)


def _heavy(item: Item | None) -> bool:
    return item is not None and not isinstance(item, Note) and item.heavy


def _light(consultation: Consultation, position: int) -> bool:
    item = consultation.items[position]
    section = consultation.sections[consultation.section_of[position]]
    always = item.relevant is None and section.relevant is None
    return always and not isinstance(item, Note) and item.sensitivity is Sensitivity.OPINION
