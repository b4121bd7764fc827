"""The demo's way from a count to a release, where the audit refuses: the mildest repair, or else a draft."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from sauti.demo import story
from sauti.demo.processes import DemoError
from sauti.demo.releasing import Office, offered
from sauti.demo.story import Stage

REFUSED = {"format": "sauti-repairs", "version": 1, "found": ["a cell"]}


def refusing(monkeypatch: pytest.MonkeyPatch, said: str) -> tuple[Office, list[list[str]]]:
    """An office where the first count that somebody would sign for is refused, saying this; and what it asks for."""
    asked: list[list[str]] = []

    async def run(*arguments: str | Path, settings: Mapping[str, str], log: Path) -> str:  # noqa: ARG001 - as it is called
        words = [str(each) for each in arguments]
        first = not any("--as" in each for each in asked)
        asked.append(words)
        if "--as" in words and first:
            raise DemoError(words[0], "exit 1", said)
        return ""

    monkeypatch.setattr(story, "sauti", run)
    return Office(Stage(Path("unused"), Path("unused")), Path("office")), asked


async def test_a_refused_count_is_repaired_as_mildly_as_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first repair that was offered is chosen by its name, and signed for."""
    repairs = [{"id": "collapse:age"}, {"id": "drop:age"}]
    office, asked = refusing(monkeypatch, json.dumps({**REFUSED, "repairs": repairs}))

    assert await office.count(Path("bundle"), ())
    assert asked[-1][-2:] == ["--repair", "collapse:age"]
    assert "--as" in asked[-1]


async def test_what_no_repair_helps_stays_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing that was tried is enough, it is counted without a signature and not released."""
    office, asked = refusing(monkeypatch, json.dumps({**REFUSED, "repairs": []}))

    assert not await office.count(Path("bundle"), ())
    assert "--as" not in asked[-1]


async def test_any_other_failure_ends_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that fails for another reason is not taken for a refusal."""
    office, _ = refusing(monkeypatch, "")

    with pytest.raises(DemoError):
        await office.count(Path("bundle"), ())
    assert offered("[]") is None
    assert offered('{"repairs": 3}') is None
