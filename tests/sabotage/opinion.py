"""Breakages of opinion groups: each shows, compares or counts together what must not be."""

from dataclasses import replace

import pytest

from privacy import groups, opinions, planned, representative, tally
from privacy.rules import Rules
from privacy.tables import RawTable
from tests.sabotage.registry import sabotage

GROUPS = "tests/privacy/test_groups.py::"
OPINIONS = "tests/privacy/test_opinions.py::"


@sabotage("R1", caught_by=OPINIONS + "test_no_group_is_smaller_than_the_rules_allow")
def a_small_faction_is_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few vote alike, they are told apart."""
    divisions = opinions._divisions
    monkeypatch.setattr(
        opinions,
        "_divisions",
        lambda points, weights, limits, seed: divisions(points, weights, replace(limits, least=1), seed),
    )


@sabotage("R1", caught_by=GROUPS + "test_groups_are_crosses_that_add_up")
def silent_people_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did not vote is missing from the groups' tables, so that these differ from the statement's own."""
    cross = groups._cross
    monkeypatch.setattr(
        groups,
        "_cross",
        lambda by, question, ballots, group, place: cross(
            by, question, {one: number for one, number in ballots.items() if one[place] != tally.SILENT}, group, place
        ),
    )


@sabotage("R1", caught_by=GROUPS + "test_groups_are_as_delicate_as_their_most_delicate_statement")
def groups_are_always_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a harmful statement is among those they are made of changes nothing."""
    sizes = groups._sizes

    def mild(*given: object) -> RawTable:
        return replace(sizes(*given), sensitivity="opinion")  # type: ignore[arg-type]  # whatever it was given

    monkeypatch.setattr(groups, "_sizes", mild)


@sabotage("R1", caught_by=GROUPS + "test_what_is_said_beside_small_figures_holds_whatever_they_are")
def hidden_figures_are_taken_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small figure is compared as if nobody stood there."""
    monkeypatch.setattr(representative, "_most", lambda cell: getattr(cell, "count", 0))


@sabotage("R1", caught_by=GROUPS + "test_what_sets_a_group_apart_is_what_polis_says")
def any_majority_sets_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most of a group say is called its own, whatever the others say."""
    monkeypatch.setattr(representative, "above_others", lambda _group, _others: 2.0)


@sabotage("O4", caught_by=GROUPS + "test_votes_meet_only_where_groups_were_planned")
def ballots_are_always_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who voted what together with what is counted without a plan."""
    monkeypatch.setattr(tally, "grouped", lambda asked, _plan: planned.grouped(asked, [["opinion_groups", "two"]]))


@sabotage("R1", caught_by=GROUPS + "test_groups_stand_beside_no_table_that_looks_at_a_statement")
def statements_may_stand_in_other_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are shown beside whatever else was planned."""
    monkeypatch.setattr(planned, "misplanned", lambda _asked, _plan: iter(()))


@sabotage("R1", caught_by=OPINIONS + "test_factions_are_found_again")
def votes_are_laid_out_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody stands has nothing to do with how she voted."""
    laid_out = opinions.laid_out
    monkeypatch.setattr(opinions, "laid_out", lambda votes, weights: laid_out(votes, weights)[::-1])


@sabotage("R1", caught_by=GROUPS + "test_what_is_shown_of_groups_passed_the_door")
def figures_of_groups_are_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Votes of a group are shown as they were counted."""
    monkeypatch.setattr(Rules, "rounded", lambda _rules, count: count)


@sabotage("R3", caught_by=GROUPS + "test_where_groups_begin_is_a_secret_lot")
def groups_begin_where_everybody_can_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are drawn from no secret: whoever guesses the votes finds the same ones."""
    made = opinions.groups
    monkeypatch.setattr(groups, "groups", lambda ballots, limits, _seed: made(ballots, limits, bytes(32)))


@sabotage("R2", caught_by=GROUPS + "test_the_audit_knows_the_groups_as_a_question_of_their_own")
def groups_are_read_as_their_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit takes a group for everybody."""
    monkeypatch.setattr(groups, "GROUPS", "everybody")
