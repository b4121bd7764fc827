"""Lists and tables that are read once: before the first update, or everybody would wait behind whoever needs one first.

Words of distress alone take a tenth of a second, and would be read on the thread on which all turns are decided.
"""

from collections.abc import Iterable

from bot.participant import texts
from flows.phrases import distressed
from locales.catalog import catalogue
from storage import receipt_words


def warm(languages: Iterable[str]) -> None:
    """Reads them; `languages` are those in which conversations are to be expected."""
    distressed("")
    receipt_words.prepare()
    for language in languages:
        # Its direction brings the language's data from CLDR.
        _ = catalogue(language, texts.DOMAIN).direction
