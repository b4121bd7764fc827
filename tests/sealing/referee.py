"""A second reader, written from docs/formats/sealed-response.md alone: slow, obvious, no code of the first."""

import hashlib

import nacl.bindings as sodium
from nacl.exceptions import CryptoError


def read(blob: bytes, private_key: bytes, round_id: bytes) -> list[bytes] | None:
    """The records of a response, or None where any rule of the format is broken."""
    try:
        return _read(blob, private_key, round_id)
    except (AssertionError, CryptoError):
        return None


def _read(blob: bytes, private_key: bytes, round_id: bytes) -> list[bytes]:
    public_key = sodium.crypto_scalarmult_base(private_key)
    key_id = hashlib.blake2b(b"sauti key" + public_key, digest_size=32).digest()[0:8]
    count = _count(blob, round_id, key_id)
    bound = b"sauti" + b"\x01" + b"\x01" + round_id + key_id + blob[36:52]

    stream = sodium.crypto_secretstream_xchacha20poly1305_state()
    previous = None
    opened = []
    for number in range(count):
        chunk = blob[64 + 256 * number : 64 + 256 * number + 256]
        segment = chunk[0]
        assert int.from_bytes(chunk[1:3], "big") == number
        sealed = chunk[3:]
        if segment != previous:
            assert segment == (0 if previous is None else (previous + 1) % 256)
            box = sodium.crypto_box_seal_open(chunk[3:107], public_key, private_key)
            sodium.crypto_secretstream_xchacha20poly1305_init_pull(stream, box[32:56], box[0:32])
            sealed = chunk[107:]
        previous = segment
        plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(stream, sealed, bound + chunk[0:3])
        assert tag == (3 if number == count - 1 else 2)
        opened.append(plain)
    return _records([_message(number, plain) for number, plain in enumerate(opened)])


def records(opened: list[bytes]) -> list[bytes] | None:
    """The records in the plaintexts of a response's messages, or None where any rule of the format is broken."""
    try:
        return _records([_message(number, plain) for number, plain in enumerate(opened)])
    except AssertionError:
        return None


def _count(blob: bytes, round_id: bytes, key_id: bytes) -> int:
    assert len(blob) >= 64
    assert blob[0:8] == b"SAUTIRSP"
    assert blob[8] == 1
    assert blob[9] == 1
    count = int.from_bytes(blob[10:12], "big")
    assert count >= 1
    assert blob[12:28] == round_id
    assert blob[28:36] == key_id
    assert blob[52:64] == bytes(12)
    assert len(blob) == 64 + 256 * count
    return count


def _message(number: int, plain: bytes) -> tuple[int, bytes]:
    assert int.from_bytes(plain[0:2], "big") == number
    length = plain[3]
    assert length <= 128
    assert plain[4 + length :] == bytes(len(plain) - 4 - length)
    return plain[2], plain[4 : 4 + length]


def _records(messages: list[tuple[int, bytes]]) -> list[bytes]:
    records = []
    while messages and messages[0][0] != 2:
        record = b""
        while True:
            assert messages
            flags, payload = messages.pop(0)
            assert flags in {0, 1}
            record += payload
            if flags == 0:
                break
        records.append(record)
    assert messages
    assert all(flags == 2 and payload == b"" for flags, payload in messages)
    return records
