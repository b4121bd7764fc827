"""Bytes in JSON files: exact lengths, one spelling each, and the schema that says so."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from storage.envelope.errors import NotAKeyFile

_HEX = re.compile(r"(?:[0-9a-f]{2})*")


class FormatFile(BaseModel):
    """A JSON file of ours: every field required, none unknown, no value in an error message."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    def to_json(self) -> bytes:
        """The file as people will see it: indented, one field a line, a newline at the end."""
        return self.model_dump_json(indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Hex:
    """Annotates `bytes` written as lower-case hexadecimal of exactly `length` bytes."""

    length: int

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return _text_or_bytes(self.read, bytes.hex)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * self.length}}}$"}

    def read(self, value: object) -> bytes:
        """The bytes that are written so. Raises ValueError."""
        if isinstance(value, str) and _HEX.fullmatch(value):
            value = bytes.fromhex(value)
        return _sized(value, self.length)


@dataclass(frozen=True, slots=True)
class Base64:
    """Annotates `bytes` written as standard base64, padded, of exactly `length` bytes."""

    length: int

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return _text_or_bytes(self._read, lambda value: base64.b64encode(value).decode())

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        characters = -(-self.length // 3) * 4
        return {
            "type": "string", "contentEncoding": "base64", "minLength": characters, "maxLength": characters
        }  # fmt: skip

    def _read(self, value: object) -> bytes:
        if isinstance(value, str):
            try:
                decoded = base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                raise ValueError("base64") from None
            # Stray bits behind the last byte would give one value two spellings.
            if base64.b64encode(decoded).decode() != value:
                raise ValueError("base64")
            value = decoded
        return _sized(value, self.length)


def _sized(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise ValueError("length")
    return value


def _text_or_bytes(read: Any, write: Any) -> CoreSchema:  # noqa: ANN401 - pydantic's own callback types are Any
    return core_schema.no_info_plain_validator_function(
        read, serialization=core_schema.plain_serializer_function_ser_schema(write, when_used="json")
    )


def says_once(text: bytes) -> bool:
    """Whether no object in a JSON text names a field twice: of two values programs take either.

    What is no JSON at all is for its reader to refuse.
    """
    twice = False

    def look(pairs: list[tuple[str, object]]) -> None:
        nonlocal twice
        twice = twice or len({name for name, _ in pairs}) < len(pairs)

    try:
        json.loads(text, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return True
    return not twice


File = TypeVar("File", bound=FormatFile)


def read_file(model: type[File], text: bytes) -> File:
    """The file in `text`. Raises NotAKeyFile with the field at fault, never with its value."""
    if not says_once(text):
        raise NotAKeyFile("file")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        where = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        known = [str(part) for part in where if isinstance(part, int) or part in model.model_fields]
        raise NotAKeyFile(".".join(known) or "file") from None
