"""Batches of invitations: how many, for whom, and when they begin to work."""

import pytest

from rounds import inviting
from rounds.inviting import BatchRefused
from rounds.life import NotYours, Role, WrongState
from storage.invitation_codes import hashed, round_of
from storage.rounds import Record, RoundRow, RoundState
from storage.tables import new_invitations
from tests.rounds.records import record
from tests.storage.world import World

OPERATOR = Role.OPERATOR


def a_round(world: World, *, open_links: bool = True) -> RoundRow:
    """A live round under such a record."""
    return world.open_round(rehearsal=False, record=Record(record(open_links=open_links).frozen))


def test_a_batch_has_one_code_that_stops_at_half_as_many_more(world: World) -> None:
    """Every batch has a code of its own, for one and a half times the people it is for. Proves: F4."""
    row = a_round(world)
    batches = [inviting.draw(row, people, by=Role.FACILITATOR) for people in (20, 21, 500)]
    for batch in batches:
        inviting.hand_in(world.rounds, row, batch, by=Role.FACILITATOR)

    assert [batch.places for batch in batches] == [30, 31, 750]
    assert {round_of(code) for batch in batches for code in batch.codes} == {row.code}
    rows = {(hashed(batch.codes[0]), row.id, batch.places) for batch in batches}
    assert set(world.rows(new_invitations)) == rows
    assert len(rows) == 3


def test_a_record_that_forbids_open_links_gives_a_code_to_each(world: World) -> None:
    """Where links are not open, each slip lets in one person, and no code is there twice. Proves: F4, R1."""
    row = a_round(world, open_links=False)
    batch = inviting.draw(row, 20, by=OPERATOR)
    inviting.hand_in(world.rounds, row, batch, by=OPERATOR)

    assert (batch.single, batch.places, len(set(batch.codes))) == (True, 1, 20)
    assert {places for _, _, places in world.rows(new_invitations)} == {1}
    assert repr(batch) == "<Batch>"


def test_few_are_never_invited_alone(world: World) -> None:
    """Nineteen are refused, and so is a crowd that no printer is for. Proves: F4."""
    row = a_round(world)
    for people, code in ((1, "small"), (19, "small"), (501, "large")):
        with pytest.raises(BatchRefused, match=f"^batch-too-{code}: "):
            inviting.draw(row, people, by=OPERATOR)


def test_only_who_runs_rounds_invites_and_only_while_they_live(world: World) -> None:
    """An analyst invites nobody; nor does anybody to a round that is drafted, or was closed while paper was printed.

    Proves: F1, F4
    """
    row = a_round(world)
    batch = inviting.draw(row, 20, by=OPERATOR)
    world.move(row, RoundState.CLOSED)

    with pytest.raises(NotYours):
        inviting.draw(row, 20, by=Role.ANALYST)
    with pytest.raises(WrongState):
        inviting.draw(world.drafted(), 20, by=OPERATOR)
    with pytest.raises(WrongState):
        inviting.hand_in(world.rounds, row, batch, by=OPERATOR)
    assert world.rows(new_invitations) == []
