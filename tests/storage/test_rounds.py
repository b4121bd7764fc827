"""Rounds at rest: frozen, found by any of their names, changed by one hand at a time."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from flows.model import Consultation
from flows.records import capacity
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.referrals import Referral
from storage.rounds import Record, RoundState, RoundStore
from storage.tables import rounds
from tests.storage.asked import CONSULTATION
from tests.storage.world import World


def test_a_round_is_found_by_all_its_names(world: World) -> None:
    """Id, code in any case, hexadecimal id and its unique beginning name the same round."""
    row, other = world.drafted(), world.drafted()
    unique = next(length for length in range(1, 33) if row.id.hex()[:length] != other.id.hex()[:length])

    for name in (row.id, row.code, row.code.lower(), row.id.hex(), row.id.hex()[:unique].upper(), f" {row.code}\n"):
        assert world.rounds.get(name) == row
    assert re.fullmatch("[A-Z2-9]{8}", row.code)
    assert {one.id for one in world.rounds.all()} == {row.id, other.id}


@pytest.mark.parametrize("name", ["", "NOSUCHCO", "zz", b"0123456789abcdef"])
def test_unknown_names_are_refused(world: World, name: str | bytes) -> None:
    """A name of no round is refused by its code."""
    world.drafted()

    with pytest.raises(StorageRefused, match="no-such-round"):
        world.rounds.get(name)


def test_an_ambiguous_beginning_is_refused(world: World) -> None:
    """A beginning that several ids share names none of them."""
    ids = [world.drafted().id.hex() for _ in range(17)]
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)

    with pytest.raises(StorageRefused, match="ambiguous-round"):
        world.rounds.get(shared)


def test_a_round_reads_back_as_it_was_made(world: World) -> None:
    """Consultation, key, thresholds and size come back as they went in, from a store that has nothing in memory.

    Proves: O4
    """
    row = world.drafted(rehearsal=False)
    again = RoundStore(world.engine).get(row.id)

    assert again == row
    assert again.consultation == CONSULTATION
    assert (again.capacity, again.control.t, again.control.s) == (capacity(CONSULTATION), 10, 5)


OTHER = Consultation.model_validate(CONSULTATION.model_dump(mode="json") | {"edition": 2})


@pytest.mark.parametrize(
    "change",
    [
        {"consultation": b"{}"},
        {"consultation": OTHER.model_dump_json().encode(), "consultation_hash": OTHER.fingerprint},
        {"rehearsal": False},
        {"public_key": bytes(32)},
        {"control_s": 0},
        {"capacity": 9},
        {"code": "AAAAAAAA"},
        {"deployment": b'{"existence_public":true}'},
        {"deployment": None},
        {"draft_minutes": 60},
    ],
    ids="+".join,
)
def test_what_opening_froze_cannot_change(world: World, change: dict[str, object]) -> None:
    """A round whose consultation, key, kind, size, thresholds or record were edited in the database does not load.

    Proves: O4
    """
    row = world.open_round(record=Record(b"{}"))
    with writing(world.engine) as connection:
        connection.execute(update(rounds).where(rounds.c.id == row.id).values(**change))

    with pytest.raises(StorageRefused, match="round-changed"):
        RoundStore(world.engine).get(row.id)


def test_every_byte_of_a_frozen_record_counts(world: World) -> None:
    """Whichever byte of consultation or deployment record is another one, the round does not load.

    Proves: O4
    """
    row = world.open_round(record=Record(b'{"time_zone":"UTC","planned_tables":[["place"]]}'))
    with reading(world.engine) as connection:
        kept = connection.execute(select(rounds.c.deployment, rounds.c.consultation)).one()
    places = [("deployment", place) for place in range(len(kept.deployment))]
    places += [("consultation", place) for place in range(0, len(kept.consultation), 17)]
    for column, place in places:
        before: bytes = getattr(kept, column)
        edited = before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :]
        with writing(world.engine) as connection:
            connection.execute(
                update(rounds).values({"deployment": kept.deployment, "consultation": kept.consultation})
            )
            connection.execute(update(rounds).values({column: edited}))
        with pytest.raises(StorageRefused, match="round-changed"):
            RoundStore(world.engine).get(row.id)


REFERRAL = Referral.model_validate(
    {
        "service": "health",
        "region": "everywhere",
        "languages": ["en"],
        "name": {"en": "House"},
        "how": {"en": "Ring"},
        "hours": {"en": "Always"},
        "verified_on": "2026-11-21",
        "verified_by": "A. Caller",
    }
)


def test_only_referrals_are_renewed(world: World) -> None:
    """A new list of referrals is read by every store, and all that opening froze stays as it was.

    Proves: O2, O4
    """
    row = world.open_round(record=Record(b"{}", draft_minutes=30))
    old, store = RoundStore(world.engine), RoundStore(world.engine)
    assert old.get(row.id).referrals == ()
    store.set_referrals(row, (REFERRAL,))
    renewed = old.get(row.id)

    assert renewed == replace(row, referrals=(REFERRAL,))
    assert renewed.terms == row.terms
    with pytest.raises(StorageRefused, match="state-moved-on"):
        store.set_referrals(replace(row, state=RoundState.PAUSED), ())


def test_a_damaged_list_is_noticed(world: World) -> None:
    """A list of referrals that is none any more keeps the round from loading."""
    row = world.open_round()
    with writing(world.engine) as connection:
        connection.execute(update(rounds).values(referrals=b"[{}]"))

    with pytest.raises(StorageRefused, match="round-changed"):
        world.rounds.get(row.id)


def test_states_change_one_hand_at_a_time(world: World) -> None:
    """Who acts on an outdated view of a round is refused."""
    row = world.drafted()
    world.rounds.set_state(row, RoundState.OPEN)

    with pytest.raises(StorageRefused, match="state-moved-on"):
        world.rounds.set_state(row, RoundState.OPEN)
    with pytest.raises(StorageRefused, match="state-moved-on"):
        world.rounds.set_challenge(row, bytes(32))
    assert world.rounds.open_codes() == {row.code: row.id}


def test_errors_of_the_database_lose_its_words(world: World) -> None:
    """Whatever the database says about a statement or a row, only a code comes out.

    Proves: D6
    """
    row = world.drafted()
    with pytest.raises(StorageRefused) as refused, writing(world.engine) as connection:
        connection.execute(text("INSERT INTO tombstones SELECT id, :round FROM rounds"), {"round": b"canary"})

    assert refused.value.code == "database-refused"
    assert refused.value.__cause__ is None
    assert row.code not in str(refused.value)
