"""What a person may send besides text, as the bot sees it: ids and sizes, never a content."""

import hashlib
from collections.abc import Callable
from typing import Final

from bot.simulator.chats import Person
from bot.simulator.errors import ControlError, Json

CAPTIONED: Final = frozenset({"photo", "video", "animation", "audio", "document", "voice"})


def _file(kind: str, **more: object) -> Json:
    digest = hashlib.sha256(kind.encode()).hexdigest()
    return {"file_id": f"SIM{kind[:3].upper()}{digest}", "file_unique_id": digest[:16], "file_size": 4096, **more}


def _contact(person: Person, fields: Json) -> Json:
    return {"phone_number": fields.get("phone_number", "+10005550100"), "first_name": person.first_name}


_PLACE: Final[Json] = {"latitude": 0.0, "longitude": 0.0}
_KINDS: Final[dict[str, Callable[[Person, Json], object]]] = {
    "photo": lambda _p, _f: [_file("photo", width=90, height=60), _file("photo-large", width=900, height=600)],
    "voice": lambda _p, _f: _file("voice", duration=4, mime_type="audio/ogg"),
    "video": lambda _p, _f: _file("video", width=640, height=360, duration=4),
    "video_note": lambda _p, _f: _file("video_note", length=240, duration=4),
    "animation": lambda _p, _f: _file("animation", width=320, height=240, duration=2),
    "audio": lambda _p, _f: _file("audio", duration=30),
    "document": lambda _p, _f: _file("document", file_name="note.pdf", mime_type="application/pdf"),
    "sticker": lambda _p, _f: _file(
        "sticker", width=512, height=512, type="regular", is_animated=False, is_video=False
    ),
    "contact": _contact,
    "location": lambda _p, _f: _PLACE,
    "venue": lambda _p, _f: {"location": _PLACE, "title": "A place", "address": "A street"},
    "dice": lambda _p, _f: {"emoji": "🎲", "value": 4},
    "poll": lambda _p, _f: {
        "id": "1",
        "question": "?",
        "options": [{"persistent_id": "1", "text": "a", "voter_count": 0}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "allows_revoting": True,
        "members_only": False,
        "type": "regular",
        "allows_multiple_answers": False,
    },
    "users_shared": lambda p, _f: {"request_id": 1, "users": [{"user_id": p.id, "first_name": p.first_name}]},
    "pinned_message": lambda p, _f: {"chat": {"id": p.id, "type": "private"}, "message_id": 1, "date": 0},
    "message_auto_delete_timer_changed": lambda _p, _f: {"message_auto_delete_time": 86_400},
}
KINDS: Final = tuple(_KINDS)


def content_of(kind: str, fields: Json, person: Person, now: float) -> Json:
    """Return the Message fields of an attachment; `fields` may hold `caption`, `forwarded`, `group`, `phone_number`.

    Raises:
        ControlError: the kind is not known here (a raw update can carry anything).
    """
    build = _KINDS.get(kind)
    if build is None:
        raise ControlError(400, "unknown_kind", f"Known kinds: {', '.join(KINDS)}; for others inject a raw update.")
    content: Json = {kind: build(person, fields)}
    if fields.get("caption") and kind in CAPTIONED:
        content["caption"] = fields["caption"]
    if fields.get("forwarded"):
        content["forward_origin"] = {"type": "hidden_user", "sender_user_name": "Someone", "date": int(now)}
    if fields.get("group"):
        content["media_group_id"] = str(fields["group"])
    return content
