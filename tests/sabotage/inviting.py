"""Ways to break what an invitation is trusted with."""

import pytest

from rounds import inviting
from rounds.inviting import Batch
from storage import admission, backing
from storage import invitations as stored
from storage.tables import invitations, new_invitations
from tests.sabotage.registry import sabotage

STORED = "tests/storage/test_invitations.py"
SEEN = "tests/bot/test_invitations.py"
BATCHES = "tests/rounds/test_inviting.py"


@sabotage("F4", caught_by=f"{BATCHES}::test_few_are_never_invited_alone")
def one_may_be_invited_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of one passes."""
    monkeypatch.setattr(inviting, "LEAST", 1)


@sabotage("F4", caught_by=f"{BATCHES}::test_a_batch_has_one_code_that_stops_at_half_as_many_more")
def a_link_lets_in_whoever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No link ever stops."""
    monkeypatch.setattr(Batch, "places", property(lambda _self: 1_000_000))


@sabotage("F4", caught_by=f"{STORED}::test_a_link_stops_when_its_places_are_taken[sqlite]")
def nobody_counts_who_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consent takes no place."""
    monkeypatch.setattr(admission, "admitted", lambda _connection, _running, draft, _verdict: draft)


@sabotage("F4", caught_by=f"{SEEN}::test_full_unknown_and_no_code_are_one_answer")
def any_code_opens_a_live_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever somebody brings is an invitation to whatever is open."""
    monkeypatch.setattr(admission, "invited", lambda *_given: b"")


@sabotage("R1", caught_by=f"{STORED}::test_a_code_for_one_is_kept_once_and_looks_fresh[sqlite]")
def one_person_answers_twice_by_one_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent by a used code is kept, too."""
    monkeypatch.setattr(admission, "counts", lambda *_given: True)


@sabotage("F4", caught_by=f"{SEEN}::test_a_used_code_shows_every_card_of_a_fresh_one")
def a_used_code_is_told_by_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds a slip can find out whether it was used."""
    monkeypatch.setattr(admission._Invitation, "single", property(lambda _self: False))


@sabotage("F4", caught_by=f"{STORED}::test_a_database_tells_nothing_of_codes[sqlite]")
def codes_stay_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody lays new codes under a key."""
    monkeypatch.setattr(admission, "adopt", lambda *_given: None)


@sabotage("D5", caught_by=f"{STORED}::test_invitations_die_with_their_round[sqlite-closed]")
def invitations_outlive_their_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing leaves codes and counts."""
    monkeypatch.setattr(stored, "erase", lambda *_given: None)


@sabotage("D7", caught_by=f"{STORED}::test_a_backup_holds_no_invitation[sqlite]")
def a_backup_remembers_who_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes and counts are in every backup."""
    monkeypatch.setattr(backing, "HELD", (*backing.HELD, invitations, new_invitations))
