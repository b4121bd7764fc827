"""Two real bot libraries, unmodified, hold a conversation with the simulator, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.server import Simulator

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@asynccontextmanager
async def aiogram_bot(simulator: Simulator, token: str, *, webhook: bool) -> AsyncIterator[None]:
    from aiogram import Bot, Dispatcher, F, types
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.filters import CommandStart
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler

    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(simulator.url)))
    dispatcher = Dispatcher()
    keys = types.InlineKeyboardMarkup(inline_keyboard=[[types.InlineKeyboardButton(text="Yes", callback_data="y")]])

    @dispatcher.message(CommandStart())
    async def start(message: types.Message) -> None:
        await message.answer(f"hello {message.text}", reply_markup=keys)

    @dispatcher.message(F.text == "picture")
    async def picture(message: types.Message) -> None:
        sent = await message.answer_photo(types.BufferedInputFile(PNG, "a.png"), caption="one")
        assert sent.photo
        await message.answer_photo(sent.photo[0].file_id, caption="again")

    @dispatcher.message()
    async def other(message: types.Message) -> None:
        await message.delete()

    @dispatcher.callback_query()
    async def pressed(query: types.CallbackQuery) -> None:
        assert isinstance(query.message, types.Message)
        await query.answer("noted")
        await query.message.edit_text("thanks")

    async with _hosted(bot.set_webhook, webhook=webhook) as app:
        if app is not None:
            SimpleRequestHandler(dispatcher, bot, secret_token="s3cret").register(app, "/hook")
            yield
        else:
            polling = asyncio.ensure_future(dispatcher.start_polling(bot, handle_signals=False))
            yield
            await dispatcher.stop_polling()
            with suppress(asyncio.CancelledError):
                await polling
    await bot.session.close()


@asynccontextmanager
async def ptb_bot(simulator: Simulator, token: str, *, webhook: bool) -> AsyncIterator[None]:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

    async def start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
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

    application = Application.builder().token(token).base_url(f"{simulator.url}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.Text(["picture"]), picture))
    application.add_handler(MessageHandler(filters.ALL, other))
    application.add_handler(CallbackQueryHandler(pressed))

    async def receive(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
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
async def _hosted(set_webhook: Callable[..., object], *, webhook: bool) -> AsyncIterator[web.Application | None]:
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
        await set_webhook(f"http://127.0.0.1:{server.port}/hook", secret_token="s3cret")  # type: ignore[misc]
        yield inner


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("library", [aiogram_bot, ptb_bot], ids=["aiogram", "ptb"])
async def test_real_library_converses(
    simulator: Simulator, driver: Driver, bot: Json, library: Callable[..., object], *, webhook: bool
) -> None:
    """A real library starts, sends, edits, answers a button, uploads and deletes, and meets no refusal."""
    async with library(simulator, bot["token"], webhook=webhook):  # type: ignore[attr-defined]
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
