"""Settings of the bot and of the commands that share its database: from the environment only.

A setting that is misspelt is an error, not a default: a wrong name must never mean that a secret lies somewhere else
than meant. Each secret can also be given as the path of a file in `NAME_FILE`.
"""

import difflib
import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "SAUTI_"
TELEGRAM = "https://api.telegram.org"
KNOWN = frozenset(
    {
        "SAUTI_BOT_API_URL",
        "SAUTI_BOT_NAME",
        "SAUTI_BOT_TOKEN",
        "SAUTI_BOT_TOKEN_FILE",
        "SAUTI_DATABASE_URL",
        "SAUTI_DATABASE_URL_FILE",
        "SAUTI_HEALTH_LISTEN",
        "SAUTI_PASSPHRASE_FILE",
        "SAUTI_SECRETS_DIR",
        "SAUTI_STAFF_BOT_TOKEN",
        "SAUTI_STAFF_BOT_TOKEN_FILE",
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
            meant = f"; did you mean {near[0]}?" if near else "; docs/settings.md lists them all"
            raise SettingsError(f"unknown setting {name}{meant}")


def is_loopback(url: str) -> bool:
    """Whether an address names this machine: an IP address of the loopback network, or `localhost`."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class ClockSettings(Sauti):
    """What whoever moves rounds needs: the database, and where the bot speaks, which a rehearsal's gate asks."""

    database_url: SecretStr
    bot_api_url: str = TELEGRAM

    @field_validator("bot_api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("not an address")
        if urlsplit(url).scheme == "http" and not is_loopback(url):
            raise ValueError("http leaves this machine unprotected")
        return url.rstrip("/")


class RoundSettings(ClockSettings):
    """What all need who share the secrets as well."""

    secrets_dir: Path
