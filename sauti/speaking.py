"""How commands speak: results on stdout, everything else on stderr, failures as one sentence and an exit code.

Exit 0 done; 1 findings or refusal; 2 wrong use or settings; 3 transient, try again.
"""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

REFUSED, MISUSED, TRANSIENT = 1, 2, 3

EXIT_CODES = {
    "storage.errors.StorageUnavailable": TRANSIENT,
    "storage.errors.StorageRefused bad-url": MISUSED,
    "storage.errors.StorageError": REFUSED,
    "storage.work_log.LogBroken": REFUSED,
    "storage.envelope.errors.EnvelopeError": REFUSED,
    "privacy.errors.BadCustody": MISUSED,
    "privacy.repairs.UnknownRepair": MISUSED,
    "privacy.errors.PrivacyError": REFUSED,
    "storage.sealing.SealingError": REFUSED,
    "rounds.gate.GateClosed": REFUSED,
    "rounds.life.WrongState": REFUSED,
    "rounds.life.NotYours": REFUSED,
    "rounds.wall.TimeRefused": MISUSED,
    "rounds.inviting.BatchRefused": MISUSED,
    "flows.findings.ConsultationError": REFUSED,
    "flows.ogg.OggError": REFUSED,
    "locales.catalog.CatalogueError": MISUSED,
    "reports.errors.DocumentRefused": REFUSED,
    "bot.staff.papers.PaperRefused": REFUSED,
    "rounds.settings.SettingsError": MISUSED,
    "bot.participant.session.TelegramError": MISUSED,
    "bot.broadcast.sending.Interrupted": TRANSIENT,
    "sauti.demo.processes.DemoError": REFUSED,
    "sauti.benching.measuring.BenchError": REFUSED,
    "sauti.files.WrongFile": MISUSED,
    "builtins.OSError": MISUSED,
}
"""Error families by full name, with a code where it decides: so the rooms stay unloaded until a command needs them."""


SureOption = Annotated[bool, typer.Option("--yes", help="Do not ask; it cannot be undone.")]
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})
"""What the machine ran out of; the same command may work later."""


class OnlyJson(StrEnum):
    """The `--format` of commands that have no other."""

    JSON = "json"


def exit_code(error: BaseException) -> int | None:
    """The exit code of the nearest known family of `error`; None for a fault of ours, which may show its traceback."""
    if isinstance(error, OSError) and error.errno in FULL:
        return TRANSIENT
    for family in type(error).__mro__:
        name = f"{family.__module__}.{family.__qualname__}"
        code = EXIT_CODES.get(f"{name} {getattr(error, 'code', None)}", EXIT_CODES.get(name))
        if code is not None:
            return code
    return None


@contextmanager
def told() -> Iterator[None]:
    """Turns a known refusal, also of a setting's name, into its sentence on stderr and its exit code."""
    try:
        _check_settings()
        yield
    except Exception as raised:
        error = _first(raised)
        code = exit_code(error)
        if code is None:
            raise
        say(f"sauti: {_sentence(error)}")
        raise typer.Exit(code) from None


def _check_settings() -> None:
    if any(name.startswith("SAUTI_") for name in os.environ):
        from rounds.settings import check_names

        check_names(os.environ)


def _first(error: Exception) -> Exception:
    """The first error inside groups: tasks that ran side by side failed, and a person can mend one thing at a time."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _sentence(error: Exception) -> str:
    """What happened and what to do; the system's own errors name the file."""
    if isinstance(error, OSError) and error.strerror:
        said = error.strerror.lower()
        return said if error.filename is None else f"{error.filename}: {said}"
    return str(error)


def sure(question: str, *, yes: bool) -> None:
    """Asks before something is done that nobody can undo. Ends with exit code 2 where nobody is there to answer."""
    if yes:
        return
    if not sys.stdin.isatty():
        say("sauti: this cannot be undone: say --yes")
        raise typer.Exit(MISUSED)
    typer.confirm(question, abort=True, err=True)


def say(words: str) -> None:
    """Words for the person, on stderr."""
    typer.echo(words, err=True)


def answer(value: object) -> None:
    """The command's result, as JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr for `(done, total)`; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar: Progress = RichProgress(*columns, console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
