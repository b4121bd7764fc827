"""Ways to break what is promised of a round's end: that *destroyed* is said only when it is true."""

import hashlib

import pytest

from privacy import destruction, keys
from privacy.key_files import ShareFile
from sauti import files
from storage import backing, register
from storage.envelope.ceremony import Custody
from storage.secrets import Secrets
from tests.sabotage.registry import sabotage

STATEMENTS = "tests/destruction/test_statements.py::"
JUDGING = "tests/destruction/test_judging.py::"
REGISTER = "tests/storage/test_register.py::"
COMMANDS = "tests/functional/test_forgetting.py::"


@sabotage("D5", caught_by=STATEMENTS + "test_frozen_shares_sign_as_they_did")
def whoever_combines_shares_signs_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A custodian's key is made of what stands in everybody's file."""

    def public(file: ShareFile, _stretched: bytes) -> bytes:
        return hashlib.blake2b(file.public_key + bytes([file.number]), digest_size=32).digest()

    monkeypatch.setattr(keys, "_signing_seed", public)


@sabotage("D5", caught_by=COMMANDS + "test_a_share_goes_and_a_statement_stays")
def a_share_is_only_unlinked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file goes from its folder, and its bytes stay on the disk."""
    monkeypatch.setattr(files, "_overwrite", lambda _path: None)


@sabotage("D5", caught_by=REGISTER + "test_nothing_leaves_that_was_not_written_down")
def the_register_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle leaves, whether anybody wrote it down or not."""
    monkeypatch.setattr(register, "note", lambda *_export: None)


@sabotage("D5, D7", caught_by=REGISTER + "test_a_backup_keeps_the_register_of_a_round_that_is_gone")
def backups_know_no_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register is in no backup, and nothing beside the database knows of bundles."""
    monkeypatch.setattr(backing, "HELD", tuple(table for table in backing.HELD if table.name != "exported"))
    monkeypatch.setattr(Secrets, "exports", lambda _secrets: frozenset())


@sabotage("D5", caught_by=REGISTER + "test_a_backup_keeps_the_register_of_a_round_that_is_gone")
def what_left_since_the_backup_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that was put back is believed about bundles."""
    monkeypatch.setattr(Secrets, "exports", lambda _secrets: frozenset())


@sabotage("D5, D4", caught_by=JUDGING + "test_so_many_that_the_others_open_nothing")
def one_statement_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The round is called destroyed while as many shares are left as open it."""
    monkeypatch.setattr(Custody, "needed", property(lambda of: of.shares - of.threshold))


@sabotage("D5", caught_by=JUDGING + "test_all_of_it_is_needed")
def bundles_may_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks for the bundles."""
    monkeypatch.setattr(destruction, "_check_bundles", lambda *_all: None)


@sabotage("D5", caught_by=JUDGING + "test_no_mixture_of_true_statements_counts_for_more")
def statements_need_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a statement is believed."""
    monkeypatch.setattr(destruction, "holds", lambda _signed: True)


@sabotage("D5", caught_by=COMMANDS + "test_a_round_ends_in_a_proof")
def rows_may_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server does not look whether anything came back before it says destroyed."""
    monkeypatch.setattr(Secrets, "keeps", lambda _secrets, _round_id: ())
