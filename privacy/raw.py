"""From a tally to raw tables: one for each question, one for the languages, one for repeated answers.

One-way only. A question that only some were asked is linked to the table that says who they were, so that
`privacy.control` can judge both with what a reader of both would know.
"""

from dataclasses import replace

from flows.model import Consultation, Multiple, Note, Question, Scale, Sensitivity, Single
from flows.rules import rules_of
from privacy.links import Link, Offer, Relation, Tangled, filtered_by, links
from privacy.rules import HARMFUL, Rules
from privacy.tables import NO_ANSWER, Picks, RawTable, Shape
from privacy.tally import Layout, Tally

LANGUAGES = "_languages"
REPEATS = "_repeats"
FIRST, AGAIN = "first", "again"


def raw_tables(tally: Tally, consultation: Consultation, rules: Rules) -> tuple[RawTable, ...]:
    """Raw tables in the consultation's order, then languages and repeats."""
    layout = Layout(consultation)
    found = links(consultation)
    tables: dict[int, RawTable] = {}
    for position, item in enumerate(consultation.items):
        if not isinstance(item, Note):
            tables[position] = _question_table(layout, tally, position, item)
    # A question's parent comes before it, so each parent is final when its children look at it.
    for position in tables:
        tables[position] = _linked(position, found[position], tables)
    for position, link in enumerate(found):
        if isinstance(link, Link | Offer) and _can_be_shown(tables[position], rules):
            parent = tables[link.parent]
            tables[link.parent] = replace(parent, known_groups=(*parent.known_groups, link.codes))
    return (*tables.values(), _languages(layout, tally), _repeats(layout, tally))


def _question_table(layout: Layout, tally: Tally, position: int, item: Question) -> RawTable:
    counted = layout.item(tally, position)
    multiple = isinstance(item, Multiple)
    possible = _possible(layout, position, item)
    cells = tuple(
        (code, count) for code, count in zip(layout.codes[position], counted.cells, strict=True) if code in possible
    )
    return RawTable(
        id=item.id,
        shape=Shape.CHOICES if multiple else Shape.PARTITION,
        sensitivity=item.sensitivity,
        codes=(*(code for code, _ in cells), NO_ANSWER),
        counts=(*(count for _, count in cells), counted.asked - counted.answered),
        asked=counted.asked,
        answered=counted.answered,
        picks=_picks(item, possible) if isinstance(item, Multiple) else None,
    )


def _possible(layout: Layout, position: int, item: Question) -> frozenset[str]:
    """Cells that the form lets anybody fall into; a reader knows that the others are empty, so they are no figure."""
    rules, codes = rules_of(layout.consultation), layout.codes[position]
    if isinstance(item, Single | Scale):
        codes = tuple(code for code in codes if rules.satisfied(position, (code,), {}))
    if filtered_by(layout.consultation, position, item):
        # What is taken from some only is somebody's answer all the same.
        return frozenset(codes)
    return frozenset(codes) - (frozenset(layout.consultation.codes[position]) - frozenset(rules.offered(position, {})))


def _picks(item: Multiple, possible: frozenset[str]) -> Picks:
    exclusive = frozenset(choice.id for choice in item.choices if choice.exclusive) & possible
    together = len(possible - exclusive)
    return Picks(item.min, max(1, min(item.max or together, together)), exclusive)


def _linked(position: int, link: Relation, tables: dict[int, RawTable]) -> RawTable:
    table = tables[position]
    if isinstance(link, Tangled):
        return replace(table, tangled=True)
    if link is None:
        return table
    parent = tables[link.parent]
    # Whoever is asked because of a harmful answer is counted as carefully as that answer.
    stricter = parent.sensitivity if _rank(parent.sensitivity) > _rank(table.sensitivity) else table.sensitivity
    if isinstance(link, Offer):
        able = sum(count for code, count in zip(parent.codes, parent.counts, strict=True) if code in link.codes)
        return replace(
            table, left_out=min(able, parent.asked - able), sensitivity=stricter, ceiling=(link.code, able)
        )  # fmt: skip
    wider = parent.asked if NO_ANSWER in link.codes else parent.answered
    return replace(table, left_out=wider - table.asked, sensitivity=stricter)


def _rank(sensitivity: Sensitivity) -> int:
    return 2 if sensitivity in HARMFUL else 0 if sensitivity is Sensitivity.OPINION else 1


def _can_be_shown(table: RawTable, rules: Rules) -> bool:
    least = rules.threshold(table.sensitivity)
    return table.asked >= least and (table.left_out or 0) >= least


def _languages(layout: Layout, tally: Tally) -> RawTable:
    return _of_everybody(LANGUAGES, layout.consultation.languages, layout.languages(tally))


def _repeats(layout: Layout, tally: Tally) -> RawTable:
    people, again = layout.responses(tally), layout.repeats(tally)
    return _of_everybody(REPEATS, (FIRST, AGAIN), (people - again, again))


def _of_everybody(name: str, codes: tuple[str, ...], counts: tuple[int, ...]) -> RawTable:
    """A table of something known of each response, so that nobody can have given no answer."""
    people = sum(counts)
    return RawTable(name, Shape.PARTITION, Sensitivity.OPINION, codes, counts, asked=people, answered=people)
