"""Message files: in step, complete, safe to show."""

import string
import unicodedata
from datetime import date
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from locales import extract
from locales.catalog import (
    FOLDER,
    SOURCE,
    Catalogue,
    CatalogueError,
    autonym,
    catalogue,
    isolate,
    languages,
    reviewed,
)

FILES = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
ALLOWED_MARKS = {"\u200e", "\u200f", "\u2068", "\u2069", "\n"}


def name_of(path: Path) -> str:
    """`fr/reports`."""
    return f"{path.parent.parent.name}/{path.stem}"


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(value: object) -> tuple[str, ...]:
    """Singular and plural forms alike."""
    return (value,) if isinstance(value, str) else tuple(cast("tuple[str, ...]", value))


def messages(path: Path) -> list[Message]:
    """Everything in a message file but its header."""
    return [message for message in read_po(BytesIO(path.read_bytes())) if message.id]


def test_every_language_has_every_domain() -> None:
    """What a participant or a reader is told exists in each language that has a folder."""
    expected = {f"{language}/{domain}" for language in languages() for domain in extract.SOURCES}

    assert {name_of(path) for path in FILES} == expected


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_message_file_is_in_step_with_the_sources(path: Path) -> None:
    """Extracting again changes no byte of a message file."""
    assert extract.updated(path) == path.read_bytes(), "run python -m locales.extract"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_message_is_translated_with_the_same_placeholders(path: Path) -> None:
    """No language lacks a word, and no translation drops or invents a placeholder."""
    if path.parent.parent.name == SOURCE:
        return

    for message in messages(path):
        wanted = placeholders(forms(message.id)[-1])
        said = forms(message.string)
        assert all(said), f"untranslated: {forms(message.id)[0][:40]}"
        assert not message.fuzzy
        assert all(placeholders(form) <= wanted for form in said)
        assert placeholders(said[-1]) == wanted


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_message_holds_control_or_override_characters(path: Path) -> None:
    """Nothing invisible can reorder or hide words in a message."""
    for message in messages(path):
        for form in (*forms(message.id), *forms(message.string)):
            assert not {c for c in form if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"}} - ALLOWED_MARKS


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_catalogue_says_whether_a_native_speaker_has_signed_it(path: Path) -> None:
    """Every header carries `X-Reviewed`, and the compiled catalogue knows it."""
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]

    assert ('"X-Reviewed: yes\\n"' in header) is not ('"X-Reviewed: no\\n"' in header)
    assert reviewed(path.parent.parent.name, path.stem) is ('"X-Reviewed: yes\\n"' in header)


def test_a_signature_in_the_source_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a header line that says yes counts as a native speaker's signature, and no source file is none."""
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr("locales.catalog.FOLDER", tmp_path)
    seen = [reviewed("fr", "participant")]
    for header in ('"X-Reviewed: no\\n"', '"X-Reviewed: yes\\n"', '"Language: fr\\n"\n\n# "X-Reviewed: yes\\n"'):
        (folder / "participant.po").write_text(f'msgid ""\nmsgstr ""\n{header}\n\nmsgid "a"\nmsgstr "b"\n')
        seen.append(reviewed("fr", "participant"))

    assert seen == [False, False, True, False]


def test_inserted_values_are_isolated_and_numbers_native() -> None:
    """A value cannot rearrange the sentence around it; digits are those that CLDR names. Proves: P10."""
    burmese = Catalogue("my", cast("Any", NullTranslations()))

    assert catalogue("ar", "participant").text("c", "{who}", who="Sauti") == isolate("Sauti")
    assert burmese.number(1205) == "၁,၂၀၅"
    assert burmese.percent(0.45) == "၄၅%"
    assert not any("0" <= character <= "9" for character in burmese.date(date(2026, 11, 21)))
    assert (catalogue("ar", "participant").direction, burmese.direction) == ("rtl", "ltr")
    assert (autonym("fr"), autonym("ar")) == ("Français", "العربية")


def test_a_language_that_is_missing_is_named() -> None:
    """An unknown language is refused with a code and a remedy."""
    with pytest.raises(CatalogueError) as refused:
        catalogue("xx", "participant")

    assert refused.value.code == "unknown-language"
