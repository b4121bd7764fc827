"""The least that storing a turn can take: the same rows, ciphers and commits, and nothing of ours around them.

    python -m bench.storing

One thread and one connection, set as the bot's is, on the newest tables. A batch is fifty turns of fifty of a hundred
people; of each turn an update's tag is looked up and noted, both names of a draft are worked out and asked for, the
draft is opened, read, written and closed again, and in every other turn one message of a stream is sealed. No rules,
no values with names, no hand-over between threads, nobody begins and nobody sends. So no bot in this language that
keeps what ours keeps takes less, and what is printed, beside a bot that keeps nothing (`sauti bench intake`), says what
the ratio of both cannot go below.
"""

import hmac
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import orjson
from nacl._sodium import ffi, lib

from storage.database import connect
from storage.migrations import migrate

PEOPLE: Final = 100
TOGETHER: Final = 50
BATCHES: Final = 60
ROUNDS: Final = 9
_BODY: Final = 508
"""Bytes inside a draft's row in the dialogue of `bench/consultation.yaml`; with four for its length, 512."""
_SESSION: Final = [
    2, "asking", "en", 7, [], [[2, ["a"]], [4, ["b", "c"]]], ["results"], 9, None, None, 7, [0, 0, 0, 0], None,
    None, "",
]  # fmt: skip
_PIECE: Final = 61
_BUFFER: Final = ffi.typeof("unsigned char[]")
_ASKED: Final = 128
_REKEY: Final = 2
_DRAFTS: Final = f"SELECT key, round, body, expires, idle FROM drafts WHERE key IN ({','.join('?' * _ASKED)})"  # noqa: S608 - marks
_TAGS: Final = f"SELECT tag FROM update_tags WHERE tag IN ({','.join('?' * TOGETHER)})"  # noqa: S608 - only question marks


class Store:
    """The rows of a hundred people, and a stream for each."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
            self._database.execute(f"PRAGMA {setting}")
        self._key, self._round = secrets.token_bytes(32), secrets.token_bytes(16)
        self._states = [self._stream() for _ in range(PEOPLE)]
        self._update, self._numbers = 0, [0] * PEOPLE
        session = orjson.dumps(_SESSION).ljust(_BODY, b"\0")
        rows = [(self._name(one, 0), self._closed(session, self._name(one, 0))) for one in range(PEOPLE)]
        self._database.executemany(
            "INSERT INTO drafts (key, round, body, expires, idle) VALUES (?, x'00', ?, 1800000000, 1800000000)", rows
        )

    def _stream(self) -> object:
        state = ffi.new(_BUFFER, lib.crypto_secretstream_xchacha20poly1305_statebytes())
        header = ffi.new(_BUFFER, 24)
        lib.crypto_secretstream_xchacha20poly1305_init_push(state, header, secrets.token_bytes(32))
        return state

    def _name(self, person: int, number: int) -> bytes:
        return hmac.digest(self._key, b"%d %d" % (person, number), "sha256")

    def _closed(self, plain: bytes, name: bytes) -> bytes:
        padded, bound, nonce = len(plain).to_bytes(4, "big") + plain, self._round + name, secrets.token_bytes(24)
        room = ffi.new(_BUFFER, len(padded) + 16)
        lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
            room, ffi.NULL, padded, len(padded), bound, len(bound), ffi.NULL, nonce, self._key
        )
        return nonce + bytes(ffi.buffer(room))

    def _opened(self, body: bytes, name: bytes) -> bytes:
        nonce, sealed, bound = body[:24], body[24:], self._round + name
        room = ffi.new(_BUFFER, len(sealed) - 16)
        lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
            room, ffi.NULL, ffi.NULL, sealed, len(sealed), bound, len(bound), nonce, self._key
        )
        return bytes(ffi.buffer(room))[4:]

    def _pushed(self, person: int) -> bytes:
        plain, bound = bytes(_PIECE), bytes(45)
        room = ffi.new(_BUFFER, _PIECE + 17)
        lib.crypto_secretstream_xchacha20poly1305_push(
            self._states[person], room, ffi.NULL, plain, _PIECE, bound, len(bound), _REKEY
        )
        return bytes(ffi.buffer(room))

    def batch(self, people: range) -> None:
        """One turn of each, in one transaction."""
        run = self._database.execute
        run("BEGIN IMMEDIATE")
        tags = [hmac.digest(self._key, b"%d" % (self._update + place), "sha256")[:16] for place in range(len(people))]
        self._update += len(people)
        names = [(self._name(person, 0), self._name(person, 1)) for person in people]
        seen = {tag for (tag,) in run(_TAGS, tags)}
        asked = [name for both in names for name in both]
        rows = {row[0]: row for row in run(_DRAFTS, asked + asked[-1:] * (_ASKED - len(asked)))}
        bodies, chunks = [], []
        for person, (name, _) in zip(people, names, strict=True):
            plain = self._opened(rows[name][2], name)
            session = orjson.loads(plain.rstrip(b"\0"))
            session[3] += 1
            if (self._update // PEOPLE) % 2:
                self._numbers[person] += 1
                chunks.append((name, self._numbers[person], self._pushed(person)))
            bodies.append((self._closed(orjson.dumps(session).ljust(_BODY, b"\0"), name), name))
        many = self._database.executemany
        fresh = [(tag,) for tag in tags if tag not in seen]
        many("INSERT INTO update_tags (tag, expires) VALUES (?, 1800000000)", fresh)
        many("UPDATE drafts SET body = ? WHERE key = ?", bodies)
        many("INSERT INTO chunks (draft, number, chunk) VALUES (?, ?, ?)", chunks)
        run("COMMIT")


def _took(work: Callable[[], None]) -> float:
    """Microseconds of this thread's processor time."""
    before = time.thread_time()
    work()
    return 1e6 * (time.thread_time() - before)


def main() -> None:
    """Prints microseconds a turn: the quickest batch of all, the median one, the mean of the quickest round."""
    with tempfile.TemporaryDirectory(prefix="sauti-storing-") as folder:
        file = Path(folder) / "sauti.db"
        engine = connect(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        store = Store(file)
        halves = range(TOGETHER), range(TOGETHER, PEOPLE)
        rounds = [
            [_took(partial(store.batch, halves[batch % 2])) / TOGETHER for batch in range(BATCHES)]
            for _ in range(ROUNDS)
        ]
    every = [one for several in rounds for one in several]
    middle, mean = statistics.median(every), min(statistics.mean(several) for several in rounds)
    sys.stdout.write(f"{min(every):.1f} best, {middle:.1f} median, {mean:.1f} mean of the best round\n")


if __name__ == "__main__":
    main()
