"""Languages as form builders write them in headers: `French (fr)`, and every other way in which people do."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from flows.wordlists import LANGUAGES

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")


@lru_cache(maxsize=256)
def named(tag: str) -> str:
    """A language as form builders write it: `French (fr)`."""
    return f"{Locale('en').languages.get(tag.partition('-')[0], tag)} ({tag})"


@lru_cache(maxsize=256)
def language_tag(text: str) -> str | None:
    """The BCP 47 tag that `English (en)`, `en`, `English` or `Français` stands for; None for anything else."""
    bracketed = _IN_BRACKETS.search(text)
    outside, inside = (text[: bracketed.start()], bracketed[1]) if bracketed else (text, text)
    found = _TAG.fullmatch(inside.strip())
    if found is None:
        return _names().get(inside.strip().casefold()) or _names().get(outside.strip().casefold())
    language, script, region = found.groups()
    alias = get_global("language_aliases").get(language.lower(), "")
    short = alias if len(alias) == 2 else language.lower()  # noqa: PLR2004 - eng is en; but prs stays prs and is not fa_AF
    return "-".join(part for part in (short, script and script.title(), region and region.upper()) if part)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """What languages are called in English and, those that people speak to us in, in themselves."""
    names = {str(name).casefold(): tag for tag, name in Locale("en").languages.items() if "_" not in tag}
    for tag in LANGUAGES:
        try:
            own = Locale.parse(tag).get_language_name(tag)
        except UnknownLocaleError:  # prs has no data of its own
            continue
        if own:
            names[own.casefold()] = tag
    return names | {"dari": "prs"}
