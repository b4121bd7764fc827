"""What the bot takes from an update: an allow-list, and nothing else gets any further (T2).

Names, usernames, language codes, dates, forwards' origins, contacts, locations and everything that Telegram may add
tomorrow stop here, because nothing copies them. Any JSON value is survived; what cannot be understood is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_LARGEST = 1 << 63
_LONGEST_TEXT = 8192
"""Twice what Telegram delivers; more is not a message."""
_LONGEST_DATA = 64


class Kind(StrEnum):
    """What an update is for the bot."""

    TEXT = "text"
    ATTACHMENT = "attachment"
    PRESS = "press"
    BLOCKED = "blocked"
    ELSEWHERE = "elsewhere"
    """A group or channel: to be left (T1)."""


@dataclass(frozen=True, slots=True, repr=False)
class Incoming:
    """Everything that is known of one update from here on. `repr` is silent."""

    update_id: int
    kind: Kind
    chat_id: int
    user_id: int
    message_id: int | None = None
    text: str = ""
    callback_id: str | None = None
    callback_data: str = ""

    def __repr__(self) -> str:
        return f"<Incoming {self.kind}>"


_FORWARD_MARKS = ("forward_origin", "forward_from", "forward_date", "forward_sender_name", "forward_from_chat")


def parse(raw: object) -> Incoming | None:
    """The allowed part of an update, or None where there is nothing the bot may or can understand."""
    update = _mapping(raw)
    update_id = _whole(update.get("update_id"))
    if update_id is None:
        return None
    if "callback_query" in update:
        return _press(update_id, _mapping(update["callback_query"]))
    if "message" in update:
        return _message(update_id, _mapping(update["message"]))
    if "my_chat_member" in update:
        return _membership(update_id, _mapping(update["my_chat_member"]))
    return None


def update_id_of(raw: object) -> int | None:
    """The id by which an update is confirmed, whatever else it holds."""
    return _whole(_mapping(raw).get("update_id"))


def _message(update_id: int, message: Mapping[str, Any]) -> Incoming | None:
    chat_id, private = _chat(message)
    user_id, message_id = _user(message), _whole(message.get("message_id"))
    if chat_id is None or message_id is None:
        return None
    if not private:
        return Incoming(update_id, Kind.ELSEWHERE, chat_id, 0)
    if user_id is None:
        return None
    text = message.get("text")
    if not isinstance(text, str) or any(mark in message for mark in _FORWARD_MARKS):
        return Incoming(update_id, Kind.ATTACHMENT, chat_id, user_id, message_id)
    return Incoming(update_id, Kind.TEXT, chat_id, user_id, message_id, _well_formed(text[:_LONGEST_TEXT]))


def _press(update_id: int, query: Mapping[str, Any]) -> Incoming | None:
    message = _mapping(query.get("message"))
    chat_id, private = _chat(message)
    user_id, message_id, callback_id = _user(query), _whole(message.get("message_id")), query.get("id")
    if chat_id is None or user_id is None or message_id is None or not isinstance(callback_id, str) or not private:
        return None
    data = query.get("data")
    known = data if isinstance(data, str) and len(data) <= _LONGEST_DATA else ""
    return Incoming(
        update_id, Kind.PRESS, chat_id, user_id, message_id, callback_id=_well_formed(callback_id), callback_data=known
    )


def _membership(update_id: int, change: Mapping[str, Any]) -> Incoming | None:
    chat_id, private = _chat(change)
    user_id = _user(change)
    if chat_id is None:
        return None
    if not private:
        return Incoming(update_id, Kind.ELSEWHERE, chat_id, 0)
    if user_id is None or _mapping(change.get("new_chat_member")).get("status") != "kicked":
        return None
    return Incoming(update_id, Kind.BLOCKED, chat_id, user_id)


def _chat(holder: Mapping[str, Any]) -> tuple[int | None, bool]:
    chat = _mapping(holder.get("chat"))
    return _whole(chat.get("id")), chat.get("type") == "private"


def _user(holder: Mapping[str, Any]) -> int | None:
    return _whole(_mapping(holder.get("from")).get("id"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: object) -> int | None:
    return value if type(value) is int and -_LARGEST <= value < _LARGEST else None


def _well_formed(text: str) -> str:
    """Lone surrogates, which JSON can carry and UTF-8 cannot, become replacement characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
