"""The bot's own world beside the preview: the same dialogue is held with both."""

from tests.bot.conftest import row, url, world
from tests.bot.test_chat import stage

__all__ = ["row", "stage", "url", "world"]
