"""From a tally to raw tables: one for each question, one for the languages, one for repeated answers; planned crosses.

A question that only some were asked is linked to the table that says who they were, so that `privacy.control` can judge
both with what a reader of both would know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flows.model import Consultation, Mergeable, Multiple, Note, Question, Ranking, Scale, Sensitivity
from privacy.links import Link, Offer, Relation, Tangled, links
from privacy.offered import ruled_out
from privacy.planned import Crossing, Plan
from privacy.rules import HARMFUL, Rules
from privacy.tables import NO_ANSWER, NOT_ASKED, Picks, RawCross, RawTable, Shape
from privacy.tally import Layout, Tally

LANGUAGES = "_languages"
REPEATS = "_repeats"
FIRST, AGAIN = "first", "again"


def raw_tables(tally: Tally, consultation: Consultation, rules: Rules, plan: Plan = ()) -> tuple[RawTable, ...]:
    """Raw tables in the consultation's order, then languages and repeats; of a tally that was made under `plan`."""
    layout = Layout(consultation, plan)
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


def raw_crosses(
    tally: Tally, consultation: Consultation, plan: Plan, tables: Sequence[RawTable]
) -> tuple[RawCross, ...]:
    """The crosses of a plan, in its order; `tables` are the raw tables of the same tally."""
    layout, by_id = Layout(consultation, plan), {table.id: table for table in tables}
    found = links(consultation)
    return tuple(
        _cross(layout, tally, crossing, by_id, (found[crossing.by], found[crossing.question]))
        for crossing in layout.crossings
    )


def _cross(
    layout: Layout, tally: Tally, crossing: Crossing, tables: Mapping[str, RawTable], two: tuple[Relation, Relation]
) -> RawCross:
    items = layout.consultation.items
    by, question = (tables[items[place].id] for place in (crossing.by, crossing.question))
    rows = (*by.codes, *((NOT_ASKED,) if two[0] is not None else ()))
    columns = (*question.codes, *((NOT_ASKED,) if two[1] is not None else ()))
    known = layout.cross(tally, crossing)
    at = {code: place for place, code in enumerate(layout.cross_codes(crossing.by))}
    over = {code: place for place, code in enumerate(layout.cross_codes(crossing.question))}
    impossible = _impossible(crossing, links(layout.consultation), by, question)
    return RawCross(
        id=crossing.id,
        by=by,
        question=question,
        rows=rows,
        columns=columns,
        counts=tuple(tuple(known[at[row]][over[column]] for column in columns) for row in rows),
        people=layout.responses(tally),
        impossible=impossible or frozenset(),
        tangled=impossible is None,
    )


def _impossible(
    crossing: Crossing, found: Sequence[Relation], by: RawTable, question: RawTable
) -> frozenset[tuple[str, str]] | None:
    """Cells that the form keeps empty because one question was put only to some; None where that is not plain.

    Followed is one question put to some, beside one put to everybody, whether it decided about the other or not.
    """
    relations = found[crossing.by], found[crossing.question]
    some = [relation for relation in relations if relation is not None]
    if by.shape is not Shape.PARTITION or len(some) > 1 or any(not isinstance(each, Link) for each in some):
        return None
    if not some:
        return frozenset()
    turned = relations[0] is not None
    above, codes = (crossing.question, question.codes) if turned else (crossing.by, by.codes)
    below = by.codes if turned else question.codes
    deciding = _deciding(found, crossing.by if turned else crossing.question, above)
    if deciding is None:
        return frozenset()
    if question.shape is Shape.CHOICES and turned:
        return None
    link, direct = deciding
    cells = [(code, answer) for code in codes if code not in link.codes for answer in below]
    cells += [(code, NOT_ASKED) for code in codes if code in link.codes and direct]
    return frozenset((answer, code) for code, answer in cells) if turned else frozenset(cells)


def _deciding(found: Sequence[Relation], position: int, above: int) -> tuple[Link, bool] | None:
    """The link by which the question at `above` decides who was asked the one at `position`; whether by itself."""
    link = found[position]
    while isinstance(link, Link):
        if link.parent == above:
            return link, link is found[position]
        link = found[link.parent]
    return None


def _question_table(layout: Layout, tally: Tally, position: int, item: Question) -> RawTable:
    counted = layout.item(tally, position)
    multiple = isinstance(item, Multiple)
    possible = _possible(layout, position)
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
        merges=_merges(item, possible),
        points=isinstance(item, Scale),
        places=counted.places if isinstance(item, Ranking) else (),
    )


def _merges(item: Question, possible: frozenset[str]) -> tuple[tuple[str, str, str], ...]:
    """The declared merges, as far as there is anything to merge: a category that nobody can fall into stays out."""
    standing, found = set(possible), []
    for merge in item.collapse if isinstance(item, Mergeable) else ():
        if not standing.issuperset(merge.of):
            break
        standing.add(merge.id)
        found.append((merge.id, *merge.of))
    return tuple(found)


def _possible(layout: Layout, position: int) -> frozenset[str]:
    """Cells that the form lets anybody fall into; a reader knows that the others are empty, so they are no figure."""
    return frozenset(layout.codes[position]) - ruled_out(layout.consultation)[position]


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
