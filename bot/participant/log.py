"""The few things the bot may say about itself: events by name, with codes and counts, never people or words (D6).

An event that is not in `Event`, or a field that is not in `FIELDS`, cannot be logged: there is no free text to put
anything into. Nothing is logged for an ordinary update, because a log that grows with each answer shows who answers.
"""

from enum import StrEnum

from bot.lines import write

FIELDS = frozenset({"code", "status", "count", "seconds"})


class Event(StrEnum):
    """Everything that can be logged."""

    READY = "ready"
    STOPPING = "stopping"
    STORAGE_UNAVAILABLE = "storage-unavailable"
    STORAGE_REFUSED = "storage-refused"
    TELEGRAM_UNREACHABLE = "telegram-unreachable"
    TELEGRAM_REFUSED = "telegram-refused"
    HANDLER_FAILED = "handler-failed"
    HOUSEKEEPING_FAILED = "housekeeping-failed"
    WEBHOOK_REFUSED = "webhook-refused"
    REFERRALS_STALE = "referrals-stale"
    """Help that is named to people was not tried for 30 days: `code` begins the round's id, `count` is of entries."""
    LATE = "late"
    """Nobody looked in time at what was due: `code` is the job, `seconds` how late, in whole slots; never how many."""
    WEBHOOK_CHANGED = "webhook-changed"
    """Telegram sends this bot's updates elsewhere than it was set up for (T5)."""
    TOKEN_SHARED = "token-shared"  # noqa: S105 - an event's name
    """Somebody else asks for this bot's updates (T5)."""
    DISK_LOW = "disk-low"
    BOX_OVER = "box-over"
    """A closed round's contact box was kept for a year, and is destroyed now."""
    RETENTION_OVER = "retention-over"
    """A closed round was kept as long as its record allows, and is destroyed here now."""


def log(event: Event, **fields: str | float) -> None:
    """Logs `event`. Raises ValueError for a field that is not allowed."""
    write(event.value, fields, FIELDS)
