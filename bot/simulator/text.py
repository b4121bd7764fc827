"""Text as Telegram measures it: in UTF-16 units, trimmed, with entities that must lie inside it."""

import re
from collections.abc import Sequence
from typing import Final

from bot.simulator.errors import Json, bad_request

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?")
_BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def units(text: str) -> int:
    """Return the length in UTF-16 code units, the only length Telegram knows."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def bare(label: str) -> str:
    """Return a label as the eye reads it: no direction marks, no space around it."""
    return label.translate(_BIDI).strip()


def commands_in(text: str) -> list[Json]:
    """Return the `bot_command` entities a client marks in what a person types."""
    if "/" not in text:
        return []
    return [
        {"type": "bot_command", "offset": units(text[: match.start()]), "length": units(match.group())}
        for match in _COMMAND.finditer(text)
    ]


def settle(text: str, entities: Sequence[Json], limit: int) -> tuple[str, list[Json]]:
    """Return text and entities as the server keeps them: trimmed, moved along, in range.

    Raises:
        TelegramError: an entity leaves the text or splits a character, or the text is too long.
    """
    boundaries = _boundaries(text) if entities else frozenset[int]()
    total = units(text)
    for entity in entities:
        _check_range(entity, total, boundaries)
    body = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    size = units(body)
    if size > limit:
        raise bad_request("message caption is too long" if limit == MAX_CAPTION else "message is too long")
    return body, [moved for entity in entities if (moved := _move(entity, lead, size))]


def _boundaries(text: str) -> frozenset[int]:
    places, at = {0}, 0
    for character in text:
        at += 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004 - the end of Unicode's first plane
        places.add(at)
    return frozenset(places)


def _check_range(entity: Json, total: int, boundaries: frozenset[int]) -> None:
    start, length = int(entity["offset"]), int(entity["length"])
    if start < 0:
        raise bad_request("entity begins before the start of the text")
    if length <= 0:
        raise bad_request(f"entity beginning at UTF-16 offset {start} has no length")
    if start + length > total:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {total}"
        )
    if start not in boundaries:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {start}")
    if start + length not in boundaries:
        raise bad_request(f"entity ends in a middle of a UTF-16 symbol at UTF-16 offset {start + length}")


def _move(entity: Json, lead: int, size: int) -> Json | None:
    start = max(int(entity["offset"]) - lead, 0)
    end = min(int(entity["offset"]) + int(entity["length"]) - lead, size)
    return {**entity, "offset": start, "length": end - start} if end > start else None
