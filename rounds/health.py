"""How a server is: what is looked at, how it was found, and what to do about it. Reads; changes nothing.

For whoever looks after a server (`sauti doctor`), and for what watches it. Findings name settings, files, rounds and
versions; never a person, and no number that moves with each answer (D6).
"""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from storage.errors import StorageError
from storage.looking import file_of, latest, look
from storage.rounds import RUNNING, RoundRow, RoundStore
from storage.running import check_secrets
from storage.secrets import Secrets

HOUR: Final = 3_600
QUARTER: Final = 1 << 28
"""Bytes in a quarter of a GiB."""
LOW, LAST = 8, 1
"""Quarters below which somebody should look, and below which answers will soon be refused."""


class Grade(StrEnum):
    """How something was found."""

    GOOD = "good"
    LOOK = "look"
    """It works, and somebody should know."""
    BAD = "bad"
    """It does not work, or it endangers people."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `name` in words joined by hyphens, what was found, and what to do unless good."""

    name: str
    grade: Grade
    finding: str
    remedy: str = ""


def good(name: str, finding: str) -> Check:
    """Found as it should be."""
    return Check(name, Grade.GOOD, finding)


def of_server(store: RoundStore, folder: Path, now: datetime, *, loopback: bool) -> Iterator[Check]:
    """Everything about a server's own data.

    Args:
        store: its rounds; the database need not be there.
        folder: that of its secrets; it need not be there, either.
        now: with its time zone.
        loopback: whether the bot speaks with a server on this machine only, so that rehearsals may run.
    """
    path = file_of(store.engine)
    if path is not None:
        yield of_disk("database-disk", path.parent)
    yield of_disk("secrets-disk", folder)
    yield from of_secrets(folder, path)
    checks = list(of_database(store))
    yield from checks
    if any(check.name == "database-tables" and check.grade is Grade.GOOD for check in checks):
        yield from of_rounds(store, Secrets(folder), now.date(), loopback=loopback)
        yield of_jobs(store, now)


def of_database(store: RoundStore) -> Iterator[Check]:
    """Whether it answers, whether its tables are known, and who may touch it."""
    path = file_of(store.engine)
    if path is not None and not path.exists():
        # Connecting would make the file, and whoever looks must not be the one who makes it.
        where = path.parent if path.parent.is_dir() and os.access(path.parent, os.W_OK) else None
        if where is None:
            yield Check("database", Grade.BAD, "there is no file, and no folder to make it in", _FOLDER)
        else:
            yield good("database", "there is none yet; the first start makes it")
        return
    try:
        found = look(store.engine)
    except StorageError as error:
        yield Check("database", Grade.BAD, "does not answer", error.remedy)
        return
    yield good("database", f"{found.server} answers")
    yield _of_tables(found.tables, newest=found.newest, known=found.known)
    if found.almighty:
        yield Check("database-role", Grade.LOOK, "this process is a superuser of the database", _ROLE)
    if path is not None:
        yield _private("database-file", path)


_FOLDER = "Make the folder that SAUTI_DATABASE_URL names, and give it to the user that runs `sauti bot`."
_ROLE = "Give Sauti a role of its own that owns its database and nothing else, and name it in SAUTI_DATABASE_URL."


def _of_tables(tables: str | None, *, newest: bool, known: bool) -> Check:
    if not known:
        remedy = "A newer Sauti has used this database. Install that one; never let an older one write here."
        return Check("database-tables", Grade.BAD, f"of version {tables}, which is unknown", remedy)
    if newest:
        return good("database-tables", f"of version {tables}, the newest")
    said = "none yet" if tables is None else f"of version {tables}, an older one"
    return Check("database-tables", Grade.LOOK, said, "The next start brings them up to date. Make a backup before it.")


def _private(name: str, path: Path) -> Check:
    """Whether only its owner can read a file or a folder."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check(name, Grade.BAD, f"others may touch it (mode {mode:04o})", f"Run: chmod go= '{path}'")
    return good(name, "only its owner may touch it")


def of_secrets(folder: Path, database: Path | None) -> Iterator[Check]:
    """Whether the folder of secrets is private, and apart from the file of the database (None: a server keeps it)."""
    if not folder.is_dir():
        yield Check("secrets", Grade.LOOK, "the folder is not there yet", _FIRST)
        return
    yield _private("secrets", folder)
    if database is None:
        yield good("secrets-apart", "a server keeps the database; see to it that their disks differ")
    elif database.parent.is_dir() and database.parent.stat().st_dev == folder.stat().st_dev:
        yield Check("secrets-apart", Grade.LOOK, "on one disk with the database", _APART)
    else:
        yield good("secrets-apart", "on another disk than the database")


_FIRST = "The very first start makes it. If rounds were opened before, it is not mounted: start nothing until it is."
_APART = (
    "Whoever takes that disk can tell which account takes part in an open round. Move the folder to a tmpfs that is "
    "filled at start, or to another medium, and set SAUTI_SECRETS_DIR."
)


def of_disk(name: str, folder: Path) -> Check:
    """Whether there is room."""
    quarters = free(folder)
    if quarters is None:
        return Check(name, Grade.BAD, "cannot be asked how much room it has", "See whether the disk is still mounted.")
    said = f"{quarters / 4:.2f} GiB free"
    if quarters < LAST:
        return Check(name, Grade.BAD, said, "Make room now: a full disk refuses every answer.")
    if quarters < LOW:
        return Check(name, Grade.LOOK, said, "Make room soon.")
    return good(name, said)


def free(folder: Path) -> int | None:
    """Room on its disk in whole quarters of a GiB, because a finer figure would move with each answer (D6).

    None where the disk does not say. The folder need not be there.
    """
    try:
        return shutil.disk_usage(_standing(folder)).free // QUARTER
    except OSError:
        return None


def _standing(folder: Path) -> Path:
    """The nearest folder above that is there."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def of_rounds(store: RoundStore, secrets: Secrets, today: date, *, loopback: bool) -> Iterator[Check]:
    """Whether what runs may run, has its secrets, and names help that still answers (O2)."""
    try:
        rows = store.all()
        running = [row for row in rows if row.state in RUNNING]
        if running:
            check_secrets(store, secrets)
    except StorageError as error:
        yield Check("rounds", Grade.BAD, error.code, error.remedy)
        return
    yield good("rounds", f"{len(running)} open or paused, {len(rows)} in all")
    for row in running:
        if row.rehearsal and not loopback:
            yield Check("rehearsal", Grade.BAD, f"round {_short(row)} is one, and real people can reach the bot", _HERE)
        if old := row.stale_referrals(today):
            finding = f"round {_short(row)}: {old} entries were not tried for 30 days"
            yield Check("referrals", Grade.BAD, finding, f"Try each, then: sauti round referrals {_short(row)} FILE")


_HERE = "The bot will not start. Close the round, or point SAUTI_BOT_API_URL at a server on this machine."


def _short(row: RoundRow) -> str:
    return row.id.hex()[:8]


def of_jobs(store: RoundStore, now: datetime) -> Check:
    """Whether anybody does what time demands: reminds, forgets, closes."""
    try:
        late = latest(store.engine, int(now.timestamp()))
    except StorageError as error:
        return Check("clock-jobs", Grade.BAD, "cannot be read", error.remedy)
    if late <= HOUR:
        return good("clock-jobs", "nothing waits longer than an hour")
    finding = f"something has waited for {late // HOUR} hours: nobody does what time demands"
    return Check("clock-jobs", Grade.BAD, finding, "See whether `sauti bot` runs, and what it says on stderr.")
