"""A consultation from a file that somebody hands us: YAML, or the form that people already have."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sauti.speaking import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flows.findings import Finding, Places
    from flows.linter import Exceptions
    from flows.messages.brought import Brought
    from flows.model import Consultation
    from flows.plain_yaml import Tree

PATIENCE = 60
"""Seconds on the clock; the child's own bound of computing time is half of it."""

CHILD = "sauti.workbook_child"
_FORMS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".tsv", ".md"})
_LOCKS = ("~$", ".~lock.")


def found(file: Path, *, drop: bool = False) -> "tuple[Finding, ...]":
    """All that is to be said about a consultation in a file. Raises OSError where it cannot be read."""
    return looked_over(file, drop=drop)[1]


def looked_over(file: Path, *, drop: bool = False) -> "tuple[Consultation | None, tuple[Finding, ...]]":
    """The consultation in a file, sound or not, and all that is to be said about it; None where it has not its shape.

    Raises OSError where the file cannot be read.
    """
    from flows import loader
    from flows.findings import ConsultationError
    from flows.linter import lint
    from sauti.files import beside

    data, fetch = file.read_bytes(), beside(file)
    if not _is_form(file, data):
        try:
            source = loader.read(data, file.name)
        except ConsultationError as error:
            return None, error.findings
        return source.consultation, (*lint(*source, fetch=fetch), *_unspoken(*source))
    from flows.xlsform.telling import in_cells

    tree, reported = _taken_apart(file, data, drop=drop)
    if tree is None:
        return None, reported
    judged = in_cells(loader.judged(tree, reported, fetch=fetch))
    try:
        shaped = loader.shaped(tree)
        return shaped.consultation, (*judged, *_unspoken(*shaped))
    except ConsultationError:  # which is among what was judged
        return None, judged


def way_on(found: "Iterable[Finding]") -> None:
    """Says which option takes the rest of a form, where some of what is wrong with it can be left out."""
    from flows.findings import Severity
    from flows.xlsform.account import LEFT_OUT

    if any(one.code in LEFT_OUT and one.severity is Severity.ERROR for one in found):
        say("With --drop-unsupported the rest of the form is taken, and what is left out is listed.")


def _unspoken(consultation: "Consultation", places: "Places") -> "Iterator[Finding]":
    """Languages in which people can be asked, and in which the bot could tell them nothing of its own."""
    from flows.findings import Severity
    from locales.catalog import languages

    remedy = (
        "Whoever runs the server has to begin it (`sauti messages export participant`); or leave this language out."
    )
    for place, language in enumerate(consultation.languages):
        if language not in languages("participant"):
            message = f"The bot has no words of its own in '{language}': no round opens in it, no preview shows it."
            yield places.finding(Severity.WARNING, "no-interface", ("languages", place), message, remedy)


def load(file: Path, *, exceptions: "Exceptions | None" = None, drop: bool = False) -> "Consultation":
    """The sound consultation in a file.

    Raises:
        ConsultationError: with every error that was found.
        OSError: the file cannot be read.
    """
    from flows import loader
    from sauti.files import beside

    data, excused, fetch = file.read_bytes(), exceptions or {}, beside(file)
    if not _is_form(file, data):
        return loader.load(data, file.name, exceptions=excused, fetch=fetch)
    from flows.xlsform.telling import in_cells

    tree, reported = _taken_apart(file, data, drop=drop)
    judged = reported if tree is None else loader.judged(tree, reported, exceptions=excused, fetch=fetch)
    loader.refused(in_cells(judged))
    if tree is None:
        raise RuntimeError("a form without a tree has an error")
    return loader.shaped(tree).consultation


class Read(NamedTuple):
    """A consultation's file as read, sound or not."""

    tree: "Tree"
    data: bytes
    form: bool

    def holding(self, value: Any) -> "Tree":  # noqa: ANN401 - YAML's values have no common type
        """The same tree with other values, each where the old one stood."""
        return replace(self.tree, value=value)


