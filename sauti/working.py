"""`sauti log`: who did what, and whether that is still what was written."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sauti.office import office
from sauti.speaking import answer, say, told

app = typer.Typer(no_args_is_help=True, help="What staff and the clock did: a line for each act, without content.")


class Form(StrEnum):
    """How the log is shown."""

    TEXT = "text"
    JSON = "json"


@app.command()
def show(form: Annotated[Form, typer.Option("--format", help="json is a copy that can be kept.")] = Form.TEXT) -> None:
    """Show every line: number, day, who, what, and of which round or name.

    Keep a copy with `--format json` now and then, away from this server: `sauti log verify --earlier` finds by it what
    was taken off the end since.
    """
    from storage.work_log import lines
    from storage.work_log import told as written
    from storage.work_log_file import WorkLogFile

    with told(), office() as work:
        found = lines(work.store.engine)
    if form is Form.JSON:
        answer(WorkLogFile.of(found).model_dump(mode="json"))
        return
    for line in written(found):
        typer.echo(line)


@app.command()
def verify(
    earlier: Annotated[
        Path | None, typer.Option(help="A copy that `sauti log show --format json` made before.")
    ] = None,
) -> None:
    """Find whether a line was changed, left out or moved; with an earlier copy, also what was taken off the end."""
    from sauti.files import load
    from storage.work_log import check, lines
    from storage.work_log_file import WorkLogFile

    with told(), office() as work:
        known = () if earlier is None else load(earlier, WorkLogFile).known
        count = check(lines(work.store.engine), known)
    say("Every line follows from the one before it." + (" All of the earlier copy are among them." if known else ""))
    answer({"format": "sauti-work-log-verified", "version": 1, "lines": count, "compared": len(known)})
