"""Files a bot sends: kept as size and hash, usable again by id, and never fetched from anywhere.

Only of a voice is the content kept: whoever tries the chat out shall hear it.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from bot.simulator.errors import Json, TelegramError, bad_request
from bot.simulator.methods import SENDING, Behaviour, Call, place
from bot.simulator.text import MAX_CAPTION, settle
from bot.simulator.world import Upload

MAX_PHOTO: Final = 10 << 20
MAX_FILE: Final = 50 << 20
MAX_VOICE: Final = 1 << 20
"""Above a megabyte the server shows a voice as a file (core.telegram.org/bots/api#sending-files)."""
_OPUS: Final = slice(28, 36)
"""Where the first page of an OGG file with Opus says so (RFC 7845, section 5.1)."""
_CAPTION: Final = SENDING | {"caption", "caption_entities"}
PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "sendphoto": _CAPTION | {"photo", "has_spoiler", "show_caption_above_media"},
    "senddocument": _CAPTION | {"document", "disable_content_type_detection"},
    "sendvoice": _CAPTION | {"voice", "duration"},
}


def upload(name: str | None, content: bytes) -> Upload:
    """Return what is kept of an uploaded file; its kind is settled by the call that sends it."""
    digest = hashlib.sha256(content).hexdigest()
    return Upload("file", len(content), digest, name, _pixels(content), content)


def _pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG, or None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:  # noqa: PLR2004 - the header's length
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    at = 2
    while content.startswith(b"\xff\xd8") and at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - JPEG marker
        if content[at + 1] in {0xC0, 0xC1, 0xC2}:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def _resolve(call: Call, kind: str) -> Upload:
    value = call.args[kind]
    given = call.files.get(value.removeprefix("attach://")) if isinstance(value, str) else None
    if given is not None:
        return _accept(call, kind, given)
    if value.startswith("attach://"):
        raise bad_request("file attachment is not found in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = call.world.files.get(value)
    if known is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


def _accept(call: Call, kind: str, given: Upload) -> Upload:
    if given.size == 0:
        raise bad_request("file must be non-empty")
    if given.size > (MAX_PHOTO if kind == "photo" else MAX_FILE):
        raise TelegramError(413, "Request Entity Too Large")
    content = given.content if kind == "voice" else b""
    file = Upload(kind, given.size, given.digest, given.name, given.pixels, content)
    if kind == "photo" and file.pixels is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if kind == "voice":
        _listenable(given)
    call.world.files[file.file_id] = file
    return file


def _listenable(given: Upload) -> None:
    """Refuse what the server would turn into a file with a name, which no bot that sends a voice wants to happen."""
    opus = given.content.startswith(b"OggS") and given.content[_OPUS] == b"OpusHead"
    if not opus or given.size > MAX_VOICE:
        raise bad_request("this would not be shown as a voice message: send OGG with Opus, one megabyte at most")


def _describe(file: Upload, args: Json) -> object:
    body: Json = {"file_id": file.file_id, "file_unique_id": file.digest[:16], "file_size": file.size}
    if file.kind == "photo":
        width, height = file.pixels or (0, 0)
        return [body | {"width": width, "height": height}]
    if file.kind == "voice":
        return body | {"duration": args.get("duration") or 0, "mime_type": "audio/ogg"}
    return body | ({"file_name": file.name} if file.name else {})


def _sender(kind: str) -> Behaviour:
    def send(call: Call) -> Json:
        call.chat()
        entities = call.args.get("caption_entities") or []
        caption, entities = settle(call.args.get("caption") or "", entities, MAX_CAPTION)
        content: Json = {kind: _describe(_resolve(call, kind), call.args)}
        if caption:
            content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        return place(call, kind, content)

    return send


BEHAVIOURS: Final[dict[str, Behaviour]] = {f"send{kind}": _sender(kind) for kind in ("photo", "document", "voice")}
