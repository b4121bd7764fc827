"""Frozen bundles and entries of contact boxes, read by this program and by one made from their pages alone."""

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import nacl.bindings as sodium
import pytest
from nacl.signing import VerifyKey

from privacy.bundles import ranges, read_range, verify
from privacy.keys import RoundPrivateKey
from privacy.opening import Opener
from storage.envelope import bundle, contact, response
from storage.envelope.errors import BundleRefused, ResponseRefused
from tests.privacy.release_referee import canonical

FOLDER = Path(__file__).parents[1] / "vectors"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "bundle/expected.json").read_bytes())
BOX: dict[str, Any] = json.loads((FOLDER / "contact-box.json").read_bytes())
BUNDLES = [FOLDER / "bundle" / f"{name}.sealed" for name in ("bundle", "without-plan")]
SECRET, ROUND = bytes.fromhex(EXPECTED["private_key"]), bytes.fromhex(EXPECTED["round"])
KEY = RoundPrivateKey(sodium.crypto_scalarmult_base(SECRET), SECRET)


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_frozen_bundle_is_still_believed(path: Path) -> None:
    """Every bundle ever signed verifies, holds the same responses, and its first line is written as it was.

    Proves: D3, D4
    """
    read = verify(path)
    (part,) = ranges(read, 1)
    blobs = list(read_range(part))
    opened = [list(Opener(KEY, ROUND).open(blob).records) for blob in blobs]

    assert path.read_bytes().startswith(bundle.pack_manifest(read.manifest))
    assert opened == [[bytes.fromhex(each) for each in EXPECTED["records"]]] * 3
    assert sorted(response.read_header(blob).response_id.hex() for blob in blobs) == EXPECTED["ids"]


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_the_page_says_how_a_bundle_is_signed(path: Path) -> None:
    """Signature, order and root of a frozen bundle are what the page says they are, worked out without our code."""
    line, _, rest = path.read_bytes().partition(b"\n")
    said = json.loads(line)
    unsigned = canonical({name: value for name, value in said.items() if name != "signature"})
    size = said["response_size"]
    leaves = [hashlib.sha256(rest[at : at + size]).digest() for at in range(0, len(rest), size)]
    one, two, three = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves)
    root = hashlib.sha256(b"\x01" + hashlib.sha256(b"\x01" + one + two).digest() + three).hexdigest()

    VerifyKey(decoded(said["server_key"])).verify(unsigned, decoded(said["signature"]))
    assert canonical(said) == line
    assert leaves == sorted(leaves)
    assert said["root"] == root


def decoded(text: str) -> bytes:
    """Bytes of standard base64."""
    return b64decode(text, validate=True)


def test_no_byte_of_a_frozen_bundle_can_be_changed(tmp_path: Path) -> None:
    """A bundle in which one byte is another is refused, wherever that byte stands. Proves: D3."""
    text, broken = BUNDLES[0].read_bytes(), tmp_path / "broken.sealed"

    for place in range(0, len(text), 61):
        broken.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        with pytest.raises((BundleRefused, ResponseRefused)):
            verify(broken)


@pytest.mark.parametrize("entry", BOX["entries"], ids=["somebody", "nobody"])
def test_a_frozen_entry_of_a_contact_box_still_opens(entry: dict[str, Any]) -> None:
    """Every entry ever sealed opens to its chat and its permission, and packs again to the same bytes. Proves: W5."""
    permission, allowed = bytes.fromhex(entry["permission"]), 16 if entry["chat"] else 0
    plain = sodium.crypto_box_seal_open(bytes.fromhex(entry["sealed"]), KEY.public_key, SECRET)

    assert contact.read(plain, ROUND) == (entry["chat"], permission)
    assert plain == contact.pack(ROUND, entry["chat"], permission)
    assert plain[:26] == b"\x01" + ROUND + entry["chat"].to_bytes(8, "big", signed=True) + bytes([len(permission)])
    assert plain[26:] == permission.ljust(102, b"\0")
    assert (len(permission), permission[:4]) == (68, bytes([0, 1, allowed, 1]))
