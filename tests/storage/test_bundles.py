"""Bundles: whole, sorted, signed, and never about a few."""

import io
import json
from pathlib import Path

import pytest

from flows.model import canonical
from privacy.bundles import verify
from storage.bundles import write_bundle
from storage.envelope.bundle import blob_hash, read_manifest
from storage.errors import StorageRefused
from storage.rounds import Record
from storage.signing import server_key
from storage.tables import responses, tombstones
from tests.storage.test_withdrawal import FROM_CHAT
from tests.storage.world import World


def bundle(world: World, round_id: bytes) -> bytes:
    """The bundle's bytes."""
    out = io.BytesIO()
    summary = write_bundle(world.engine, world.secrets, round_id, out, now=world.clock())
    written = out.getvalue()
    assert summary.size == len(written)
    return written


async def test_a_closed_round_bundles_whole(world: World, tmp_path: Path) -> None:
    """Every response that was not withdrawn is there, in the order of hashes, under a manifest that the desk accepts.

    Proves: W2
    """
    row = world.open_round()
    await world.sent_by(range(12), row)
    await world.turn(3, FROM_CHAT)
    world.close(row)
    written = bundle(world, row.id)
    (tmp_path / "bundle").write_bytes(written)
    line, _, rest = written.partition(b"\n")
    manifest = read_manifest(line + b"\n")
    size = manifest.response_size
    blobs = [rest[start : start + size] for start in range(0, len(rest), size)]

    verify(tmp_path / "bundle", server_key(world.secrets.bundle_key()))
    assert (manifest.count, manifest.snapshot, manifest.rehearsal) == (11, False, True)
    assert (manifest.opened_week, manifest.week) == ("2026-W47", "2026-W47")
    assert sorted(blobs) == sorted(world.blobs(row))
    assert [blob_hash(blob) for blob in blobs] == sorted(map(blob_hash, blobs))
    assert [(buried, row.id) for buried in manifest.tombstones] == sorted(world.rows(tombstones))
    assert len(manifest.tombstones) == 1
    assert canonical(manifest.consultation) == canonical(row.consultation.model_dump(mode="json"))
    assert {f"peace {user}" for user in range(12) if user != 3} == {
        world.read(row, blob)[1][1].text for blob in blobs
    }  # fmt: skip


@pytest.mark.parametrize("planned", [[["place", "change"], ["place"]], []], ids=["two", "none"])
def test_what_was_planned_travels_with_the_answers(world: World, tmp_path: Path, planned: list[list[str]]) -> None:
    """The tables that were planned when the round opened are named, and signed, in its bundle.

    Proves: O4
    """
    row = world.open_round(record=Record(json.dumps({"planned_tables": planned}).encode()))
    world.close(row)
    written = bundle(world, row.id)
    (tmp_path / "bundle").write_bytes(written)

    manifest = verify(tmp_path / "bundle").manifest

    assert manifest.planned_tables == tuple(map(tuple, planned))
    assert (b'"planned_tables"' in written) is bool(planned)


async def test_an_empty_round_bundles_too(world: World, tmp_path: Path) -> None:
    """A closed round without responses gives a bundle that verifies."""
    row = world.open_round()
    world.close(row)
    (tmp_path / "bundle").write_bytes(bundle(world, row.id))

    assert verify(tmp_path / "bundle").manifest.count == 0


async def test_while_open_only_fifty_new_responses_make_a_bundle(world: World) -> None:
    """While a round is open, a bundle needs 50 more responses than the last one had.

    Proves: D3
    """
    row = world.open_round()
    await world.sent_by(range(49), row)
    with pytest.raises(StorageRefused, match="not-enough-new"):
        bundle(world, row.id)
    await world.sent_by(range(49, 60), row)  # nine at most still wait for others
    first, kept = bundle(world, row.id), len(world.rows(responses))
    await world.sent_by(range(60, 100), row)
    with pytest.raises(StorageRefused, match="not-enough-new"):
        bundle(world, row.id)
    await world.sent_by(range(100, 120), row)
    second, more = bundle(world, row.id), len(world.rows(responses))

    counts = [read_manifest(one.partition(b"\n")[0] + b"\n").count for one in (first, second)]
    assert counts == [kept, more]
    assert 50 < kept <= 60
    assert more > 110
    with pytest.raises(StorageRefused, match="not-enough-new"):
        bundle(world, row.id)


def test_a_round_that_never_opened_has_no_bundle(world: World) -> None:
    """A drafted round is refused by its code."""
    with pytest.raises(StorageRefused, match="never-opened"):
        bundle(world, world.drafted().id)
