"""One question through three rounds of a consultation, by the real commands, from what was released."""

from pathlib import Path

import pytest

from privacy.release import Release
from privacy.tables import Shown
from tests.functional.conftest import Desk
from tests.privacy import released

pytestmark = pytest.mark.xdist_group("commands")
PEOPLE = (140, 150, 160)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Release]]:
    """A ledger of three rounds, and their releases as files beside it."""
    folder = tmp_path_factory.mktemp("rounds")
    made = []
    for number, people in enumerate(PEOPLE, 1):
        candidate = released.certified(released.counted(folder, people, seed=number))
        made.append(released.published(folder / "ledger.jsonl", candidate))
        (folder / f"{number}.json").write_bytes(made[-1].to_json())
    return folder, made


def test_a_question_is_told_through_three_rounds(rounds: tuple[Path, list[Release]], tmp_path: Path) -> None:
    """What the command prints is what each round has shown, and the differences of shares; nothing else. Proves: R4."""
    folder, made = rounds
    desk = Desk(tmp_path, {})

    found = desk.json("release", "trend", "region", "--ledger", folder / "ledger.jsonl")

    tables = [each.candidate.table("region") for each in made]
    assert [wave["table"] for wave in found["waves"]] == [table.model_dump(mode="json") for table in tables]
    shares = [
        {row.code: row.cell.percent for row in table.rows if isinstance(row.cell, Shown)} for table in tables
    ]  # fmt: skip
    for changes, before, after in zip(found["changes"], shares[:-1], shares[1:], strict=True):
        assert any(change["points"] is not None for change in changes)
        for change in changes:
            code = change["code"]
            both = code in before and code in after
            assert change["points"] == ((after[code] or 0) - (before[code] or 0) if both else None)


def test_what_is_no_trend_is_refused(rounds: tuple[Path, list[Release]], tmp_path: Path) -> None:
    """A question nobody asked, and a ledger in which a figure was changed, give nothing. Proves: R4."""
    folder, _ = rounds
    desk, ledger = Desk(tmp_path, {}), folder / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    (desk / "ledger.jsonl").write_bytes(b"".join(lines).replace(b'"count":140', b'"count":145', 1))

    unknown = desk.run("release", "trend", "nothing", "--ledger", ledger)
    changed = desk.run("release", "trend", "region", "--ledger", desk / "ledger.jsonl")

    assert (unknown.exit_code, "one-round" in unknown.stderr, unknown.stdout) == (1, True, "")
    assert (changed.exit_code, changed.stdout) == (1, "")


def test_documents_draw_it_from_releases_only(rounds: tuple[Path, list[Release]], tmp_path: Path) -> None:
    """Beside the third release stand the first two; a candidate, whose figures nobody let out, does not. Proves: R5."""
    folder, made = rounds
    desk = Desk(tmp_path, {})
    (desk / "draft.json").write_bytes(made[0].candidate.to_json())
    writing = ("render", folder / "3.json", "--product", "data", "--format", "html", "--out", desk.folder)

    desk.json(*writing, "--earlier", folder / "2.json", "--earlier", folder / "1.json")
    refused = desk.run(*writing, "--earlier", desk / "draft.json")

    assert (desk / "data.en.html").exists()
    assert (refused.exit_code, "not-released" in refused.stderr) == (1, True)
