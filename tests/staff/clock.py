"""The machine's own time, for what the database compares with its own clock."""

from datetime import UTC, datetime


def today() -> datetime:
    """Now."""
    return datetime.now(UTC)  # noqa: TID251 - the database's clock cannot be handed in
