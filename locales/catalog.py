"""The only reader of the message catalogues: text, numbers and dates in one language.

Source texts are English and stand in the code; a missing translation is a fault that tests find, not a mixture of
languages that people see. Values put into a text are wrapped in directional isolates, so that a Latin name cannot
turn an Arabic sentence around (Unicode Standard Annex 9, 2.7).
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unicodedata import bidirectional

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).parent
SOURCE = "en"
_ISOLATE, _TURNED, _POP = "\u2068", "\u2067", "\u2069"
_CLDR = {"en": "en_GB", "prs": "fa_AF"}
"""Language tag → locale of the Common Locale Data Repository (CLDR), where it is not the tag itself: the United Nations
write 16 November 2026 in English, as CLDR has it for Britain; Dari stands there as Persian in Afghanistan. Babel has
all others. It has the Gregorian calendar only, so months are those by the names that each language has for them."""
_NAMES = {"en": "English", "prs": "دری", "ckb": "کوردی (سۆرانی)"}
"""What speakers call their language, where CLDR's name would be that of a country's variety or a linguist's."""
_VARIETIES = {"prs": "fa_AF"}
"""Languages that CLDR names as a variety of another: Dari is not called Persian by those who speak it."""
_CALLED = {("sw", "prs"): "Kidari", ("ckb", "uk"): "ئۆکراینی", ("ckb", "am"): "ئەمهەری"}
"""What a language calls another where CLDR has it otherwise: in Swahili, it calls Dari Persian all the same; in Sorani,
it spells two names with letters that Kurdish does not have."""
_UNITS = {"ckb": {"hour": "کاتژمێر", "minute": "خولەک"}}
"""Units of time where CLDR has none: Sorani does not inflect them for number."""
_ZEROS = {"arab": 0x660, "arabext": 0x6F0, "beng": 0x9E6, "deva": 0x966, "mymr": 0x1040, "nkoo": 0x7C0}
"""CLDR numbering system → its digit zero (Unicode Character Database); Babel knows only which one is used."""

_PERCENT = {"arab": "٪", "arabext": "٪"}
"""CLDR numbering system → its percent sign, which Babel knows and does not write."""
_SCRIPT = 4
"""Letters of a script in a tag, as in zh-Hant."""
_DAY_OF_MONTH = re.compile("d.*?M+|M+.*?d")
"""In CLDR's pattern of a date: day and month, in the order that they have."""


class CatalogueError(Exception):
    """A catalogue cannot be read; the code says why and the message what to do."""

    def __init__(self, code: str, language: str) -> None:
        super().__init__(f"catalogue {language}: {code}; {_REMEDIES[code]}")
        self.code = code


_REMEDIES = {
    "not-compiled": "run `make install`",
    "unknown-language": "choose one that `sauti messages status` shows, or begin it with `sauti messages export`",
    "no-locale": "CLDR, as Babel has it, knows no numbers, dates and plurals of it: choose a tag that it knows",
}


def isolate(value: object) -> str:
    """`value` as text that keeps its own direction inside a text of another."""
    return f"{_ISOLATE}{value}{_POP}"


def languages(domain: str | None = None) -> tuple[str, ...]:
    """All languages with catalogues, or with one of `domain`, the source first."""
    file = "" if domain is None else f"{domain}.po"
    found = sorted(path.parent.name for path in FOLDER.glob("*/LC_MESSAGES") if (path / file).exists())
    return (SOURCE, *(language for language in found if language != SOURCE))


