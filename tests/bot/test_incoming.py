"""The allow-list parser against everything Telegram has, and everything it has not."""

import itertools
import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import aiogram.types as telegram
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.participant.incoming import Incoming, Kind, parse, update_id_of

Json = dict[str, Any]
DEPTH = 2
"""Levels of objects below a message that are filled; deeper ones are empty."""
ALLOWED = {
    "update_id",
    "message.chat.id",
    "message.from.id",
    "message.message_id",
    "message.text",
    "callback_query.id",
    "callback_query.data",
    "callback_query.from.id",
    "callback_query.message.chat.id",
    "callback_query.message.message_id",
    "my_chat_member.chat.id",
    "my_chat_member.from.id",
}


class Canaries:
    """Fills objects of the Bot API, each value a canary that says where it came from."""

    def __init__(self) -> None:
        self.numbers: Iterator[int] = itertools.count(7_000_000_000)
        self.came_from: dict[object, str] = {}

    def fill(self, annotation: object, path: str, depth: int) -> object:
        """A value for a field."""
        options = [one for one in _options(annotation) if one is not type(None)]
        models = [one for one in options if isinstance(one, type) and issubclass(one, BaseModel)]
        if models:
            return self.model(models[0], path, depth)
        if typing.get_origin(options[0]) is list:
            return [self.fill(typing.get_args(options[0])[0], f"{path}[]", depth)]
        if options[0] is bool:
            return True
        value: object = next(self.numbers)
        if options[0] not in {int, float}:
            value = f"canary{value}"
        self.came_from[value] = path
        return value

    def model(self, model: type[BaseModel], path: str, depth: int) -> Json:
        """An object with every field that it may have."""
        if depth < 0:
            return {}
        return {
            field.alias or name: self.fill(field.annotation, f"{path}.{field.alias or name}".lstrip("."), depth - 1)
            for name, field in model.model_fields.items()
        }


def _options(annotation: object) -> list[object]:
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        return [leaf for one in typing.get_args(annotation) for leaf in _options(one)]
    return [annotation]


def survivors(incoming: Incoming) -> list[object]:
    """Everything of an update that got through, apart from its kind."""
    held = [getattr(incoming, field.name) for field in fields(incoming) if field.name != "kind"]
    return [value for value in held if value not in {None, "", 0}]


def test_of_every_field_of_the_bot_api_only_the_allow_list_survives() -> None:
    """Each kind of update, with every field at every level filled, private or not. Proves: T2."""
    reached = set()
    for kind, chat_type in itertools.product(telegram.Update.model_fields, ("private", "group", "channel")):
        canaries = Canaries()
        update = {"update_id": 1, kind: canaries.fill(telegram.Update.model_fields[kind].annotation, kind, DEPTH)}
        _set_chat(update[kind], chat_type)
        incoming = parse(update)
        if incoming is None:
            continue
        reached.add((kind, incoming.kind))
        assert {canaries.came_from.get(value, "update_id") for value in survivors(incoming)} <= ALLOWED
        assert chat_type == "private" or incoming.kind is Kind.ELSEWHERE
    assert {("message", Kind.ATTACHMENT), ("callback_query", Kind.PRESS), ("message", Kind.ELSEWHERE)} <= reached


def test_beside_every_single_field_of_a_message_only_the_allow_list_survives() -> None:
    """A message with one other field at a time: the field changes the kind at most. Proves: T2, P5."""
    whole = Canaries()
    message = whole.model(telegram.Message, "message", DEPTH)
    _set_chat(message, "private")
    for name in message:
        content = {key: message[key] for key in ("message_id", "from", "chat", name)}
        incoming = parse({"update_id": 1, "message": content})
        assert incoming is not None
        assert {whole.came_from.get(value, "update_id") for value in survivors(incoming)} <= ALLOWED
        assert incoming.kind is (Kind.TEXT if name == "text" else Kind.ATTACHMENT)


def test_forwarded_words_are_not_hers() -> None:
    """A forwarded text is an attachment: somebody else's words are not an answer. Proves: P5."""
    incoming = parse({"update_id": 1, "message": _private() | {"text": "hi", "forward_origin": {"type": "user"}}})

    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.ATTACHMENT, "")


def test_an_update_is_silent_about_itself() -> None:
    """`repr` names the kind and nothing else. Proves: D6."""
    assert repr(parse({"update_id": 1, "message": _private() | {"text": "canary"}})) == "<Incoming text>"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
WORDS = ("update_id", "message", "callback_query", "my_chat_member", "from", "chat", "id", "type", "text", "data")


@given(JSON)
def test_any_json_is_survived(raw: object) -> None:
    """Whatever arrives, the parser answers with an incoming or with None. Proves: T3, S2."""
    assert parse(raw) is None or isinstance(parse(raw), Incoming)
    assert isinstance(update_id_of(raw), int | None)


@given(st.dictionaries(st.sampled_from(WORDS), st.dictionaries(st.sampled_from(WORDS), JSON) | JSON))
def test_any_json_in_the_right_places_is_survived(update: Json) -> None:
    """Known names with values of any type do not raise, and text that comes out can be stored. Proves: T3, S2."""
    for kind in ("message", "callback_query", "my_chat_member"):
        incoming = parse({"update_id": 1, kind: _private() | update})
        if incoming is not None:
            assert isinstance(incoming.text.encode(), bytes)


def test_lone_surrogates_become_something_that_can_be_stored() -> None:
    """JSON can carry half a character; UTF-8 cannot. Proves: S2."""
    incoming = parse({"update_id": 1, "message": _private() | {"text": "a\ud800b"}})

    assert incoming is not None
    assert incoming.text == "a\ufffdb"


def test_blocked_is_the_only_membership_that_counts() -> None:
    """Unblocking and joining are not events of a conversation. Proves: T1."""
    for status, expected in (("kicked", Kind.BLOCKED), ("member", None), ("left", None)):
        change = _private() | {"new_chat_member": {"status": status}}
        incoming = parse({"update_id": 1, "my_chat_member": change})
        assert (incoming.kind if incoming else None) == expected


def _private() -> Json:
    return {"message_id": 5, "from": {"id": 7}, "chat": {"id": 7, "type": "private"}}


def _set_chat(holder: object, chat_type: str) -> None:
    """Gives every chat in an update the one type."""
    if isinstance(holder, dict):
        if isinstance(holder.get("chat"), dict):
            holder["chat"]["type"] = chat_type
        for value in holder.values():
            _set_chat(value, chat_type)
