"""A second release, from bundle to ledger: who stood in the first one is told by ids, and nobody who left is opened."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from privacy.bundles import ids, verify
from privacy.earlier import standing
from privacy.errors import ReleaseRefused, Unsafe
from privacy.gate import Author, certify, check, check_certificate, check_releases, findings
from privacy.ledger import read_ledger
from privacy.opening import OpenedResponse, Opener
from privacy.release import Release
from privacy.repairs import read
from privacy.succession import before
from privacy.tabulate import Tabulated, tabulate
from storage.envelope import response
from tests.privacy import synthetic
from tests.privacy.released import ASKED, AUTHOR, certified, published, silent

NOBODY = Author("who counts", AUTHOR)


@dataclass(frozen=True, slots=True)
class Released:
    """A round of 300 people that was released, and the desk's folder."""

    made: synthetic.Round
    ledger: Path
    first: Release

    def again(self, path: Path, *earlier: Path) -> Tabulated:
        """A later bundle of the round, counted beside the bundles of earlier releases."""
        return tabulate(path, self.made.private_key, self.ledger, silent, workers=1, earlier=earlier)


def records(number: int, seed: int) -> list[list[bytes]]:
    """What so many people said."""
    return [each.records(ASKED) for each in synthetic.people(number, seed)]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """A round that was released once. Tests add to its folder, and not to its ledger."""
    folder = tmp_path_factory.mktemp("round")
    made = synthetic.make_bundle(folder, ASKED, records(300, 1))
    ledger = folder / "ledger.jsonl"
    found = tabulate(made.path, made.private_key, ledger, silent, workers=1)
    return Released(made, ledger, published(ledger, certified(found)))


@pytest.fixture(scope="module")
def grown(released: Released) -> Tabulated:
    """The same round with four hundred more."""
    path = synthetic.go_on(released.made, ASKED, records(400, 2))
    return released.again(path, released.made.path)


def without(found: Tabulated) -> str:
    """A repair that leaves out every table in which something is found, until nothing is."""
    left: set[str] = set()
    while True:
        repair = "+".join(f"drop:{table}" for table in sorted(left))
        candidate = found.again(read(repair) if repair else ()).candidate
        more = {each.table for each in findings(candidate, found.releases, found.known) or ()}
        if not more:
            return repair
        left |= more


def test_who_stood_when_is_told_by_ids(grown: Tabulated) -> None:
    """People are counted by the release in which they first were; counts of before and since add up. Proves: R4."""
    (earlier,) = grown.known.earlier
    age = "age"

    assert grown.known.since == (300, 400)
    assert grown.known.people == 700
    assert earlier.stood.tables[age].asked == 300
    assert tuple(
        old + new
        for old, new in zip(earlier.stood.tables[age].counts, earlier.joined.tables[age].counts, strict=True)
    ) == grown.known.counts.tables[age].counts  # fmt: skip


def test_what_few_people_joined_is_named_and_left_out(released: Released, grown: Tabulated, tmp_path: Path) -> None:
    """Tables that few joined refuse the second release by their cells; without them it is released. Proves: R4, R2."""
    with pytest.raises(Unsafe, match="joined") as refused:
        certify(grown.made.candidate, grown.releases, grown.known, NOBODY)
    repaired = grown.again(read(without(grown))).candidate
    made = certify(repaired, grown.releases, grown.known, NOBODY)
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(released.ledger.read_bytes())

    assert "age" not in str(refused.value)
    assert check_certificate(made).since == (300, 400)
    assert check(made, made.method.ledger_head, grown.releases).safe
    assert {table.id for table in made.tables if table.rows} >= {"age"}
    assert published(ledger, made).number == 2
    found = read_ledger(ledger.read_bytes(), ASKED.id).releases
    check_releases(found)
    assert before(made.round, found) == found


