"""A message that was sent is remembered, also where storage goes away just then."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.participant.steadfast import TRIES, Steadfast
from storage.errors import StorageUnavailable
from tests.bot.test_speaker import Cards, Naps, outcome, speaking


@dataclass
class Away(Cards):
    """Storage that is away for so many calls."""

    calls: int = 0
    asked: list[str] = field(default_factory=list)

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        self.calls -= 1
        if self.calls >= 0:
            raise StorageUnavailable

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> int | None:
        self._ask("card_sent")
        return await super().card_sent(user_id=user_id, round_id=round_id, message_id=message_id)

    async def line_sent(self, *, chat_id: int, message_id: int, later: timedelta) -> None:
        self._ask("line_sent")
        await super().line_sent(chat_id=chat_id, message_id=message_id, later=later)


@pytest.mark.parametrize("away", [0, 1, 3, TRIES - 1])
async def test_what_was_sent_is_remembered_once_storage_is_back(away: int) -> None:
    """A card and a line whose number could not be kept are kept as soon as storage takes them. Proves: S1."""
    cards, naps = Away(calls=away), Naps()
    steadfast = Steadfast(cards, naps)

    await steadfast.card_sent(user_id=1, round_id=b"r", message_id=5)
    cards.calls = away
    await steadfast.line_sent(chat_id=1, message_id=6, later=timedelta(0))

    assert cards.told == [5]
    assert cards.lines == [(6, timedelta(0))]
    assert len(cards.asked) == 2 * (away + 1)
    assert len(naps.taken) == 2 * away


async def test_storage_that_stays_away_is_said_after_about_a_minute() -> None:
    """Nobody waits for ever: after a minute of tries the refusal goes up."""
    cards, naps = Away(calls=TRIES), Naps()

    with pytest.raises(StorageUnavailable):
        await Steadfast(cards, naps).card_sent(user_id=1, round_id=b"r", message_id=5)

    assert 55 < sum(naps.taken) < 75


async def test_a_speaker_does_not_give_up_on_storage() -> None:
    """A reply that was sent while storage was away ends with its message remembered. Proves: S1."""
    async with speaking() as (_, say, cards, naps):
        keep, tries = cards.card_sent, iter((True, True, False))

        async def away(*, user_id: int, round_id: bytes, message_id: int) -> int | None:
            if next(tries):
                raise StorageUnavailable
            return await keep(user_id=user_id, round_id=round_id, message_id=message_id)

        cards.card_sent = away  # type: ignore[method-assign]  # storage that goes away
        await say.say(outcome(remember=b"r"))

    assert cards.told == [1001]
    assert naps.taken == [0.25, 0.5]
