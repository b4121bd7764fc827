"""Commands that are typed: with a stroke they are done, and never taken for an answer (P2)."""

import pytest

from bot.participant import texts
from tests.bot.talk import Talk


@pytest.mark.parametrize("typed", ["/pause", "/PAUSE", "/support", "/language", "/skip", "/back"])
async def test_a_command_with_a_stroke_is_never_taken_for_an_answer(talk: Talk, typed: str) -> None:
    """In a text question it is done at once; only a word without a stroke may have been the answer. Proves: P2."""
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    question = talk.card.text
    await talk.type(typed)

    assert talk.card.text != question
    assert not talk.card.text.startswith(texts.COMMAND.text)
