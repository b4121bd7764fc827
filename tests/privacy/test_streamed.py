"""A worker's memory is bounded by the form, never by how many people answered."""

import tracemalloc
from pathlib import Path

import pytest

from flows.model import canonical
from privacy import tally
from privacy.bundles import ranges, verify
from privacy.tabulate import Job, count_range
from privacy.tally import Layout
from tests.privacy import synthetic
from tests.privacy.test_tabulate import ASKED, PLAN

FEW, MANY = 64, 384


def peak(folder: Path, people: int) -> tuple[int, int]:
    """The most bytes that are held at once while so many responses are opened and counted; and the size of one."""
    folder.mkdir()
    records = [person.records(ASKED) for person in synthetic.people(people)]
    made = synthetic.make_bundle(folder, ASKED, records, planned=PLAN)
    bundle = verify(made.path)
    (part,) = ranges(bundle, 1)
    job = Job(made.private_key, bundle.manifest.round, canonical(bundle.manifest.consultation), True, frozenset(), PLAN)
    tracemalloc.start()
    try:
        counted = count_range(job, part)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert Layout(ASKED, PLAN).responses(counted) == people
    return most, bundle.manifest.response_size


def test_a_worker_holds_no_more_of_many_than_of_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six times as many responses are opened and counted in the room of a few: read, counted, let go. Proves: R1."""
    monkeypatch.setattr(tally, "FOLD", FEW // 2)
    peak(tmp_path / "warm", FEW)

    few, size = peak(tmp_path / "few", FEW)
    many, _ = peak(tmp_path / "many", MANY)

    assert many - few < (MANY - FEW) * size // 10
