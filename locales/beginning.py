"""A catalogue in a language that has none yet: every text, no translation, and how the language tells numbers apart.

It is made from the source language's file, which holds every text in its order, so that whoever runs a server without
the code that the texts stand in can begin a language as well.
"""

import re
from io import BytesIO

from babel.messages.pofile import escape, read_po
from babel.plural import PluralRule, to_gettext

from locales.catalog import FOLDER, SOURCE, cldr
from locales.extract import rewritten

_ORDER = ("zero", "one", "two", "few", "many")
"""CLDR's categories as Babel numbers their forms; before all others' one."""
_OTHER = "other"
_MANY = 1_000
"""Numbers below it are counted in texts: a form that begins at a million is asked of no translator."""


def begun(domain: str, language: str) -> bytes:
    """The source file of a catalogue that says nothing yet. Raises CatalogueError `no-locale`."""
    source = (FOLDER / SOURCE / "LC_MESSAGES" / f"{domain}.po").read_text("utf-8")
    block, _, entries = source.partition("\n\n")
    fields = {"Language": language.replace("-", "_"), "Plural-Forms": plural(language), "X-Reviewed": "no"}
    kept = [line for line in block.split("\n") if not line.startswith('"X-Reviewed-')]
    for name, value in fields.items():
        line = escape(f"{name}: {value}\n")
        kept = [line if each.startswith(f'"{name}: ') else each for each in kept]
    header = "\n".join(kept)
    catalog = read_po(BytesIO(f"{header}\n\n{entries}".encode()))
    for message in catalog:
        if message.id:
            message.string = ("",) * catalog.num_plurals if isinstance(message.id, tuple) else ""
    return rewritten(header.encode() + b"\n\n", catalog)


def plural(language: str) -> str:
    """A header's line about plurals, by the rules of CLDR. Raises CatalogueError `no-locale`."""
    rule = cldr(language).plural_form
    counted = {rule(number) for number in range(_MANY)}
    named = {name: each for name, each in rule.rules.items() if name in counted}
    if _OTHER not in counted:
        named.pop(max(named, key=_ORDER.index))  # fractions alone are told by it: the last of the others is the rest
    # In gettext's C there is one number, n, and none of those that CLDR takes out of a fraction or a power of ten.
    return re.sub(r"\be\b", "0", to_gettext(PluralRule(named)))