class Catalogue:
    """Everything that is said in one language of one domain."""

    def __init__(self, language: str, messages: GNUTranslations) -> None:
        self.language = language
        self._messages = messages

    def __repr__(self) -> str:
        return f"<Catalogue {self.language}>"

    @property
    def _locale(self) -> "Locale":
        return _locale(self.language)

    def text(self, context: str, message: str, **values: object) -> str:
        """The translation of `message` in `context`, each value isolated. Raises KeyError for a missing value."""
        return _filled(self._messages.pgettext(context, message), values, self.language)

    def plural(self, context: str, one: str, many: str, count: int, **values: object) -> str:
        """The form of the message for `count`; `{n}` in it is the count in the language's digits."""
        said = self._messages.npgettext(context, one, many, count)
        return _filled(said, {"n": self.number(count)} | values, self.language)

    def number(self, value: float) -> str:
        """A number in the language's digits and grouping (CLDR)."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - the bot's cold start needs no CLDR data

        return self._native(format_decimal(value, locale=self._locale, numbering_system="default"))

    def percent(self, share: float) -> str:
        """A share between 0 and 1 as whole percent (CLDR)."""
        from babel.numbers import format_percent  # noqa: PLC0415 - as above

        written = format_percent(share, format=None, locale=self._locale, numbering_system="default")
        return self._native(written).replace("%", _PERCENT.get(self._locale.default_numbering_system, "%"))

    def duration(self, minutes: int) -> str:
        """A stretch of time in whole hours or, where that is not exact, in minutes (CLDR)."""
        hours, more = divmod(minutes, 60)
        unit: Literal["minute", "hour"] = "minute" if more else "hour"
        count = minutes if more else hours
        if self.language in _UNITS:
            return f"{self.number(count)} {_UNITS[self.language][unit]}"
        from babel.dates import format_timedelta  # noqa: PLC0415 - as above

        # No count is so great that a greater unit would take its place: a day is 24 hours from now, not tomorrow.
        said = format_timedelta(minutes * 60, granularity=unit, threshold=minutes + 1, locale=self._locale)
        return self._native(said)

    def date(self, day: date) -> str:
        """A day, written out (CLDR, which does not know that French names the first of a month).

        No line ends between a day and its month: a number alone at the end of a line is no date.
        """
        from babel.dates import format_date  # noqa: PLC0415 - as above

        pattern = _DAY_OF_MONTH.sub(
            lambda found: found[0].replace(" ", "\u00a0"), self._locale.date_formats["long"].pattern
        )
        written = format_date(day, format=pattern, locale=self._locale)
        if self._locale.language == "fr" and day.day == 1:
            written = written.replace("1", "1er", 1)
        return self._native(written)

    def _native(self, written: str) -> str:
        zero = _ZEROS.get(self._locale.default_numbering_system)
        return written if zero is None else written.translate({ord("0") + digit: zero + digit for digit in range(10)})

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return direction(self.language)

    @property
    def name(self) -> str:
        """The language's name for itself."""
        return autonym(self.language)

    def name_of(self, language: str) -> str:
        """What this language calls another (CLDR); what its speakers call it where CLDR has no word."""
        if (self.language, language) in _CALLED:
            return _CALLED[self.language, language]
        if language in _VARIETIES:
            return self._locale.languages.get(_VARIETIES[language]) or autonym(language)
        return _locale(language).get_language_name(self._locale) or autonym(language)


def _filled(text: str, values: dict[str, object], language: str) -> str:
    if not values:
        return text
    return text.format_map({name: _within(str(value), language) for name, value in values.items()})


def _within(value: str, language: str) -> str:
    """`value`, isolated, inside a text of `language`.

    An isolate takes its direction from the first letter that stands in no isolate within it. Where a value is made of
    isolates alone, as a point of a scale and its meaning are, there is none, and it would read from left to right.
    """
    # Most values hold no isolate, and a bot that starts needs no CLDR data to know it. A share has no letter either:
    # its sign would stand on the other side of it than in a cell, which has no isolate around it.
    turned = (_POP in value or "٪" in value) and direction(language) == "rtl" and not _has_direction(value)
    return f"{_TURNED}{value}{_POP}" if turned else isolate(value)


def _has_direction(value: str) -> bool:
    """Whether a letter stands outside all isolates within `value`."""
    depth = 0
    for sign in value:
        depth += (sign in {_ISOLATE, _TURNED}) - (sign == _POP)
        if depth == 0 and bidirectional(sign) in {"L", "R", "AL"}:
            return True
    return False


@lru_cache
def _locale(language: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415 - loaded by the first number or direction, not by every start

    if language in _CLDR:
        return Locale.parse(_CLDR[language])
    return Locale.parse(language, sep="-")


def cldr(language: str) -> "Locale":
    """What CLDR knows of a language, in the script that its tag names. Raises CatalogueError `no-locale`."""
    from babel import UnknownLocaleError  # noqa: PLC0415 - as above
    from babel.core import get_global  # noqa: PLC0415 - as above

    try:
        found = _locale(language)
    except (UnknownLocaleError, ValueError):
        raise CatalogueError("no-locale", language) from None
    # Babel takes what it has: of Rohingya in Latin letters it would say that it is written from right to left.
    usual = found.script or get_global("likely_subtags").get(found.language, "").partition("_")[2][:4]
    if any(len(part) == _SCRIPT and part != usual for part in language.split("-")[1:]):
        raise CatalogueError("no-locale", language)
    return found


def direction(language: str) -> str:
    """In which direction a language is written: `rtl` or `ltr`."""
    return "rtl" if _locale(language).text_direction == "rtl" else "ltr"


@lru_cache
def autonym(language: str) -> str:
    """What speakers call the language, with a capital where the script has capitals; the tag where CLDR knows none."""
    name = _NAMES.get(language) or _locale(language).get_display_name() or language
    return name[:1].upper() + name[1:]


@lru_cache
def catalogue(language: str, domain: str) -> Catalogue:
    """The catalogue of `domain` ("participant", "reports" or "staff") in `language`.

    Raises:
        CatalogueError: `unknown-language`, or `not-compiled` where only the source of the catalogue is there.
    """
    folder = FOLDER / language / "LC_MESSAGES"
    if language not in languages(domain):
        raise CatalogueError("unknown-language", language)
    try:
        with (folder / f"{domain}.mo").open("rb") as file:
            return Catalogue(language, GNUTranslations(file))
    except FileNotFoundError:
        raise CatalogueError("not-compiled", language) from None


def catalogues(domain: str) -> Iterator[Catalogue]:
    """The catalogue of `domain` in every language that has one."""
    for language in languages(domain):
        yield catalogue(language, domain)
