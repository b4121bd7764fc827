"""Whatever somebody changes in the files of a release, however little: it is refused, or it says the very same."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from privacy.candidate import Candidate
from privacy.errors import NotACandidate, PrivacyError
from privacy.gate import check_certificate, check_release, check_releases
from privacy.ledger import consultation_of, read_ledger
from privacy.release import Release
from privacy.votes import read_book, read_voting
from sauti.files import WrongFile, load
from tests.privacy.make_vectors import FOLDER
from tests.privacy.test_vectors import CANDIDATE, LEDGER, RELEASE

VOTES = (FOLDER / "candidate.json.votes").read_bytes()
WHOLE = Candidate.from_json(CANDIDATE)
BOOK = VOTES.splitlines(keepends=True)[2]
SIGNED = b"".join(LEDGER.splitlines(keepends=True)[:3])
"""The ledger up to its release. Who took back what she had said after that is signed for by the next one."""


def candidate(text: bytes) -> object:
    """What a candidate's file says, where its author has signed for it."""
    found = Candidate.from_json(text)
    check_certificate(found)
    return found


def ledger(text: bytes) -> object:
    """What a ledger says, where all who released anything have signed for it."""
    found = read_ledger(text, consultation_of(text))
    check_releases(found.releases)
    return found


def release(text: bytes) -> object:
    """What a release's file says, where three people have signed for it."""
    found = Release.model_validate_json(text)
    check_release(found)
    return found


READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "candidate": (candidate, CANDIDATE),
    "release": (release, RELEASE),
    "ledger": (ledger, SIGNED),
    "votes": (lambda text: read_voting(text, WHOLE), VOTES),
    "book": (read_book, BOOK),
}


def read(name: str, text: bytes) -> object:
    """What a reader of this kind of file makes of a text; None where it is refused."""
    try:
        return READERS[name][0](text)
    except (PrivacyError, ValidationError):
        return None


@given(st.sampled_from(sorted(READERS)), st.data())
def test_a_changed_byte_is_refused_or_changes_nothing(name: str, data: st.DataObject) -> None:
    """One byte replaced, put in or taken out anywhere in candidate, release, ledger, votes or book.

    Proves: R2, R4, R5
    """
    text = READERS[name][1]
    place = data.draw(st.integers(0, len(text) - 1), "place")
    new = data.draw(st.binary(max_size=1), "instead")
    length = data.draw(st.integers(0, 1), "gone")

    changed = read(name, text[:place] + new + text[place + length :])

    assert changed is None or changed == read(name, text)


@given(st.sampled_from(sorted(READERS)), st.data())
def test_a_file_that_ends_early_is_refused(name: str, data: st.DataObject) -> None:
    """Cut anywhere, a file is refused or says nothing: no half of it passes for the whole. Proves: R2, R4, R5."""
    text = READERS[name][1]
    left = read(name, text[: data.draw(st.integers(1, len(text) - 2))])

    if name == "votes":
        # A seal may be there without what opens it: nobody releases on that.
        assert left is None or left.waiting() or not left.complete  # type: ignore[attr-defined]  # a voting
    elif name == "ledger":
        assert left is None or not left.releases  # type: ignore[attr-defined]  # a ledger
    else:
        assert left is None


@pytest.mark.parametrize(("form", "text"), [(Candidate, CANDIDATE), (Release, RELEASE)])
def test_no_field_is_named_twice(tmp_path: Path, form: type[Candidate | Release], text: bytes) -> None:
    """Of two values of one field this program signs for the last, and a newspaper's may print the first: refused.

    Proves: R4
    """
    (tmp_path / "given.json").write_bytes(text)
    assert isinstance(load(tmp_path / "given.json", form), form)
    places = [found.start() for found in re.finditer(rb'"[a-z_]+": [^\n{\[]+,?\n', text)]
    assert len(places) > 100

    for place in places[:: len(places) // 40]:
        name = text[place : text.index(b":", place)]
        (tmp_path / "given.json").write_bytes(text[:place] + name + b": 0,\n" + text[place:])
        with pytest.raises(WrongFile, match="twice"):
            load(tmp_path / "given.json", form)
    with pytest.raises(NotACandidate):
        Candidate.from_json(CANDIDATE.replace(b'"format"', b'"format": "sauti-candidate", "format"', 1))


def _leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield path
    for key, each in inside:
        yield from _leaves(each, (*path, key))


def _other(value: object) -> list[object]:
    """Values of the same kind, as near as there are."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1, value + 5]
        case str() if value:
            return [value + value[-1], ("0" if value[0] != "0" else "1") + value[1:], ""]
        case _:
            return ["more", 1]


def _put(whole: Any, path: tuple[str | int, ...], value: object) -> bytes:  # noqa: ANN401 - any JSON
    said = json.loads(json.dumps(whole))
    at = said
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(said).encode()


@pytest.mark.parametrize("name", ["candidate", "release"])
def test_no_field_can_say_something_else(name: str) -> None:
    """Each value of a candidate and of a release, certificate and votes among them, put in another one's place.

    Proves: R2, R4
    """
    whole = json.loads(READERS[name][1])
    paths = list(_leaves(whole))
    tried = 0
    assert read(name, READERS[name][1]) is not None
    for path in paths:
        at = whole
        for key in path:
            at = at[key]
        for value in _other(at):
            assert read(name, _put(whole, path, value)) is None, (path, value)
            tried += 1

    assert {path[0] for path in paths} >= {"format", "version", "candidate" if name == "release" else "tables"}
    assert tried > 2 * len(paths) > 200
