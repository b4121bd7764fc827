"""What a person can do: write, press, send things, edit, delete, block. Each act changes the chat and tells the bot."""

import re
from collections.abc import Iterator

from bot.simulator.attachments import content_of
from bot.simulator.chats import Chat, Keyboard, Message, Person
from bot.simulator.errors import ControlError, Json
from bot.simulator.text import MAX_TEXT, bare, commands_in, units
from bot.simulator.world import Bot, World

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class Hands:
    """A person's hands on one chat. Every act returns what the driver needs to wait for the bot's reaction."""

    def __init__(self, world: World, bot: Bot, person: Person, chat: Chat | None = None) -> None:
        self.world = world
        self.bot = bot
        self.person = person
        self.chat = chat or world.chat_of(bot, person)

    def start(self, payload: str = "") -> Json:
        """Open the bot by a link: unblock it if need be and send /start with the payload."""
        if not _PAYLOAD.fullmatch(payload):
            raise ControlError(400, "bad_payload", "A start payload is at most 64 of A-Z a-z 0-9 _ -.")
        if self.chat.blocked:
            self.unblock()
        return self.say(f"/start {payload}".strip())

    def say(self, text: str) -> Json:
        """Send a text as typed."""
        body = text.strip()
        if not body or units(body) > MAX_TEXT:
            raise ControlError(400, "bad_text", "A text has 1 to 4096 UTF-16 units after trimming.")
        content: Json = {"text": body}
        if entities := commands_in(body):
            content["entities"] = entities
        return self._send("text", content)

    def send(self, kind: str, fields: Json) -> Json:
        """Send something that is not text: a photo, a voice note, a place, a contact."""
        return self._send(kind, content_of(kind, fields, self.person, self.world.now()))

    def edit(self, number: int, text: str) -> Json:
        """Change an own text message."""
        message = self._own(number)
        if message.kind != "text":
            raise ControlError(400, "not_text", "Only a text message can be edited here.")
        now = int(self.world.now())
        self.chat.edit(message, {"text": text.strip(), "entities": commands_in(text)}, None, now)
        update = self._tell("edited_message", self.chat.api_message(message))
        return self._done(update, message.id)

    def delete(self, number: int) -> Json:
        """Delete a message for both sides; the bot is not told, as in the real messenger."""
        message = self.chat.messages.get(number)
        if message is None or message.deleted_by is not None:
            raise ControlError(404, "no_message", "No such message is on this screen: read the chat for the ids.")
        self.chat.delete(message, "person")
        return self._done(None, number)

    def press(self, number: int | None, *, label: str | None, index: int | None, past: int | None) -> Json:
        """Press an inline button by label or index (row by row), or a reply-keyboard key by label.

        `past` counts back through keyboards the message once had: 1 is the one before the present one.
        """
        if number is None and past is None and label is not None and self._on_reply_keyboard(label):
            return self.say(label)
        message, button = self._find(number, label, index, past)
        if "callback_data" not in button:
            raise ControlError(409, "not_callback", "This button opens something outside the chat; it tells no bot.")
        query = self.world.ask(self.bot, self.chat)
        gone = message.deleted_by is not None
        stub: Json = {"chat": self.chat.api(), "message_id": message.id, "date": 0}
        payload = {
            "id": query,
            "from": self.person.user(),
            "message": stub if gone else self.chat.api_message(message),
            "chat_instance": str(self.chat.id),
            "data": button["callback_data"],
        }
        return self._done(self._tell("callback_query", payload), message.id)

    def block(self) -> Json:
        """Block the bot, which learns of it."""
        if self.chat.blocked:
            raise ControlError(409, "blocked", "This person has blocked the bot already.")
        self.chat.blocked = True
        self.chat.changed(card=False)
        return self._done(self._membership({"status": "member"}, {"status": "kicked", "until_date": 0}), None)

    def unblock(self) -> Json:
        """Let the bot speak again."""
        if not self.chat.blocked:
            raise ControlError(409, "not_blocked", "This person has not blocked the bot.")
        self.chat.blocked = False
        self.chat.changed(card=False)
        return self._done(self._membership({"status": "kicked", "until_date": 0}, {"status": "member"}), None)

    def joined(self) -> Json:
        """Tell the bot that this person has added it to the group."""
        return self._done(self._membership({"status": "left"}, {"status": "member"}), None)

    def _membership(self, old: Json, new: Json) -> int | None:
        bot = {"user": self.bot.user()}
        payload = {
            "chat": self.chat.api(),
            "from": self.person.user(),
            "date": int(self.world.now()),
            "old_chat_member": bot | old,
            "new_chat_member": bot | new,
        }
        return self._tell("my_chat_member", payload)

    def _send(self, kind: str, content: Json) -> Json:
        if self.chat.blocked:
            raise ControlError(409, "blocked", "This person has blocked the bot: unblock it first.")
        now = int(self.world.now())
        message = Message(self.bot.message_id(), self.person.user(), now, kind, content)
        self.chat.open = True
        self.chat.add(message)
        update = self._tell("message", self.chat.api_message(message))
        return self._done(update, message.id)

    def _tell(self, kind: str, payload: Json) -> int | None:
        if self.chat.left:
            return None
        return self.bot.updates.put(kind, payload, self.chat.id, self.world.now())

    def _done(self, update: int | None, message: int | None) -> Json:
        return {
            "update_id": update,
            "message_id": message,
            "revision": self.chat.revision,
            "card_revision": self.chat.card_revision,
        }

    def _own(self, number: int) -> Message:
        message = self.chat.messages.get(number)
        if message is None or message.deleted_by is not None or message.author["id"] != self.person.id:
            raise ControlError(404, "no_message", "This person has no such message: read the chat for the ids.")
        return message

    def _on_reply_keyboard(self, label: str) -> bool:
        return any(label in row for row in self.chat.reply_keyboard or [])

    def _screens(self, number: int | None, past: int | None) -> Iterator[tuple[Message, Keyboard]]:
        """Yield keyboards in the order an eye would search: newest message first."""
        if number is None:
            candidates = list(self.chat.visible())
        else:
            candidates = [message] if (message := self.chat.messages.get(number)) else []
        for message in candidates:
            boards = [message.keyboard or [], *reversed(message.past)]
            if (past or 0) < len(boards) and boards[past or 0]:
                yield message, boards[past or 0]

    def _find(self, number: int | None, label: str | None, index: int | None, past: int | None) -> tuple[Message, Json]:
        for message, board in self._screens(number, past):
            buttons = [button for row in board for button in row]
            if label is None:
                if index is not None and 0 <= index < len(buttons):
                    return message, buttons[index]
                break
            wanted = bare(label)
            for button in buttons:
                if bare(button["text"]) == wanted:
                    return message, button
        raise ControlError(404, "no_button", "No such button is on this screen: read the chat for the labels.")
