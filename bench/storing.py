"""The least that storing turns can take: the same rows, ciphers and commits, and nothing of ours around them.

    python -m bench.storing

One connection, set as the bot's is, on the newest tables, in a thread of its own. A batch is fifty turns of fifty of a
hundred people; of each turn an update's tag is looked up and noted, both names of a draft are worked out and asked for,
the draft is opened, read, written and closed again, and in every other turn one message of a stream is sealed. After 27
turns everybody sends, as in `bench/consultation.yaml`: fillers, one response, its link and a row of the sweep box.
No rules, no values with names, no messenger, no look at rounds. So no bot in this language that keeps what ours keeps
takes less, and what is printed, beside a bot that keeps nothing (`sauti bench intake`), says what the ratio of both
cannot go below.
"""

import asyncio
import hashlib
import hmac
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import orjson
from nacl._sodium import ffi, lib

from storage.database import connect
from storage.migrations import migrate

PEOPLE: Final = 100
TOGETHER: Final = 50
ROUNDS: Final = 15
_BODY: Final = 508
"""Bytes inside a draft's row in the dialogue of `bench/consultation.yaml`; with four for its length, 512."""
_SESSION: Final = [
    2, "asking", "en", 7, [], [[2, ["a"]], [4, ["b", "c"]]], ["results"], 9, None, None, 7, [0, 0, 0, 0], None,
    None, "",
]  # fmt: skip
_PIECE, _FILLERS, _TURNS = 236, 35, 27
"""Bytes of a chunk's message; messages that say nothing in a response of 48; turns before somebody sends."""
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
        self._begin([self._name(one, 0) for one in range(PEOPLE)])

    def _begin(self, names: list[bytes]) -> None:
        session = orjson.dumps(_SESSION).ljust(_BODY, b"\0")
        self._database.executemany(
            "INSERT INTO drafts (key, round, body, expires, idle) VALUES (?, x'00', ?, 1800000000, 1800000000)",
            [(name, self._closed(session, name)) for name in names],
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

    def batch(self, people: range, *, sending: bool = False) -> None:
        """One turn of each, in one transaction; if `sending`, each sends and somebody else begins in that place."""
        self._database.execute("BEGIN IMMEDIATE")
        names = self._turns(people)
        if sending:
            self._send(people, names)
        self._database.execute("COMMIT")

    def _turns(self, people: range) -> list[bytes]:
        run = self._database.execute
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
        return [name for name, _ in names]

    def _send(self, people: range, names: list[bytes]) -> None:
        run, responses = self._database.execute, []
        for person, name in zip(people, names, strict=True):
            said = [chunk for (chunk,) in run("SELECT chunk FROM chunks WHERE draft = ? ORDER BY number", (name,))]
            blob = b"".join((bytes(64), *said, *[self._pushed(person) for _ in range(_FILLERS)]))
            receipt = hmac.digest(self._key, secrets.token_bytes(16), "sha256")
            responses.append((secrets.token_bytes(16), blob, receipt, hashlib.sha256(blob).digest()))
            run("DELETE FROM chunks WHERE draft = ?", (name,))
            run("DELETE FROM drafts WHERE key = ?", (name,))
            self._states[person] = self._stream()
        many = self._database.executemany
        many("INSERT INTO responses VALUES (?, x'00', ?, ?, ?, '2026-W01')", responses)
        links = [(secrets.token_bytes(32), self._closed(bytes(60), name)) for name in names]
        many("INSERT INTO links VALUES (?, x'00', ?)", links)
        swept = [(secrets.token_bytes(16), self._closed(bytes(812), name)) for name in names]
        many("INSERT INTO sweep VALUES (?, ?, 1800000000, 1800000000)", swept)
        self._begin(names)


async def _round(store: Store) -> float:
    """Microseconds of both threads' processor time for a turn, over a whole dialogue of everybody."""
    loop, halves = asyncio.get_running_loop(), (range(TOGETHER), range(TOGETHER, PEOPLE))
    before = time.process_time()
    for number in range(2 * (_TURNS + 1)):
        asked = [loop.create_future() for _ in range(TOGETHER)]
        work = partial(store.batch, halves[number % 2], sending=number // 2 == _TURNS)
        await loop.run_in_executor(None, work)
        for one in asked:
            one.set_result(None)
        for one in asked:
            await one
    return 1e6 * (time.process_time() - before) / (PEOPLE * (_TURNS + 1))


async def _rounds(file: Path) -> list[float]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as thread:
        loop.set_default_executor(thread)
        store = await loop.run_in_executor(None, Store, file)
        return [await _round(store) for _ in range(ROUNDS)]


def main() -> None:
    """Prints microseconds a turn of several dialogues."""
    with tempfile.TemporaryDirectory(prefix="sauti-storing-") as folder:
        file = Path(folder) / "sauti.db"
        engine = connect(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        rounds = asyncio.run(_rounds(file))
    best, middle, worst = min(rounds), statistics.median(rounds), max(rounds)
    sys.stdout.write(f"{middle:.1f} ({best:.1f}-{worst:.1f}) µs of processor time a turn\n")


if __name__ == "__main__":
    main()
