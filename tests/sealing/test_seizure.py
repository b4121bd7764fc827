import secrets

from nacl.bindings import (
    crypto_box_seal_open,
    crypto_scalarmult_base,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.exceptions import CryptoError

from storage.envelope import response
from storage.sealing import fill
from tests.sealing.support import KEY, ROUND, SEALER


def seized() -> tuple[bytes, bytes]:
    """One response, and all that a server keeps beside it: chunks as they were in the log, tag, salt, secret, key."""
    name = secrets.token_bytes(16)
    segment = SEALER.begin(name, 0, 0)
    chunks = [segment.push(b"what she said")]
    kept = chunks[0] + segment.tag
    segment = SEALER.begin(name, 1, 1)
    chunks += [segment.push(b"x" * 128), *fill(segment, 4)]
    blob = response.assemble(ROUND, SEALER.key_id, name, chunks, 4)
    return blob, blob + kept + segment.tag + name + ROUND + KEY.public_key + secrets.token_bytes(64)


def opens(blob: bytes, material: bytes) -> bool:
    """Whether any window of `material` is a key that opens the first segment of `blob`, in either way there is."""
    box, cipher = blob[67:171], blob[171:320]
    data = response.context(blob[12:28], blob[28:36], blob[36:52]) + blob[64:67]
    windows = [material[at : at + 56] for at in range(len(material) - 31)]
    return any(_private(box, window[:32]) or _stream(cipher, window, data) for window in windows)


def _private(box: bytes, key: bytes) -> bool:
    try:
        crypto_box_seal_open(box, crypto_scalarmult_base(key), key)
    except CryptoError:
        return False
    return True


def _stream(cipher: bytes, key_and_header: bytes, data: bytes) -> bool:
    if len(key_and_header) < 56:
        return False
    state = crypto_secretstream_xchacha20poly1305_state()
    crypto_secretstream_xchacha20poly1305_init_pull(state, key_and_header[32:], key_and_header[:32])
    try:
        crypto_secretstream_xchacha20poly1305_pull(state, cipher, data)
    except CryptoError:
        return False
    return True


def test_the_search_finds_planted_keys() -> None:
    """The next test could fail: each kind of key is found where it lies among other bytes."""
    blob, material = seized()
    stream_key = crypto_box_seal_open(blob[67:171], KEY.public_key, KEY.secret)

    assert opens(blob, material[:100] + KEY.secret + material[100:200])
    assert opens(blob, material[:100] + stream_key + material[100:200])


def test_all_that_a_server_keeps_does_not_open_an_answer() -> None:
    """Database, log, backup and intake secret together hold no key to what they store. Proves: D1, D4."""
    blob, material = seized()

    assert not opens(blob, material)


def test_nothing_that_was_said_stands_in_a_response() -> None:
    """The words are found in no byte of what is stored. Proves: D1."""
    blob, material = seized()

    assert b"what she" not in material
    assert b"xxxx" not in blob
