"""Somebody seals what no card ever offered: it is refused, and everybody else is counted."""

from dataclasses import replace

from flows.answers import Chosen, Rated
from flows.model import Consultation
from privacy import offered
from privacy.control import protect, protect_crosses
from privacy.raw import raw_crosses, raw_tables
from privacy.tally import Tally
from tests.privacy import synthetic
from tests.privacy.test_control import OPEN, SEED
from tests.privacy.test_counting import tally_of

PLAN = (("region", "trust"),)


def changed(name: str, **fields: object) -> Consultation:
    """The invented consultation, one question of which has other fields."""
    plain = synthetic.consultation().model_dump(mode="json")
    for item in plain["sections"][0]["items"]:
        if item["id"] == name:
            item.update(fields)
    return Consultation.model_validate(plain)


def told(asked: Consultation, forged: int) -> Tally:
    """Six hundred people who saw no east, and some who have sealed it all the same."""
    people = [replace(one, answers={**one.answers, "region": Chosen(("south",))}) for one in synthetic.people(600)]
    liars = [synthetic.Person({"region": Chosen(("east",)), "trust": Rated(3)})] * forged
    return tally_of([one.records(asked) for one in (*people, *liars)], asked, PLAN)


def test_a_choice_that_nobody_is_offered_is_no_answer() -> None:
    """One, seven or twenty such responses are refused, and tables and crosses are those of the others.

    Proves: R1
    """
    asked = changed("region", choice_filter="name != 'east'")
    honest = told(asked, 0)

    for forged in (1, 7, 20):
        tally = told(asked, forged)
        tables = raw_tables(tally, asked, OPEN, PLAN)
        crosses = raw_crosses(tally, asked, PLAN, tables)

        assert tally.refused == {"not-an-answer": forged}
        assert tally.cells == honest.cells
        assert [protect(table, OPEN, SEED) for table in tables]
        assert protect_crosses(crosses, OPEN, SEED)


def test_a_constraint_that_looks_at_nothing_else_rules_out_as_well() -> None:
    """A point of a scale that no card lets anybody keep is ruled out; one that hangs on another answer is not."""
    alone, hanging = changed("trust", constraint=". != 5"), changed("trust", constraint=". != 5 or ${region} = 'north'")
    place = alone.positions["trust"]

    assert offered.ruled_out(alone)[place] == {"5"}
    assert offered.ruled_out(hanging)[place] == frozenset()


def test_what_hangs_on_another_answer_is_somebodys_answer() -> None:
    """A filter that looks at another answer rules nothing out: whoever was offered the choice is counted."""
    asked = changed("trust", constraint=". != 5 or ${region} = 'north'")
    said = synthetic.Person({"region": Chosen(("north",)), "trust": Rated(5)})

    tally = tally_of([said.records(asked)] * 60, asked)

    assert not tally.refused
    (table,) = [one for one in raw_tables(tally, asked, OPEN) if one.id == "trust"]
    assert dict(zip(table.codes, table.counts, strict=True))["5"] == 60
