"""Reads one workbook or PO file from a stranger, alone, with little memory and time: `sauti.consultations` starts it.

A workbook is a heap of compressed XML, and what reads it was not written against people who wish us ill; nor was what
reads PO. So it is read in a process that can be spared: bytes come in on stdin, plain values go out on stdout, no file
is opened for writing.
"""

import json
import sys
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


def answer(data: bytes, name: str, *, drop: bool) -> dict[str, object]:
    """What is in a form, or why it is not opened, as plain values."""
    from flows.findings import ConsultationError
    from flows.xlsform.importing import imported
    from flows.xlsform.reading import read

    try:
        made = imported(read(data, name), drop=drop)
    except ConsultationError as error:
        return {"findings": [asdict(one) for one in error.findings]}
    places = made.tree.places
    marks = [[list(path), *mark, places.sheets[path]] for path, mark in places.marks.items()]
    return {"findings": [asdict(one) for one in made.findings], "value": made.tree.value, "marks": marks}


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
    """Reads stdin and writes stdout; arguments: the file's name, and `form`, `drop` (its rest is wanted) or `texts`."""
    bounded()
    name, kind = sys.argv[1:]
    data = sys.stdin.buffer.read()
    json.dump(texts(data, name) if kind == "texts" else answer(data, name, drop=kind == "drop"), sys.stdout)


if __name__ == "__main__":
    main()