def test_a_release_that_was_published_needs_its_bundle(released: Released) -> None:
    """Without the earlier bundle, or with another one, nothing is counted for release; a draft is. Proves: R4."""
    path = synthetic.go_on(released.made, ASKED, records(60, 3))

    with pytest.raises(ReleaseRefused, match=r"earlier-bundle \(release 1\)"):
        released.again(path)
    with pytest.raises(ReleaseRefused, match="not-earlier"):
        released.again(path, released.made.path, path)
    draft = tabulate(path, released.made.private_key, released.ledger, silent, workers=1)
    with pytest.raises(ReleaseRefused, match=r"earlier-bundle \(release 1\)"):
        certify(draft.made.candidate, draft.releases, draft.known, NOBODY)
    assert findings(draft.made.candidate, draft.releases, draft.known) is None
    with pytest.raises(ReleaseRefused, match="not-earlier"):
        standing(_ids(path), (), {"ab" * 32: frozenset()}, frozenset())


@pytest.mark.parametrize(("leave", "joins", "code"), [(4, 200, "few-left"), (0, 9, "few-joined")])
def test_a_few_who_left_or_came_stop_everything(released: Released, leave: int, joins: int, code: str) -> None:
    """Nothing of a round is counted again while the difference would be a handful of people. Proves: R4, W3."""
    path = synthetic.go_on(released.made, ASKED, records(joins, 4), leave=leave)
    ledger = path.with_name(f"{code}.jsonl")
    ledger.write_bytes(released.ledger.read_bytes())
    found = tabulate(path, released.made.private_key, ledger, silent, workers=1, earlier=(released.made.path,))

    with pytest.raises(ReleaseRefused, match=rf"{code} \(release 1\)"):
        certify(found.made.candidate, found.releases, found.known, NOBODY)


def test_who_took_back_her_answer_is_in_no_later_release(released: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty left: none of them is opened, the second release counts the others, and says nothing that tells on them.

    Proves: W3, R4
    """
    path = synthetic.go_on(released.made, ASKED, records(200, 5), leave=40)
    gone = set(_ids(released.made.path)) - set(_ids(path))
    ledger = path.with_name("left.jsonl")
    ledger.write_bytes(released.ledger.read_bytes())
    opened: list[bytes] = []
    real = Opener.open

    def watched(opener: Opener, blob: bytes) -> OpenedResponse:
        opened.append(blob)
        return real(opener, blob)

    monkeypatch.setattr(Opener, "open", watched)

    found = tabulate(path, released.made.private_key, ledger, silent, workers=1, earlier=(released.made.path,))
    refused = findings(found.made.candidate, found.releases, found.known) or ()
    made = found.again(read(without(found))).candidate

    assert len(gone) == 40
    assert not {response.read_header(blob).response_id for blob in opened} & gone
    assert found.known.since == (260, 200)
    assert {each.reason for each in refused} >= {"left"}
    certified_again = certify(made, found.releases, found.known, NOBODY)
    assert check(certified_again, made.method.ledger_head, found.releases).safe


def test_a_server_that_hides_or_brings_back_responses_is_found(released: Released) -> None:
    """What vanished without a withdrawal, or was missing in between, stops the count. Proves: R4."""
    first, line = released.made.path, (released.first,)
    fewer = synthetic.go_on(released.made, ASKED, [], leave=3, name="fewer")
    method = released.first.candidate.method.model_copy(update={"bundle_root": verify(fewer).manifest.root.hex()})
    second = released.first.model_copy(
        update={"number": 2, "candidate": released.first.candidate.model_copy(update={"method": method})}
    )

    with pytest.raises(ReleaseRefused, match=r"gone \(release 1\)"):
        standing(_ids(fewer), line, _by_root(first), frozenset())
    with pytest.raises(ReleaseRefused, match=r"came-back \(release 2\)"):
        standing(_ids(first), (*line, second), _by_root(first, fewer), frozenset())
    assert standing(_ids(first), line, _by_root(first), frozenset()).firsts == bytes(300)


def _ids(path: Path) -> tuple[bytes, ...]:
    return ids(verify(path))


def _by_root(*paths: Path) -> dict[str, frozenset[bytes]]:
    """What the desk knows of earlier bundles."""
    return {verify(path).manifest.root.hex(): frozenset(_ids(path)) for path in paths}
