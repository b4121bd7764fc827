"""Reads one workbook from a stranger, alone, with little memory and time: `sauti.consultations` starts it.

A workbook is a heap of compressed XML, and what reads it was not written against people who wish us ill. So it is read
in a process that can be spared: bytes come in on stdin, plain values go out on stdout, no file is opened for writing.
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
    """What is in the workbook, or why it is not opened, as plain values."""
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


def main() -> None:
    """Reads stdin and writes stdout; the arguments are the file's name and `drop` where the rest is wanted."""
    bounded()
    name, drop = sys.argv[1], sys.argv[2:] == ["drop"]
    json.dump(answer(sys.stdin.buffer.read(), name, drop=drop), sys.stdout)


if __name__ == "__main__":
    main()
