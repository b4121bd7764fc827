"""Who has signed a catalogue: read from its header, written into it, and bound to what people hear."""

from pathlib import Path

import pytest

from locales import signatures
from locales.catalog import FOLDER
from locales.compile import compile_one, compiled
from locales.signatures import Line, Signed, header, lines, signature, spoken, with_signature

DRAFT = (FOLDER / "sw" / "LC_MESSAGES" / "reports.po").read_bytes()
SIGNED = Signed('A. "Q" Reader \\ é', "2026-11-27", "0a" * 32)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/LC_MESSAGES/*.po")), ids=lambda path: f"{path.parts[-3]}/{path.stem}"
)
def test_our_catalogues_are_drafts_that_say_so(path: Path) -> None:
    """No native speaker has signed any of them yet, and each header says so."""
    assert header(path.read_bytes())["X-Reviewed"] == "no"
    assert signature(path.read_bytes()) is None
    assert spoken(path.parts[-3], path.stem)


def test_a_signature_stands_in_the_header_and_changes_nothing_else() -> None:
    """What is written is read again, whatever signs a name holds; a second one takes the place of the first."""
    once = with_signature(DRAFT, Signed("B", "2026-01-01", "ff"))
    twice = with_signature(once, SIGNED)

    assert signature(twice) == SIGNED
    assert twice.partition(b"\n\n")[2] == DRAFT.partition(b"\n\n")[2]
    assert {name: said for name, said in header(twice).items() if "Reviewed" not in name} == {
        name: said for name, said in header(DRAFT).items() if "Reviewed" not in name
    }
    assert lines(twice, "sw") == lines(DRAFT, "sw")


@pytest.mark.parametrize("below", ['"X-Reviewed: no\\n"', '\n# "X-Reviewed: yes\\n"', '"X-Reviewed: YES\\n"', ""])
def test_only_a_header_that_says_yes_is_a_signature(below: str) -> None:
    """Anything else is a draft, also where the words stand further down."""
    text = f'msgid ""\nmsgstr ""\n"Language: fr\\n"\n{below}\n\nmsgid "a"\nmsgstr "b"\n'

    assert signature(text.encode()) is None


def test_every_text_is_a_line_with_its_forms() -> None:
    """Plural forms belong to what is read; in the source language a text says itself."""
    said = 'msgctxt "c"\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'

    assert lines(said.format("a", "b").encode(), "fr") == (Line("c", ("one", "many"), ("a", "b")),)
    assert lines(said.format("", "").encode(), "en") == (Line("c", ("one", "many"), ("one", "many")),)
    assert lines(said.format("", "").encode(), "fr") == (Line("c", ("one", "many"), ("", "")),)


def test_what_is_signed_has_to_be_what_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that was changed and not compiled, a compiled file that was swapped, and one that is missing are seen.

    Proves: Q7
    """
    folder = tmp_path / "sw" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(signatures, "FOLDER", tmp_path)
    source = folder / "reports.po"
    source.write_bytes(DRAFT)
    missing = spoken("sw", "reports")
    compile_one(source)
    fresh = spoken("sw", "reports")
    source.write_bytes(DRAFT.replace(b"RASIMU", b"SIYO"))
    stale = spoken("sw", "reports")
    source.write_bytes(DRAFT)
    source.with_suffix(".mo").write_bytes(compiled(DRAFT.replace(b"RASIMU", b"SIYO")))

    assert [missing, fresh, stale, spoken("sw", "reports")] == [False, True, False, False]
