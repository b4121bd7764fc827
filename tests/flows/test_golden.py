import os
from pathlib import Path

import pytest

from docs import generate_conversations
from tests.flows.transcript import read, told

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_whole_conversation_goes_as_it_is_written_down(path: Path) -> None:
    """What she does, what is sealed and each card she sees, line by line. SAUTI_UPDATE_GOLDEN=1 writes it down anew.

    Proves: K2, K3, P2, P8, P10, Q3
    """
    wanted = told(read(path))
    if os.environ.get("SAUTI_UPDATE_GOLDEN") == "1":
        path.write_text(wanted, "utf-8")
    assert path.read_text("utf-8") == wanted


def test_the_conversations_in_the_docs_are_those_that_are_tested() -> None:
    """docs/conversations.md is in step with the golden files."""
    assert len(GOLDEN) >= 8
    assert generate_conversations.main(["--check"]) == 0
