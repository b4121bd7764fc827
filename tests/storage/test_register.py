"""The register of bundles knows each that left, also after its round is gone and the database was put back (D5)."""

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import destroying, register
from storage.bundles import write_bundle
from storage.envelope.bundle import name
from storage.errors import StorageUnavailable
from storage.register import Export, _newest, _read
from storage.restoring import catch_up
from storage.rounds import Record, RoundRow
from tests.storage.test_backing import put_back, taken
from tests.storage.world import World

HOLDER = bytes(range(32))


async def _closed(world: World) -> RoundRow:
    row = world.open_round(record=Record(custody=b"[]"))
    await world.sent_by(range(3), row)
    return world.close(row)


def take(world: World, row: RoundRow, holder: bytes = b"") -> bytes:
    """A bundle in somebody's hands; what registers call it."""
    out = io.BytesIO()
    made = write_bundle(world.engine, world.secrets, row.id, out, now=world.clock(), holder=holder)
    assert made.name == name(out.getvalue().split(b"\n")[0] + b"\n")
    return made.name


async def test_each_bundle_stands_in_the_register(world: World) -> None:
    """Who took a bundle, and the last week in which it left; twice into the same hands is one line.

    Proves: D5
    """
    row = await _closed(world)
    called = take(world, row)
    take(world, row, HOLDER)
    world.clock.pass_(days=7)
    take(world, row, HOLDER)

    assert register.of(world.engine, row.id) == (
        Export(row.id, called, b"", "2026-W47"), Export(row.id, called, HOLDER, "2026-W48"),
    )  # fmt: skip
    assert register.of(world.engine, bytes(16)) == ()


async def test_nothing_leaves_that_was_not_written_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the register does not take it, no byte of a bundle leaves.

    Proves: D5
    """
    row = await _closed(world)
    out = io.BytesIO()

    def broken(*_given: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as full:
        full.setattr(register, "_put", broken)
        with pytest.raises(StorageUnavailable):
            write_bundle(world.engine, world.secrets, row.id, out, now=world.clock())
    assert out.getvalue() == b""


async def test_a_bundle_that_broke_off_may_have_been_read(world: World) -> None:
    """Also a bundle that nobody could write to its end stands in the register.

    Proves: D5
    """

    class Full(io.BytesIO):
        def writelines(self, _blobs: object) -> None:
            raise OSError

    row = await _closed(world)
    with pytest.raises(OSError):  # noqa: PT011 - the disk's own
        write_bundle(world.engine, world.secrets, row.id, Full(), now=world.clock())

    assert len(register.of(world.engine, row.id)) == 1


async def test_the_register_outlives_its_round(world: World) -> None:
    """The kill switch leaves the register and who signs for shares, and nothing else that is new.

    Proves: D5
    """
    row = await _closed(world)
    take(world, row)
    gone = destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))

    assert gone.custody == row.custody == b"[]"
    assert world.rounds.gone() == (gone,)
    assert len(register.of(world.engine, row.id)) == 1


async def test_a_backup_keeps_the_register_of_a_round_that_is_gone(world: World, empty_url: str) -> None:
    """Put back beside the server's folder, the register knows bundles of before the backup and of after it.

    The round was destroyed since and does not come back; who signs for its shares does.

    Proves: D5, D7
    """
    row = await _closed(world)
    take(world, row)
    backup = taken(world)
    world.clock.pass_(days=7)
    take(world, row, HOLDER)
    before = register.of(world.engine, row.id)
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W48"))
    with put_back(world, empty_url, backup, Path(world.secrets._folder)) as (made, done):
        catch_up(made.rounds, made.secrets, made.clock())

        assert done.destroyed == 1
        assert made.rounds.all() == ()
        assert register.of(made.engine, row.id) == before
        assert [one.custody for one in made.rounds.gone()] == [b"[]"]


async def test_a_new_folder_learns_from_the_database(world: World) -> None:
    """A folder of secrets that lost its notes gets them back from the database.

    Proves: D5
    """
    row = await _closed(world)
    take(world, row)
    noted = world.secrets.exports()
    shutil.rmtree(Path(world.secrets._folder) / "exported")
    catch_up(world.rounds, world.secrets, world.clock())

    assert world.secrets.exports() == noted
    assert len(noted) == 1


EXPORTS = st.builds(
    Export,
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.one_of(st.just(b""), st.binary(min_size=32, max_size=32)),
    st.sampled_from(["2026-W09", "2026-W10", "2027-W01"]),
)


@given(known=st.lists(EXPORTS, max_size=5))
def test_names_are_read_as_they_were_written(known: list[Export]) -> None:
    """Whatever is noted is read again; of the same bundle in the same hands the latest week counts."""
    names = [one.name for one in known]
    later = [Export(one.round, one.bundle, one.holder, "2028-W01") for one in known]

    assert set(_read([*names, ".hidden", "nonsense"])) == set(known)
    assert _newest({*known, *later}) == set(later)
