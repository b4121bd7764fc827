"""Where a command writes: never over what it reads, never half a file, and never beside what others look at."""

import errno
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from privacy.ledger import remember_withdrawn
from sauti.files import BOUND, whole_file
from sauti.main import app

pytestmark = pytest.mark.xdist_group("commands")

READ = ("round.bundle", "earlier.bundle", "share.json", "ledger.jsonl", "author.key")
TABULATE = (
    "tabulate", "round.bundle", "--earlier", "earlier.bundle", "--key", "share.json", "--ledger", "ledger.jsonl",
    "--as", "somebody", "--signing-key", "author.key", "--out",
)  # fmt: skip
PUBLISH = ("release", "publish", "candidate.json", "--ledger", "ledger.jsonl", "--out")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every file that the commands read; what is in them is not looked at before it is known where to write."""
    for name in (*READ, "candidate.json", "candidate.json.votes"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link.json").symlink_to("ledger.jsonl")
    (tmp_path / "there").symlink_to(".")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "out"),
    [
        *((TABULATE, name) for name in (*READ, "./share.json", "there/round.bundle", "link.json")),
        *((PUBLISH, name) for name in ("candidate.json", "candidate.json.votes", "ledger.jsonl")),
    ],
)
def test_nothing_is_written_over_what_is_read(folder: Path, command: tuple[str, ...], out: str) -> None:
    """A bundle, ledger, share or key named as output by a slip stays as it was; there may be no second one."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    ran = CliRunner().invoke(app, [*command, out])

    assert (ran.exit_code, "it is read here and would be lost" in ran.stderr) == (2, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(("out", "said"), [("there", "there: is a directory"), ("gone/x.json", "gone: no such file")])
@pytest.mark.parametrize("command", [TABULATE, PUBLISH])
def test_where_no_file_can_stand_is_said_before_anything_is_counted(
    folder: Path, command: tuple[str, ...], out: str, said: str
) -> None:
    """A folder in the file's place, or none for it, is named as it was given, and nothing is left behind.

    Proves: S2
    """
    ran = CliRunner().invoke(app, [*command, out])

    assert (ran.exit_code, said in ran.stderr) == (2, True)
    assert not list(folder.glob(".unfinished-*"))


@pytest.mark.parametrize("command", ["release check", "release verify", "render --out x"])
def test_a_file_far_too_large_is_not_read(folder: Path, command: str) -> None:
    """What a stranger sends as a candidate is refused by its size, before it takes the machine's memory. Proves: S2."""
    with (folder / "candidate.json").open("wb") as file:
        file.truncate(BOUND + 1)
    remember_withdrawn(folder / "new.jsonl", "protection", bytes(16), [])
    beside = ("--ledger", "new.jsonl") if command.startswith("release") else ()

    ran = CliRunner().invoke(app, [*command.split(), "candidate.json", *beside])

    assert (ran.exit_code, "(look at: its size)" in ran.stderr) == (2, True)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
@pytest.mark.parametrize("command", [(*TABULATE, "out.json"), ("release", "approve", "candidate.json")])
def test_a_name_that_nobody_can_sign_under_is_wrong_use(command: tuple[str, ...], name: str) -> None:
    """Empty, or longer than the formats hold: exit code 2, and what a name may be. Proves: S2."""
    ran = CliRunner().invoke(app, [*command, "--signing-key", "author.key", "--as", name])

    assert (ran.exit_code, "a name of 1 to 100 signs" in ran.stderr) == (2, True)


def test_a_full_disk_is_told_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again later is exit code 3, and no error number stands before a person. Proves: S2."""

    def full(*_given: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "read_bytes", full)
    ran = CliRunner().invoke(app, ["release", "verify", "--ledger", str(folder / "ledger.jsonl")])

    assert (ran.exit_code, ran.stderr) == (3, "sauti: no space left on device\n")


def test_a_full_disk_leaves_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a result nor a ledger leaves a piece of itself behind, and what stood there stands. Proves: S1."""
    remember_withdrawn(folder / "new.jsonl", "protection", bytes(16), [])
    before = (folder / "new.jsonl").read_bytes()

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        remember_withdrawn(folder / "new.jsonl", "protection", bytes(16), [b"w" * 16])
    with pytest.raises(OSError, match="No space"), whole_file(folder / "candidate.json") as file:
        file.write(b"half")

    assert (folder / "new.jsonl").read_bytes() == before
    assert (folder / "candidate.json").read_text() == "candidate.json"
    assert not list(folder.glob(".unfinished-*"))


def test_a_ledger_behind_a_link_is_the_one_that_grows(folder: Path) -> None:
    """Who reaches a shared ledger by a link writes into it, and not beside it: there is one ledger. Proves: R4."""
    (folder / "shared").mkdir()
    shared, link = folder / "shared" / "ledger.jsonl", folder / "mine.jsonl"
    remember_withdrawn(shared, "protection", bytes(16), [])
    link.symlink_to(shared)

    remember_withdrawn(link, "protection", bytes(16), [b"w" * 16])

    assert link.is_symlink()
    assert len(shared.read_bytes().splitlines()) == 2
