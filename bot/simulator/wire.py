"""What a request's body says, in any of the four ways the Bot API accepts: query, form, multipart, JSON."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Final
from urllib.parse import parse_qsl

import orjson

from bot.simulator.errors import Json, bad_request
from bot.simulator.files import upload
from bot.simulator.world import Upload

# Parameters that are text and stay so; every other value travels as JSON text (core.telegram.org/bots/api).
# A test compares this with aiogram's models, so that the light path reads as the strict one does.
TEXTS: Final = frozenset(
    {
        "text", "caption", "parse_mode", "callback_query_id", "url", "secret_token", "name", "description",
        "short_description", "language_code", "action", "photo", "document", "voice",
    }
)  # fmt: skip


def decode(value: object) -> object:
    """Return the JSON value a text stands for, or the text itself."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def loose(raw: Mapping[str, object], files: frozenset[str]) -> Json:
    """Return decoded parameters without any check: the light path."""
    args = {name: value if name in TEXTS else decode(value) for name, value in raw.items()}
    return args | {name: f"attach://{name}" for name in files if name in TEXTS}


def read(query: str, content_type: str, body: bytes) -> tuple[dict[str, object], dict[str, Upload]]:
    """Return wire parameters and uploaded files.

    Raises:
        TelegramError: the body is not what its content type says, or not UTF-8.
    """
    raw: dict[str, object] = {}
    files: dict[str, Upload] = {}
    try:
        if query:
            raw |= parse_qsl(query, keep_blank_values=True, errors="strict")
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "application/json":
            raw |= _json(body)
        elif kind == "multipart/form-data":
            _multipart(content_type, body, raw, files)
        elif body:
            raw |= parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return raw, files


def _json(body: bytes) -> Json:
    try:
        value = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object in the request body") from None
    if not isinstance(value, dict):
        raise bad_request("the request body must be a JSON object")
    return value


def _multipart(content_type: str, body: bytes, raw: dict[str, object], files: dict[str, Upload]) -> None:
    whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=policy.HTTP)
    if not whole.is_multipart():
        raise bad_request("can't parse the multipart request body")
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise bad_request("can't parse the multipart request body")
        if part.get_filename() is None:
            raw[name] = content.decode()
        else:
            files[name] = upload(part.get_filename(), content)
