"""Settings of the participant bot and of the commands that share its database: from the environment only.

A setting that is misspelt is an error, not a default: a wrong name must never mean that a secret lies somewhere else
than meant. Each secret can also be given as the path of a file in `NAME_FILE`.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "SAUTI_"
TELEGRAM = "https://api.telegram.org"
KNOWN = frozenset(
    {
        "SAUTI_BOT_API_URL",
        "SAUTI_BOT_TOKEN",
        "SAUTI_BOT_TOKEN_FILE",
        "SAUTI_DATABASE_URL",
        "SAUTI_DATABASE_URL_FILE",
        "SAUTI_PASSPHRASE_FILE",
        "SAUTI_SECRETS_DIR",
        "SAUTI_WEBHOOK_LISTEN",
        "SAUTI_WEBHOOK_SECRET",
        "SAUTI_WEBHOOK_SECRET_FILE",
        "SAUTI_WEBHOOK_URL",
    }
)
"""Every setting of every process; one may run with another's in its environment."""


class SettingsError(Exception):
    """Settings that cannot be used. Names them, never their values."""


Settings = TypeVar("Settings", bound="Sauti")


class Sauti(BaseSettings):
    """What all settings have in common."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's interface
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's interface
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, and files that it names; no .env that lies about by accident."""
        return (init_settings, _NamedFiles(settings_cls), env_settings)

    @classmethod
    def read(cls) -> Self:
        """The settings in the environment. Raises SettingsError."""
        check_names(os.environ)
        try:
            return cls()
        except ValidationError as error:
            wrong = sorted({f"{PREFIX}{str(detail['loc'][0]).upper()}" for detail in error.errors(include_input=False)})
            raise SettingsError(f"settings missing or not usable: {', '.join(wrong)}; see docs/settings.md") from None


class _NamedFiles(PydanticBaseSettingsSource):
    """Values from the files that `SAUTI_…_FILE` name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ANN401, ARG002 - the library's interface
        """The file's content without its last line break."""
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{PREFIX}{field_name.upper()}_FILE: the file cannot be read") from None

    def __call__(self) -> dict[str, Any]:
        """All fields that have a file."""
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def check_names(environment: Mapping[str, str]) -> None:
    """Raises SettingsError for a SAUTI_ name that nothing knows, and says which one may have been meant."""
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"unknown setting {name}{meant}")


def loopback(url: str) -> bool:
    """Whether a server's address is on this machine."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


class RoundSettings(Sauti):
    """What the round commands need."""

    database_url: SecretStr
    secrets_dir: Path
    bot_api_url: str = TELEGRAM

    @field_validator("bot_api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("not an address")
        if urlsplit(url).scheme == "http" and not loopback(url):
            raise ValueError("http leaves this machine unprotected")
        return url.rstrip("/")


class BotSettings(RoundSettings):
    """What the participant bot needs."""

    bot_token: SecretStr
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_listen: str = Field(default="127.0.0.1:8081", pattern=r"^[^:]+:\d{1,5}$")

    @field_validator("bot_token")
    @classmethod
    def _a_token(cls, token: SecretStr) -> SecretStr:
        number, _, secret = token.get_secret_value().partition(":")
        if not number.isdecimal() or not secret:
            raise ValueError("not a token")
        return token

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
