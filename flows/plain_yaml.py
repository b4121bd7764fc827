"""YAML as far as a consultation needs it: mappings, lists and plain values, each with its line.

Anchors, aliases, tags and several documents are refused, size, depth and number of values are bounded, and a key
may stand once: a file from a stranger can be wrong but not harmful. The tree is built from parse events without
recursion. Plain words are read as YAML 1.1 reads them (`no` is false) because every editor does; where a text was
meant, the loader says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from flows.findings import ConsultationError, Finding, Path, Places, Severity, spelled

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_VALUES = 100_000
_MAX_FINDINGS = 50

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})
_FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", re.ASCII)
_NOT_YET: Any = object()
_REFUSED = {
    "anchor": ("Anchors and aliases (& and *) are not used here.", "Write the value out where it is needed."),
    "tag": ("Tags (!) are not used here.", "Remove the tag; put texts in quotes."),
}


@dataclass(slots=True)
class Tree:
    """The values of a file, where each stands, and how plain words were spelled."""

    value: Any
    places: Places
    spellings: dict[Path, str]


def read(data: bytes, name: str) -> Tree:
    """Reads one YAML document.

    Raises:
        ConsultationError: not UTF-8, not YAML, too large or deep, or uses what is refused here.
    """
    if len(data) > MAX_BYTES:
        raise _error(name, "too-large", (0, 0), "The file is larger than 1 MiB.", "Check that it is the right file.")
    building = _Building(name)
    try:
        for event in _events(_decoded(data, name)):
            building.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = error.problem or "something unexpected"
        remedy = "Look at the indentation, quotes and colons of this line and the one before."
        raise _error(name, "not-yaml", place, f"This is not YAML: {problem}.", remedy) from None
    except yaml.YAMLError:
        message = "The file holds a control character that no text may hold."
        raise _error(name, "control-character", (0, 0), message, "Remove it, or save as plain UTF-8 text.") from None
    return building.tree()


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "The file is not UTF-8 text from this line on."
        raise _error(name, "not-utf-8", (line, 1), message, "Save it with the encoding UTF-8.") from None


def _error(file: str, code: str, place: tuple[int, int], message: str, remedy: str) -> ConsultationError:
    return ConsultationError((Finding(Severity.ERROR, code, *place, "", message, remedy, file),))


def _plain(word: str) -> Any:  # noqa: ANN401 - YAML's values have no common type
    if word in _NULL:
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if _INTEGER.fullmatch(word):
        return int(word)
    return float(word) if _DECIMAL.fullmatch(word) else word


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: Any = _NOT_YET


@dataclass(slots=True)
class _Building:
    file: str
    root: Any = _NOT_YET
    stack: list[_Open] = field(default_factory=list)
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    spellings: dict[Path, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    values: int = 0
    skipping: int = 0
    """Depth inside something that stands where a key should: read over, not built."""

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no useful common type
        """One event more. Raises ConsultationError where going on makes no sense."""
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not _NOT_YET:
            self._stop(event, "several-documents", "A second document begins here (---).", "Keep one per file.")
        if isinstance(event, yaml.NodeEvent):
            self._bounded(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)

    def tree(self) -> Tree:
        """What was built. Raises ConsultationError with all that was found."""
        if self.findings:
            raise ConsultationError(tuple(self.findings))
        value = None if self.root is _NOT_YET else self.root
        return Tree(value, Places(self.file, self.marks), self.spellings)

    def _bounded(self, event: Any) -> None:  # noqa: ANN401 - as above
        self.values += 1
        if self.values > MAX_VALUES or len(self.stack) + self.skipping > MAX_DEPTH:
            message = "The file holds too many values, or too many inside each other."
            self._stop(event, "too-deep", message, "A consultation needs far less; check that it is the right file.")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._stop(event, "anchor", *_REFUSED["anchor"])
        if getattr(event, "tag", None) is not None:
            self._stop(event, "tag", *_REFUSED["tag"])

    def _begin(self, event: Any) -> None:  # noqa: ANN401 - as above
        if self.skipping or self._wants_key():
            if not self.skipping:
                self._note(event, "key-not-text", "A list or mapping stands where a name should.", "Write a name.")
            self.skipping += 1
            return
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(value, self._put(value, event)))

    def _end(self) -> None:
        if not self.skipping:
            self.stack.pop()
            return
        self.skipping -= 1
        if not self.skipping:
            self.stack[-1].key = None  # the value that follows belongs to no name

    def _scalar(self, event: Any) -> None:  # noqa: ANN401 - as above
        if self.skipping:
            return
        value = _plain(event.value) if event.implicit[0] else event.value
        if self._wants_key():
            self._key(event, value)
            return
        path = self._put(value, event)
        if not isinstance(value, str):
            self.spellings[path] = event.value

    def _key(self, event: Any, value: Any) -> None:  # noqa: ANN401 - as above
        here = self.stack[-1]
        here.key = None
        if not isinstance(value, str):
            message = f"YAML reads the name {event.value!r} as {_called(value)}, not as a word."
            self._note(event, "key-not-text", message, f'Write it in quotes: "{event.value}".')
        elif value in here.value:
            message = f"'{value}' stands here twice."
            self._note(event, "duplicate-key", message, "Keep one of them.", (*here.path, value))
        else:
            here.key = value
            self.marks[(*here.path, value)] = _mark(event)

    def _put(self, value: Any, event: Any) -> Path:  # noqa: ANN401 - as above
        if not self.stack:
            self.root = value
            self.marks[()] = _mark(event)
            return ()
        here = self.stack[-1]
        if isinstance(here.value, list):
            path: Path = (*here.path, len(here.value))
            here.value.append(value)
            self.marks[path] = _mark(event)
            return path
        key, here.key = here.key, _NOT_YET
        if key is None:
            return (*here.path, "?")
        here.value[key] = value
        return (*here.path, key)

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is _NOT_YET

    def _note(self, event: Any, code: str, message: str, remedy: str, path: Path | None = None) -> None:  # noqa: ANN401 - as above
        where = spelled(path if path is not None else self.stack[-1].path)
        self.findings.append(Finding(Severity.ERROR, code, *_mark(event), where, message, remedy, self.file))
        if len(self.findings) >= _MAX_FINDINGS:
            raise ConsultationError(tuple(self.findings))

    def _stop(self, event: Any, code: str, message: str, remedy: str) -> None:  # noqa: ANN401 - as above
        last = _error(self.file, code, _mark(event), message, remedy)
        raise ConsultationError((*self.findings, *last.findings))


def _called(value: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else "a number"


def _mark(event: Any) -> tuple[int, int]:  # noqa: ANN401 - as above
    return event.start_mark.line + 1, event.start_mark.column + 1
