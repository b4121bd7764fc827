"""A custodian signs that her share is gone, with a key that nobody can make of other shares (D5)."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.pwhash import argon2id
from nacl.signing import SigningKey
from pydantic import ValidationError

from privacy.destroyed import BundleDestroyed, ShareDestroyed, share_destroyed
from privacy.errors import WrongPassphrase
from privacy.key_files import INTERACTIVE
from privacy.keys import custodian_seed, new_keys
from privacy.signing import holds, new_signing_key, signing_key
from storage.envelope.ceremony import NotificationFile, PublicFile
from storage.envelope.fields import read_file
from tests.destruction.make_vectors import FOLDER, WEEK, custodians, of_bundle, public, statements
from tests.keys.support import WORDS, two_of_three

HELD = custodians()
SAID = statements(HELD)


def test_the_public_file_names_who_signs() -> None:
    """Each custodian's passphrase makes, of her own file alone, the key that the public file names at her number.

    Proves: D5
    """
    made = two_of_three()
    named = [signing_key(custodian_seed(share, words)).key for share, words in zip(made.shares, WORDS, strict=True)]

    assert tuple(named) == made.public.custodians
    assert NotificationFile.of(made.public).custodians == made.public.custodians


def test_custodians_with_one_passphrase_sign_apart() -> None:
    """Who types the same words as another custodian has another key."""
    made = new_keys(3, 2, ["the same words"] * 3, cost=INTERACTIVE)

    assert len(set(made.public.custodians)) == 3


def test_a_wrong_passphrase_makes_no_key() -> None:
    """Words that do not open the share sign nothing in its holder's name."""
    with pytest.raises(WrongPassphrase):
        custodian_seed(HELD[0][0], "river stone lamb")


def test_frozen_shares_sign_as_they_did() -> None:
    """Shares and passphrases of the first version make, byte for byte, the frozen public file and statements.

    Proves: D5
    """
    assert public(HELD).to_json() == (FOLDER / "round.public.json").read_bytes()
    assert read_file(PublicFile, (FOLDER / "round.public.json").read_bytes()).version == 2
    for said in SAID:
        frozen = (FOLDER / f"share-{said.number}.destroyed.json").read_text("utf-8")
        assert said.model_dump_json(indent=2) + "\n" == frozen
        assert holds(ShareDestroyed.model_validate_json(frozen))
    assert of_bundle().model_dump_json(indent=2) + "\n" == (FOLDER / "bundle.destroyed.json").read_text("utf-8")
    assert holds(of_bundle())


def test_the_page_is_enough_to_write_another_reader() -> None:
    """The key and the signed bytes, by the page's own recipe and without our code."""
    share = HELD[0][0]
    stretched = argon2id.kdf(32, b"river stone lamp", share.salt, opslimit=share.passes, memlimit=share.memory)
    around = share.public_key + bytes([1])
    seed = hashlib.blake2b(around, digest_size=32, key=stretched, person=b"sauti custodian").digest()
    frozen: dict[str, Any] = json.loads((FOLDER / "share-1.destroyed.json").read_bytes())
    signature = bytes.fromhex(frozen.pop("signature"))
    under = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    assert SigningKey(seed).sign(under).signature == signature
    assert bytes(SigningKey(seed).verify_key).hex() == frozen["key"]


CHANGES = st.one_of(
    st.fixed_dictionaries({"number": st.sampled_from([2, 3])}),
    st.fixed_dictionaries({"week": st.from_regex(r"\A20[0-9]{2}-W[0-4][1-9]\Z").filter(WEEK.__ne__)}),
    st.fixed_dictionaries({"key_id": st.binary(min_size=8, max_size=8).map(bytes.hex)}),
    st.fixed_dictionaries({"key": st.sampled_from([SAID[1].key, "0" * 64, "f" * 64])}),
    st.fixed_dictionaries({"signature": st.sampled_from([SAID[1].signature, "0" * 128])}),
)


@given(changed=CHANGES)
def test_a_changed_statement_does_not_hold(changed: dict[str, Any]) -> None:
    """Whatever is changed in a statement, its signature is no longer its custodian's.

    Proves: D5
    """
    forged = ShareDestroyed.model_validate(SAID[0].model_dump() | changed)

    assert not holds(forged)


@pytest.mark.parametrize(
    "changed", [{"says": "I have lost it."}, {"number": 17}, {"week": "today"}, {"more": 1}, {"version": 2}]
)
def test_a_statement_says_this_and_nothing_else(changed: dict[str, Any]) -> None:
    """Other words, a number that no share has, or a field too many are no statement."""
    with pytest.raises(ValidationError):
        ShareDestroyed.model_validate(SAID[0].model_dump() | changed)


def test_another_person_signs_in_her_own_name_only() -> None:
    """A reviewer's key makes a statement under that key, which no public file names."""
    forged = share_destroyed(HELD[0][0].key_id, 1, WEEK, new_signing_key())

    assert holds(forged)
    assert bytes.fromhex(forged.key) not in public(HELD).custodians


def test_no_kind_of_statement_passes_for_another() -> None:
    """A signature under one kind is none under the other, whatever stands in both."""
    share, bundle = SAID[0], of_bundle()
    mixed = bundle.model_copy(update={"key": share.key, "signature": share.signature})

    assert not holds(mixed)
    for kind, text in ((ShareDestroyed, bundle), (BundleDestroyed, share)):
        with pytest.raises(ValidationError):
            kind.model_validate_json(text.model_dump_json())
