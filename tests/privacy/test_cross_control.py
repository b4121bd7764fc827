"""The door for crosses: limits, categories brought together, agreement, shares, means, and who was asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.model import Consultation, Sensitivity
from privacy.candidate import Candidate
from privacy.control import protect, protect_cross, protect_crosses
from privacy.counting import Admission
from privacy.raw import raw_crosses, raw_tables
from privacy.rules import Rules
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    Head,
    Impossible,
    Limit,
    RawCross,
    RawTable,
    Refusal,
    SafeCross,
    Shape,
    Shown,
    Small,
)
from privacy.tabulate import tabulate
from privacy.tally import Tallier
from tests.flows.strategies import consultations
from tests.privacy import synthetic
from tests.privacy.cross_referee import World
from tests.privacy.test_counting import plans, responses, tally_of
from tests.privacy.test_crossing import crossed

SEED = bytes(32)
CODES = Rules.of_round(10, 0)
ASKED = synthetic.consultation()


def raw(plan: list[list[str]], people: int, asked: Consultation = ASKED) -> tuple[list[RawTable], list[RawCross]]:
    """Raw tables and crosses of some invented people."""
    tallier, admission = Tallier(asked, plan), Admission(asked)
    for person in synthetic.people(people):
        tallier.count(admission.countable(synthetic.countable(asked, person.records(asked))))
    tally = tallier.tally()
    tables = raw_tables(tally, asked, CODES, plan)
    return list(tables), list(raw_crosses(tally, asked, plan, tables))


def changed(**fields: dict[str, Any]) -> Consultation:
    """The invented consultation with some questions changed."""
    plain = ASKED.model_dump(mode="json")
    for item in plain["sections"][0]["items"]:
        item.update(fields.get(item["id"], {}))
    return Consultation.model_validate(plain)


def merging(world: World, *merges: tuple[str, str, str]) -> RawCross:
    """A cross whose rows may be brought together."""
    plain = crossed(world)
    return replace(plain, by=replace(plain.by, merges=merges))


def heads(heads: tuple[Head, ...]) -> list[str]:
    """Codes of rows or columns."""
    return [head.code for head in heads]


@pytest.mark.parametrize(
    ("people", "refusal"), [(99, Limit.FEW), (119, Limit.FEW), (120, None)], ids=["100 in all", "30 a cell", "enough"]
)
def test_a_cross_needs_a_hundred_people_and_thirty_for_each_cell(people: int, refusal: Limit | None) -> None:
    """Below N = 100 no cross is made, and none with more inner cells than N / 30. Proves: R1."""
    world = ((people - 66, 22, 0), (22, 22, 0), (0, 0, 0))

    assert protect_cross(crossed(world), CODES, SEED).refusal == refusal


def test_a_round_shows_three_crosses_at_most() -> None:
    """A fourth cross is named and not made. Proves: R1."""
    every = [crossed(((60, 40, 20), (40, 50, 20), (20, 20, 20)))] * 4

    found = protect_crosses(every, CODES, SEED)

    assert [cross.refusal for cross in found] == [None, None, None, Limit.BUDGET]


def test_categories_are_brought_together_before_anything_is_withheld() -> None:
    """A cross too large for so few people is made in the coarser rows that its author declared. Proves: R3."""
    world = ((40, 30, 12), (35, 30, 12), (22, 21, 12), (12, 12, 12))
    assert protect_cross(crossed(world), replace(CODES, people_a_cell=60), SEED).refusal is Limit.FEW

    safe = protect_cross(merging(world, ("south", "r1", "r2")), replace(CODES, people_a_cell=60), SEED)

    assert heads(safe.rows) == ["r0", "south", NO_ANSWER]
    assert safe.rows[1].of == ("r1", "r2")
    assert safe.rows[1].total == Shown(count=130)
    assert safe.cells[1][:2] == (Shown(count=55, percent=42), Shown(count=50, percent=38))


def test_a_table_is_brought_together_only_where_more_would_be_withheld() -> None:
    """Small counts by themselves stay in fine categories; what would cost a further figure is merged. Proves: R3."""
    exact = replace(CODES, base=1)
    fine = crossed(((4, 60, 31, 0), (30, 40, 41, 0), (0, 0, 0, 0))).question
    plain = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c"), (11, 12, 5), 28, 28)
    merged = replace(plain, merges=(("bc", "b", "c"),))

    assert protect(replace(fine, merges=(("all", "c0", "c1"),)), CODES, SEED).rows[0].code == "c0"
    assert protect(plain, exact, SEED).hidden == 2
    assert [(row.code, row.of) for row in protect(merged, exact, SEED).rows] == [("a", ()), ("bc", ("b", "c"))]
    assert protect(merged, exact, SEED).hidden == 0


def test_a_group_that_another_table_knows_is_never_mixed_with_others() -> None:
    """A merge that would tear a group whose size is known elsewhere is not made, nor any after it. Proves: R1."""
    plain = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c"), (11, 12, 5), 28, 28)
    known = replace(plain, merges=(("bc", "b", "c"),), known_groups=(frozenset("b"),))
    few = replace(plain, merges=(("bc", "b", "c"),), ceiling=("c", 20))

    for table in (known, few):
        assert all(not row.of for row in protect(table, replace(CODES, base=1), SEED).rows)


@pytest.mark.parametrize("side", ["question", "by"])
def test_a_group_that_agrees_on_harm_takes_the_whole_cross_away(side: str) -> None:
    """Where nearly all of a row, or of a column, gave one harmful answer, no cell of the cross is told. Proves: R1."""
    world = ((90, 3, 5), (60, 60, 25), (9, 30, 9)) if side == "question" else ((90, 60, 9), (3, 60, 30), (5, 25, 9))
    plain = crossed(world)
    harmful = replace(plain, **{side: replace(getattr(plain, side), sensitivity=Sensitivity.EXPERIENCE)})

    assert protect_cross(plain, CODES, SEED).refusal is None
    assert protect_cross(harmful, CODES, SEED) == SafeCross(
        id="by*question", by="by", question="question", refusal=Refusal.PROTECTED
    )


def test_the_stricter_threshold_of_two_questions_holds_for_their_cells() -> None:
    """A cell of a harmful question by group is hidden below 20. Proves: R1."""
    plain = crossed(((60, 40, 30, 20), (19, 50, 30, 30), (30, 30, 30, 20)))
    harmful = replace(plain, question=replace(plain.question, sensitivity=Sensitivity.CHILDREN))

    assert isinstance(protect_cross(plain, CODES, SEED).cells[1][0], Shown)
    assert protect_cross(harmful, CODES, SEED).cells[1][0] == Small(below=20)


def test_shares_are_shares_of_a_row_of_fifty() -> None:
    """A cell's share comes from its displayed figure and its row's, from fifty people on. Proves: R1."""
    safe = protect_cross(crossed(((63, 41, 20), (12, 12, 23), (20, 30, 20))), CODES, SEED)

    assert safe.cells[0][0] == Shown(count=65, percent=52)
    assert safe.rows[0].total == Shown(count=125, percent=52)
    assert safe.cells[1][0] == Shown(count=10)


@pytest.mark.parametrize("counts", [(52, 31, 22, 41, 63, 5), (52, 31, 9, 41, 63, 5), (12, 10, 10, 10, 10, 0)])
def test_a_mean_comes_from_displayed_figures_only(counts: tuple[int, ...]) -> None:
    """A6: the mean of a scale is what the table itself gives, and there is none beside a hidden point. Proves: R1."""
    codes = (*map(str, range(1, 6)), NO_ANSWER)
    plain = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, codes, counts, sum(counts), sum(counts[:-1]), points=True
    )

    safe = protect(plain, CODES, SEED)
    shown = [row.cell.count for row in safe.rows[:-1] if isinstance(row.cell, Shown)]

    if len(shown) == 5:
        assert safe.mean == round(sum(point * count for point, count in enumerate(shown, 1)) / sum(shown), 1)
    else:
        assert safe.mean is None


def test_means_of_groups_stand_beside_their_rows() -> None:
    """A scale by group carries a mean for each group all of whose points are shown, and for no other."""
    _, (cross,) = raw([["region", "trust"]], 1200)

    safe = protect_cross(cross, CODES, SEED)

    means = {head.code: head.mean for head in safe.rows}
    assert means["north"] == 2.4
    assert means["east"] is None


def test_a_ranking_is_told_by_place_or_not_at_all() -> None:
    """Borda points follow from displayed figures by place; one hidden figure takes them all away. Proves: R1."""
    places = ((70, 50, 40), (50, 60, 45), (45, 40, 60), (35, 30, 30))
    answered = sum(row[0] for row in places)
    plain = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c", "d", NO_ANSWER), (70, 50, 45, 35, 200),
        answered + 200, answered, places=places,
    )  # fmt: skip

    safe = protect(plain, CODES, SEED)

    assert [(each.code, each.points) for each in safe.places] == [("a", 350), ("b", 315), ("c", 275), ("d", 195)]
    assert safe.places[1].counts == (50, 60, 45)
    for hidden in (
        replace(plain, places=(*places[:3], (35, 30, 9))),
        replace(plain, places=((102, 47, 42), *places[1:])),
        replace(plain, asked=359),
    ):
        assert protect(hidden, CODES, SEED).places == ()


def test_no_two_places_of_a_ranking_tell_how_many_gave_no_answer() -> None:
    """Rounding up in one place and down in any other must not leave one value for a hidden count. Proves: R1."""
    down, level, up = (92, 87, 97, 82, 92), (90, 95, 85, 90, 90), (93, 88, 88, 93, 88)
    columns = (down, level, up)
    told = RawTable(
        "q", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", "c", "d", "e", NO_ANSWER), (*down, 3),
        453, 450, places=tuple(zip(*columns, strict=True)),
    )  # fmt: skip
    most = sum(CODES.unrounded(CODES.rounded(count))[1] for count in down)
    least = sum(CODES.unrounded(CODES.rounded(count))[0] for count in up)

    assert most == least == told.answered
    assert protect(told, CODES, SEED).places == ()
    wider = replace(told, places=tuple(zip(down, level, level, strict=True)))
    assert protect(wider, CODES, SEED).places != ()


def test_who_was_not_asked_has_a_row_or_column_of_her_own() -> None:
    """A cross with a question for some is about everybody, and cells that the form keeps empty say so. Proves: R1."""
    plan = [["region", "returned"], ["displaced", "returned"]]
    _, (other, parent) = raw(plan, 1200)

    safe = [protect_cross(each, CODES, SEED) for each in (other, parent)]

    assert heads(safe[0].columns) == ["yes", "no", NO_ANSWER, NOT_ASKED]
    assert not any(isinstance(cell, Impossible) for line in safe[0].cells for cell in line)
    empty = {
        (row.code, column.code)
        for row, line in zip(safe[1].rows, safe[1].cells, strict=True)
        for column, cell in zip(safe[1].columns, line, strict=True)
        if isinstance(cell, Impossible)
    }
    assert empty == {
        ("yes", NOT_ASKED),
        *((row, column) for row in ("no", NO_ANSWER) for column in ("yes", "no", NO_ANSWER)),
    }
    assert sum(parent.counts[0][:3]) == parent.question.asked


@pytest.mark.parametrize(
    ("plan", "change"),
    [
        (["needs", "needs2"], {}),
        (["region", "harm"], {"harm": {"relevant": "${displaced} = 'yes' and ${region} = 'north'"}}),
        (["returned", "harm"], {"harm": {"relevant": "${displaced} = 'no'"}}),
        (["returned", "needs"], {"returned": {"relevant": "selected(${needs}, 'aid')"}, "needs": {}}),
    ],
    ids=["two that overlap", "several decide", "both for some", "a choice decides"],
)
def test_what_one_network_does_not_say_waits_for_the_audit(plan: list[str], change: dict[str, dict[str, Any]]) -> None:
    """Crosses whose tables are entwined in ways that are not followed here are not shown, and say so. Proves: R1."""
    plain = changed(**{name: dict(fields) for name, fields in change.items()}).model_dump(mode="json")
    items = plain["sections"][0]["items"]
    items.append({**items[ASKED.positions["needs"]], "id": "needs2"})
    if change.get("returned", {}).get("relevant", "").startswith("selected"):
        items.append(items.pop(ASKED.positions["returned"]))
    asked = Consultation.model_validate(plain)
    tallier = Tallier(asked, [plan])
    tables = raw_tables(tallier.tally(), asked, CODES, [plan])

    (cross,) = raw_crosses(tallier.tally(), asked, [plan], tables)

    assert protect_cross(cross, CODES, SEED).refusal is Refusal.TANGLED


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_plan_over_any_answers_comes_to_an_end(data: st.DataObject) -> None:
    """Whatever is asked, planned, answered or forged: everybody stands in a cross, nobody where the form lets nobody.

    Proves: R1
    """
    asked = data.draw(consultations(sections=2, items=3))
    plan = data.draw(plans(asked))
    people = data.draw(st.lists(responses(asked), max_size=6))
    tally = tally_of([each for each in people for _ in range(data.draw(st.integers(1, 40)))], asked, plan)
    rules = Rules(s=1, crosses_from=1, people_a_cell=1)
    tables = raw_tables(tally, asked, rules, plan)

    for cross in raw_crosses(tally, asked, plan, tables):
        if not cross.tangled and cross.question.shape is Shape.PARTITION:
            assert sum(map(sum, cross.counts)) == cross.people
        if not cross.tangled:
            at, over = list(cross.rows), list(cross.columns)
            assert [cross.counts[at.index(row)][over.index(column)] for row, column in cross.impossible].count(
                0
            ) == len(cross.impossible)
        protect_cross(cross, rules, SEED)


def test_fewer_choices_than_the_form_asks_for_stop_nobody() -> None:
    """A filter, or whoever seals by herself, may give fewer choices than the least number; the cross is made."""
    asked = changed(needs={"min": 2})
    tallier, admission = Tallier(asked, [["region", "needs"]]), Admission(asked)
    for person in synthetic.people(900):
        tallier.count(admission.countable(synthetic.countable(asked, person.records(asked))))
    tables = raw_tables(tallier.tally(), asked, CODES, [["region", "needs"]])

    (cross,) = raw_crosses(tallier.tally(), asked, [["region", "needs"]], tables)

    assert protect_cross(cross, CODES, SEED).id == "region*needs"


def test_planned_crosses_leave_with_the_candidate(tmp_path: Path) -> None:
    """What the bundle's manifest plans is counted, protected and in the candidate, and nothing else is. Proves: O4."""
    people = [person.records(ASKED) for person in synthetic.people(900)]
    plan = (("age",), ("region", "vote"), ("harm", "displaced"))
    made = synthetic.make_bundle(tmp_path, ASKED, people, planned=plan)

    ledger = tmp_path / "ledger.jsonl"
    found = tabulate(made.path, made.private_key, ledger, lambda _done, _all: None, workers=1).made.candidate

    assert [cross.id for cross in found.crosses] == ["region*vote", "harm*displaced"]
    assert found.cross("region*vote").cells
    assert Candidate.from_json(found.to_json()) == found
    with pytest.raises(LookupError):
        found.cross("region*age")
