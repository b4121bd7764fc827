"""Three hundred people whose names and words can be told from everything else, and a search for them (D1, D2).

Every name, username, text and token holds the same unlikely word, and each of them something of its own beside it, so
that one search per spelling finds any of them. Before it counts that nothing was found, the word is planted in each
place and must be found there.
"""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
import pytest

from storage.receipt_words import worded
from tests.faults.asked import VOTE
from tests.faults.crowd import PATIENCE, Crowd, crowd
from tests.faults.people import Ending, Participant
from tests.faults.referee import TOLD
from tests.faults.searching import places, search, spellings
from tests.faults.stage import Custody, Stage, staged
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]

WORD = "QzKanarieVogelXw"
TOKEN = f"434343:{WORD}{'t' * 16}"
PEOPLE, AT_ONCE = 300, 40
_RECEIPT = re.compile(rb"(?:\d{5}-?){5}\d{5}")


async def canary(people: Crowd, number: int) -> Participant:
    """One person, whose every word is a canary: her name, an answer, words where a button was asked, a receipt."""
    one = await people.someone(
        first_name=f"First{WORD}{number}", last_name=f"Last{WORD}{number}", username=f"u{WORD}{number}"
    )
    one.tag = f"{WORD}{number}"
    one.wish.said = lambda place, again: f"{WORD}{number} {place} {again} {'so much ' * (place * 4)}".strip()
    one.wish.leaves_at = 6 + number % 12
    one.wish.ending = (Ending.SEND, Ending.SEND, Ending.WITHDRAW, Ending.STOP, Ending.LEAVE)[number % 5]
    await one.live(until=lambda card: one.at(VOTE)(card) or one.ended is not None)
    if one.ended is None:
        await one.act(one.person.say(f"wrong {WORD}{number} state"))
        await one.act(one.person.send("photo", caption=f"photo {WORD}{number}"))
        await one.live()
    if one.receipt is not None and number % 2:
        await one.act(one.person.say(f"after {WORD}{number} all"))
    return one


async def canaries(people: Crowd, count: int) -> list[Participant]:
    """All of them, AT_ONCE at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Participant:
        async with gate:
            return await canary(people, number)

    async with asyncio.timeout(PATIENCE):
        return list(await asyncio.gather(*map(one, range(count))))


def in_words(receipt: bytes) -> bytes:
    """The English words of a receipt, as they stood in the chat."""
    return " ".join(worded(receipt.decode(), "en") or ("no words",)).encode()


def traces(where: Iterable[tuple[str, bytes]], everybody: Iterable[Participant]) -> set[tuple[str, str]]:
    """Where any name, text, token, receipt or account number stands."""
    receipts = {one.receipt.replace("-", "").encode() for one in everybody if one.receipt}
    words = {in_words(one) for one in receipts}
    accounts = {form for one in everybody for form in account(one.person.id)}
    data = list(where)
    found = search(data, spellings(WORD))
    for name, content in data:
        told = any(one in content for one in words)
        if told or receipts & {match.replace(b"-", b"") for match in _RECEIPT.findall(content)}:
            found.add((name, "receipt"))
        if not accounts.isdisjoint(_like_accounts(content)):
            found.add((name, "account"))
    return found


def _like_accounts(content: bytes) -> Iterator[bytes]:
    """Whatever begins as all numbers of this simulator's people do: as digits, and as bytes in either order."""
    yield from re.findall(rb"50000\d{5}", content)
    for found in re.finditer(rb"\x00\x01\x2a\x05", content):
        yield content[found.start() : found.start() + 6]
    for found in re.finditer(rb"\x05\x2a\x01\x00", content):
        yield content[max(found.start() - 2, 0) : found.end()]


def account(number: int) -> tuple[bytes, bytes, bytes]:
    """A person's number as digits, as SQLite and PostgreSQL would hold it in a column, and as C would."""
    return str(number).encode(), number.to_bytes(6, "big"), number.to_bytes(6, "little")


