"""Message files: in step, complete, safe to show."""

import string
import unicodedata
from datetime import date
from gettext import NullTranslations, c2py
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.staff.texts import LANGUAGES as STAFF
from locales import extract
from locales.catalog import (
    FOLDER,
    SOURCE,
    Catalogue,
    CatalogueError,
    _locale,
    autonym,
    catalogue,
    isolate,
    languages,
)

FILES = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
ALLOWED_MARKS = {"\u200e", "\u200f", "\u2068", "\u2069", "\n"}
SPELLING_MARKS = {"prs": {"\u200c"}, "ckb": {"\u200c"}}
"""The zero-width non-joiner is ordinary spelling in Persian and Kurdish (Unicode Standard, 23.2): it parts a prefix
from its verb, and reorders nothing. The zero-width space is nowhere needed: phones break Burmese by dictionary."""


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
    """What a participant or a reader is told exists in every language; what staff are told, in four."""
    expected = {f"{language}/{domain}" for language in languages() for domain in extract.SOURCES if domain != "staff"}
    expected |= {f"{language}/staff" for language in STAFF}

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
    allowed = ALLOWED_MARKS | SPELLING_MARKS.get(path.parent.parent.name, set())
    for message in messages(path):
        for form in (*forms(message.id), *forms(message.string)):
            assert not {c for c in form if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"}} - allowed


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_opened_isolate_is_closed(path: Path) -> None:
    """No direction that begins in a message reaches beyond it, or beyond its paragraph. Proves: P10."""
    for message in messages(path):
        for paragraph in "\n".join(forms(message.string)).split("\n"):
            depths = list(accumulate({"\u2068": 1, "\u2069": -1}.get(sign, 0) for sign in paragraph))
            assert min(depths, default=0) == 0 == (depths or [0])[-1]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_plural_forms_part_numbers_as_cldr_does(path: Path) -> None:
    """Two numbers share a form in the file exactly where they share a category in CLDR."""
    cldr = _locale(path.parent.parent.name).plural_form
    with path.open("rb") as file:
        form = c2py(read_po(file).plural_expr)
    pairs = {(form(n), cldr(n)) for n in range(1_000)}

    assert len(pairs) == len({index for index, _ in pairs}) == len({category for _, category in pairs})


def test_inserted_values_are_isolated_and_numbers_native() -> None:
    """A value cannot rearrange the sentence around it; digits are those that CLDR names. Proves: P10."""
    burmese = Catalogue("my", cast("Any", NullTranslations()))

    assert catalogue("ar", "participant").text("c", "{who}", who="Sauti") == isolate("Sauti")
    assert burmese.number(1205) == "၁,၂၀၅"
    assert burmese.percent(0.45) == "၄၅%"
    assert not any("0" <= character <= "9" for character in burmese.date(date(2026, 11, 21)))
    assert (catalogue("ar", "participant").direction, burmese.direction) == ("rtl", "ltr")
    assert (autonym("fr"), autonym("ar")) == ("Français", "العربية")


@pytest.mark.parametrize(
    ("language", "number", "direction", "day", "name"),
    [
        ("ckb", "١٬٢٠٥", "rtl", "٢١ی\u00a0تشرینی دووەمی ٢٠٢٦", "کوردی (سۆرانی)"),
        ("prs", "۱٬۲۰۵", "rtl", "۲۱\u00a0نومبر ۲۰۲۶", "دری"),
        ("my", "၁,၂၀၅", "ltr", "၂၀၂၆ နိုဝင်ဘာ\u00a0၂၁", "မြန်မာ"),
        ("am", "1,205", "ltr", "21\u00a0ኖቬምበር 2026", "አማርኛ"),
        ("ru", "1\u00a0205", "ltr", "21\u00a0ноября 2026\u202fг.", "Русский"),
        ("zh", "1,205", "ltr", "2026年11月21日", "中文"),
        ("en", "1,205", "ltr", "21\u00a0November 2026", "English"),
    ],
)
def test_numbers_days_and_directions_are_those_of_the_language(
    language: str, number: str, direction: str, day: str, name: str
) -> None:
    """CLDR's digits, signs and months, also for Dari, which it knows as Persian in Afghanistan; no line ends within.

    Proves: P10
    """
    words = catalogue(language, "participant")

    assert (words.number(1205), words.direction) == (number, direction)
    assert words.date(date(2026, 11, 21)) == day
    assert words.name == name


@pytest.mark.parametrize(
    ("language", "share"),
    [("ckb", "٣٤٪"), ("prs", "۳۴٪"), ("ar", "34%"), ("my", "၃၄%"), ("fr", "34\u00a0%"), ("en", "34%")],
)
def test_a_share_has_the_sign_of_its_language(language: str, share: str) -> None:
    """With digits of their own, Sorani and Dari have a sign of their own; in a sentence it stays on the same side."""
    words = catalogue(language, "reports")
    held = words.text("c", "{share}", share=words.percent(0.34))

    assert words.percent(0.34) == share
    assert held == (f"\u2067{share}\u2069" if "٪" in share else isolate(share))


def test_the_first_of_a_month_has_its_name_in_french() -> None:
    """French says the first and counts from the second on; elsewhere every day is counted."""
    french, spanish = catalogue("fr", "reports"), catalogue("es", "reports")

    assert [french.date(date(2026, 12, day)) for day in (1, 11)] == ["1er\u00a0décembre 2026", "11\u00a0décembre 2026"]
    assert spanish.date(date(2026, 12, 1)) == "1\u00a0de\u00a0diciembre de 2026"


def test_a_language_that_is_missing_is_named() -> None:
    """An unknown language is refused with a code and a remedy."""
    with pytest.raises(CatalogueError) as refused:
        catalogue("xx", "participant")

    assert refused.value.code == "unknown-language"


def test_stretches_of_time_are_said_in_every_language() -> None:
    """Whole hours as hours, anything else as minutes, in the language's own words, forms and digits. Proves: P10."""
    said = {language: catalogue(language, "participant").duration(120) for language in languages()}

    assert len(set(said.values())) == len(said)
    assert (said["ar"], said["ru"], said["ckb"], said["prs"]) == ("ساعتان", "2 часа", "٢ کاتژمێر", "۲ ساعت")
    assert [catalogue("uk", "participant").duration(minutes) for minutes in (60, 90, 1_440)] == [
        "1 година", "90 хвилин", "24 години",
    ]  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_dari_is_called_dari(language: str) -> None:
    """No language calls Dari what it calls the Persian of Iran, and English is English everywhere."""
    words = catalogue(language, "reports")

    persian = {"Persian", "persan", "persa", "الفارسية", "персидский", "波斯语", "فارسی", "Kiajemi (Afganistani)"}
    assert words.name_of("prs") not in persian
    assert "Brit" not in words.name_of("en")


def test_kurdish_names_of_languages_are_spelt_in_kurdish_letters() -> None:
    """CLDR has an Arabic kaf in one and an Urdu heh in another: no font joins them alike, and no search finds them."""
    words = catalogue("ckb", "reports")

    assert not {letter for language in languages() for letter in words.name_of(language)} & set("كيھىة")
