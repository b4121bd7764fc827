"""Strict reading of a call through aiogram's models of the Bot API; the one module here that imports aiogram.

By themselves the models are too lax: they keep unknown fields, and `ReplyKeyboardRemove` has a default for its only
required field, so that any malformed markup parses as one. Refusing everything kept as an extra, recursively, closes
both holes.
"""

import inspect
from collections.abc import Mapping
from types import NoneType
from typing import Final, get_args

import aiogram.methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel, ValidationError

from bot.simulator.errors import Json, TelegramError, bad_request
from bot.simulator.wire import decode

_MODELS: Final[dict[str, type[BaseModel]]] = {
    str(model.__api_method__).lower(): model
    for _, model in inspect.getmembers(aiogram.methods, inspect.isclass)
    if issubclass(model, TelegramMethod) and model is not TelegramMethod
}
_TEXTUAL: Final = frozenset({str, NoneType, InputFile, Default})
_TEXTS: Final = {
    method: frozenset(
        name
        for name, field in model.model_fields.items()
        if str in (kinds := get_args(field.annotation) or (field.annotation,)) and _TEXTUAL.issuperset(kinds)
    )
    for method, model in _MODELS.items()
}
# Telegram's own words for the commonest omissions; everything else names the field.
_MISSING: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}


def known(method: str) -> bool:
    """Return whether the Bot API has this method (lower case)."""
    return method in _MODELS


def check(method: str, raw: Mapping[str, object], files: frozenset[str]) -> Json:
    """Return the decoded parameters of a call, or refuse it.

    `raw` holds wire values (text, or JSON values from a JSON body), `files` the names of uploaded parts.

    Raises:
        TelegramError: 404 no such method; 400 an unknown, missing or wrongly typed parameter, at any depth.
    """
    model = _MODELS.get(method)
    if model is None:
        raise TelegramError(404, "Not Found")
    args: Json = {name: value if name in _TEXTS[method] else decode(value) for name, value in raw.items()}
    # Some clients send a file under the parameter's own name, others under a free name with attach://.
    args |= {name: f"attach://{name}" for name in files if name in model.model_fields}
    try:
        call = model.model_validate(args)
    except ValidationError as error:
        raise _refusal(error, args) from None
    _no_extras(call, "")
    return {name: _settled(getattr(call, name), value) for name, value in args.items()}


def _settled(parsed: object, raw: object) -> object:
    """Return a scalar as the model understood it ("True" is true), anything else as it came."""
    return parsed if isinstance(parsed, bool | int | str) and not isinstance(raw, dict | list) else raw


def _refusal(error: ValidationError, args: Json) -> TelegramError:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing" and len(first["loc"]) == 1 and name in _MISSING:
        return bad_request(_MISSING[name])
    place = ".".join(str(part) for part in first["loc"])
    kind = "missing" if name not in args else "invalid"
    return bad_request(f"{kind} parameter {place}: {first['msg']}"[:400])


def _no_extras(value: object, path: str) -> None:
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise bad_request(f"unknown parameter {path}{min(value.model_extra)}"[:400])
        for name in value.model_fields_set:
            _no_extras(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _no_extras(item, f"{path}{index}.")
