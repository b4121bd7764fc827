"""Q3 and what belongs to it: nobody has to answer, and what can be answered makes sense."""

from collections import Counter
from collections.abc import Iterable, Iterator

from flows.checks.walk import Flaw, items, options, questions, sections
from flows.findings import Path
from flows.model import (
    Band,
    Constrained,
    Consultation,
    DisaggregationRole,
    Mergeable,
    Multiple,
    Number,
    Ranking,
    Scale,
    Single,
    merged,
)
from flows.rules import choices_of


def required(consultation: Consultation) -> Iterator[Flaw]:
    """Every question can be skipped (Q3)."""
    for path, item in questions(consultation):
        if item.required:
            yield Flaw(
                (*path, "required"),
                f"'{item.id}' demands an answer. Being pressed to speak harms, and forced answers are worth little.",
                "Remove 'required'. Only language, safety, age and consent are asked of everybody, by the bot itself.",
            )


def unique_ids(consultation: Consultation) -> Iterator[Flaw]:
    """An id names one thing: sections, items, and what can be picked within one item."""
    yield from _twice(((*path, "id"), section.id) for path, section in sections(consultation))
    derived = ((("calculations", number, "id"), one.id) for number, one in enumerate(consultation.calculations))
    yield from _twice([*(((*path, "id"), item.id) for path, _, item in items(consultation)), *derived])
    for path, _, item in items(consultation):
        yield from _twice(((*path, *below, "id"), option.id) for below, option in options(item))


def multiple(consultation: Consultation) -> Iterator[Flaw]:
    """`min` and `max` of a multiple question can be met."""
    for path, item in questions(consultation):
        if not isinstance(item, Multiple):
            continue
        most = sum(not choice.exclusive for choice in item.choices)
        if item.min > most:
            yield Flaw((*path, "min"), f"Only {most} choices can be picked together.", f"Write {most} or less.")
        if item.max is not None and not item.min <= item.max <= most:
            yield Flaw(
                (*path, "max"),
                f"'max' has to lie between 'min' ({item.min}) and the choices that go together ({most}).",
                "Change it, or remove it if there is no limit.",
            )


def exclusive(consultation: Consultation) -> Iterator[Flaw]:
    """`exclusive` stands where it means something: beside other choices of a multiple question."""
    for path, item in questions(consultation):
        marked = [number for number, choice in enumerate(choices_of(item)) if choice.exclusive]
        if marked and not isinstance(item, Multiple):
            message = "Only in a multiple question can one choice drop the others."
            yield Flaw((*path, "choices", marked[0], "exclusive"), message, "Remove 'exclusive'.")
        elif marked and len(marked) == len(choices_of(item)):
            message = "Every choice here drops all others."
            yield Flaw((*path, "choices", marked[0], "exclusive"), message, "Make it a 'single' question.")


def ranking(consultation: Consultation) -> Iterator[Flaw]:
    """A ranking asks for no more places than there are choices."""
    for path, item in questions(consultation):
        if isinstance(item, Ranking) and item.top > len(item.choices):
            message = f"There are {len(item.choices)} choices, too few for {item.top} places."
            yield Flaw((*path, "top"), message, f"Write {len(item.choices)} or less.")


def scales(consultation: Consultation) -> Iterator[Flaw]:
    """A scale has at least two points, in order."""
    for path, item in questions(consultation):
        if isinstance(item, Scale) and item.low >= item.high:
            yield Flaw((*path, "low"), "'low' has to be less than 'high'.", "Exchange or change them.")


def bands(consultation: Consultation) -> Iterator[Flaw]:
    """Bands follow each other without a gap or an overlap; only the last is open (a number falls into one band)."""
    for path, item in questions(consultation):
        if isinstance(item, Number):
            yield from _bands(path, item.bands)


def merges(consultation: Consultation) -> Iterator[Flaw]:
    """`collapse` brings together two categories that stand at that moment, neighbours where they have an order."""
    for path, item in questions(consultation):
        if isinstance(item, Mergeable):
            yield from _merges(path, item, list(consultation.categories[consultation.positions[item.id]]))


def disaggregation(consultation: Consultation) -> Iterator[Flaw]:
    """Variables that split tables: one question each, answered with few codes (Q8)."""
    roles: Counter[DisaggregationRole] = Counter()
    for path, item in questions(consultation):
        if item.disaggregation is None:
            continue
        roles[item.disaggregation] += 1
        place = (*path, "disaggregation")
        if not isinstance(item, Single | Multiple | Number):
            message = f"A '{item.kind}' question cannot split tables."
            yield Flaw(place, message, "Ask it as single, multiple or number.")
        elif roles[item.disaggregation] > 1:
            message = f"'{item.disaggregation}' is already asked by an earlier question."
            yield Flaw(place, message, "Keep one question for each variable.")


def explained(consultation: Consultation) -> Iterator[Flaw]:
    """A constraint says what it wants: an answer is never refused without a reason."""
    for path, item in questions(consultation):
        if not isinstance(item, Constrained):
            continue
        if item.constraint is not None and item.constraint_message is None:
            message = "An answer can be refused here without a word why."
            yield Flaw((*path, "constraint"), message, "Add 'constraint_message' in every language.")
        if item.constraint is None and item.constraint_message is not None:
            message = "There is a message but no constraint that could show it."
            yield Flaw((*path, "constraint_message"), message, "Add 'constraint', or remove the message.")


def _twice(ids: Iterable[tuple[Path, str]]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for path, name in ids:
        if name in seen:
            yield Flaw(path, f"'{name}' already names something further up.", "Give each its own id.")
        seen.add(name)


def _merges(path: Path, item: Mergeable, standing: list[str]) -> Iterator[Flaw]:
    taken = set(standing)
    for number, merge in enumerate(item.collapse):
        place = (*path, "collapse", number)
        if merge.id in taken:
            yield Flaw((*place, "id"), f"'{merge.id}' already names a category here.", "Give it an id of its own.")
        taken.add(merge.id)
        one, other = merge.of
        if one == other or not {one, other} <= set(standing):
            message = f"'{one}' and '{other}' are no two categories that stand here at this point."
            yield Flaw((*place, "of"), message, f"Name two of: {', '.join(standing)}.")
            return
        if not isinstance(item, Single) and abs(standing.index(one) - standing.index(other)) > 1:
            yield Flaw((*place, "of"), f"'{one}' and '{other}' are no neighbours.", "Bring neighbours together first.")
            return
        standing = merged(standing, merge)
    if len(standing) == 1 and item.collapse:
        message = "In the end everything is one category, which says nothing."
        yield Flaw((*path, "collapse", len(item.collapse) - 1), message, "Remove the last of them.")


def _bands(path: Path, every: tuple[Band, ...]) -> Iterator[Flaw]:
    for number, band in enumerate(every):
        place = (*path, "bands", number)
        if band.high is not None and band.high < band.low:
            yield Flaw((*place, "high"), "This band ends before it begins.", "Exchange 'low' and 'high'.")
        if number == len(every) - 1:
            continue
        if band.high is None:
            yield Flaw(place, "Only the last band can be open-ended.", "Add 'high'.")
        elif every[number + 1].low != band.high + 1:
            message = f"The band after the one that ends at {band.high} begins at {every[number + 1].low}."
            yield Flaw((*path, "bands", number + 1, "low"), message, f"Begin it at {band.high + 1}.")
