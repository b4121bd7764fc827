"""Everything that the staff bot says, in each language, as readable files that stand for themselves."""

import os
import re
from pathlib import Path

import pytest

from bot.staff import texts
from locales.catalog import catalogue
from locales.extract import template
from tests.staff.walk import walked
from tests.storage.world import World

GOLDEN = Path(__file__).parent / "golden"
NOT_WALKED = {"being removed", texts.LINKED.text}
"""What is destroyed stands in no list. The first card of all is in English: nobody has chosen a language yet."""


def pattern(text: str) -> str:
    """A text as it may be found, whatever stands for its names."""
    return ".+?".join(map(re.escape, re.split(r"\{\w+\}", text)))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_state_is_as_it_is_written_down(language: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each button, command and refusal, word for word, under a name that no other state has; none is left out.

    SAUTI_UPDATE_GOLDEN=1 writes it down anew.

    Proves: F1, F2
    """
    walk = walked(world, language, monkeypatch)
    wanted, path = "\n".join(walk.lines).rstrip() + "\n", GOLDEN / f"{language}.txt"
    if os.environ.get("SAUTI_UPDATE_GOLDEN") == "1":
        path.write_text(wanted, "utf-8")
    words = catalogue(language, texts.DOMAIN)
    said = [
        (one.context or "", str(one.id)) for one in template(texts.DOMAIN)
        if one.id and one.context != "slip" and one.id not in NOT_WALKED
    ]  # fmt: skip

    assert path.read_text("utf-8") == wanted
    assert len(walk.names) == len(set(walk.names))
    assert [text for context, text in said if not re.search(pattern(words.text(context, text)), _shown(wanted))] == []


def _shown(wanted: str) -> str:
    """What stands on cards, without what people do."""
    return "\n".join(line for line in wanted.splitlines() if line.startswith("|"))
