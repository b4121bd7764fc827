"""The few things the staff bot may say about itself: events with codes and counts, never people or words (D6)."""

from enum import StrEnum

from bot.lines import write

FIELDS = frozenset({"code", "count", "seconds"})


class Event(StrEnum):
    """Everything that can be logged."""

    READY = "ready"
    STOPPING = "stopping"
    STORAGE_FAILED = "storage-failed"
    TELEGRAM_FAILED = "telegram-failed"
    """`code` is the kind of failure."""
    HANDLER_FAILED = "handler-failed"
    TOKEN_USED_ELSEWHERE = "token-used-elsewhere"  # noqa: S105 - an event's name
    """Somebody else asks Telegram for this bot's updates (T5)."""
    ROUND_MOVED = "round-moved"
    """At its planned time: `code` begins the round's id, `seconds` is how late."""
    ROUND_KEPT_SHUT = "round-kept-shut"
    """It was to open and may not: `code` begins the round's id, `count` is of what is missing."""
    WEBHOOK_CHANGED = "webhook-changed"
    """Somebody has set a webhook for this bot, which has none (T5)."""


def log(event: Event, **fields: str | float) -> None:
    """Logs `event`. Raises ValueError for a field that is not allowed."""
    write(event.value, fields, FIELDS)
