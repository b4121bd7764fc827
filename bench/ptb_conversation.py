"""Peer: python-telegram-bot with a ConversationHandler and PicklePersistence, as its documentation combines them.

The conversation's state and `user_data` are written to a pickle file every minute and at the end: not durable.
"""

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from bench.dialogue import CARDS, LAST_WORDS, Card

TAP, WORDS = range(2)
DONE = -1


def keyboard(card: Card, chosen: list[int]) -> InlineKeyboardMarkup | None:
    """The buttons of a card; ticked where several may be chosen."""
    if not card.options:
        return None
    buttons = [
        InlineKeyboardButton(f"✓ {label}" if option in chosen else label, callback_data=str(option))
        for option, label in enumerate(card.options)
    ]
    rows = [buttons] if card.options[0].isdecimal() else [[button] for button in buttons]
    if card.several:
        rows.append([InlineKeyboardButton("Done", callback_data=str(DONE))])
    return InlineKeyboardMarkup(rows)


def next_card(context: ContextTypes.DEFAULT_TYPE) -> Card | None:
    """Go one card on."""
    data = context.user_data if context.user_data is not None else {}
    data["place"] += 1
    data["chosen"] = []
    return CARDS[data["place"]] if data["place"] < len(CARDS) else None


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """A person begins."""
    if context.user_data is not None and update.message is not None:
        context.user_data["place"], context.user_data["chosen"], context.user_data["answers"] = 0, [], []
        await update.message.reply_text(CARDS[0].text, reply_markup=keyboard(CARDS[0], []))
    return TAP


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int | None:
    """A person tapped: one more tick, or an answer and the next card."""
    query, data = update.callback_query, context.user_data
    if query is None or data is None:
        return None
    await query.answer()
    card, option = CARDS[data["place"]], int(query.data or "0")
    if card.several and option != DONE:
        data["chosen"] = [*data["chosen"], option]
        await query.edit_message_reply_markup(keyboard(card, data["chosen"]))
        return TAP
    data["answers"].append(data["chosen"] if card.several else [option])
    following = next_card(context)
    if following is None:
        await query.edit_message_text(LAST_WORDS)
        return ConversationHandler.END
    await query.edit_message_text(following.text, reply_markup=keyboard(following, []))
    return TAP if following.options else WORDS


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int | None:
    """A person answered in words."""
    if update.message is None or context.user_data is None:
        return None
    context.user_data["answers"].append(update.message.text)
    following = next_card(context)
    if following is None:
        return ConversationHandler.END
    await update.message.reply_text(following.text, reply_markup=keyboard(following, []))
    return TAP if following.options else WORDS


def main() -> None:
    """Polls, or takes updates by webhook where BENCH_PORT names a port."""
    persistence = PicklePersistence(filepath=f"{os.environ['BENCH_FOLDER']}/conversations.pickle")
    base = os.environ["BENCH_URL"]
    builder = Application.builder().token(os.environ["BENCH_TOKEN"]).base_url(f"{base}/bot")
    application = builder.persistence(persistence).build()
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            TAP: [CallbackQueryHandler(tapped)],
            WORDS: [MessageHandler(filters.TEXT & ~filters.COMMAND, typed)],
        },
        fallbacks=[CommandHandler("start", start)],
        name="consultation",
        persistent=True,
    )
    application.add_handler(conversation)
    port = os.environ.get("BENCH_PORT")
    if port is None:
        application.run_polling()
        return
    application.run_webhook(
        listen="127.0.0.1",
        port=int(port),
        url_path="hook",
        webhook_url=f"http://127.0.0.1:{port}/hook",
        secret_token=os.environ["BENCH_SECRET"],
    )


if __name__ == "__main__":
    main()
