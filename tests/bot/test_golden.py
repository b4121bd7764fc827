"""Whole chats as readable files: what she does, and every message that comes and goes."""

import os
from pathlib import Path

import pytest

from tests.bot.chat_script import read, told
from tests.storage.world import World

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def written(path: Path, wanted: str) -> str:
    """What stands in a golden file, which is `wanted` where that is to be written down anew."""
    if os.environ.get("SAUTI_UPDATE_GOLDEN") == "1":
        path.write_text(wanted, "utf-8")
    return path.read_text("utf-8")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
async def test_a_whole_chat_goes_as_it_is_written_down(path: Path, world: World) -> None:
    """What she does and what stands in the chat, message by message. SAUTI_UPDATE_GOLDEN=1 writes it down anew.

    Proves: P3, P4, P5, P6, P9, P11, P12, W1, W2, W4, W6
    """
    wanted = await told(read(path), world)
    assert written(path, wanted) == wanted
