"""What the settings of both bots have in common."""

from typing import Annotated, Final

from pydantic import AfterValidator, SecretStr

LISTEN: Final = r"^[^:]+:\d{1,5}$"
"""How an address to listen at is written: host and port."""


def _a_token(token: SecretStr) -> SecretStr:
    number, _, secret = token.get_secret_value().partition(":")
    if not number.isdecimal() or not secret:
        raise ValueError("not a token")
    return token


BotToken = Annotated[SecretStr, AfterValidator(_a_token)]
"""A token as BotFather gives it: the bot's number, a colon, a secret."""
