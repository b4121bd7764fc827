"""A language that has no catalogue yet: every text, no translation, and the plural forms that CLDR tells apart."""

from gettext import c2py
from pathlib import Path

import pytest
from babel.localedata import locale_identifiers

from locales import beginning, extract
from locales.catalog import CatalogueError, catalogue, cldr

KNOWN = sorted(tag.replace("_", "-") for tag in locale_identifiers() if "POSIX" not in tag)


def test_whatever_language_is_begun_its_numbers_are_parted_as_cldr_does() -> None:
    """Of every language that CLDR knows: two numbers share a form where they share a category; no form is for none."""
    odd = []
    for tag in KNOWN:
        count, _, rule = beginning.plural(tag).removeprefix("nplurals=").partition("; plural=")
        form, category = c2py(rule.rstrip(";")), cldr(tag).plural_form
        pairs = {(form(number), category(number)) for number in range(1_000)}
        if not len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs}) == int(count):
            odd.append(tag)

    assert len(KNOWN) > 500
    assert odd == []


@pytest.mark.parametrize("language", ["ha", "pt-BR", "zh-Hant", "uz-Cyrl", "pl", "prs"])
@pytest.mark.parametrize("domain", extract.SOURCES)
def test_a_catalogue_begins_in_step_with_the_sources(tmp_path: Path, domain: str, language: str) -> None:
    """What a translator gets first is what an extraction would make: every text, in order, and a draft. Proves: Q7."""
    path = tmp_path / language / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(beginning.begun(domain, language))

    assert extract.updated(path) == path.read_bytes()
    assert b"X-Reviewed: no" in path.read_bytes()
    assert b"X-Reviewed-By" not in path.read_bytes().partition(b"\n\n")[0].replace(b"X-Reviewed-By then", b"")


@pytest.mark.parametrize("tag", ["kac", "xx", "qaa", "din", "rhg-Latn", "ckb-Latn"])
def test_a_language_whose_numbers_nobody_knows_cannot_be_begun(tag: str) -> None:
    """Kachin has a tag, and CLDR has no numbers, dates and plurals of it, nor of Rohingya in Latin letters: said so."""
    with pytest.raises(CatalogueError, match="no-locale; CLDR"):
        beginning.begun("participant", tag)
    with pytest.raises(CatalogueError, match="unknown-language; choose one"):
        catalogue(tag, "participant")
