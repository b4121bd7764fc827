"""Reads one workbook or PO file from a stranger, alone, with little memory and time: `sauti.consultations` starts it.

A workbook is a heap of compressed XML, and what reads it was not written against people who wish us ill; nor was what
reads PO. So it is read in a process that can be spared: bytes come in on stdin, plain values go out on stdout, no file
is opened for writing.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict

MEMORY = 1 << 30
SECONDS = 30


def bounded() -> None:
    """Takes away what reading does not need, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows: there only the parent's clock bounds it
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def answer(data: bytes, name: str, files: Mapping[str, bytes] | None, *, drop: bool) -> dict[str, object]:
    """What is in a form, or why it is not opened, as plain values.

    Without `files`, a form that takes choices from files beside it answers which; with them, they are its lists.
    """
    from flows.findings import ConsultationError
    from flows.xlsform.beside import wanted, with_lists
    from flows.xlsform.importing import imported
    from flows.xlsform.reading import read

    try:
        book = read(data, name)
    except ConsultationError as error:
        return {"findings": [asdict(one) for one in error.findings]}
    if files is None and (names := wanted(book)):
        return {"wanted": names}
    whole, refused = with_lists(book, files or {})
    made = imported(whole, drop=drop)
    places = made.tree.places
    marks = [[list(path), *mark, places.sheets[path]] for path, mark in places.marks.items()]
    findings = [asdict(one) for one in (*refused, *made.findings)]
    return {"findings": findings, "value": made.tree.value, "marks": marks}


def texts(data: bytes, name: str) -> dict[str, object]:
    """What is in a translator's file, or why it is not opened, as plain values."""
    from flows.findings import ConsultationError
    from flows.messages import po
    from flows.xlsform.reading import is_workbook, read
    from flows.xlsform.translating import brought

    try:
        made = brought(read(data, name)) if is_workbook(data) else po.read(data, name)
    except ConsultationError as error:
        return {"findings": [asdict(one) for one in error.findings]}
    return {"findings": [], "brought": asdict(made)}


def main() -> None:
    """Reads stdin and writes stdout.

    Arguments: the file's name; `form`, `drop` (its rest is wanted) or `texts`; and once a form has been asked which
    files it wants, how many bytes of stdin are its own, and name and number of bytes of each of them.
    """
    bounded()
    name, kind, *parts = sys.argv[1:]
    data, files = sys.stdin.buffer.read(), None
    if parts:
        own, *rest = parts
        data, files = _parted(data, int(own), rest)
    told = texts(data, name) if kind == "texts" else answer(data, name, files, drop=kind == "drop")
    json.dump(told, sys.stdout)


def _parted(data: bytes, own: int, rest: list[str]) -> tuple[bytes, dict[str, bytes]]:
    """The form's own bytes, and those of each file behind them."""
    files, begun = dict[str, bytes](), own
    for name, size in zip(rest[::2], map(int, rest[1::2]), strict=True):
        files[name] = data[begun : begun + size]
        begun += size
    return data[:own], files


if __name__ == "__main__":
    main()
