"""A doctor's eye on a server's own data: each thing that can be wrong is found by its name, with what to do."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from rounds import health
from rounds.health import Check, Grade, of_server
from rounds.health_file import HealthFile
from storage import due, looking
from storage.database import connect, writing
from storage.due import Due
from storage.referrals import Referral
from storage.rounds import Record, RoundStore
from tests.rounds.records import SERVICES, entry
from tests.storage.world import CLOCK, World

TRIED = tuple(Referral.model_validate(entry(one, verified_on=CLOCK.date().isoformat())) for one in SERVICES)
"""A list that somebody went through today."""


def looked(world: World, *, loopback: bool = True, **later: float) -> dict[str, Check]:
    """What is found, by name."""
    now = CLOCK + timedelta(**later)
    return {one.name: one for one in of_server(world.rounds, secrets(world), now, loopback=loopback)}


def secrets(world: World) -> Path:
    """The folder of its secrets."""
    path = looking.file_of(world.engine)
    assert path is not None
    return path.parent / "secrets"


def found(world: World, grade: Grade, *, loopback: bool = True, **later: float) -> set[str]:
    """Names of all that was found so."""
    return {name for name, one in looked(world, loopback=loopback, **later).items() if one.grade is grade}


@pytest.fixture(autouse=True)
def _roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disks with room, whatever this machine's are like."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=100 << 30))


def test_a_server_that_is_well_is_found_well(world: World) -> None:
    """With a round open, nothing is bad, and only the shared disk of this test is worth a look."""
    world.open_round()

    assert found(world, Grade.BAD) == set()
    assert found(world, Grade.LOOK) == {"secrets-apart"}


def test_every_finding_that_is_not_good_says_what_to_do(world: World) -> None:
    """No finding leaves a person alone with it."""
    world.open_round()

    checks = looked(world, loopback=False, days=400).values()

    assert {one.grade for one in checks} == set(Grade)
    assert [one for one in checks if (one.grade is Grade.GOOD) == bool(one.remedy)] == []


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """On a machine where nothing is yet, nothing is afterwards either."""
    engine = connect(f"sqlite:///{tmp_path}/none.db")

    checks = list(of_server(RoundStore(engine), tmp_path / "secrets", CLOCK, loopback=True))

    assert list(tmp_path.iterdir()) == []
    assert {one.name for one in checks if one.grade is Grade.BAD} == set()


def test_a_database_without_a_folder_is_found(tmp_path: Path) -> None:
    """A path that leads nowhere is bad, and is not made."""
    engine = connect(f"sqlite:///{tmp_path}/no/where/sauti.db")

    checks = {one.name: one for one in of_server(RoundStore(engine), tmp_path, CLOCK, loopback=True)}

    assert checks["database"].grade is Grade.BAD
    assert list(tmp_path.iterdir()) == []


def test_files_that_others_can_read_are_found(world: World) -> None:
    """A database or a folder of secrets that is not its owner's alone is bad."""
    path = looking.file_of(world.engine)
    assert path is not None
    path.chmod(0o640)
    world.secrets.intake_secret()
    secrets(world).chmod(0o750)

    assert found(world, Grade.BAD) == {"database-file", "secrets"}


def test_a_database_of_another_version_is_found(world: World) -> None:
    """Older tables are worth a look; those of a Sauti to come are bad, and nothing of them is read."""
    for version, grade in (("0001", Grade.LOOK), ("9999", Grade.BAD)):
        with writing(world.engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": version})
        checks = looked(world)
        assert checks["database-tables"].grade is grade
        assert "rounds" not in checks


def test_a_full_disk_is_found_before_it_is_full(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under two GiB somebody should look; under a quarter it is bad; and no finer figure is told.

    Proves: D6
    """
    for free, grade in ((3 << 30, Grade.GOOD), (1 << 30, Grade.LOOK), (1 << 20, Grade.BAD)):
        told = set()
        for used in (0, 4_096, 1 << 20):
            monkeypatch.setattr(shutil, "disk_usage", lambda _folder, left=free + used: SimpleNamespace(free=left))
            told.add(looked(world)["database-disk"])
        assert {one.grade for one in told} == {grade}
        assert len(told) == 1


def test_a_disk_that_does_not_answer_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that was pulled out is bad, and no traceback."""

    def gone(_folder: Path) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", gone)

    assert {"database-disk", "secrets-disk"} <= found(world, Grade.BAD)


def test_missing_secrets_of_an_open_round_are_found(world: World) -> None:
    """A folder that was not mounted is found before a bot meets its people as strangers."""
    row = world.open_round()
    world.secrets.destroy_salt(row.id)

    assert looked(world)["rounds"].grade is Grade.BAD


def test_a_rehearsal_among_real_people_is_found(world: World) -> None:
    """An open rehearsal is bad as soon as the bot's server is not on this machine."""
    world.open_round()

    assert "rehearsal" in found(world, Grade.BAD, loopback=False)


def test_help_that_nobody_tried_is_found(world: World) -> None:
    """Referrals of an open round that are older than 30 days are bad, with the round's beginning.

    Proves: O2
    """
    row = world.open_round(rehearsal=False, record=Record(referrals=TRIED))

    assert "referrals" not in looked(world)
    assert row.id.hex()[:8] in looked(world, days=31)["referrals"].finding


def test_a_clock_that_nobody_winds_is_found(world: World) -> None:
    """Something that has been due for hours is bad: no process leads."""
    with writing(world.engine) as connection:
        due.put(connection, Due("remind", b"x" * 16, int(CLOCK.timestamp()) // 600 * 600))

    assert looked(world)["clock-jobs"].grade is Grade.GOOD
    assert "3 hours" in looked(world, hours=3)["clock-jobs"].finding


def test_a_database_that_does_not_answer_is_found(world: World) -> None:
    """A file that is no database is bad, and the rest is still looked at."""
    path = looking.file_of(world.engine)
    assert path is not None
    world.engine.dispose()
    path.write_bytes(b"no database " * 1_000)

    checks = looked(world)

    assert checks["database"].grade is Grade.BAD
    assert {"secrets-disk", "secrets-apart"} <= checks.keys()


def test_checks_go_out_as_they_are(world: World) -> None:
    """The file for other programs has every check in its order."""
    checks = list(of_server(world.rounds, secrets(world), CLOCK, loopback=True))

    told = HealthFile.of(checks)

    assert [(one.name, one.grade, one.finding, one.remedy) for one in told.checks] == [
        (one.name, one.grade, one.finding, one.remedy) for one in checks
    ]
    assert health.good("a", "b") == Check("a", Grade.GOOD, "b")
