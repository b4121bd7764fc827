"""How a bot's log is written: one JSON line for each event on stderr, from a closed list of events and fields (D6).

Each bot has its own list of events; what none may log stands here, once: free text, and a time finer than an hour.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress

import structlog


def configure() -> None:
    """One JSON line for each event on stderr; times to the hour, so that a log is no diary of who came when."""
    import logging  # noqa: PLC0415 - configured once, by the process that owns stderr
    import sys  # noqa: PLC0415 - as above

    logging.disable(logging.CRITICAL)  # libraries log updates and addresses; what we need, we say ourselves
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def write(event: str, fields: Mapping[str, str | float], allowed: Collection[str]) -> None:
    """Writes a line. Raises ValueError for a field that is not allowed."""
    if not fields.keys() <= set(allowed):
        raise ValueError("field not allowed in logs")
    # A full disk must not end a bot: a line that cannot be written is worth less than the conversations that go on.
    with suppress(OSError):
        structlog.get_logger().info(event, **fields)
