"""What the calls about chats mean: sending, editing, deleting, answering buttons.

A method that is not in `BEHAVIOURS` here or in its siblings has none, and says so with 501: a double that answers "ok"
to what it does not act out teaches a bot something false. The same holds for a parameter outside a method's list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.simulator.chats import Chat, Keyboard, Message
from bot.simulator.errors import Json, bad_request, no_behaviour
from bot.simulator.markup import apply_reply_keyboard, inline
from bot.simulator.text import MAX_TEXT, settle, units
from bot.simulator.world import Bot, Upload, World

MAX_TOAST: Final = 200
MAX_DELETED_AT_ONCE: Final = 100
ACTIONS: Final = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


@dataclass(slots=True)
class Call:
    """One admitted call: `args` are decoded JSON values, `files` what came along, by parameter or attachment name."""

    world: World
    bot: Bot
    args: Json = field(repr=False)
    files: Mapping[str, Upload] = field(repr=False)

    def chat(self, *, speak: bool = True) -> Chat:
        """Return the chat the call names, if the bot may act there."""
        return self.world.reachable(self.bot, self.args.get("chat_id"), speak=speak)


Behaviour = Callable[[Call], object]
SENDING: Final = frozenset(
    {
        "chat_id", "disable_notification", "protect_content", "reply_markup", "reply_parameters",
        "reply_to_message_id", "allow_sending_without_reply",
    }
)  # fmt: skip
PARAMETERS: Final[dict[str, frozenset[str]]] = {
    "sendmessage": SENDING | {"text", "entities", "link_preview_options", "disable_web_page_preview"},
    "editmessagetext": frozenset(
        {"chat_id", "message_id", "text", "entities", "reply_markup", "link_preview_options",
         "disable_web_page_preview"}
    ),
    "editmessagereplymarkup": frozenset({"chat_id", "message_id", "reply_markup"}),
    "deletemessage": frozenset({"chat_id", "message_id"}),
    "deletemessages": frozenset({"chat_id", "message_ids"}),
    "answercallbackquery": frozenset({"callback_query_id", "text", "show_alert", "cache_time"}),
    "sendchataction": frozenset({"chat_id", "action"}),
    "leavechat": frozenset({"chat_id"}),
}  # fmt: skip


def place(call: Call, kind: str, content: Json) -> Json:
    """Put a new message of the bot into the chat and return it as the Bot API does."""
    args, chat = call.args, call.chat()
    markup = args.get("reply_markup")
    keyboard = inline(markup)
    extra = _reply(call, chat)
    apply_reply_keyboard(chat, markup)
    if args.get("protect_content"):
        extra["has_protected_content"] = True
    number, date = call.bot.message_id(), int(call.world.now())
    silent = bool(args.get("disable_notification"))
    message = Message(number, call.bot.user(), date, kind, content, keyboard, extra, silent)
    chat.add(message)
    return chat.api_message(message)


def _reply(call: Call, chat: Chat) -> Json:
    asked = call.args.get("reply_parameters") or {}
    number = asked.get("message_id", call.args.get("reply_to_message_id"))
    if number is None:
        return {}
    if asked.keys() - {"message_id", "chat_id", "allow_sending_without_reply"}:
        raise no_behaviour("quotes in reply_parameters")
    original = chat.messages.get(number)
    if original is not None and original.deleted_by is None:
        return {"reply_to_message": chat.api_message(original)}
    if asked.get("allow_sending_without_reply") or call.args.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _text(call: Call) -> Json:
    text, entities = settle(call.args.get("text") or "", call.args.get("entities") or [], MAX_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def send_message(call: Call) -> Json:
    """Send a text."""
    call.chat()
    return place(call, "text", _text(call))


def _editable(call: Call) -> tuple[Chat, Message]:
    chat = call.chat()
    if not call.args.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.live(call.args["message_id"], "message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(call: Call, chat: Chat, message: Message, content: Json, keyboard: Keyboard | None) -> Json:
    if content == message.content and keyboard == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    chat.edit(message, content, keyboard, int(call.world.now()))
    return chat.api_message(message)


def edit_message_text(call: Call) -> Json:
    """Change a text in place; without reply_markup its buttons go."""
    chat, message = _editable(call)
    content = _text(call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, message, content, inline(call.args.get("reply_markup")))


def edit_message_reply_markup(call: Call) -> Json:
    """Change only the buttons."""
    chat, message = _editable(call)
    return _edit(call, chat, message, message.content, inline(call.args.get("reply_markup")))


def delete_message(call: Call) -> bool:
    """Delete one message of either side, if it is younger than 48 hours."""
    chat = call.chat(speak=False)
    message = chat.live(call.args["message_id"], "message to delete not found")
    if refusal := chat.undeletable(message, call.world.now()):
        raise refusal
    chat.delete(message, "bot")
    return True


def delete_messages(call: Call) -> bool:
    """Delete 1 to 100 messages; missing ones are skipped, one that is too old stops all."""
    chat, numbers = call.chat(speak=False), call.args["message_ids"]
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MAX_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [message for number in dict.fromkeys(numbers) if (message := chat.messages.get(number))]
    there = [message for message in found if message.deleted_by is None]
    for message in there:
        if refusal := chat.undeletable(message, call.world.now()):
            raise refusal
    for message in there:
        chat.delete(message, "bot")
    return True


def answer_callback_query(call: Call) -> bool:
    """Answer a pressed button, once, in time, in at most 200 characters."""
    text = call.args.get("text") or ""
    if units(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    chat = call.world.answer(call.bot, call.args["callback_query_id"])
    chat.toast(text, alert=bool(call.args.get("show_alert")))
    return True


def send_chat_action(call: Call) -> bool:
    """Show that the bot is at work."""
    chat = call.chat()
    if call.args["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = call.args["action"]
    chat.changed(card=False)
    return True


def leave_chat(call: Call) -> bool:
    """Leave a group; a private chat cannot be left."""
    chat = call.chat(speak=False)
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    chat.left = True
    chat.changed(card=False)
    return True


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "leavechat": leave_chat,
}
