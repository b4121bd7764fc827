"""Updates that no Telegram would send, made from the whole schema of the Bot API as aiogram writes it down.

Every field of every model may be there or not, hold what it should or something else: another type, numbers beyond
any word size, texts with lone surrogates and NULs, emptiness, lists within lists.
"""

import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, get_args, get_origin

from aiogram.types import Update
from aiogram.types.base import TelegramObject

STRANGERS = range(9_000_000_001, 9_000_000_050)
"""Accounts that belong to nobody: a stranger's garbage must not speak for a real person."""
DEEPEST = 5
_WORDS = (
    "", "x", "1", "<b>", "\x00", "\ud800", "a\udfffb", "\ufffe", "🌍" * 40, "x" * 9000,
    "/start", "/withdraw", "/withdraw 1", "/stop now",
)  # fmt: skip
_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**40, 1.5, -0.0, 1e308)
_KINDS = ("private", "group", "supergroup", "channel", "sender", "", None)


class Fuzzer:
    """A seeded source of garbage."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def update(self) -> dict[str, Any]:
        """One update: two or three of its kinds at once now and then, mostly one."""
        dice = self._dice
        kinds = [name for name in Update.model_fields if name != "update_id"]
        likely = ["message", "callback_query", "my_chat_member"]
        chosen = dice.sample(likely if dice.random() < 0.6 else kinds, dice.choice((1, 1, 1, 2, 3)))
        made = {_name(Update, kind): self._value(Update.model_fields[kind].annotation, 0) for kind in chosen}
        return {key: self._of_a_stranger(value) for key, value in made.items()}

    def bytes(self) -> bytes:
        """What a webhook may be sent: an update, or no JSON at all."""
        dice = self._dice
        number = dice.choice((dice.getrandbits(40), None, "7", 2**70))
        whole = json.dumps({"update_id": number, **self.update()}).encode()
        return dice.choice((
            whole, whole, whole, whole,
            whole[: dice.randrange(len(whole))],
            dice.randbytes(50),
            b"[" * 20_000,
            b'{"message":' * 5_000,
            b"null", b"[]", b"[1]", b'""', b"0", b"NaN", b"", b"\xff\xfe{}",
        ))  # fmt: skip

    def _of_a_stranger(self, value: object) -> object:
        """The same, told by an account that is nobody's, mostly in a private chat."""
        if not isinstance(value, dict) or self._dice.random() < 0.1:
            return value
        number = self._dice.choice(STRANGERS)
        chat = {"id": number, "type": "private" if self._dice.random() < 0.8 else self._dice.choice(_KINDS)}
        spoken = {"from": {"id": number}, "chat": chat, "message_id": self._dice.randrange(10_000)}
        return {**value, **spoken, "message": {**_mapping(value.get("message")), **spoken}}

    def _value(self, wanted: object, depth: int) -> object:
        """A value for a type: what belongs there, or what does not."""
        dice = self._dice
        if dice.random() < 0.15:
            return dice.choice((None, [], {}, True, dice.choice(_WORDS), dice.choice(_NUMBERS), [[[{}]]] * 3))
        origin, inner = get_origin(wanted), get_args(wanted)
        if origin is list:
            return [self._value(inner[0], depth + 1) for _ in range(dice.choice((0, 1, 2)))] if depth < DEEPEST else []
        if origin is Literal:
            return dice.choice(inner)
        if inner:
            return self._value(dice.choice(inner), depth)
        if isinstance(wanted, type) and issubclass(wanted, TelegramObject):
            return self._object(wanted, depth)
        return self._plain(wanted)

    def _object(self, model: type[TelegramObject], depth: int) -> dict[str, object]:
        """An object of a model, with every required field and a few of the others."""
        if depth >= DEEPEST:
            return {}
        dice, made = self._dice, {}
        for name, field in model.model_fields.items():
            if field.is_required() or dice.random() < 2.5 / len(model.model_fields):
                made[_name(model, name)] = self._value(field.annotation, depth + 1)
        return made

    def _plain(self, wanted: object) -> object:
        makers: dict[object, Callable[[], object]] = {
            bool: lambda: self._dice.random() < 0.5,
            int: lambda: self._dice.choice((self._dice.randrange(100_000), self._dice.choice(_NUMBERS))),
            float: self._dice.random,
            datetime: lambda: self._dice.randrange(2_000_000_000),
        }
        return makers.get(wanted, lambda: self._dice.choice(_WORDS))()


def _name(model: type[TelegramObject], field: str) -> str:
    """What a field is called on the wire (`from` is no name for Python)."""
    return model.model_fields[field].alias or field


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def sendable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same without what the simulator's strict JSON cannot carry: lone surrogates and numbers beyond 64 bits."""
    match value:
        case dict():
            return {sendable(key): sendable(each) for key, each in value.items()}
        case list():
            return [sendable(each) for each in value]
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case int() if not -(2**63) <= value < 2**63:
            return 2**63 - 1
        case _:
            return value
