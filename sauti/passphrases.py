"""Where custodians' passphrases come from: a file named by SAUTI_PASSPHRASE_FILE, or a person at the terminal."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from sauti.speaking import MISUSED, say

VARIABLE = "SAUTI_PASSPHRASE_FILE"


def passphrases(holders: Sequence[int], *, new: bool = False) -> tuple[str, ...]:
    """One passphrase for each share index in `holders`; `new` ones are typed twice, as nobody can mend a slip later.

    The file holds either one line for all shares, or line *i* for share *i*. Without the variable the person is
    asked. Ends with exit code 2 where there is neither a file nor a terminal, or the file has too few lines.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return _from_file(Path(named), holders)
    if not sys.stdin.isatty():
        say(f"sauti: no passphrase: set {VARIABLE} to a file with one line, or one line for each share")
        raise typer.Exit(MISUSED)
    return tuple(
        typer.prompt(f"Passphrase of share {holder}", hide_input=True, confirmation_prompt=new, err=True)
        for holder in holders
    )


def _from_file(path: Path, holders: Sequence[int]) -> tuple[str, ...]:
    lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line]
    if len(lines) == 1:
        return tuple(lines * len(holders))
    if not lines or max(holders) > len(lines):
        say(f"sauti: {VARIABLE} has {len(lines)} lines; it needs one line, or one for each of the shares used")
        raise typer.Exit(MISUSED)
    return tuple(lines[holder - 1] for holder in holders)
