"""Looks for words in bytes, in every spelling in which a program may have written them down."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path


def spellings(word: str) -> dict[str, bytes]:
    """`word` as UTF-8, UTF-16, hexadecimal and base64 wherever it begins, its letters as they are or exchanged."""
    found = {}
    for case, written in (("", word), (" upside down", word.swapcase()), (" lower", word.lower())):
        found[f"UTF-8{case}"] = written.encode()
        found[f"UTF-16 LE{case}"] = written.encode("utf-16-le")
        found[f"UTF-16 BE{case}"] = written.encode("utf-16-be")
    found["hexadecimal"] = word.encode().hex().encode()
    found["HEXADECIMAL"] = word.encode().hex().upper().encode()
    found["backwards"] = word[::-1].encode()
    for shift in range(3):
        found[f"base64 at {shift}"] = _base64(word.encode(), shift)
    return found


def _base64(word: bytes, shift: int) -> bytes:
    """The characters of base64 that are the same whatever stands before and after `word`."""
    whole = base64.b64encode(bytes(shift) + word)
    first = -(-shift * 8 // 6)
    last = (shift + len(word)) * 8 // 6
    return whole[first:last]


def places(folders: Iterable[Path], processes: Iterable[int] = ()) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file below `folders`, and of every file that these processes hold open, deleted or not."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            with suppress(OSError):
                if path.is_file():
                    yield str(path.relative_to(folder)), path.read_bytes()
    for process in processes:
        for link in sorted(Path(f"/proc/{process}/fd").iterdir()):
            with suppress(OSError):
                target = str(link.readlink())
                if target.startswith("/") and not target.startswith(("/dev", "/proc")):
                    yield f"open {link.name} {target}", link.read_bytes()


def search(where: Iterable[tuple[str, bytes]], words: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """(place, spelling) of everything that was found."""
    return {(name, spelling) for name, data in where for spelling, word in words.items() if word in data}
