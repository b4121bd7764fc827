"""A language that nobody has brought yet, from an empty file to a rehearsal: Hausa, invented by writing in capitals.

The commands run over a copy of the program, because what they write is part of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from locales.extract import rewritten
from tests.architecture.house import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("new-language")]
ROOMS = ("bot", "flows", "locales", "privacy", "reports", "rounds", "sauti", "storage")
KEPT = re.compile(r"(\{[^{}]*\}|https?://\S+|/[a-z]+)")
"""Gaps, addresses and commands stay letter by letter."""


@dataclass(frozen=True)
class Copy:
    """A program of the test's own, and a folder to work in."""

    folder: Path

    def run(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        """One command."""
        settings = {
            "PYTHONPATH": str(self.folder / "program"), "SAUTI_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "SAUTI_DATABASE_URL": f"sqlite:///{self.folder}/sauti.db", "SAUTI_BOT_API_URL": "http://127.0.0.1:9",
            "SAUTI_SECRETS_DIR": str(self.folder / "secrets"), "SAUTI_BOT_NAME": "a_name_bot",
        }  # fmt: skip
        bare = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
        return subprocess.run(
            [sys.executable, "-m", "sauti", *map(str, words)], cwd=self.folder / "program", env=bare | settings,
            capture_output=True, text=True, timeout=300, check=False, input="",
        )  # fmt: skip

    def done(self, *words: str | Path) -> Any:  # noqa: ANN401 - any JSON
        """What a command says that has to succeed."""
        ran = self.run(*words)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout) if ran.stdout.startswith("{") else ran.stderr

    def refused(self, *words: str | Path) -> str:
        """Why a command did nothing."""
        ran = self.run(*words)
        assert ran.returncode == 1, ran.stdout + ran.stderr
        return ran.stderr

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The program, a passphrase, and the smallest consultation."""
    folder = tmp_path_factory.mktemp("language")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / "program" / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "passphrase").write_text("one\n", "utf-8")
    shutil.copy(ROOT / "examples" / "smallest.yaml", folder)
    return Copy(folder)


def capitals(file: Path, *, most: int | None = None) -> None:
    """What an invented translator does: every text, or the first `most`, in capitals."""
    before = file.read_bytes()
    catalog = read_po(BytesIO(before))
    for message in [one for one in catalog if one.id][:most]:
        ids = tuple(message.id) if isinstance(message.id, tuple | list) else (str(message.id),)
        said = tuple(KEPT.sub(lambda found: found[0].lower(), raised(each)) for each in ids)
        message.string = said if isinstance(message.id, tuple) else said[0]
    file.write_bytes(rewritten(before, catalog))


def raised(text: str) -> str:
    """A text in capitals, but for what has to stay."""
    return "".join(part if KEPT.fullmatch(part) else part.upper() for part in KEPT.split(text))


def brought(copy: Copy, source: str | Path, name: str) -> None:
    """Out, in capitals, and in again."""
    file = copy / f"{name}.po"
    copy.done("messages", "export", source, "--lang", "ha", "--out", file)
    capitals(file)
    copy.done("messages", "import", source, file, "--lang", "ha")


def test_a_language_begins_with_its_whole_file_and_as_a_draft(copy: Copy) -> None:
    """Half of it is refused and leaves nothing behind; the whole of it can be spoken, and nobody has signed it.

    Proves: Q7
    """
    po, made = copy / "half.po", copy / "program" / "locales" / "ha"
    out = copy.done("messages", "export", "participant", "--lang", "ha", "--out", po)
    empty = po.read_text("utf-8")
    capitals(po, most=100)
    half = copy.refused("messages", "import", "participant", po, "--lang", "ha")
    left = made.exists()
    brought(copy, "participant", "participant")
    status = copy.done("messages", "status", "participant", "--format", "json")["languages"]

    assert out["open"] == out["texts"] > 100
    assert "nplurals=2; plural=" in empty
    assert "#. Room: at most 24 characters." in empty
    assert ("[not-whole]" in half, f"{out['texts'] - 100} of its texts" in half, left) == (True, True, False)
    assert [(one["missing"], one["signed"]) for one in status if one["language"] == "ha"] == [(0, None)]
    assert "[no-documents-ha]" not in half
    assert (made / "LC_MESSAGES" / "participant.mo").exists()


def test_a_round_waits_for_its_documents_and_its_readers(copy: Copy) -> None:
    """A live round in it names each thing that is missing; a rehearsal opens and prints slips in it.

    Proves: Q7, R9
    """
    consultation = copy / "smallest.yaml"
    brought(copy, consultation, "smallest")
    copy.done("keys", "new", "--out", copy / "keys")
    new = ("round", "new", consultation, "--public-key", copy / "keys" / "round.public.json")
    early = copy.run(*new, "--rehearsal")
    brought(copy, "reports", "reports")
    live, rehearsal = copy.done(*new)["round"], copy.done(*new, "--rehearsal")["round"]
    told = copy.refused("round", "open", live)
    shares = [copy / "keys" / f"share-{number}.json" for number in (1, 2)]
    copy.done("round", "challenge", rehearsal, "--out", copy / "challenge.json")
    copy.done("keys", "drill", copy / "challenge.json", "--key", *shares, "--out", copy / "proof.json")
    opened = copy.done("round", "open", rehearsal, "--drill", copy / "proof.json")
    copy.done("invite", rehearsal, "--batch", "20", "--lang", "ha", "--out", copy / "slips")

    assert "no-documents-ha" in early.stderr
    assert [code for code in ("interface-not-reviewed-ha", "not-reviewed-ha") if code in told] == [
        "interface-not-reviewed-ha", "not-reviewed-ha",
    ]  # fmt: skip
    assert "no-documents-ha" not in told
    assert opened["state"] == "open"
    assert list((copy / "slips").glob("*.pdf"))


def test_what_cannot_be_begun_is_told_plainly(copy: Copy) -> None:
    """A tag that means nothing, a language without numbers in CLDR, and what staff are spoken to in. Proves: Q7."""
    export = ("messages", "export")
    found = {
        "language-tag": copy.refused(*export, "participant", "--lang", "xx", "--out", copy / "x.po"),
        "no-locale": copy.refused(*export, "participant", "--lang", "kac", "--out", copy / "x.po"),
        "language-unknown": copy.refused(*export, "staff", "--lang", "ha", "--out", copy / "x.po"),
    }

    assert {code: f"[{code}]" in told for code, told in found.items()} == dict.fromkeys(found, True)
    assert "'kac' writes numbers, dates and plurals" in found["no-locale"]
    assert not (copy / "x.po").exists()
