"""`python -m locales.extract`: brings every catalogue in step with the texts in the code.

All domains keep their texts in one module each, so that a translator's context is that module's page. New texts
come in empty, texts that are gone go out, changed ones are marked fuzzy; nothing that a translator wrote is guessed.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from locales.catalog import FOLDER

SOURCES = {
    "participant": Path("bot/participant/texts.py"),
    "reports": Path("reports/texts.py"),
    "staff": Path("bot/staff/texts.py"),
}
KEYWORDS = {"text": ((1, "c"), 2), "plural": ((1, "c"), 2, 3), "message": ((1, "c"), 2), "messages": ((1, "c"), 2, 3)}
"""Calls whose arguments are texts: (context, message) and (context, one, many)."""


def template(domain: str) -> Catalog:
    """All texts of `domain` as they stand in the code."""
    found = Catalog(project="sauti", fuzzy=False)
    source = SOURCES[domain]
    for line, message, comments, context in extract_from_file(
        "python", FOLDER.parent / source, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(message, locations=[(str(source), line)], auto_comments=comments, context=context)
    return found


def updated(path: Path) -> bytes:
    """The catalogue at `path`, brought in step with its domain's texts."""
    before = path.read_bytes()
    catalog = read_po(BytesIO(before), locale=path.parent.parent.name.replace("-", "_"))
    catalog.update(template(path.stem), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    return rewritten(before, catalog)


def translated(before: bytes, language: str, said: Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]) -> bytes:
    """A catalogue's source file with these translations, by context and source; the rest of it stays as it is."""
    catalog = read_po(BytesIO(before), locale=language.replace("-", "_"))
    for message in catalog:
        source = message.id if isinstance(message.id, tuple) else (str(message.id),)
        forms = said.get((message.context or "", source)) if message.id else None
        if forms is not None:
            message.string = forms if len(source) > 1 else forms[0]
            message.flags.discard("fuzzy")
    return rewritten(before, catalog)


def rewritten(before: bytes, catalog: Catalog) -> bytes:
    """A source file with these entries below the header that `before` has."""
    out = BytesIO()
    write_po(out, catalog, width=110, sort_output=False, ignore_obsolete=True, include_lineno=False)
    # Babel forgets header lines that it does not know, and X-Reviewed is one: the header stays as people left it.
    header, _, _ = before.partition(b"\n\n")
    _, _, entries = out.getvalue().partition(b"\n\n")
    return header + b"\n\n" + entries


def update_all() -> None:
    """Rewrites every catalogue that there is."""
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        path.write_bytes(updated(path))


if __name__ == "__main__":
    update_all()
