"""Whether somebody may be in distress or danger, by her own words: then the list of help is shown, and nothing else.

A false alarm costs a glance at a list; a miss can cost more, so the lists lean towards showing it. Nothing is counted,
kept or passed on, and the answer says neither what was found nor where.
"""

from functools import lru_cache

from flows.shadow import shadow
from flows.wordlists import LANGUAGES, Patterns, wordlist

KINDS = ("distress", "danger")


def distressed(text: str) -> bool:
    """Whether `text` holds a phrase of distress or danger in any language we have lists of.

    Looked for in all languages, because people do not write in the language of the buttons alone.
    """
    seen = shadow(text)
    return any(phrases.holds(seen) for phrases in _alarms())


@lru_cache(maxsize=1)
def _alarms() -> tuple[Patterns, ...]:
    return tuple(wordlist(language).patterns[kind] for language in LANGUAGES for kind in KINDS)
