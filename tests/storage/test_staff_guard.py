"""What the staff bot's process is refused: by the database's role on PostgreSQL, by its own connections on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from rounds import moving
from rounds.life import Role
from storage import due, staff_offers
from storage.database import connect, reading, writing
from storage.due import Due
from storage.errors import StorageRefused
from storage.migrations import check_newest, migrate
from storage.rounds import RoundState, RoundStore
from storage.staff import StaffStore
from storage.staff_guard import MAY, PLANS, grant, guarded
from storage.staff_keys import StaffKeys, normal
from storage.tables import drafts, links, metadata, responses, rounds
from storage.tables import due as plans
from storage.watching import noticed, watch
from storage.work_log import check, lines, record
from tests.storage.world import World
from tests.support.postgres import Cluster

ROLE = "sauti_staff_of_tests"
REFUSALS = ("permission denied", "prohibited", "not authorized")
CLOSED_TO_STAFF = sorted(set(metadata.tables) - set(MAY))


@contextmanager
def granted(world: World, server: Cluster) -> Iterator[str]:
    """The address of the world's database for the staff bot's own role."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN".encode())
    grant(world.engine, ROLE)
    try:
        yield world.url.replace("postgres@", f"{ROLE}@")
    finally:
        with writing(world.engine) as inside:
            inside.execute(text(f"DROP OWNED BY {ROLE}"))
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP ROLE {ROLE}".encode())


@pytest.fixture
def staff_url(request: pytest.FixtureRequest, world: World) -> Iterator[str]:
    """How the staff bot reaches the world's database: by its own role, where there are roles."""
    if world.engine.dialect.name == "sqlite":
        yield world.url
        return
    with granted(world, request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def staff_engine(staff_url: str) -> Iterator[Engine]:
    """Its connections."""
    engine = guarded(connect(staff_url))
    yield engine
    engine.dispose()


def test_what_is_a_participants_is_refused_by_the_database(world: World, staff_engine: Engine) -> None:
    """Reading, counting and deleting in every table but its own: the database refuses it to the staff bot.

    Proves: F3, D2
    """
    world.open_round()
    asked = ("SELECT * FROM {}", "SELECT count(*) FROM {}", "DELETE FROM {}")
    for statement in (one.format(name) for name in CLOSED_TO_STAFF for one in asked):
        with pytest.raises(DatabaseError) as refused, staff_engine.begin() as connection:
            connection.execute(text(statement))
        assert any(words in str(refused.value) for words in REFUSALS), statement


def test_answers_drafts_and_links_are_among_what_is_refused() -> None:
    """The list of what is refused is made of what there is; these must be in it."""
    wanted = {"responses", "drafts", "links", "chunks", "mailbag", "contacts", "contact_bag", "sweep", "participation"}

    assert wanted <= set(CLOSED_TO_STAFF)
    assert {drafts.name, links.name, responses.name} <= wanted


def test_what_the_staff_bot_does_it_may_do(world: World, staff_engine: Engine) -> None:
    """With nothing but what was granted, an account is linked, rounds are moved and seen, and everything is noted."""
    row = world.open_round()
    made = staff_offers.offer(world.engine, "north-1", "facilitator", world.clock(), 60)
    check_newest(staff_engine)
    store, seen = StaffStore(staff_engine, StaffKeys("1:" + "x" * 30)), RoundStore(staff_engine)
    linked = store.link(normal(made.code) or "", 7, "en", world.clock())
    assert linked is not None
    store.note(linked, 1, world.clock())
    store.set_language(linked, "fr")

    assert store.step_up(linked, 5)
    assert not store.wrong(linked, world.clock())
    assert store.claim(linked, "digest", 1)
    assert store.count(row.id, world.clock()) == 0
    paused = moving.pause(seen, seen.get(row.id), by=Role.FACILITATOR)
    assert paused.state is RoundState.PAUSED
    assert moving.close(seen, paused, by=Role.FACILITATOR, now=world.clock()).state is RoundState.CLOSED
    watch(staff_engine, "wrong", world.clock())
    assert set(noticed(staff_engine)) == {"wrong"}
    store.swept(linked, store.standing(linked))
    assert store.unlink("north-1", "north-1")
    store.forget(store.unlinked()[0])


@pytest.mark.parametrize(
    "statement", ["SELECT who FROM work_log", "UPDATE work_log SET who = 'x'", "DELETE FROM work_log"]
)
def test_the_log_can_only_be_added_to(world: World, staff_engine: Engine, statement: str) -> None:
    """The staff bot writes what its people do, and can neither read, change nor delete a line.

    Proves: F5
    """
    record(staff_engine, "north-1", "invite")
    with pytest.raises(DatabaseError) as refused, staff_engine.begin() as connection:
        connection.execute(text(statement))

    assert any(words in str(refused.value) for words in REFUSALS)
    assert check(lines(world.engine)) > 0
    assert lines(world.engine)[-1].who == "north-1"


def test_what_is_frozen_of_a_round_stays(world: World, staff_engine: Engine) -> None:
    """The staff bot moves a round and renews where help can be found; it can change nothing that was frozen."""
    row = world.open_round()

    for change in ({"consultation": b"{}"}, {"public_key": b"x" * 32}, {"proved": True}, {"results": b"{}"}):
        with pytest.raises(DatabaseError), staff_engine.begin() as connection:
            connection.execute(update(rounds).values(**change))
    assert RoundStore(world.engine).get(row.id).terms == row.terms


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_plans_of_conversations_are_not_seen(postgres_world: World, postgres: Cluster) -> None:
    """Of what is due, the staff bot's role sees and changes what is planned for rounds; reminders are not there for it.

    Proves: D2
    """
    with writing(postgres_world.engine) as inside:
        for job in ("reminder", *PLANS):
            due.put(inside, Due(job, b"subject", 600))
    with granted(postgres_world, postgres) as url:
        engine = connect(url)
        with reading(engine) as mine:
            seen = set(mine.execute(select(plans.c.job)).scalars())
        with writing(engine) as mine:
            due.forget(mine, b"subject")
        with pytest.raises(DatabaseError), engine.begin() as mine:
            mine.execute(insert(plans).values(job="reminder", subject=b"another", slot=600))
        engine.dispose()
    with reading(postgres_world.engine) as inside:
        left = set(inside.execute(select(plans.c.job)).scalars())

    assert (seen, left) == (set(PLANS), {"reminder"})


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_only_a_role_that_may_nothing_is_granted(postgres_world: World) -> None:
    """A superuser, the owner of tables, a role that is not there and a name with a quote are refused."""
    for role in ("postgres", "nobody_of_this_name", 'x" ; DROP TABLE rounds; --', "Staff"):
        with pytest.raises(StorageRefused, match="bad-role"):
            grant(postgres_world.engine, role)


def test_sqlite_has_no_roles(sqlite_world: World) -> None:
    """There is nothing to grant on SQLite, and it is said."""
    with pytest.raises(StorageRefused, match="no-roles-here"):
        grant(sqlite_world.engine, ROLE)


def test_an_older_database_is_not_used(empty_url: str) -> None:
    """The staff bot may not migrate: on a database that is not of today it does not start."""
    engine = connect(empty_url)
    migrate(engine, "0007")

    with pytest.raises(StorageRefused, match="not-migrated"):
        check_newest(engine)
    engine.dispose()
