"""A call that carries a file, as one request body: the only one is a recording's first sending."""

import secrets
from collections.abc import Mapping

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile


def carries_a_file(method: TelegramMethod[TelegramType]) -> bool:
    """Whether a call cannot go as JSON."""
    return any(isinstance(value, InputFile) for value in method.__dict__.values())


async def multipart(session: BaseSession, bot: Bot, method: TelegramMethod[TelegramType]) -> tuple[str, bytes]:
    """Content type and body (RFC 7578) of a call with the files that it carries."""
    files: dict[str, InputFile] = {}
    given = method.model_dump(exclude_unset=True, exclude_none=True, warnings=False)
    fields = {name: str(session.prepare_value(value, bot=bot, files=files)) for name, value in given.items()}
    held = {name: b"".join([piece async for piece in file.read(bot)]) for name, file in files.items()}
    boundary = secrets.token_hex(16)
    return f"multipart/form-data; boundary={boundary}", _body(boundary, fields, held, files)


def _body(boundary: str, fields: Mapping[str, str], held: Mapping[str, bytes], files: Mapping[str, InputFile]) -> bytes:
    pieces = []
    for name, value in fields.items():
        pieces += [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()]
    for name, data in held.items():
        head = f'form-data; name="{name}"; filename="{files[name].filename}"\r\nContent-Type: application/octet-stream'
        pieces += [f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode(), data, b"\r\n"]
    return b"".join((*pieces, f"--{boundary}--\r\n".encode()))
