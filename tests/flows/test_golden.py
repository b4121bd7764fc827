import os
import re
from pathlib import Path

import pytest
import yaml

from docs import generate_conversations
from tests.flows.transcript import read, told

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
CHATS = sorted((Path(__file__).parents[1] / "bot" / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_whole_conversation_goes_as_it_is_written_down(path: Path) -> None:
    """What she does, what is sealed and each card she sees, line by line. SAUTI_UPDATE_GOLDEN=1 writes it down anew.

    Proves: K2, K3, P2, P8, P10, Q3
    """
    wanted = told(read(path))
    if os.environ.get("SAUTI_UPDATE_GOLDEN") == "1":
        path.write_text(wanted, "utf-8")
    assert path.read_text("utf-8") == wanted


NOT_HERE = {
    "K4": "what carries consent are sealed bytes: tests/privacy/test_consent.py",
    "C2": "awaits the desk",
    "W3": "awaits codes and quotes of the desk",
    "W5": "a broadcast comes unasked, from another program: tests/bot/test_broadcast.py",
    **dict.fromkeys(("O1", "O2", "O3", "O4", "O5"), "before anybody is spoken with: tests/rounds/test_gate.py"),
    **dict.fromkeys(("Q1", "Q2", "Q5", "Q6", "Q7", "Q8", "Q9"), "refused before it is said: test_linter.py"),
    **dict.fromkeys(("T1", "T2", "T4", "T5", "T6"), "between bot and Telegram, seen by nobody in a chat: tests/bot"),
}
"""Promises that no conversation can show, and where they are shown."""


def test_each_promise_is_shown_by_a_conversation_or_named_as_not() -> None:
    """Each id about people, questions, rounds and Telegram stands in a golden file, or above with the reason."""
    lines = (
        line
        for path in (*GOLDEN, *CHATS)
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("proves: ")
    )
    shown = {one for line in lines for one in line.removeprefix("proves: ").split(", ")}
    page = yaml.safe_load((Path(__file__).parents[2] / "docs" / "requirements.yaml").read_text("utf-8"))
    promised = {one for group in page.values() for one in group if re.fullmatch(r"[KPCWTQO]\d+", one)}

    assert shown | {*NOT_HERE} == promised
    assert shown & {*NOT_HERE} == set()


def test_the_conversations_in_the_docs_are_those_that_are_tested() -> None:
    """docs/conversations.md is in step with the golden files."""
    assert len(GOLDEN) >= 8
    assert generate_conversations.PAGE.read_text("utf-8") == generate_conversations.page()
