"""Which languages of the bot's own words count as read: those that somebody signed as they stand and are spoken."""

import shutil
from pathlib import Path

import pytest

from flows.review import Signature
from locales import signatures
from locales.catalog import FOLDER
from locales.compile import compile_one
from locales.signatures import Signed, with_signature
from rounds.moving import interface
from rounds.signed import hashed, holds

DOMAIN = "participant"
SIGNATURE = Signature("sw", "A. Reader", "2026-11-27")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Swahili catalogue, alone in a folder of its own, compiled and signed."""
    folder = tmp_path / "sw" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = Path(shutil.copy(FOLDER / "sw" / "LC_MESSAGES" / f"{DOMAIN}.po", folder))
    monkeypatch.setattr(signatures, "FOLDER", tmp_path)
    put(path, path.read_bytes(), hashed(path.read_bytes(), DOMAIN, SIGNATURE))
    return path


def put(path: Path, text: bytes, texts: str, by: str = SIGNATURE.by) -> None:
    """Writes and compiles a catalogue with this hash in its header."""
    path.write_bytes(with_signature(text, Signed(by, SIGNATURE.date, texts)))
    compile_one(path)


def test_no_language_of_ours_counts_as_read() -> None:
    """All catalogues are drafts: the bot speaks twelve languages, and no live round opens in any. Proves: Q7."""
    assert (len(interface().spoken), interface().signed) == (12, frozenset())


def test_what_was_signed_as_it_stands_counts(source: Path) -> None:
    """A named person's signature over the very texts that are spoken counts; others stay drafts. Proves: Q7."""
    assert source.exists()
    assert holds("sw", DOMAIN)
    assert interface().signed == {"sw"}


@pytest.mark.parametrize("texts", ["", "0" * 64])
def test_a_header_that_was_written_by_hand_does_not_count(source: Path, texts: str) -> None:
    """`X-Reviewed: yes` without the hash over the texts opens nothing. Proves: Q7."""
    put(source, source.read_bytes(), texts)

    assert not holds("sw", DOMAIN)


def test_one_letter_takes_the_signature_off(source: Path) -> None:
    """A text, a name or a compiled file that changes after the signing makes the language a draft again. Proves: Q7."""
    before, texts = source.read_bytes(), signatures.signature(source.read_bytes())
    assert texts is not None
    put(source, before.replace(b'"Ruka"', b'"Rukaa"'), texts.texts)
    letter = holds("sw", DOMAIN)
    put(source, before, texts.texts, by="B. Reader")
    name = holds("sw", DOMAIN)
    put(source, before, texts.texts)
    again = holds("sw", DOMAIN)
    source.with_suffix(".mo").unlink()

    assert [letter, name, again, holds("sw", DOMAIN)] == [False, False, True, False]
