"""Keyboards as a client shows them: what Telegram refuses in them, and what becomes of each kind."""

from typing import Final

from bot.simulator.chats import Chat, Keyboard
from bot.simulator.errors import Json, bad_request

MAX_DATA_BYTES: Final = 64
MAX_BUTTONS: Final = 100
ACTIONS: Final = frozenset(
    {
        "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
    }
)  # fmt: skip


def inline(markup: Json | None) -> Keyboard | None:
    """Return the inline keyboard of a reply_markup, checked, or None when it holds none.

    Raises:
        TelegramError: too many buttons, an empty label, no action or two, callback data not of 1 to 64 bytes.
    """
    if not markup or "inline_keyboard" not in markup:
        return None
    rows: Keyboard = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("too many inline keyboard buttons specified")
    for row in rows:
        for button in row:
            _check(button)
    return rows or None


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Text buttons must have non-empty text")
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action must be specified")
    if "callback_data" in actions and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and not button["url"].startswith(("http://", "https://", "tg://", "ton://")):
        raise bad_request(f"inline keyboard button URL '{button['url'][:64]}' is invalid: Unsupported URL protocol")


def apply_reply_keyboard(chat: Chat, markup: Json | None) -> None:
    """Show or take away the keys below the typing line, as a new message tells the client."""
    if not markup:
        return
    if "keyboard" in markup:
        rows = [[key if isinstance(key, str) else key["text"] for key in row] for row in markup["keyboard"]]
        if not any(rows) or not all(label for row in rows for label in row):
            raise bad_request("can't parse reply keyboard markup: keyboard buttons must have non-empty text")
        chat.reply_keyboard = rows
    elif "remove_keyboard" in markup:
        chat.reply_keyboard = None
