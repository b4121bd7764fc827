"""One chat: its messages as the server keeps them and as the person sees them, with edits and deletions remembered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.simulator.errors import Json, TelegramError, bad_request

DELETABLE_SECONDS: Final = 48 * 3600
PAST_KEYBOARDS: Final = 50
TOASTS_KEPT: Final = 50
Keyboard = list[list[Json]]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone synthetic who uses the messenger; `id` needs more than 32 bits, as real ones do."""

    id: int
    first_name: str = field(repr=False)
    last_name: str | None = field(repr=False)
    username: str | None = field(repr=False)
    language_code: str | None
    _user: Json = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the User object once: it goes into every update, and load would feel it."""
        body: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        body |= {key: value for key, value in optional.items() if value is not None}
        object.__setattr__(self, "_user", body)

    def user(self) -> Json:
        """Return the Bot API's User object; never to be changed."""
        return self._user


@dataclass(slots=True)
class Message:
    """One message; `content` holds the Bot API fields of its kind (text, entities, photo …)."""

    id: int
    author: Json = field(repr=False)
    date: int
    kind: str
    content: Json = field(repr=False)
    keyboard: Keyboard | None = field(default=None, repr=False)
    extra: Json = field(default_factory=dict, repr=False)
    silent: bool = False
    edit_date: int | None = None
    edits: int = 0
    deleted_by: str | None = None
    past: list[Keyboard] = field(default_factory=list, repr=False)

    @property
    def from_bot(self) -> bool:
        """Whether the bot said it."""
        return bool(self.author["is_bot"])

    @property
    def voice(self) -> Json | None:
        """The file and length of a voice of the bot; None for anything else, and once it is deleted."""
        if self.kind != "voice" or not self.from_bot or self.deleted_by is not None:
            return None
        said = self.content["voice"]
        return {"file": said["file_id"], "duration": said["duration"]}

    def view(self) -> Json:
        """Return the message for the control API: what the person sees, plus marks for the tester."""
        return {
            "id": self.id,
            "from": "bot" if self.from_bot else "person",
            "author": self.author["id"],
            "kind": self.kind,
            "text": self.content.get("text", self.content.get("caption", "")),
            "entities": self.content.get("entities", self.content.get("caption_entities", [])),
            "date": self.date,
            "edits": self.edits,
            "deleted": self.deleted_by is not None,
            "deleted_by": self.deleted_by,
            "silent": self.silent,
            "protected": bool(self.extra.get("has_protected_content")),
            "voice": self.voice,
            "keyboard": [[_button(button) for button in row] for row in self.keyboard or []],
            "past_keyboards": [[[_button(button) for button in row] for row in keys] for keys in self.past],
        }


def _button(button: Json) -> Json:
    kind = next((key for key in button if key not in {"text", "style", "icon_custom_emoji_id"}), "text")
    return {"text": button["text"], "kind": "callback" if kind == "callback_data" else kind}


@dataclass(slots=True)
class Chat:
    """A bot with one person, or a group. `revision` grows with every change anybody could see.

    `card_revision` is the revision of the last bot message sent, edited or deleted: what a quick driver waits for.
    """

    id: int
    bot_id: int
    title: str | None = None
    person: Person | None = None
    history: bool = True
    open: bool = False
    blocked: bool = False
    left: bool = False
    revision: int = 0
    card_revision: int = 0
    action: str | None = None
    reply_keyboard: list[list[str]] | None = field(default=None, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    toasts: list[Json] = field(default_factory=list, repr=False)
    watchers: list[Callable[[], object]] = field(default_factory=list, repr=False)
    on_change: Callable[["Chat"], object] | None = field(default=None, repr=False)
    _api: Json = field(default_factory=dict, repr=False)

    def api(self) -> Json:
        """Return the Bot API's Chat object."""
        if self.person is None:
            return {"id": self.id, "type": "group", "title": self.title}
        if not self._api:
            user = self.person.user()
            names: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
            self._api = {"id": self.id, "type": "private", **names}
        return self._api

    def api_message(self, message: Message) -> Json:
        """Return the Bot API's Message object."""
        head: Json = {"message_id": message.id, "from": message.author, "chat": self.api(), "date": message.date}
        if message.edit_date is not None:
            head["edit_date"] = message.edit_date
        if message.keyboard:
            head["reply_markup"] = {"inline_keyboard": message.keyboard}
        return {**head, **message.extra, **message.content}

    def view(self) -> Json:
        """Return the chat as the person sees it, deleted messages flagged rather than gone."""
        return {
            "chat": self.id,
            "title": self.title,
            "revision": self.revision,
            "card_revision": self.card_revision,
            "blocked": self.blocked,
            "left": self.left,
            "action": self.action,
            "reply_keyboard": self.reply_keyboard,
            "messages": [message.view() for message in self.messages.values()],
            "toasts": self.toasts,
        }

    def visible(self) -> Iterator[Message]:
        """Yield what the person still sees, newest first."""
        for number in reversed(self.messages):
            message = self.messages[number]
            if message.deleted_by is None:
                yield message

    def live(self, number: int, missing: str) -> Message:
        """Return a message that still exists. Raises TelegramError with the words of `missing`."""
        message = self.messages.get(number)
        if message is None or message.deleted_by is not None:
            raise bad_request(missing)
        return message

    def add(self, message: Message) -> None:
        """Put a new message at the end."""
        self.messages[message.id] = message
        self.action = None
        self.changed(card=message.from_bot)

    def edit(self, message: Message, content: Json, keyboard: Keyboard | None, date: int) -> None:
        """Change a message in place, keeping its old keyboard for a finger that was already on the way."""
        if self.history and message.keyboard and message.keyboard != keyboard:
            message.past = [*message.past[-PAST_KEYBOARDS + 1 :], message.keyboard]
        message.content = content
        message.keyboard = keyboard
        message.edit_date = date
        message.edits += 1
        self.changed(card=message.from_bot)

    def undeletable(self, message: Message, now: float) -> TelegramError | None:
        """Return why the bot may not delete this any more: Telegram allows 48 hours, for both sides' messages."""
        if now - message.date >= DELETABLE_SECONDS:
            return bad_request("message can't be deleted for everyone")
        return None

    def delete(self, message: Message, who: str) -> None:
        """Take a message off the screen; without history it is forgotten."""
        if self.history:
            message.deleted_by = who
        else:
            del self.messages[message.id]
        self.changed(card=message.from_bot)

    def toast(self, text: str, *, alert: bool) -> None:
        """Show what a callback answer says; an empty answer only stops the button's clock."""
        if text:
            self.toasts = [
                *self.toasts[-TOASTS_KEPT + 1 :],
                {"text": text, "alert": alert, "revision": self.revision + 1},
            ]
        self.changed(card=False)

    def changed(self, *, card: bool) -> None:
        """Count a change and wake whoever waits for one."""
        self.revision += 1
        if card:
            self.card_revision = self.revision
        watchers, self.watchers = self.watchers, []
        for watcher in watchers:
            watcher()
        if self.on_change is not None:
            self.on_change(self)
