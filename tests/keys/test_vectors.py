"""Frozen files of a round's keys: shares that custodians keep for years still open what they opened."""

import hashlib
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import nacl.bindings as sodium
import pytest

from privacy.key_files import INTERACTIVE, ShareFile
from privacy.keys import drill, unlock
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, NotificationFile, PublicFile
from storage.envelope.fields import FormatFile, read_file

FOLDER = Path(__file__).parents[1] / "vectors" / "keys"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_bytes())
SHARES = [read_file(ShareFile, (FOLDER / f"share-{number}.json").read_bytes()) for number in (1, 2, 3)]
FORMS: dict[str, type[FormatFile]] = {
    "round.public.json": PublicFile, "notification.public.json": NotificationFile, "share-1.json": ShareFile,
    "challenge.json": ChallengeFile, "proof.json": DrillProofFile,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_frozen_file_is_written_as_it_was(name: str) -> None:
    """Each kind of key file reads, and comes out again byte by byte. Proves: D4."""
    text = (FOLDER / name).read_bytes()

    assert read_file(FORMS[name], text).to_json() == text


def test_frozen_shares_still_open() -> None:
    """Any two of three old shares, under their old passphrases, give the old private key. Proves: D4."""
    for chosen in combinations(range(3), 2):
        words = [EXPECTED["passphrases"][place] for place in chosen]
        private = unlock([SHARES[place] for place in chosen], words, cost=INTERACTIVE)
        assert private.secret.hex() == EXPECTED["private_key"]


def test_an_old_challenge_is_met_with_the_old_proof() -> None:
    """The challenge opens to the proof that the server kept, here and by the page's own recipe. Proves: O3."""
    challenge = read_file(ChallengeFile, (FOLDER / "challenge.json").read_bytes())
    private = unlock(SHARES[:2], EXPECTED["passphrases"][:2], cost=INTERACTIVE)
    nonce = sodium.crypto_box_seal_open(
        challenge.sealed, private.public_key, bytes.fromhex(EXPECTED["private_key"])
    )  # fmt: skip

    assert drill(challenge, private).to_json() == (FOLDER / "proof.json").read_bytes()
    assert hashlib.blake2b(nonce, digest_size=32, key=challenge.round, person=b"sauti drill").hexdigest() == (
        EXPECTED["proof"]
    )  # fmt: skip
