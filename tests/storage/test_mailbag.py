"""From sent to kept: in batches, shuffled, without order and without time."""

import random

import pytest
from sqlalchemy import text

from storage import mailbag as mailbag_module
from storage.database import reading, writing
from storage.envelope.bundle import blob_hash
from storage.envelope.response import SealedResponse
from storage.tables import mailbag, metadata, responses
from tests.storage.world import World


async def test_fewer_than_ten_wait(world: World) -> None:
    """Nine responses wait in the mailbag; the tenth takes all of them along.

    Proves: D3
    """
    row = world.open_round()
    await world.sent_by(range(9), row)
    before = (len(world.rows(mailbag)), len(world.rows(responses)))
    await world.sent(9, row)

    assert before == (9, 0)
    assert (len(world.rows(mailbag)), len(world.rows(responses))) == (0, 10)


async def test_rounds_do_not_share_a_batch(world: World) -> None:
    """Ten responses of two rounds are not ten of one.

    Proves: D3
    """
    one, two = world.open_round(), world.open_round()
    await world.sent_by(range(5), one)
    await world.sent_by(range(20, 27), two)

    assert (len(world.rows(mailbag)), world.rows(responses)) == (12, [])


async def test_kept_responses_know_their_week_and_hash_only(world: World) -> None:
    """A kept response carries its ISO week, the hash of its bytes and its receipt's hash, and no other moment.

    Proves: D2, D3
    """
    row = world.open_round()
    receipts = await world.sent_by(range(10), row)

    assert {column.name for column in responses.c} == {"response_id", "round", "blob", "receipt", "digest", "week"}
    for kept in world.rows(responses):
        response_id, of_round, blob, receipt, digest, week = kept
        assert isinstance(blob, bytes)
        assert isinstance(receipt, bytes)
        assert (of_round, digest, week) == (row.id, blob_hash(blob), "2026-W47")
        assert not any(printed.encode() in receipt + blob for printed in receipts)
        assert blob[36:52] == response_id


LYING = {
    "sqlite": text("SELECT response_id FROM responses"),
    "postgresql": text("SELECT response_id FROM responses ORDER BY ctid"),
}
"""Responses as the files have them."""


def _fill(world: World, round_id: bytes, ids: list[bytes]) -> None:
    """Puts responses into the mailbag in this order, each in a transaction of its own, as turns do."""
    for response_id in ids:
        with writing(world.engine) as connection:
            sent = mailbag_module.Sent(response_id, SealedResponse(response_id * 4), response_id * 2)
            mailbag_module.move(connection, round_id, world.clock(), [sent])


def _inversions(ids: list[bytes], arrived: list[bytes]) -> float:
    """The share of pairs that lie in another order than they arrived; about one half where there is no relation."""
    places = [arrived.index(response_id) for response_id in ids]
    pairs = [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]
    return sum(a > b for a, b in pairs) / len(pairs)


def test_no_table_keeps_the_order_of_arrival(world: World) -> None:
    """As the database's files lie, responses of a batch stand in no relation to the order in which they came.

    Proves: D3
    """
    row = world.open_round()
    generator = random.Random(7)
    arrived = [generator.randbytes(16) for _ in range(200)]
    _fill(world, row.id, arrived)
    with reading(world.engine) as connection:
        lying = list(connection.execute(LYING[world.engine.dialect.name]).scalars())

    assert sorted(lying) == sorted(arrived)
    within = [_inversions([one for one in lying if one in batch], batch) for batch in _batches(arrived)]
    assert 0.4 < sum(within) / len(within) < 0.6


def _batches(arrived: list[bytes]) -> list[list[bytes]]:
    return [arrived[start : start + 10] for start in range(0, len(arrived), 10)]


async def test_after_closing_not_even_batches_can_be_told(world: World) -> None:
    """A closed round's responses lie by random id, and were all written by one transaction.

    Proves: D3
    """
    row = world.open_round()
    generator = random.Random(8)
    arrived = [generator.randbytes(16) for _ in range(45)]
    _fill(world, row.id, arrived)
    world.close(row)
    with reading(world.engine) as connection:
        if world.engine.dialect.name == "postgresql":
            found = connection.execute(text("SELECT response_id, xmin::text FROM responses ORDER BY ctid")).all()
            assert len({written for _, written in found}) == 1
        else:
            found = connection.execute(text("SELECT response_id, 1 FROM responses")).all()

    assert [response_id for response_id, _ in found] == sorted(arrived)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_sqlite_tables_have_no_row_numbers(sqlite_url: str, table: str) -> None:
    """Every table of SQLite is WITHOUT ROWID: there is no hidden number that counts arrivals.

    Proves: D3
    """
    import sqlite3

    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute(f"SELECT rowid FROM {table}")  # noqa: S608 - our own table names
