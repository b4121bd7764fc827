"""Two real bot libraries, unmodified, as a test holds them: the same small bot in each."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.simulator.server import Simulator

if TYPE_CHECKING:
    from aiogram import Router
    from telegram.ext import BaseHandler

SECRET = "s3cret"  # noqa: S105 - opens nothing
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def aiogram_router() -> "Router":
    """Return the small bot as aiogram handlers."""
    from aiogram import F, Router, types
    from aiogram.filters import CommandStart

    router = Router()
    keys = types.InlineKeyboardMarkup(inline_keyboard=[[types.InlineKeyboardButton(text="Yes", callback_data="y")]])

    @router.message(CommandStart())
    async def start(message: types.Message) -> None:
        await message.answer(f"hello {message.text}", reply_markup=keys)

    @router.message(F.text == "picture")
    async def picture(message: types.Message) -> None:
        sent = await message.answer_photo(types.BufferedInputFile(PNG, "a.png"), caption="one")
        assert sent.photo
        await message.answer_photo(sent.photo[0].file_id, caption="again")

    @router.message()
    async def other(message: types.Message) -> None:
        await message.delete()

    @router.callback_query()
    async def pressed(query: types.CallbackQuery) -> None:
        assert isinstance(query.message, types.Message)
        await query.answer("noted")
        await query.message.edit_text("thanks")

    return router


@asynccontextmanager
async def aiogram_bot(simulator: Simulator, token: str, *, webhook: bool) -> AsyncIterator[None]:
    """Run the small bot on aiogram."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler

    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(simulator.url)))
    dispatcher = Dispatcher()
    dispatcher.include_router(aiogram_router())
    async with _hosted(bot.set_webhook, webhook=webhook) as app:
        if app is not None:
            SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, "/hook")
            yield
        else:
            polling = asyncio.ensure_future(dispatcher.start_polling(bot, handle_signals=False))
            yield
            await dispatcher.stop_polling()
            with suppress(asyncio.CancelledError):
                await polling
    await bot.session.close()


def ptb_handlers() -> "list[BaseHandler[Any, Any, Any]]":
    """Return the small bot as python-telegram-bot handlers."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])

    async def start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text(f"hello {update.message.text}", reply_markup=keys)

    async def picture(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        sent = await update.message.reply_photo(PNG, caption="one")
        await update.message.reply_photo(sent.photo[0].file_id, caption="again")

    async def other(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.delete()

    async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("noted")
        await update.callback_query.edit_message_text("thanks")

    return [
        CommandHandler("start", start),
        MessageHandler(filters.Text(["picture"]), picture),
        MessageHandler(filters.ALL, other),
        CallbackQueryHandler(pressed),
    ]


@asynccontextmanager
async def ptb_bot(simulator: Simulator, token: str, *, webhook: bool) -> AsyncIterator[None]:
    """Run the small bot on python-telegram-bot."""
    from telegram import Update
    from telegram.ext import Application

    application = Application.builder().token(token).base_url(f"{simulator.url}/bot").build()
    application.add_handlers(ptb_handlers())

    async def receive(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        await application.process_update(Update.de_json(await request.json(), application.bot))
        return web.Response()

    async with application, _hosted(application.bot.set_webhook, webhook=webhook) as app:
        await application.start()
        if app is not None:
            app.router.add_post("/hook", receive)
            yield
        else:
            assert application.updater
            await application.updater.start_polling(timeout=2)
            yield
            await application.updater.stop()
        await application.stop()


@asynccontextmanager
async def _hosted(set_webhook: Callable[..., Any], *, webhook: bool) -> AsyncIterator[web.Application | None]:
    """Serve an application whose routes the caller adds, and set the webhook once it listens."""
    if not webhook:
        yield None
        return
    app, inner = web.Application(), web.Application()

    async def forward(request: web.Request) -> web.StreamResponse:
        match = await inner.router.resolve(request)
        match.add_app(inner)
        return await match.handler(request)

    app.router.add_route("*", "/{rest:.*}", forward)
    async with TestServer(app) as server:
        await set_webhook(f"http://127.0.0.1:{server.port}/hook", secret_token=SECRET)
        yield inner
