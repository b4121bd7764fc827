"""Storage may ask twice what is to become of an update: what is said rests on the last time alone."""

from typing import Any

import pytest

from storage.intake import Turned
from storage.rounds import RoundRow
from storage.values import Draft, Verdict
from tests.bot.talk import Talk
from tests.bot.test_conversation import looks


async def test_a_first_try_leaves_nothing_for_the_second(
    talk: Talk, row: RoundRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first try saw a conversation and the one that was stored saw none, she is met as a stranger.

    Proves: P12
    """
    await talk.begin(row.code)
    await talk.consent()
    earlier = await talk.world.intake.standing(user_id=talk.user, round_id=row.id)
    assert earlier is not None
    turn = talk.world.intake.turn

    async def twice(**given: Any) -> Turned:  # noqa: ANN401 - whatever `turn` takes
        decide = given.pop("decide")

        def again(draft: Draft | None) -> Verdict:
            decide(earlier)
            decided: Verdict = decide(draft)
            return decided

        return await turn(decide=again, **given)

    stranger, other = (Talk(talk.world, talk.conversation, user=user) for user in (78, 79))
    monkeypatch.setattr(talk.world.intake, "turn", twice)
    for text in ("hello", "/stop", "/withdraw"):
        await stranger.type(text)
    await stranger.press("Delete my answers")
    monkeypatch.undo()
    for text in ("hello", "/stop", "/withdraw"):
        await other.type(text)
    await other.press("Delete my answers")

    assert looks(stranger.said) == looks(other.said)
