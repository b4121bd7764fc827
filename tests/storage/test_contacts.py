"""The contact box: who enters it, how it is mixed, what lies in it, and who must never be written to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from nacl.bindings import crypto_box_seal_open
from sqlalchemy import Table, select, text

from flows.model import Purpose
from flows.records import decode_manifest
from storage import contacts, skipping
from storage.closing import close_round
from storage.database import reading, writing
from storage.destroying import box_overdue, destroy, destroy_box
from storage.envelope import contact
from storage.envelope.errors import NotAContact
from storage.errors import StorageRefused
from storage.intake_keys import ContactKeys
from storage.restoring import catch_up
from storage.rounds import RoundRow
from storage.running import check_secrets
from storage.tables import contact_bag, mailbag, metadata, responses, skips, told
from storage.tables import contacts as box
from tests.storage.asked import ASKING, CONSENT, NOTHING, START, say, words
from tests.storage.world import World

TOLD = replace(ASKING, purposes=frozenset({Purpose.RESULTS}))
GONE = replace(NOTHING, unwanted=True)
LYING = {
    "sqlite": text("SELECT key FROM contacts"),
    "postgresql": text("SELECT key FROM contacts ORDER BY ctid"),
}
"""Entries as the files have them."""
CANARY = 7_305_419_118_236_471


async def sent(world: World, user: int, row: RoundRow, *, wants: bool) -> None:
    """A whole conversation of somebody who wants to be told of results, or does not."""
    from storage.values import Fate, Verdict

    session = TOLD if wants else ASKING
    await world.turn(user, START, round_id=row.id)
    await world.turn(user, Verdict(Fate.KEEP, session, begin=CONSENT))
    await world.turn(user, replace(say(words("peace")), session=session))
    await world.turn(user, Verdict(Fate.SEND, session))


async def all_sent(world: World, users: Iterable[int], row: RoundRow, *, wants: bool) -> None:
    """Many of them, one after the other."""
    for user in users:
        await sent(world, user, row, wants=wants)


def opened(world: World, row: RoundRow, table: Table = box) -> list[tuple[int, frozenset[Purpose], str]]:
    """(chat, purposes, language) of each entry, opened with the key that the server does not have."""
    key, found = world.boxes[row.id], []
    with reading(world.engine) as connection:
        bodies = connection.execute(select(table.c.body).where(table.c.round == row.id)).scalars().all()
    for body in bodies:
        chat, permission = contact.read(crypto_box_seal_open(body, key.public_key, key.secret), row.id)
        manifest = decode_manifest(permission, row.consultation)
        found.append((chat, manifest.purposes, manifest.language))
    return found


async def test_only_who_allowed_it_can_be_found_in_the_box(world: World) -> None:
    """Of ten who send, the box leads to the four who said yes, with that one purpose, and to none of the others.

    Proves: W5, K4
    """
    row = world.open_round()
    await all_sent(world, range(100, 104), row, wants=True)
    await all_sent(world, range(200, 206), row, wants=False)
    found = opened(world, row)

    assert sorted(chat for chat, purposes, _ in found if purposes) == [100, 101, 102, 103]
    assert [(chat, purposes) for chat, purposes, _ in found if not purposes] == [(contact.NOBODY, frozenset())] * 6
    assert {purposes for _, purposes, _ in found} == {frozenset(), frozenset({Purpose.RESULTS})}


async def test_entries_wait_for_ten_and_move_shuffled(world: World) -> None:
    """Nine entries wait in their bag; with the tenth all move, under other keys, in no relation to their arrival.

    Proves: W5, D3
    """
    row = world.open_round()
    await all_sent(world, range(1, 10), row, wants=True)
    keys = {key for key, *_ in world.rows(contact_bag)}
    assert (len(keys), world.rows(box)) == (9, [])
    await all_sent(world, range(10, 201), row, wants=True)

    lying = [chat for chat, *_ in opened(world, row)]
    assert (len(world.rows(contact_bag)), sorted(lying)) == (0, list(range(1, 201)))
    assert keys.isdisjoint(key for key, *_ in world.rows(box))
    pairs = [(a, b) for at, a in enumerate(lying) for b in lying[at + 1 :] if (a - 1) // 10 == (b - 1) // 10]
    assert 0.4 < sum(a > b for a, b in pairs) / len(pairs) < 0.6


async def test_the_box_leads_to_no_response(world: World) -> None:
    """Entries have one size, a key of their own and their round; no column is shared with a response but the round.

    Proves: W5, D2, D3
    """
    row = world.open_round()
    await all_sent(world, (7, 7, 8), row, wants=True)
    await all_sent(world, range(20, 28), row, wants=False)
    entries = world.rows(contact_bag) + world.rows(box)

    assert {column.name for table in (contact_bag, box) for column in table.c} == {"key", "round", "body"}
    assert {len(body) for _, _, body in entries if isinstance(body, bytes)} == {contact.SEALED}
    assert len({body for _, _, body in entries}) == len(entries) == 11
    shared = {one for place in (mailbag, responses) for kept in world.rows(place) for one in kept}
    assert {one for entry in entries for one in entry} & shared == {row.id}


async def test_closing_moves_the_rest_and_leaves_no_batches(world: World) -> None:
    """At closing whoever still waits moves, too; on PostgreSQL all rows were then written by one transaction.

    Proves: W5, D3
    """
    row = world.open_round()
    await all_sent(world, range(1, 14), row, wants=True)
    world.close(row)
    with reading(world.engine) as connection:
        keys = connection.execute(LYING[world.engine.dialect.name]).scalars().all()
        if world.engine.dialect.name == "postgresql":
            assert len(connection.execute(text("SELECT DISTINCT xmin::text FROM contacts")).all()) == 1

    assert (len(world.rows(contact_bag)), len(keys), list(keys)) == (0, 13, sorted(keys))


async def test_without_a_notification_key_nobody_enters(world: World) -> None:
    """A round that was made without the key keeps no chat of anybody, whatever she allowed.

    Proves: W5
    """
    row = world.open_round()
    with writing(world.engine) as connection:
        contacts.put(connection, replace(row, notification_key=None), 5, frozenset({Purpose.RESULTS}), "en")

    assert world.rows(contact_bag) == []


async def test_no_chat_can_be_read_in_the_database(world: World) -> None:
    """Nothing that is stored holds the number of a chat in the box or on the skip list, in any of its forms.

    Proves: W5, D2
    """
    row = world.open_round()
    await sent(world, CANARY, row, wants=True)
    await world.turn(CANARY, GONE)
    world.close(row)
    stored = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for table in metadata.tables.values() for kept in world.rows(table) for value in kept
    )  # fmt: skip

    assert [chat for chat, *_ in opened(world, row)] == [CANARY]
    for form in (str(CANARY).encode(), CANARY.to_bytes(8, "big"), CANARY.to_bytes(8, "little")):
        assert form not in stored


async def test_whoever_stops_is_listed_and_so_is_a_stranger(world: World) -> None:
    """A stop is noted for every round with a box, the same for a participant and for somebody who never wrote before.

    Proves: W5, P12
    """
    one, two = world.open_round(), world.open_round()
    await sent(world, 7, one, wants=True)
    await world.turn(7, GONE)
    await world.turn(8, GONE)
    await world.turn(8, GONE)
    listed = {
        (row.id, user) for row in (one, two) for user in (7, 8, 9)
        if _listed(world, row, user)
    }  # fmt: skip

    assert listed == {(row.id, user) for row in (one, two) for user in (7, 8)}
    assert len(world.rows(skips)) == 4


def _listed(world: World, row: RoundRow, chat: int) -> bool:
    key = world.secrets.contact_key(row.id)
    assert key is not None
    with reading(world.engine) as connection:
        return skipping.listed(connection, row.id, ContactKeys(key), chat)


async def test_a_stop_after_closing_counts_and_a_later_yes_undoes_none(world: World) -> None:
    """Also when the round is over a stop is noted; and saying yes another time does not take it off.

    Proves: W5
    """
    row, later = world.open_round(), world.open_round()
    await sent(world, 7, row, wants=True)
    world.close(row)
    await world.turn(7, GONE)
    await sent(world, 7, later, wants=True)

    assert _listed(world, row, 7)
    assert _listed(world, later, 7)


async def test_a_destroyed_box_leaves_nothing_and_does_not_come_back(world: World) -> None:
    """The key goes, then every row; a database from before forgets its box again; the answers stay.

    Proves: W5
    """
    row = world.open_round()
    await all_sent(world, range(1, 12), row, wants=True)
    await world.turn(3, GONE)
    world.close(row)
    old = world.rows(box)
    destroy_box(world.rounds, world.secrets, row.id)
    assert [world.rows(table) for table in (contact_bag, box, skips, told)] == [[], [], [], []]
    with writing(world.engine) as connection:
        connection.execute(box.insert(), [dict(zip(("key", "round", "body"), one, strict=True)) for one in old])
    catch_up(world.rounds, world.secrets, world.clock())
    await world.turn(4, GONE)

    assert (world.rows(box), world.rows(skips), len(world.rows(responses))) == ([], [], 11)
    assert world.secrets.contact_key(row.id) is None
    world.secrets.make_contact_key(row.id)
    assert world.secrets.contact_key(row.id) is None


async def test_the_kill_switch_takes_the_box_along(world: World) -> None:
    """Whoever destroys a round destroys its box, its skip list and their key.

    Proves: D5, W5
    """
    row = world.open_round()
    await all_sent(world, range(1, 12), row, wants=True)
    await world.turn(3, GONE)
    destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))

    assert [world.rows(table) for table in (contact_bag, box, skips, told)] == [[], [], [], []]
    assert world.secrets.contact_key(row.id) is None


def test_a_box_is_overdue_a_year_after_closing(world: World) -> None:
    """Twelve months after the end of the week in which a round closed, and not a day earlier, its box has to go.

    Proves: W5
    """
    row = world.open_round()
    assert not box_overdue(row, date(2030, 1, 1))
    close_round(world.rounds, world.secrets, row, world.clock())
    closed = world.rounds.get(row.id)

    assert not box_overdue(closed, date(2027, 11, 22))
    assert box_overdue(closed, date(2027, 11, 23))
    assert not box_overdue(replace(closed, notification_key=None), date(2030, 1, 1))


def test_a_bot_does_not_start_where_nobody_could_be_listed(world: World) -> None:
    """Without the key of the skip list, stops would be lost: the bot refuses, as for any other secret.

    Proves: W5
    """
    row = world.open_round()
    check_secrets(world.rounds, world.secrets)
    (world.secrets._folder / "contacts" / row.id.hex()).unlink()

    with pytest.raises(StorageRefused, match="no-secret"):
        check_secrets(world.rounds, world.secrets)


def test_what_is_no_entry_is_refused() -> None:
    """Another round's entry, another length, another form or anything in the padding is no entry of this box."""
    plain = contact.pack(b"r" * 16, 5, b"permission")
    assert contact.read(plain, b"r" * 16) == (5, b"permission")
    for wrong in (plain[:-1], plain + b"\0", b"\2" + plain[1:], plain[:-1] + b"\1", plain[:-60] + b"x" * 60):
        with pytest.raises(NotAContact):
            contact.read(wrong, b"r" * 16)
    with pytest.raises(NotAContact):
        contact.read(plain, b"s" * 16)
