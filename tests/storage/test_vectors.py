"""Frozen bytes that a server finds again after an upgrade: names, encrypted rows, receipts, the file of withdrawals."""

import hmac
import json
import struct
from hashlib import sha256
from pathlib import Path
from typing import Any

import nacl.bindings as sodium
import pytest
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from sqlalchemy import insert

from storage import links, sweep, tables
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.intake_keys import BotKeys, RoundKeys
from storage.receipt_words import read
from storage.tombstones import TombstoneFile
from storage.values import SweepItem
from tests.storage.make_vectors import (
    BOT,
    CHAT,
    DUE,
    FILE,
    IDS,
    RECEIPT,
    RESPONSES,
    ROW,
    SALT,
    SECRET,
    UPDATE,
    USER,
    kept,
)  # fmt: skip
from tests.storage.world import World

VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def row(name: str) -> bytes:
    """One encrypted row."""
    return bytes.fromhex(VECTORS["rows"][name])


def test_names_are_what_they_were() -> None:
    """Under the same secrets everything lies where it lay: drafts, links, updates, buttons, skip list, receipts.

    Proves: D2, W1
    """
    today = kept()

    for part in ("names", "receipt", "tombstones"):
        assert today[part] == VECTORS[part], part


def test_names_are_made_as_written_down() -> None:
    """A pseudonym is HKDF and HMAC of RFC 5869 and RFC 2104, worked out here without our code. Proves: D2."""
    key = HKDF(SECRET, 32, SALT, SHA256, context=b"sauti pseudonym 1")
    tag = HKDF(SECRET, 32, b"", SHA256, context=b"sauti update 1")
    digits = VECTORS["receipt"]["digits"]

    assert hmac.digest(key, struct.pack(">q", USER), sha256).hex() == VECTORS["names"]["pseudonym"]
    assert hmac.digest(tag, struct.pack(">qq", BOT, UPDATE), sha256)[:16].hex() == VECTORS["names"]["update"]
    assert hmac.digest(RECEIPT, digits.encode(), sha256).hex() == VECTORS["names"]["receipt"]


def test_an_old_sweep_row_still_opens(url: str, tmp_path: Path) -> None:
    """Messages that were to be deleted before an upgrade are found after it, when they are due. Proves: P3."""
    with World.make(url, tmp_path / "secrets") as world:
        with writing(world.engine) as connection:
            body = {"id": ROW, "body": row("sweep"), "due": DUE // 600 * 600, "expires": DUE + 172_800}
            connection.execute(insert(tables.sweep), [body])
        found = sweep.of_chats(world.engine, BotKeys(SECRET).sweep, frozenset({CHAT}))

    assert found == {CHAT: [SweepItem(ROW, CHAT, IDS)]}


def test_an_old_link_still_leads_to_its_responses(url: str, tmp_path: Path) -> None:
    """Who sent before an upgrade can take back from the same chat after it. Proves: W2."""
    keys = RoundKeys(SECRET, SALT).link(USER)
    with World.make(url, tmp_path / "secrets") as world:
        of_round = world.open_round()
        with writing(world.engine) as connection:
            connection.execute(insert(tables.links), [{"key": keys.row, "round": of_round.id, "body": row("link")}])
        with reading(world.engine) as connection:
            found = links.read(connection, keys)

    assert found == RESPONSES


def test_rows_are_encrypted_as_written_down() -> None:
    """A row is nonce, then XChaCha20-Poly1305 of length, content and padding for its place. Proves: D2."""
    closed = row("draft")
    key = HKDF(SECRET, 32, SALT, SHA256, context=b"sauti draft 1")
    plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(closed[24:], ROW, closed[:24], key)

    assert plain == (7).to_bytes(4, "big") + b"a draft" + bytes(64 - 11)
    assert RoundKeys(SECRET, SALT).drafts.open(closed, ROW) == b"a draft"
    with pytest.raises(StorageRefused, match="bad-secret"):
        RoundKeys(SECRET, SALT).drafts.open(closed, RESPONSES[0])


@pytest.mark.parametrize("typed", [*VECTORS["receipt"]["words"].values(), VECTORS["receipt"]["grouped"]])
def test_an_old_receipt_is_still_understood(typed: str) -> None:
    """Words copied by hand years ago, in any language, are the same receipt as the digits. Proves: W1."""
    assert read(typed) == VECTORS["receipt"]["digits"]


def test_an_old_file_of_withdrawals_is_read_and_written_as_it_was(tmp_path: Path) -> None:
    """What was withdrawn before an upgrade stays withdrawn after it. Proves: W2."""
    path = tmp_path / "tombstones"
    path.write_bytes(bytes.fromhex(VECTORS["tombstones"]))
    file = TombstoneFile(path)

    assert file.read() == {(ROW, response) for response in RESPONSES}
    file.add(ROW, RESPONSES[:1])
    assert path.read_bytes().hex() == VECTORS["tombstones"]
