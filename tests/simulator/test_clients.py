"""Two real bot libraries, unmodified, hold a conversation with the simulator, by polling and by webhook."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.server import Simulator
from tests.simulator.libraries import aiogram_bot, ptb_bot

Library = Callable[..., AbstractAsyncContextManager[None]]


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("library", [aiogram_bot, ptb_bot], ids=["aiogram", "ptb"])
async def test_real_library_converses(
    simulator: Simulator, driver: Driver, bot: Json, library: Library, *, webhook: bool
) -> None:
    """A real library starts, sends, edits, answers a button, uploads and deletes, and meets no refusal."""
    async with library(simulator, bot["token"], webhook=webhook):
        amina = await driver.person("Amina", username="amina_sim", language_code="en")

        await amina.start("K7QD")
        card = await amina.next_card()
        assert card.text == "hello /start K7QD"
        assert card.keyboard == (("Yes",),)

        await amina.press("Yes")
        screen = await amina.wait(lambda chat: chat.card is not None and chat.card.text == "thanks")
        assert [toast["text"] for toast in screen.toasts] == ["noted"]
        assert screen.card
        assert screen.card.edits == 1

        await amina.say("picture")
        await amina.wait("again")
        said = await amina.say("forget this")
        await amina.wait(lambda chat: any(m.id == said["message_id"] and m.deleted for m in chat.messages))
    refused = [call for call in await driver.calls() if not call["answer"]["ok"]]
    assert refused == []
    counters = await driver.call("GET", f"/sim/bots/{bot['id']}/counters")
    assert counters["confirmed"] >= 3