async def test_nothing_that_was_said_or_told_is_found_on_sqlite(stage: Stage) -> None:
    """After 300 conversations no name, text, token or receipt is in any file, log or temporary file of a live bot.

    Proves: D1, D2
    """
    stage.token = TOKEN
    await stage.driver.bot(TOKEN)
    bot = stage.server()
    await bot.start(plainly=True)
    async with crowd(stage, 300) as people:
        everybody = await canaries(people, PEOPLE)
        await stage.quiet()
        alive = list(places([stage.folder], [bot.pid]))
        await bot.kill()
        dead = list(places([stage.folder]))

    names = {name.split("/")[-1] for name, _ in alive}
    assert {"sauti.db", "sauti.db-wal", "sauti.db-shm", "intake.secret", "out-0", "err-0"} <= names
    assert sum(one.ended in {Ending.SEND, Ending.WITHDRAW} for one in everybody) > PEOPLE / 2
    assert traces(alive, everybody) == set()
    assert traces(dead, everybody) == set()
    assert missed(dead, everybody) == set()
    assert rows_are_found(stage.folder / "sauti.db") == {"sauti.db", "sauti.db-wal"}
    tell(everybody, alive + dead)


def tell(everybody: list[Participant], searched: list[tuple[str, bytes]]) -> None:
    """The figures of a search that found nothing."""
    ends = Counter(one.ended for one in everybody)
    size = sum(len(data) for _, data in searched) // 1_000_000
    of_people = ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))
    TOLD.append(f"people {len(everybody)} ({of_people}), places searched {len(searched)}, MB {size}, traces 0")


def missed(where: list[tuple[str, bytes]], everybody: list[Participant]) -> set[tuple[str, str]]:
    """Places and spellings in which the search would have found nothing although something stood there."""
    one = next(one for one in everybody if one.receipt)
    missing = set()
    for name, data in where:
        for spelling, word in spellings(WORD).items():
            if (name, spelling) not in search([(name, data[: len(data) // 2] + word + data)], {spelling: word}):
                missing.add((name, spelling))
        receipt = str(one.receipt).encode()
        told = [("receipt", receipt), ("receipt", in_words(receipt.replace(b"-", b"")))] + [
            ("account", form) for form in account(one.person.id)
        ]
        missing |= {(name, kind) for kind, said in told if (name, kind) not in traces([(name, data + said)], [one])}
    return missing


def rows_are_found(file: Path) -> set[str]:
    """Writes a canary into the database as the bot writes rows; the files in which the search finds it."""
    words = {"UTF-8": WORD.encode()}
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("INSERT INTO sweep VALUES (?, ?, 0, 0)", (b"x" * 16, WORD.encode()))
    connection.commit()
    found = {name for name, _ in search(places([file.parent]), words)}
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found |= {name for name, _ in search(places([file.parent]), words)}
    connection.close()
    return found


@pytest.mark.postgres
async def test_nothing_that_was_said_or_told_is_found_on_postgresql(
    tmp_path: Path, custody: Custody, simulator: str, postgres: Cluster
) -> None:
    """The same with the whole data directory of PostgreSQL, its WAL and its log.

    Proves: D1, D2, S3
    """
    name = postgres.create()
    token = TOKEN.replace("434343", "434344")
    database = postgres.url(name)
    async with staged(tmp_path / "stage", database, custody, simulator, token=token) as (stage, _):
        bot = stage.server()
        await bot.start()
        async with crowd(stage, 301) as people:
            everybody = await canaries(people, 60)
            await stage.quiet()
        searched = [stage.folder, postgres.folder]
        read = await asyncio.to_thread(lambda: list(places(searched, [bot.pid])))
        found = traces(read, everybody)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("INSERT INTO sweep VALUES (%s, %s, 0, 0)", (b"x" * 16, WORD.encode()))
            connection.execute("CHECKPOINT")
        planted_in = {place.split("/")[1] for place, _ in search(places(searched), {"UTF-8": WORD.encode()})}

    assert found == set()
    assert {"base", "pg_wal"} <= planted_in
    tell(everybody, read)
