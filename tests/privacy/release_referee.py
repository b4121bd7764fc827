"""A second reader of what a release rests on, written from docs/formats/release.md and ledger.md alone."""

import hashlib
import json
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """SHA-256 of it, in hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def content(candidate: dict[str, Any]) -> str:
    """What a certificate and votes name a candidate by."""
    return digest({name: value for name, value in candidate.items() if name != "certificate"})


def release(text: bytes) -> bool:
    """Whether a release file is what its author and two reviewers signed."""
    try:
        return _release(json.loads(text))
    except (ValueError, KeyError, TypeError, StopIteration, BadSignatureError):
        return False


def ledger(text: bytes) -> int | None:
    """How many releases a ledger holds; None where any rule of it is broken."""
    try:
        lines = text.decode().split("\n")
        assert lines.pop() == ""
        before, head, found = "0" * 64, json.loads(lines[0]), 0
        assert (head["format"], head["version"], set(head)) == (
            "sauti-ledger", 1, {"format", "version", "consultation", "previous"}
        )  # fmt: skip
        for place, line in enumerate(lines):
            said = json.loads(line)
            assert canonical(said).decode() == line
            assert said["previous"] == before
            before = hashlib.sha256(line.encode()).hexdigest()
            if place:
                found += _entry(said, head["consultation"], found + 1)
    except (ValueError, KeyError, TypeError, StopIteration, AssertionError, BadSignatureError):
        return None
    return found


def _entry(said: dict[str, Any], consultation: str, number: int) -> bool:
    kind = said.pop("entry")
    if kind == "release":
        assert said["number"] == number
        assert _release({"format": "sauti-release", "version": 1, "consultation": consultation, **said})
        return True
    assert (kind, set(said)) == ("withdrawn", {"previous", "responses", "round"})
    return False


def _release(said: dict[str, Any]) -> bool:
    candidate, votes = said["candidate"], said["votes"]
    certificate = candidate["certificate"]
    for each in (certificate, *votes):
        _signed(each)
    rules = {name: candidate["rules"][name] for name in ("threshold", "threshold_sensitive", "s")}
    method = {name: candidate["method"][name] for name in ("bundle_root", "tombstones", "ledger_head")}
    first = next(vote for vote in votes if vote["after"] == "0" * 64)
    about = {"candidate": content(candidate), "number": said["number"], **rules, **method}
    return (
        (said["format"], said["version"], certificate["format"]) == ("sauti-release", 1, "sauti-certificate")
        and said["consultation"] == candidate["subject"]["id"]
        and said["previous"] == method["ledger_head"]
        and about.items() <= certificate.items()
        and len(votes) == 2
        and votes[0]["key"] < votes[1]["key"]
        and votes[0]["name"] != votes[1]["name"]
        and sorted(vote["after"] for vote in votes) == ["0" * 64, digest(first)]
        and all(_for(vote, certificate) for vote in votes)
    )


def _for(vote: dict[str, Any], certificate: dict[str, Any]) -> bool:
    return (
        (vote["format"], vote["version"], vote["releases"]) == ("sauti-vote", 2, True)
        and (vote["candidate"], vote["certificate"]) == (certificate["candidate"], digest(certificate))
        and vote["key"] != certificate["key"]
        and vote["name"] != certificate["author"]
    )


def _signed(said: dict[str, Any]) -> None:
    plain = canonical({name: value for name, value in said.items() if name != "signature"})
    VerifyKey(bytes.fromhex(said["key"])).verify(plain, bytes.fromhex(said["signature"]))
