"""PO files: units out, entries in, in the form that gettext's own tools and every translator's editor read.

What comes in is a stranger's file. Its header is read and never obeyed: a file that claims a thousand million plural
forms, or another encoding than its bytes have, is told so. Babel parses; it merges entries that stand twice without a
word, so here they are gathered one by one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileParser, escape, generate_po

from flows.messages.brought import Brought, Entry, unreadable, version
from flows.messages.units import Unit

MAX_BYTES = 4 << 20
MAX_ENTRIES = 20_000
MOST_FORMS = 6
"""Arabic tells numbers apart in six ways, and no language that CLDR knows does in more."""
WIDTH = 110
OF, VERSION = "X-Sauti-Of", "X-Sauti-Version"
_FORMS = re.compile(r"nplurals\s*=\s*([1-9][0-9]{0,3})", re.ASCII)
_SAVE = "Save it from a translator's editor as PO with the encoding UTF-8."


class _Gathering(Catalog):
    """Keeps every entry as it comes, and a header that nobody obeys."""

    def __init__(self, forms: int = MOST_FORMS) -> None:
        super().__init__(fuzzy=False)
        self.head = ""
        self.found: list[Message] = []
        self._forms = forms

    @property
    def num_plurals(self) -> int:
        return self._forms

    def __iter__(self) -> Iterator[Message]:
        return iter(self.found)

    def __setitem__(self, key: Any, message: Message) -> None:  # noqa: ANN401 - Babel's ids are texts or pairs of texts
        if key:
            self.found.append(message)
            if len(self.found) > MAX_ENTRIES:
                raise ValueError("more entries than any file of texts has")
        elif not self.head:
            self.head = str(message.string)


def read(data: bytes, name: str) -> Brought:
    """The entries of a PO file.

    Raises:
        ConsultationError: no PO in UTF-8, larger than any such file, or with something in it that no text holds.
    """
    if len(data) > MAX_BYTES:
        message = f"The file is larger than {MAX_BYTES >> 20} MiB."
        raise unreadable(name, "too-large", message, "Check that it is the right file: it has a few hundred texts.")
    gathered, lines = _Gathering(), _decoded(data, name).split("\n")
    try:
        PoFileParser(gathered, ignore_obsolete=True, abort_invalid=True).parse(lines)
    except Exception as error:  # a stranger's text, and Babel's parser fails in many ways
        line = getattr(error, "lineno", None)
        message = "From this line on this is not a PO file." if line is not None else "This is not a PO file."
        raise unreadable(name, "not-po", message, _SAVE, 0 if line is None else int(line) + 1) from error
    said = _header(gathered.head)
    charset = said.get("content-type", "charset=utf-8").lower().partition("charset=")[2].strip()
    if charset not in {"utf-8", "utf8"}:
        raise unreadable(name, "wrong-charset", "Its header says that it is not UTF-8.", _SAVE)
    return Brought(
        file=name,
        of=said.get(OF.lower(), ""),
        language=said.get("language", "").replace("_", "-"),
        version=said.get(VERSION.lower(), ""),
        entries=tuple(map(_entry, gathered.found)),
        plural=said.get("plural-forms", ""),
    )


def written(units: Iterable[Unit], header: Iterable[tuple[str, str]], remark: str, file: str) -> bytes:
    """A PO file of these units, below a header of these lines; `file` is what references call the source."""
    every = tuple(units)
    made = _Gathering(max((len(unit.said) for unit in every if len(unit.source) > 1), default=1))
    made.found = [_message(unit, file) for unit in every]
    lines = [f"# {line}".rstrip() for line in remark.splitlines()]
    lines += ['msgid ""', 'msgstr ""', *(escape(f"{field}: {value}\n") for field, value in header)]
    entries = "".join(generate_po(made, width=WIDTH, omit_header=True, ignore_obsolete=True))
    return ("\n".join(lines) + "\n\n" + entries.rstrip("\n") + "\n").encode()


def forms(plural: str) -> int:
    """How many forms a header's line about plurals speaks of, at most as many as any language has; else one."""
    found = _FORMS.search(plural)
    return min(int(found[1]), MOST_FORMS) if found else 1


def headed(of: str, language: str, units: Iterable[Unit], plural: str = "") -> list[tuple[str, str]]:
    """The header of a translator's file."""
    forms = [("Plural-Forms", plural)] if plural else []
    return [
        ("Project-Id-Version", "sauti 0.1"),
        ("Language", language.replace("-", "_")),
        *forms,
        (OF, of),
        (VERSION, version(units)),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


def _message(unit: Unit, file: str) -> Message:
    many = len(unit.source) > 1
    remarks = [unit.where, unit.note, f"Room: {unit.room}." if unit.room else ""]
    message = Message(
        unit.source if many else unit.source[0],
        unit.said if many else unit.said[0],
        locations=[(file, unit.line)] if unit.line else [],
        flags=["fuzzy"] if unit.unsure else [],
        auto_comments=[remark for remark in remarks if remark],
        context=unit.context,
    )
    # What Babel takes for a format is a per cent sign in somebody's sentence; gaps in braces are ours, and msgfmt
    # compares them.
    message.flags.discard("python-format")
    return message


def _entry(message: Message) -> Entry:
    source, said = _forms(message.id), _forms(message.string)
    if len(source) > 1:  # as many forms as are said; how many it has to be is for whoever knows the language
        last = max((place for place, form in enumerate(said, start=1) if form), default=1)
        said = said[:last]
    return Entry(message.context or "", source, said, message.fuzzy, message.lineno or 0)


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(map(str, text)) if isinstance(text, list | tuple) else ("",)


def _header(head: str) -> dict[str, str]:
    return {
        field.strip().lower(): value.strip()
        for field, mark, value in (line.partition(":") for line in head.split("\n"))
        if mark
    }


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise unreadable(name, "not-utf-8", "The file is not UTF-8 text from this line on.", _SAVE, line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise unreadable(name, "control-character", "This line holds a character that no text may hold.", _SAVE, line)
    return text
