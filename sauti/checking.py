"""`sauti check`: what is wrong with a consultation file, where, and how to mend it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sauti.speaking import REFUSED, answer, say, told


class Format(StrEnum):
    """How findings are told."""

    TEXT = "text"
    JSON = "json"


def check(
    file: Annotated[Path, typer.Argument(help="The consultation: YAML, or an XLSForm (.xlsx, .xls, .csv, .md).")],
    form: Annotated[Format, typer.Option("--format", help="json for other programs.")] = Format.TEXT,
    *,
    drop: Annotated[
        bool,
        typer.Option("--drop-unsupported", help="Leave out of a form what cannot be asked, and list it."),
    ] = False,
) -> None:
    """Look a consultation over before anybody is asked anything. Exit 1 where something must be mended."""
    from flows.findings import Severity
    from sauti import consultations

    with told():
        found = consultations.found(file, drop=drop)
    if form is Format.JSON:
        from flows.findings_file import FindingsFile

        answer(FindingsFile.of(found).model_dump(mode="json"))
    else:
        for finding in found:
            typer.echo(str(finding))
    consultations.way_on(found)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(REFUSED)
    say(f"{file.name} can be used." if not found else f"{file.name} can be used; weigh what stands above.")
