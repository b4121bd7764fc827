"""The few things the staff bot may say about itself: events with codes and counts, never people or words (D6)."""

import logging
import sys
from contextlib import suppress
from enum import StrEnum

import structlog

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


def configure() -> None:
    """One JSON line for each event on stderr; times to the hour, so that a log is no diary of who came when."""
    logging.disable(logging.CRITICAL)  # the libraries log updates, and addresses with the token in them
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def log(event: Event, **fields: str | float) -> None:
    """Logs `event`. Raises ValueError for a field that is not allowed."""
    if not fields.keys() <= FIELDS:
        raise ValueError("field not allowed in logs")
    with suppress(OSError):
        structlog.get_logger().info(event.value, **fields)
