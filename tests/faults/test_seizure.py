"""The whole server is taken while people are talking to it (D1, D4)."""

import secrets
import shutil
import sqlite3
from pathlib import Path

import pytest
from nacl.bindings import (
    crypto_box_seal_open,
    crypto_scalarmult_base,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.exceptions import CryptoError

from storage.envelope import response
from storage.envelope.response import BOX, CHUNK, HEADER, LABEL
from tests.faults.asked import AGE
from tests.faults.crowd import crowd
from tests.faults.referee import TOLD
from tests.faults.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]


def windows(material: bytes, size: int) -> set[bytes]:
    """Every run of `size` bytes, each once."""
    return {material[at : at + size] for at in range(len(material) - size + 1)}


def private_keys(material: bytes, public: bytes) -> set[bytes]:
    """Runs of 32 bytes that are the private half of `public`."""
    return {each for each in windows(material, 32) if crypto_scalarmult_base(each) == public}


def opens(blob: bytes, material: bytes) -> bool:
    """Whether any run of bytes is the stream key and header of the response's first segment."""
    header = response.read_header(blob)
    label, message = blob[HEADER : HEADER + LABEL], blob[HEADER + LABEL + BOX : HEADER + CHUNK]
    data = response.context(header.round_id, header.key_id, header.response_id) + label
    state = crypto_secretstream_xchacha20poly1305_state()
    for window in windows(material, 56):
        crypto_secretstream_xchacha20poly1305_init_pull(state, window[32:], window[:32])
        try:
            crypto_secretstream_xchacha20poly1305_pull(state, message, data)
        except CryptoError:
            continue
        return True
    return False


async def test_what_a_thief_of_the_server_has_opens_no_answer(stage: Stage) -> None:
    """Database, WAL, a backup, secrets, logs and temporary files together hold no key to a response.

    Proves: D1, D4
    """
    bot = stage.server()
    await bot.start()
    async with crowd(stage, 11, steadily=True) as people:
        await people.take_part(2)
        _backup(stage.folder)
        unfinished = await people.someone()
        await unfinished.live(until=unfinished.at(AGE))
        await bot.kill()
    taken = b"".join(path.read_bytes() for path in sorted(stage.folder.rglob("*")) if path.is_file())
    with sqlite3.connect(stage.folder / "sauti.db") as connection:
        blobs = [blob for (blob,) in connection.execute("SELECT blob FROM mailbag")]

    assert len(blobs) == 2
    assert private_keys(taken, stage.row.public_key) == set()
    assert not opens(blobs[0], taken)
    found = crypto_box_seal_open(blobs[0][HEADER + LABEL :][:BOX], stage.row.public_key, stage.custody.private.secret)
    assert opens(blobs[0], secrets.token_bytes(40) + found + secrets.token_bytes(40))
    planted = secrets.token_bytes(40) + stage.custody.private.secret + secrets.token_bytes(40)
    assert private_keys(planted, stage.row.public_key) == {stage.custody.private.secret}
    TOLD.append(f"bytes taken {len(taken)}, responses {len(blobs)}, opened 0")


def _backup(folder: Path) -> None:
    """Copies the database as an administrator does, WAL and all."""
    copy: Path = folder / "backup"
    copy.mkdir()
    for path in folder.glob("sauti.db*"):
        shutil.copy(path, copy / path.name)
