"""Settings of the participant bot, which also has a token, and perhaps a webhook."""

from pydantic import Field, SecretStr, field_validator

from bot.settings import LISTEN, BotToken
from rounds.settings import RoundSettings


class BotSettings(RoundSettings):
    """What the participant bot needs."""

    bot_token: BotToken
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_listen: str = Field(default="127.0.0.1:8081", pattern=LISTEN)
    health_listen: str | None = Field(default=None, pattern=LISTEN)

    @field_validator("webhook_secret")
    @classmethod
    def _a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        letters = secret.get_secret_value() if secret else "x"
        if not 1 <= len(letters) <= 256 or not all(one.isascii() and (one.isalnum() or one in "_-") for one in letters):  # noqa: PLR2004 - Telegram's bound
            raise ValueError("not a webhook secret")
        return secret

    @property
    def bot_id(self) -> int:
        """The number in front of the token's colon."""
        return int(self.bot_token.get_secret_value().partition(":")[0])

    @property
    def listen(self) -> tuple[str, int]:
        """Where the webhook server listens."""
        host, _, port = self.webhook_listen.rpartition(":")
        return host, int(port)
