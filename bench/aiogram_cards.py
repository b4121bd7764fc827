"""What both aiogram peers share: keyboards of cards, and serving by polling or webhook, as its documentation does."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup
from aiogram.utils.keyboard import InlineKeyboardBuilder
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bench.dialogue import Card

DONE = -1


class Pick(CallbackData, prefix="pick"):
    """A button: which card, and which of its options."""

    place: int
    option: int


def keyboard(card: Card, place: int, chosen: list[int]) -> InlineKeyboardMarkup | None:
    """The buttons of a card; ticked where several may be chosen."""
    if not card.options:
        return None
    builder = InlineKeyboardBuilder()
    for option, label in enumerate(card.options):
        ticked = f"✓ {label}" if option in chosen else label
        builder.button(text=ticked, callback_data=Pick(place=place, option=option))
    if card.several:
        builder.button(text="Done", callback_data=Pick(place=place, option=DONE))
    builder.adjust(5 if card.options[0].isdecimal() else 1)
    return builder.as_markup()


def serve(dispatcher: Dispatcher) -> None:
    """Polls, or takes updates by webhook where BENCH_PORT names a port."""
    server = TelegramAPIServer.from_base(os.environ["BENCH_URL"])
    bot = Bot(os.environ["BENCH_TOKEN"], session=AiohttpSession(api=server))
    port = os.environ.get("BENCH_PORT")
    if port is None:
        asyncio.run(dispatcher.start_polling(bot))
        return

    async def on_startup(bot: Bot) -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=os.environ["BENCH_SECRET"])

    dispatcher.startup.register(on_startup)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher=dispatcher, bot=bot, secret_token=os.environ["BENCH_SECRET"])
    handler.register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)
