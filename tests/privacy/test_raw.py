"""From answers to raw tables: who was asked, what was counted, and which tables are about the same people."""

from typing import Any

import pytest
from hypothesis import given, settings

from flows.model import Consultation, Sensitivity
from privacy.counting import Admission
from privacy.links import Link, Offer, Tangled, links
from privacy.raw import raw_tables
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, RawTable
from privacy.tally import Layout, Tallier
from tests.flows.strategies import consultations
from tests.privacy import synthetic

ASKED = synthetic.consultation()
RULES = Rules.of_round(10, 5)


def tables(people: list[synthetic.Person], asked: Consultation = ASKED) -> dict[str, RawTable]:
    """Raw tables of some people."""
    tallier, admission = Tallier(asked), Admission(asked)
    for person in people:
        tallier.count(admission.countable(synthetic.countable(asked, person.records(asked))))
    return {table.id: table for table in raw_tables(tallier.tally(), asked, RULES)}


def changed(**fields: dict[str, Any]) -> Consultation:
    """The synthetic consultation with some questions changed."""
    plain = ASKED.model_dump(mode="json")
    for item in plain["sections"][0]["items"]:
        item.update(fields.get(item["id"], {}))
    return Consultation.model_validate(plain)


def test_everybody_asked_stands_in_a_table_once() -> None:
    """Cells and no-answer of a question add up to those who were asked; skips and refusals are told together."""
    people = synthetic.people(200)

    found = tables(people)

    for name in ("region", "displaced", "trust", "first", "age", "vote", "harm", "own"):
        assert found[name].asked == 200 == sum(found[name].counts)
        assert found[name].codes[-1] == NO_ANSWER
    assert sum(found["_languages"].counts) == 200
    assert sum(found["_repeats"].counts) == 200


def test_a_question_for_some_is_about_a_cell_of_another() -> None:
    """Who said yes to one question was asked the next, and both tables know it. Proves: R1."""
    found = tables(synthetic.people(200))
    yes = found["displaced"].counts[found["displaced"].codes.index("yes")]

    assert found["returned"].asked == yes
    assert found["returned"].left_out == found["displaced"].answered - yes
    assert found["displaced"].known_groups == (frozenset({"yes"}),)


def test_a_question_put_because_of_harm_is_counted_as_carefully() -> None:
    """An opinion asked only of those with a harmful answer has the harmful answer's threshold. Proves: R1."""
    asked = changed(returned={"relevant": "${displaced} = 'yes'"}, displaced={"sensitivity": "experience"})

    assert tables([], asked)["returned"].sensitivity is Sensitivity.EXPERIENCE


@pytest.mark.parametrize(
    ("change", "link"),
    [
        ({"relevant": "${displaced} = 'yes'"}, Link(1, frozenset({"yes"}))),
        ({"relevant": "${displaced} != 'yes'"}, Link(1, frozenset({"no", NO_ANSWER}))),
        ({"relevant": "${displaced} = 'yes' or ${displaced} != 'yes'"}, None),
        ({"relevant": "${displaced} = 'yes' and ${region} = 'north'"}, Tangled()),
        ({"constraint": ". != ${displaced}"}, Tangled()),
        ({"choice_filter": "${displaced} = name"}, Tangled()),
        ({"choice_filter": "name != 'yes' or ${displaced} != 'no'"}, Offer(1, frozenset({"yes", NO_ANSWER}), "yes")),
        ({"choice_filter": "name != 'yes' or ${displaced} != 'maybe'"}, None),
    ],
)
def test_who_was_asked_is_followed_or_called_tangled(change: dict[str, str], link: object) -> None:
    """One deciding question is followed exactly; several, or filtered choices, are left to the full audit."""
    assert links(changed(returned={"relevant": None, **change}))[2] == link


@pytest.mark.parametrize(
    ("calculate", "link"),
    [
        ("if(${displaced} = 'yes', 1, 0)", Link(1, frozenset({"yes"}))),
        ("if(${displaced} = 'yes' and ${region} = 'north', 1, 0)", Tangled()),
    ],
)
def test_a_name_between_two_questions_parts_them_from_nobody(calculate: str, link: object) -> None:
    """A condition that goes through a calculation is followed to the questions behind it. Proves: R1."""
    plain = changed(returned={"relevant": "${worked_out} = 1"}).model_dump(mode="json")
    asked = Consultation.model_validate({**plain, "calculations": [{"id": "worked_out", "calculate": calculate}]})

    assert links(asked)[2] == link


