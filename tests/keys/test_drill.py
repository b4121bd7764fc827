import pytest
from nacl.bindings import crypto_box_keypair, crypto_box_seal

from privacy.errors import NotAChallenge, OtherKey
from privacy.keys import RoundPrivateKey, drill
from storage.envelope.ceremony import ChallengeFile, DrillProofFile
from storage.envelope.errors import NotAKeyFile
from storage.envelope.fields import read_file
from storage.sealing import SealingError, new_challenge, seal

ROUND, OTHER_ROUND = bytes(16), bytes(15) + b"\1"
KEY = RoundPrivateKey(*crypto_box_keypair())


def test_custodians_prove_that_they_can_open_the_round() -> None:
    """What the custodians bring back is exactly what the server expects, over files as they travel. Proves: O3, D4."""
    challenge, expected = new_challenge(KEY.public_key, ROUND)

    carried = read_file(ChallengeFile, challenge.to_json())
    proof = read_file(DrillProofFile, drill(carried, KEY).to_json())

    assert proof.proof == expected
    assert (proof.round, proof.key_id) == (ROUND, KEY.key_id)


def test_a_proof_is_good_for_one_challenge_of_one_round() -> None:
    """A proof cannot be kept for another round or another day. Proves: O3."""
    challenge, expected = new_challenge(KEY.public_key, ROUND)
    moved = challenge.model_copy(update={"round": OTHER_ROUND})
    again, fresh = new_challenge(KEY.public_key, ROUND)

    assert drill(challenge, KEY).proof == expected
    assert drill(moved, KEY).proof != expected
    assert drill(again, KEY).proof == fresh != expected


def test_without_the_private_key_there_is_no_proof() -> None:
    """Another key is told so; a rewritten challenge does not open. Proves: O3."""
    challenge, _ = new_challenge(KEY.public_key, ROUND)
    other = RoundPrivateKey(*crypto_box_keypair())

    with pytest.raises(OtherKey):
        drill(challenge, other)
    with pytest.raises(NotAChallenge):
        drill(challenge.model_copy(update={"key_id": other.key_id}), other)


def test_a_participants_box_is_no_challenge() -> None:
    """A server cannot have a sealed stream key opened by calling it a challenge. Proves: O3."""
    challenge, _ = new_challenge(KEY.public_key, ROUND)
    stolen = crypto_box_seal(bytes(56), KEY.public_key)

    with pytest.raises(NotAKeyFile) as caught:
        read_file(ChallengeFile, challenge.model_copy(update={"sealed": stolen}).to_json())

    assert caught.value.where == "sealed"


def test_a_challenge_that_names_two_rounds_is_refused() -> None:
    """Of two values of one field custodians would see one and answer for the other. Proves: O3."""
    challenge, _ = new_challenge(KEY.public_key, ROUND)
    twice = challenge.to_json().replace(b'"round":', b'"round": "' + OTHER_ROUND.hex().encode() + b'",\n  "round":', 1)

    with pytest.raises(NotAKeyFile) as caught:
        read_file(ChallengeFile, twice)

    assert caught.value.where == "file"


def test_a_challenge_to_a_bad_key_is_not_made() -> None:
    """A round whose public key nobody can hold gets no challenge."""
    with pytest.raises(SealingError, match="bad-public-key"):
        new_challenge(bytes(32), ROUND)
    with pytest.raises(SealingError, match="bad-public-key"):
        seal(b"short", b"")
