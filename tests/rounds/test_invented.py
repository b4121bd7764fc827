"""The record that a rehearsal takes when it was given none: as complete as a real one, and with tables to look at."""

from pathlib import Path

import pytest

from flows.loader import load
from flows.model import Consultation
from flows.statements import GROUPS, misplanned
from privacy.planned import crossings, grouped
from rounds import invented
from rounds.record import TWO_WAY

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> Consultation:
    """One of the examples."""
    return load((EXAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml")


def test_a_rehearsal_shows_crosses_and_groups() -> None:
    """Where a consultation asks who people are and has enough statements, its rehearsal plans tables of both kinds."""
    asked = example("protection")
    plan = invented.record(asked).planned_tables

    assert plan == (
        ("gender", "good_idea"),
        (GROUPS, "vote_heard"),
        (GROUPS, "vote_warning"),
    )
    assert not list(misplanned(asked, plan))
    assert (len(crossings(asked, plan)), len(grouped(asked, plan))) == (1, invented.TABLES)
    assert len(plan) == TWO_WAY


@pytest.mark.parametrize("name", ["smallest", "protection"])
def test_no_plan_asks_for_what_cannot_be_made(name: str) -> None:
    """For every example the plan names questions that can be counted, and groups only where they can be made."""
    asked = example(name)
    plan = invented.record(asked).planned_tables

    assert not list(misplanned(asked, plan))
    assert len(crossings(asked, plan)) <= invented.TABLES


def test_questions_put_to_some_only_are_not_crossed() -> None:
    """A question that only some are asked stands in no planned table: who was asked could be told by it."""
    asked = example("protection")
    tree = asked.model_dump(mode="json")
    for item in (item for section in tree["sections"] for item in section["items"] if item["id"] == "good_idea"):
        item["relevant"] = "${meaning} = 'unsure'"
    plan = invented.record(Consultation.model_validate(tree)).planned_tables

    assert not [names for names in plan if "good_idea" in names]
