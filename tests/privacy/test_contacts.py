"""From a sealed box to people who may be written to: by consent only, each once, and never by hand."""

import copy
import pickle
from dataclasses import replace

import pytest
from nacl.bindings import crypto_box_keypair

from flows.model import Purpose
from flows.records import Manifest, consent_hash, encode_manifest
from privacy.consent import Consents, Contactable, NotUsable
from privacy.contacts import contactable
from privacy.keys import RoundPrivateKey
from storage.envelope import contact
from storage.sealing import seal
from tests.storage.asked import CONSULTATION

KEY = RoundPrivateKey(*crypto_box_keypair())
ROUND = b"r" * 16
ALLOWED = Manifest(
    CONSULTATION.fingerprint, consent_hash(CONSULTATION, "ar"), frozenset({Purpose.RESULTS}), "ar",
    rehearsal=False, repeat=False,
)  # fmt: skip
CONSENTS = Consents(CONSULTATION, process=CONSULTATION.process, rehearsal=False)


def entry(chat: int, manifest: Manifest = ALLOWED, of_round: bytes = ROUND) -> bytes:
    """A sealed entry."""
    return seal(KEY.public_key, contact.pack(of_round, chat, encode_manifest(manifest, CONSULTATION)))


def opened(*sealed: bytes) -> list[tuple[int, str]]:
    """Chat and language of everybody who may be written to."""
    return [(one.chat_id, one.language) for one in contactable(KEY, ROUND, CONSENTS, sealed)]


def test_whoever_allowed_it_is_found_once() -> None:
    """Two entries of one account are one person, in a language that she read; entries of nobody lead nowhere.

    Proves: W5, K4
    """
    nobody = entry(contact.NOBODY, replace(ALLOWED, purposes=frozenset()))

    assert opened(entry(5), nobody, entry(6), entry(5), nobody) == [(5, "ar"), (6, "ar")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ALLOWED, purposes=frozenset()), "no-consent-to-message"),
        (replace(ALLOWED, purposes=frozenset(Purpose) - {Purpose.RESULTS}), "no-consent-to-message"),
        (replace(ALLOWED, rehearsal=True), "rehearsal-mixed"),
        (replace(ALLOWED, language="en"), "other-consent"),
        (replace(ALLOWED, consultation=bytes(32)), "other-consultation"),
    ],
)
def test_without_this_consent_nobody_is_written_to(wrong: Manifest, code: str) -> None:
    """No permission, another kind of round, other texts or another consultation: no value to send to can be had.

    Proves: K4, W5
    """
    with pytest.raises(NotUsable, match=code):
        CONSENTS.contactable(5, encode_manifest(wrong, CONSULTATION))
    assert opened(entry(5, wrong), entry(6)) == [(6, "ar")]


def test_what_is_not_of_this_box_is_left_out() -> None:
    """Another round's entry, one under another key, and bytes that are none lead nowhere, and spoil nothing."""
    other = seal(crypto_box_keypair()[0], contact.pack(ROUND, 7, encode_manifest(ALLOWED, CONSULTATION)))

    assert opened(entry(5), entry(6, of_round=b"s" * 16), other, b"short", bytes(contact.SEALED)) == [(5, "ar")]


def test_nobody_makes_one_by_hand() -> None:
    """No constructor, no change, no copy, no pickle, and nothing to read in its `repr`.

    Proves: K4
    """
    (one,) = contactable(KEY, ROUND, CONSENTS, [entry(555)])
    with pytest.raises(TypeError):
        Contactable(555, "en")  # type: ignore[arg-type, call-arg]  # what is tried here
    with pytest.raises(AttributeError):
        one.chat_id = 6  # type: ignore[misc]  # as above
    for carry in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            carry(one)
    assert repr(one) == "<Contactable>"
