"""Values put into a YAML file where they belong; every other byte stays, comments and blank lines included.

A consultation file is written by people, with remarks between its lines. Writing the whole tree anew would throw all
of that away, so single values are cut out and put in by the places that the parser names, and the result is read back:
either it says what was wanted, or nothing is given out.
"""

import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import yaml

from flows import plain_yaml
from flows.findings import ConsultationError, Finding, Path, Severity

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_KEY = re.compile(r"[a-z][A-Za-z0-9_-]*")
_END_OF_LINE = re.compile(r"[ \t]*(#[^\r\n]*)?(?=\r?\n|\Z)")
_JOINERS = "\u200c\u200d"
"""Several scripts are written with them, and a text in which they stand as numbers can be read by nobody."""
_AFTER = {"reviews": "languages"}
"""Beside which key a new one stands at the top of a file; any other goes to the end."""


class Change(NamedTuple):
    """A value, and where it belongs: a key that is there or not, or the place after the last in a list."""

    path: Path
    value: Any


class _Edit(NamedTuple):
    """Characters from `start` to `end` and what takes their place."""

    start: int
    end: int
    text: str


def changed(data: bytes, name: str, changes: Iterable[Change]) -> bytes:
    """The same file with these values in it.

    Raises:
        ConsultationError: not plain YAML, or written in a way in which these values cannot be put in.
    """
    tree, wanted = plain_yaml.read(data, name).value, tuple(changes)
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    text = data.decode("utf-8-sig")
    root: Any = yaml.compose(text, Loader=_LOADER)  # of PyYAML's nodes only their places are used
    edits = [_edit(text, root, change) for change in _gathered(tree, wanted)]
    made = (mark + _with(text, edits)).encode()
    if not _says(made, name, put_in(tree, wanted)):
        message = "The new texts cannot be put into this file as it is written."
        remedy = "Write each text on a line of its own below its question, as in the examples, and try again."
        raise ConsultationError((Finding(Severity.ERROR, "cannot-write", 0, 0, "", message, remedy, name),))
    return made


def put_in(value: Any, changes: tuple[Change, ...]) -> Any:  # noqa: ANN401 - YAML's values have no common type
    """A copy of a tree of values with these in it; what lies on the way to one and is missing is made."""
    made = deepcopy(value)
    for path, wanted in changes:
        here: Any = made
        *steps, last = path
        for step in steps:
            here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        _set(here, last, wanted)
    return made


def _set(here: Any, last: Any, wanted: Any) -> None:  # noqa: ANN401 - as above
    if isinstance(here, list) and last == len(here):
        here.append(wanted)
    else:
        here[last] = wanted


def _says(made: bytes, name: str, wanted: Any) -> bool:  # noqa: ANN401 - as above
    try:
        return bool(plain_yaml.read(made, name).value == wanted)
    except ConsultationError:
        return False


def _gathered(tree: Any, changes: tuple[Change, ...]) -> Iterator[Change]:  # noqa: ANN401 - as above
    """Changes whose parent is there: values below a key that is missing become one value of that key."""
    made = put_in(tree, changes)
    done: set[Path] = set()
    for path, _ in changes:
        length = next((place for place in range(1, len(path)) if not _is_in(tree, path[:place])), len(path))
        if (top := path[:length]) not in done:
            done.add(top)
            yield Change(top, _at(made, top))


def _at(tree: Any, path: Path) -> Any:  # noqa: ANN401 - as above
    for step in path:
        tree = tree[step]
    return tree


def _is_in(tree: Any, path: Path) -> bool:  # noqa: ANN401 - as above
    try:
        _at(tree, path)
    except LookupError:
        return False
    return True


def _edit(text: str, root: Any, change: Change) -> _Edit:  # noqa: ANN401 - PyYAML's nodes have no useful common type
    parent = root
    for step in change.path[:-1]:
        parent = _children(parent)[step]
    column = _column(text, parent)
    found = _children(parent).get(change.path[-1])
    literal = not parent.flow_style and isinstance(parent, yaml.MappingNode)
    if found is not None:
        return _Edit(found.start_mark.index, _end(text, found), _written(change.value, column if literal else None))
    said = (
        _key(change.value)
        if isinstance(parent, yaml.SequenceNode)
        else _written(change.value, column if literal else None)
    )
    if isinstance(parent, yaml.MappingNode):
        said = f"{_key(str(change.path[-1]))}: {said}"
    beside = _children(parent).get(_AFTER.get(str(change.path[-1]), "")) if parent is root else None
    last = beside or next(reversed(_children(parent).values()), None)
    if last is None:
        return _Edit(parent.start_mark.index + 1, parent.start_mark.index + 1, said)
    if parent.flow_style:
        return _Edit(_end(text, last), _end(text, last), f", {said}")
    end = _END_OF_LINE.match(text, _end(text, last))
    place = end.end() if end else len(text)
    mark = "" if isinstance(parent, yaml.MappingNode) else "- "
    return _Edit(place, place, f"\n{' ' * column}{mark}{said}")


def _children(node: Any) -> dict[str | int, Any]:  # noqa: ANN401 - as above
    if isinstance(node, yaml.MappingNode):
        return {key.value: value for key, value in node.value}
    return dict(enumerate(node.value)) if isinstance(node, yaml.SequenceNode) else {}


def _column(text: str, node: Any) -> int:  # noqa: ANN401 - as above
    """How far keys, or the dashes of a list, stand to the right."""
    start: int = node.start_mark.index
    return start - (text.rfind("\n", 0, start) + 1)


def _end(text: str, node: Any) -> int:  # noqa: ANN401 - as above
    """Where what belongs to a value ends: the parser counts the blank lines and remarks behind it as well."""
    if isinstance(node, yaml.ScalarNode):
        end: int = node.end_mark.index
        return (
            node.start_mark.index + len(text[node.start_mark.index : end].rstrip()) if node.style in {"|", ">"} else end
        )
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _with(text: str, edits: list[_Edit]) -> str:
    """The text with all edits, those at one place in their order."""
    pieces, at = [], 0
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        pieces += [text[at : edit.start], edit.text.replace("\n", newline)]
        at = edit.end
    return "".join((*pieces, text[at:]))


def _key(word: str) -> str:
    # Norwegian is called `no`, which YAML reads as false.
    return (
        word
        if _PLAIN_KEY.fullmatch(word) and word.lower() not in {"no", "on", "off", "yes", "y", "n"}
        else _quoted(word)
    )


def _written(value: Any, column: int | None) -> str:  # noqa: ANN401 - as above
    """A value as YAML; a text of several lines stands as such where a column says how far in its key stands."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_written(one, None)}" for key, one in value.items()) + "}"
    if isinstance(value, str):
        return _block(value, column) if column is not None and _can_stand(value) else _quoted(value)
    return json.dumps(value)


def _can_stand(text: str) -> bool:
    lines = text.split("\n")
    return (
        len(lines) > 1
        and all(line == line.strip() and all(map(_is_plain, line)) for line in lines)
        and bool(lines[0] and lines[-1])
    )


def _block(text: str, column: int) -> str:
    indent = " " * (column + 2)
    return "|-\n" + "\n".join(indent + line if line else "" for line in text.split("\n"))


def _is_plain(sign: str) -> bool:
    return sign.isprintable() or sign in _JOINERS


def _quoted(text: str) -> str:
    said = json.dumps(text, ensure_ascii=False)
    return "".join(sign if _is_plain(sign) or sign in "\u00a0\u202f" else _escaped(sign) for sign in said)


def _escaped(sign: str) -> str:
    return f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"  # noqa: PLR2004 - what four digits hold
