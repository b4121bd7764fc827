import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

SKIPPING = """
import pytest

def test_left_out():
    pytest.skip("the server is not there")
"""


def test_every_make_target_says_what_it_does() -> None:
    """`make help` has a line for each target a person would call."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[0].split()

    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout

    assert sorted(line.split("\t")[0] for line in told.splitlines()) == sorted(phony)


def test_whoever_is_not_root_is_told_the_one_line(tmp_path: Path) -> None:
    """Without root, nothing is installed: the missing packages and the one line that brings them are named."""
    for program in ("ls", "sh"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)

    ran = subprocess.run(
        [ROOT / ".ci" / "debian"], env={"PATH": str(tmp_path)}, check=True, capture_output=True, text=True
    )

    assert "chromium" in ran.stdout
    assert "sudo apt-get install --no-install-recommends" in ran.stdout


def test_every_check_runs_and_all_that_failed_are_named() -> None:
    """One failing check does not hide the next: each runs, and the end names those that failed and no other."""
    ran = subprocess.run(
        [ROOT / ".ci" / "every", "echo first; false", "echo second", "echo third; exit 7"],
        check=False,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert [line for line in ran.stdout.splitlines() if not line.startswith("---")] == ["first", "second", "third"]
    assert ran.stderr.split("\n    ")[1:] == ["echo first; false", "echo third; exit 7\n"]
    assert subprocess.run([ROOT / ".ci" / "every", "true", "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(("in_ci", "code"), [("true", 1), ("", 0)])
def test_in_ci_nothing_is_skipped(in_ci: str, code: int, tmp_path: Path) -> None:
    """A skipped test passes by on a laptop, with its name, and fails in CI."""
    (tmp_path / "test_skipping.py").write_text(SKIPPING, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]

    ran = subprocess.run(
        [*command, "-c", str(ROOT / "pyproject.toml"), "--no-fold-skipped", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"CI": in_ci, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == code, ran.stdout
    assert "test_skipping.py::test_left_out" in ran.stdout
