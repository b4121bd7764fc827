"""What is taken from an update, and nothing else of it: who, where, what was typed or pressed (T2).

Private chats only: a group that the bot is put into is left, and anything else is dropped unseen.
"""

from dataclasses import dataclass

from telegram import Update

WANTED = ("message", "callback_query", "my_chat_member")
"""The only updates the bot asks for (T1)."""
LONGEST = 200
"""Signs of a message that are looked at: a command, a code or six digits are shorter."""


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """One message or press of one person in a private chat; `typed` is None where something else was sent."""

    user_id: int
    message_id: int | None
    typed: str | None = None
    pressed: str | None = None
    press_id: str | None = None
    blocked: bool = False

    def __repr__(self) -> str:
        return "<Incoming>"


def group_of(update: Update) -> int | None:
    """The chat to leave, where an update comes from one that is not private."""
    chat = update.effective_chat
    return None if chat is None or chat.type == "private" else chat.id


def read(update: Update) -> Incoming | None:
    """The little that is needed; None for what is nobody's word in a private chat."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None or chat.type != "private" or chat.id != user.id:
        return None
    if update.callback_query is not None:
        press = update.callback_query
        shown = press.message.message_id if press.message else None
        return Incoming(user.id, shown, pressed=press.data or "", press_id=press.id)
    if update.my_chat_member is not None:
        return Incoming(user.id, None, blocked=update.my_chat_member.new_chat_member.status == "kicked")
    if update.message is None:
        return None
    text = update.message.text
    return Incoming(user.id, update.message.message_id, typed=None if text is None else text[:LONGEST])
