"""Files that commands hand to each other: read with a plain refusal, written without overwriting a key."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast, get_args

import typer
from pydantic import BaseModel, ValidationError

from storage.envelope.fields import says_once

if TYPE_CHECKING:
    from privacy.candidate import Candidate
    from privacy.release import Release

HEAD = 64
"""Bytes within which a file of ours has named its format."""

BOUND = 32 << 20
"""Bytes of the largest file of ours that is read: a hundred times what a candidate has. Reading takes thirty times the
memory, and what a stranger sends must not take the machine down."""

Form = TypeVar("Form", bound=BaseModel)


class WrongFile(Exception):  # noqa: N818 - named for what the person did
    """A file is not what the command needs. Names the file and the fields, never their values."""

    def __init__(self, path: Path, form: type[BaseModel], fields: str) -> None:
        kind = get_args(form.model_fields["format"].annotation)[0]
        super().__init__(f"{path.name} is not a `{kind}` file (look at: {fields or 'the whole file'})")


def load(path: Path, form: type[Form]) -> Form:
    """The file at `path` in the given form. Raises WrongFile where it is another, too large, or says a thing twice."""
    if path.stat().st_size > BOUND:
        raise WrongFile(path, form, "its size")
    text = path.read_bytes()
    if not says_once(text):
        raise WrongFile(path, form, "a field that stands there twice")
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        fields = sorted({".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)})
        raise WrongFile(path, form, ", ".join(field for field in fields if field)) from None


LARGEST = 1 << 20
"""Bytes that are read at most of what lies beside a form: enough to see that it is too large."""


def beside(path: Path) -> Callable[[str], bytes | None]:
    """Brings recordings and lists that a consultation names, from its folder downwards; never a way out by a link."""
    folder = path.resolve().parent

    def fetch(name: str) -> bytes | None:
        found = (folder / name).resolve()
        if not found.is_relative_to(folder) or not found.is_file():
            return None
        with found.open("rb") as file:
            return file.read(LARGEST)

    return fetch


def load_source(path: Path) -> "Candidate | Release":
    """The candidate or release at `path`: both are what documents are written from.

    Raises ReleaseRefused where a release is not what three people have signed: its documents do not say DRAFT.
    """
    from privacy.candidate import Candidate
    from privacy.gate import check_release
    from privacy.release import Release

    with path.open("rb") as file:
        head = file.read(HEAD)
    if b'"sauti-release"' not in head:
        return load(path, Candidate)
    release = load(path, Release)
    check_release(release)
    return release


def refuse_existing(*paths: Path) -> None:
    """Raises FileExistsError if anything stands at one of `paths`, before the first of them is written."""
    for path in paths:
        if path.exists():
            raise FileExistsError(errno.EEXIST, "there is something here already; it is not overwritten", str(path))


def write_private(path: Path, text: str) -> None:
    """Creates `path` readable by its owner only. Raises FileExistsError rather than overwrite."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def hand_over(text: str, out: Path | None) -> None:
    """Writes a result to `out`, or to stdout without it."""
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def check_out(out: Path, *given: Path) -> None:
    """Before anything is worked out: whether a file can stand at `out`, and that it takes the place of none of `given`.

    Raises OSError. Of a bundle or a ledger that was written over there may be no second copy.
    """
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    if not out.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out.parent))
    if any(_places(out) & _places(path) for path in given):
        raise FileExistsError(errno.EEXIST, "it is read here and would be lost; write to another name", str(out))


def _places(path: Path) -> set[Path]:
    """Where a file lies, and where its name stands: a link has both."""
    return {path.resolve(), path.parent.resolve() / path.name}


@contextmanager
def whole_file(out: Path) -> Iterator[BinaryIO]:
    """A file that stands at `out` only once it is whole: half a bundle must never lie where one is looked for."""
    check_out(out)
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".unfinished-", delete=False) as file:
        try:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(out)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


_ZEROS = bytes(1 << 20)


def exchange(doomed: Path, statement: str, out: Path) -> None:
    """Overwrites and removes `doomed`, and leaves `statement` at `out`: never the one without the other.

    The statement is on the disk before the first byte goes and gets its name after the last one has. Interrupted in
    between, it stands beside `out` as `.unfinished-…`: what it says is true by then, and nobody could sign it again.
    """
    doomed = doomed.resolve()
    with whole_file(out) as file:
        file.write(statement.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        _overwrite(doomed)
    doomed.unlink()


def _overwrite(path: Path) -> None:
    # A flash disk or a copying file system may keep the old blocks all the same: docs/formats/destruction.md says so.
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            left -= file.write(_ZEROS[:left])
        file.flush()
        os.fsync(file.fileno())