def read(file: Path) -> Read:
    """The values of a consultation's file, which may be unfinished.

    Raises:
        ConsultationError: not YAML, or a form of which something cannot be asked.
        OSError: the file cannot be read.
    """
    from flows import loader, plain_yaml

    data = file.read_bytes()
    if not _is_form(file, data):
        return Read(plain_yaml.read(data, file.name), data, form=False)
    tree, reported = _taken_apart(file, data, drop=False)
    loader.refused(reported)
    if tree is None:
        raise RuntimeError("a form without a tree has an error")
    return Read(tree, data, form=True)


def _is_form(file: Path, data: bytes) -> bool:
    """By its bytes; by its name too, so that a text that is called a workbook is told so in words that fit."""
    from flows.xlsform.tables import is_one_sheet, is_table

    return (
        data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        or file.suffix.lower() in _FORMS
        or file.name.startswith(_LOCKS)
        or is_table(data)
        or is_one_sheet(data)
    )


def _taken_apart(file: Path, data: bytes, *, drop: bool) -> "tuple[Tree | None, tuple[Finding, ...]]":
    """What the child process made of a form and of the lists beside it; without a tree, where it could not."""
    name, kind = file.name, "drop" if drop else "form"
    told = _child(data, name, kind)
    if told is not None and "wanted" in told:
        lists = _lists(file, told["wanted"])
        sizes = (part for one, held in lists.items() for part in (one, str(len(held))))
        told = _child(b"".join((data, *lists.values())), name, kind, str(len(data)), *sizes)
    if told is None:
        return None, (_gave_up(name),)
    return _tree(told, name) if "value" in told else None, tuple(map(_finding, told["findings"]))


def _lists(file: Path, names: list[str]) -> dict[str, bytes]:
    """Those of the files a form names that lie beside it, cut off where they are longer than any list may be."""
    from sauti.files import beside

    fetch = beside(file)
    return {name: held for name in names if "\0" not in name and (held := fetch(name)) is not None}


def brought(file: Path) -> "Brought":
    """A translator's file, PO or workbook, as it came back.

    Raises:
        ConsultationError: it cannot be read, or is something else.
        OSError: there is no such file.
    """
    from flows.findings import ConsultationError
    from flows.messages.brought import Brought, Entry

    told = _child(file.read_bytes(), file.name, "texts")
    if told is None:
        raise ConsultationError((_gave_up(file.name),))
    if "brought" not in told:
        raise ConsultationError(tuple(map(_finding, told["findings"])))
    entries = (
        Entry(context, tuple(source), tuple(said), *rest) for context, source, said, *rest in told["brought"]["entries"]
    )
    return Brought(**{**told["brought"], "entries": tuple(entries)})


def _child(data: bytes, name: str, kind: str, *parts: str) -> dict[str, Any] | None:
    """What the child process says of a stranger's bytes; None where it could not be left to go on."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a file's name as one argument
            [sys.executable, "-m", CHILD, name, kind, *parts],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _gave_up(name: str) -> "Finding":
    from flows.findings import Finding, Severity

    message = "Reading this file took more time or memory than any such file needs, or it is damaged."
    remedy = "Copy what is in it into a new one and save that: its sheets into a workbook (.xlsx), its texts into a PO."
    return Finding(Severity.ERROR, "unreadable", 0, 0, "", message, remedy, name)


def _finding(said: dict[str, Any]) -> "Finding":
    from flows.findings import Finding, Severity

    return Finding(**{**said, "severity": Severity(said["severity"])})


def _tree(told: dict[str, Any], name: str) -> "Tree":
    from flows.findings import Places
    from flows.plain_yaml import Tree

    marks = {tuple(path): (row, column) for path, row, column, _ in told["marks"]}
    sheets = {tuple(path): sheet for path, _, _, sheet in told["marks"]}
    return Tree(told["value"], Places(name, marks, sheets), {})
