"""How a child process is bent before it starts: a clock that jumps, and rules broken on purpose for `make sabotage`."""

import os
from datetime import timedelta
from pathlib import Path


def clock() -> None:
    """The bot's clock runs ahead by as many seconds as the file `clock` in its folder for temporary files says."""
    from bot.participant import app

    real, file = app.now, Path(os.environ["TMPDIR"]) / "clock"
    app.now = lambda: real() + timedelta(seconds=float(file.read_text()))
