"""Everybody who is measured holds the same dialogue, tap for tap, and our bot stays at its number of calls."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.dialogue import CARDS
from bot.simulator.crowd import Crowd
from bot.simulator.people import Hands
from bot.simulator.server import running
from flows.loader import load
from flows.model import Consultation, Multiple, Scale, ShortText, Vote
from sauti.benching import contestants
from sauti.benching.children import child
from sauti.benching.contestants import ACTS, ALL, CONSULTATION, Contestant, Prepared, Seat, seated
from sauti.benching.measuring import SAYING, TOKEN
from sauti.benching.preparing import prepare

CALLS = {
    "sendMessage": 1,  # the first card
    "editMessageText": 27,  # every act but the first
    "answerCallbackQuery": 25,  # every tap
    "deleteMessages": 4,  # /start, two typed texts, the sweep at the end
}
"""Calls of one whole conversation of our bot: 28 acts, so about two an update."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """An open round."""
    return prepare(tmp_path_factory.mktemp("bench") / "prepared")


def asked() -> Consultation:
    """What our bot asks."""
    return load(CONSULTATION.read_bytes(), CONSULTATION.name)


def test_peers_ask_what_we_ask() -> None:
    """Each question of the peers has our words, and as many options."""
    items, cards = asked().items, [card for card in CARDS if card.text.startswith("Question ")]

    assert len(items) == len(cards) == 12
    for item, card in zip(items, cards, strict=True):
        assert item.text["en"] in card.text
        assert card.several == isinstance(item, Multiple)
        choices = [one.text["en"] for one in getattr(item, "choices", ())]
        if isinstance(item, Scale):
            choices = [str(number) for number in range(item.low, item.high + 1)]
        if not isinstance(item, Vote):
            assert list(card.options) == choices
        assert isinstance(item, ShortText) == (not card.options)


def test_the_acts_are_what_the_cards_ask_for() -> None:
    """Every card with buttons is answered by a tap and every other by words; *several* takes two ticks and *done*."""
    wanted = [(not card.options, 3 if card.several else 1) for card in CARDS]

    assert [not act.words for act in ACTS] == [not words for words, acts in wanted for _ in range(acts)]
    assert len(ACTS) + 1 == 28


class Alone(Crowd):
    """One person's conversation: nobody comes after her, whose calls would be counted as hers."""

    def newcomer(self) -> Hands:
        """The first person, and then somebody who never begins."""
        self.resting = self.tally.conversations > 0
        return super().newcomer()


async def walked(contestant: Contestant, prepared: Prepared, folder: Path) -> Counter[str]:
    """What one person's whole conversation made the bot call."""
    async with running(rate_limits=False, light=False) as simulator:
        server = simulator.world.add_bot(token=TOKEN)
        seat = Seat(simulator.url, TOKEN, folder, None)
        seated(prepared, contestant, seat)
        async with child(contestant.command(seat), contestant.settings(seat), folder / "log", None):
            crowd = Alone(simulator.world, server, contestant.acts, payload=prepared.code if contestant.ours else "")
            async with asyncio.timeout(60):
                while not server.pollers:  # noqa: ASYNC110 - the simulator's counter does not tell
                    await asyncio.sleep(0.02)
                begun = simulator.api.journal.last
                crowd.arrive(1)
                while not crowd.tally.conversations:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.002)
                crowd.rest()
                while crowd.unanswered or len(server.updates):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
                calls = simulator.api.journal.read(begun, 1000, None, None)
        calls = [call for call in calls if call["method"].lower() in SAYING]
        assert [call for call in calls if not call["answer"]["ok"]] == []
        return Counter(call["method"] for call in calls)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sauti", "sauti_unsealed"])
async def test_our_calls_stay_at_their_number(name: str, prepared: Prepared, tmp_path: Path) -> None:
    """One whole conversation costs two calls an update and not one more, also without sealing and storing."""
    calls = await walked(ALL[name], prepared, tmp_path)

    assert calls == CALLS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aiogram_memory", "ptb_conversation"])
async def test_peers_hold_the_whole_dialogue(
    name: str, prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer comes from the first card to the last without a refused call: one call a text, two a tap."""
    monkeypatch.setattr(contestants, "PEERS_PYTHON", Path(sys.executable))

    calls = await walked(ALL[name], prepared, tmp_path)

    assert calls["answerCallbackQuery"] == 25
    assert calls["sendMessage"] == 3
    assert calls["editMessageText"] + calls["editMessageReplyMarkup"] == 25


def test_the_null_bot_is_asked_as_often() -> None:
    """The yardstick's ceiling is taken with as many acts and as many typed texts."""
    null = ALL["null"].acts

    assert [bool(act.words) for act in null] == [bool(act.words) for act in ACTS]
    assert {act.index for act in null} <= {0, None}
