import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.architecture.house import NOT_SHIPPED, ROOT, rooms, sources

SILENCERS = {
    "noqa": re.compile(r"#\s*noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - \w.{2,}"),
    "type: ignore": re.compile(r"#\s*type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]\s+(?:#|-) \w.{2,}"),
    "pragma: no cover": re.compile(r"#\s*pragma: no cover - \w.{2,}"),
}


def unreasoned(text: str) -> list[str]:
    """The comments of a source that silence a checker without saying why."""
    comments = (
        token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT
    )
    return [
        comment
        for comment in comments
        if any(re.search(rf"#\s*{word}\b", comment) and not form.search(comment) for word, form in SILENCERS.items())
    ]


@pytest.mark.parametrize("path", sources(*rooms(), *NOT_SHIPPED), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_whoever_silences_a_checker_says_why(path: Path) -> None:
    """Every noqa, type: ignore and pragma names its code and gives a reason after it."""
    assert unreasoned(path.read_text("utf-8")) == []


def test_a_silencer_without_a_reason_is_seen() -> None:
    """The check above can fail: bare forms are found, reasoned forms are not."""
    bare = ["x = 1  # " + "noqa", "x = 1  # " + "noqa: E501", "x = f()  # " + "type: ignore[no-any-return]"]
    reasoned = "x = 1  # " + "noqa: S105, S106 - the third answer, not a password"

    assert [len(unreasoned(line + "\n")) for line in [*bare, reasoned]] == [1, 1, 1, 0]
