"""A server of ours as a child process, forked from one that has already imported everything.

Importing the bot's framework takes seconds, and some of these tests start the bot fifty times. The child does what
`python -m sauti …` does from its first own line on: settings from the environment, files for stdout and stderr, the
command line. `twist` names a function of tests.faults.twists that bends the child first, for tests of broken rules.
"""

import ctypes
import importlib
import os
import signal
import sys
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""

FORGE = get_context("forkserver")
FORGE.set_forkserver_preload(
    ["__main__", "bot.participant.app", "bot.simulator.server", "sauti.main", "tests.faults.warm"]
)


def run(settings: dict[str, str], arguments: tuple[str, ...], out: str, err: str, twist: str | None) -> None:
    """Becomes `sauti ARGUMENTS` with these settings. Runs in the child."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    for name in [name for name in os.environ if name.startswith("SAUTI_")]:
        del os.environ[name]
    os.environ.update(settings)
    for path, number in ((out, 1), (err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    if twist is not None:
        getattr(importlib.import_module("tests.faults.twists"), twist)()
    sys.argv = ["sauti", *arguments]
    from sauti.main import main

    main()


def forge(
    settings: dict[str, str], arguments: tuple[str, ...], out: Path, err: Path, twist: str | None
) -> ForkServerProcess:
    """Starts a child and returns at once."""
    child = FORGE.Process(target=run, args=(settings, arguments, str(out), str(err), twist), daemon=True)
    child.start()
    return child
