"""How commands speak: results on stdout, everything else on stderr, failures as one sentence and an exit code.

Exit 0 done; 1 findings or refusal; 2 wrong use or settings; 3 transient, try again.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

REFUSED, MISUSED, TRANSIENT = 1, 2, 3

EXIT_CODES = {
    "storage.errors.StorageUnavailable": TRANSIENT,
    "storage.errors.StorageError": REFUSED,
    "storage.envelope.errors.EnvelopeError": REFUSED,
    "privacy.errors.PrivacyError": REFUSED,
    "storage.sealing.SealingError": REFUSED,
    "rounds.gate.GateClosed": REFUSED,
    "rounds.life.WrongState": REFUSED,
    "flows.findings.ConsultationError": REFUSED,
    "locales.catalog.CatalogueError": MISUSED,
    "sauti.settings.SettingsError": MISUSED,
    "bot.participant.settings.SettingsError": MISUSED,
    "bot.participant.session.TelegramError": MISUSED,
    "sauti.demo.processes.DemoError": REFUSED,
    "sauti.files.WrongFile": MISUSED,
    "builtins.FileNotFoundError": MISUSED,
    "builtins.FileExistsError": MISUSED,
    "builtins.IsADirectoryError": MISUSED,
    "builtins.NotADirectoryError": MISUSED,
    "builtins.PermissionError": MISUSED,
}
"""Error families by full name: naming them so keeps rooms unloaded until a command needs them."""


def exit_code(error: BaseException) -> int | None:
    """The exit code of the nearest known family of `error`; None for a fault of ours, which may show its traceback."""
    for family in type(error).__mro__:
        code = EXIT_CODES.get(f"{family.__module__}.{family.__qualname__}")
        if code is not None:
            return code
    return None


@contextmanager
def told() -> Iterator[None]:
    """Turns a known refusal into its sentence on stderr and its exit code."""
    try:
        yield
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        say(f"sauti: {error}")
        raise typer.Exit(code) from None


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