@pytest.mark.parametrize(
    ("rule", "link"),
    [
        ("selected(${needs}, 'aid')", Link(3, frozenset({"aid"}))),
        ("count-selected(${needs}) > 1", Tangled()),
        ("not(selected(${needs}, 'aid'))", Tangled()),
    ],
)
def test_one_choice_of_several_can_decide(rule: str, link: object) -> None:
    """A question for those who picked one choice is followed; combinations of choices are not."""
    assert links(changed(trust={"relevant": rule}))[4] == link


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"relevant": "${displaced} = 'yes' and ${region} = 'north'"}, {"relevant": "${returned} = 'yes'"}),
        ({"relevant": "${displaced} = 'yes'"}, {"relevant": "${returned} != 'yes'"}),
        ({"relevant": "${displaced} = 'yes'"}, {"choice_filter": "name != 'yes' or ${returned} != 'no'"}),
    ],
    ids=["about a tangled table", "also put to who was never asked", "a choice taken by who was never asked"],
)
def test_a_question_about_a_table_of_some_is_followed_no_further(first: dict[str, str], then: dict[str, str]) -> None:
    """Where a chain of conditions makes a group that no table shows, the last question is tangled. Proves: R1."""
    asked = changed(returned={"relevant": None, **first}, harm=then)

    assert links(asked)[ASKED.positions["harm"]] == Tangled()
    assert tables(synthetic.people(200), asked)["harm"].tangled


def test_a_question_decided_by_a_ranking_is_tangled() -> None:
    """A ranking's table shows what stands first only, and so cannot say who was asked another question. Proves: R1."""
    asked = changed(harm={"relevant": "selected(${first}, 'aid')"})

    assert links(asked)[ASKED.positions["harm"]] == Tangled()


def test_a_note_is_read_and_not_counted() -> None:
    """Words to read between questions have no table, and the questions after them keep their own counts."""
    plain = ASKED.model_dump(mode="json")
    plain["sections"][0]["items"].insert(1, {"kind": "note", "id": "rest", "text": synthetic.texts("part")})
    with_note = Consultation.model_validate(plain)
    people = synthetic.people(60)

    found = tables(people, with_note)

    assert found == tables(people)


def test_a_choice_for_some_cannot_be_picked_by_more() -> None:
    """A choice taken from some has a ceiling, and the table that says who they are knows their number. Proves: R1."""
    asked = changed(returned={"relevant": None, "choice_filter": "name != 'yes' or ${displaced} != 'no'"})

    found = tables(synthetic.people(200), asked)

    able = 200 - found["displaced"].counts[found["displaced"].codes.index("no")]
    assert found["returned"].ceiling == ("yes", able)
    assert found["returned"].left_out == min(able, 200 - able)
    assert found["displaced"].known_groups == (frozenset({"yes", NO_ANSWER}),)


@given(consultations())
@settings(max_examples=50)
def test_any_sound_consultation_can_be_counted(asked: Consultation) -> None:
    """Links, layout and tables exist for whatever a facilitator can write."""
    found = raw_tables(Tallier(asked).tally(), asked, RULES)

    assert Layout(asked).size == len(Tallier(asked).tally().cells)
    assert all(sum(table.counts) == 0 for table in found)


def test_what_was_written_is_counted_and_not_kept() -> None:
    """Of a text question a tally knows how many wrote, and no word."""
    tallier = Tallier(ASKED)
    person = synthetic.countable(ASKED, synthetic.people(1)[0].records(ASKED))
    tallier.count(Admission(ASKED).countable(person))

    assert "CANARY" not in repr(tallier.tally().cells)
    assert repr(tallier.tally()) == "<Tally>"


def test_declared_merges_stand_in_the_table_in_their_order() -> None:
    """A merge names what it brings together, and that may be what an earlier one brought together."""
    both = {"id": "coast", "of": ["north", "south"], "text": synthetic.texts("north")}
    whole = {"id": "country", "of": ["coast", "east"], "text": synthetic.texts("region")}

    assert tables([], changed(region={"collapse": [both]}))["region"].merges == (("coast", "north", "south"),)
    assert tables([], changed(region={"collapse": [both, whole]}))["region"].merges == (
        ("coast", "north", "south"),
        ("country", "coast", "east"),
    )
