"""Ways to break what is promised of a round's end: that *destroyed* is said only when it is true."""

import hashlib

import pytest

from privacy import keys
from privacy.key_files import ShareFile
from sauti import files
from tests.sabotage.registry import sabotage

STATEMENTS = "tests/destruction/test_statements.py::"
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
