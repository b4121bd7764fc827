"""Settings of the staff bot: a token, and a database address with a role of its own. It has no folder of secrets."""

from pydantic import Field

from bot.settings import LISTEN, BotToken
from rounds.settings import ClockSettings


class InviteSettings(ClockSettings):
    """What whoever makes invitations needs."""

    bot_name: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9_]{4,31}$")
    """The participant bot's user name, for the links of invitations."""


class StaffBotSettings(InviteSettings):
    """What the staff bot needs."""

    staff_bot_token: BotToken
    health_listen: str | None = Field(default=None, pattern=LISTEN)
