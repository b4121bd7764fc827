"""Calls about the bot itself: its name, descriptions and commands by language, its webhook, its farewell."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from bot.simulator.errors import Json, TelegramError, bad_request, no_behaviour
from bot.simulator.methods import Behaviour, Call
from bot.simulator.text import units
from bot.simulator.world import LOGGED_OUT_SECONDS, Webhook

MAX_COMMANDS: Final = 100
MAX_COMMAND_TEXT: Final = 256
LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}
_LANGUAGE = re.compile(r"[a-z]{2}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOCAL_SCOPES: Final = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "setwebhook": frozenset(
        {"url", "max_connections", "allowed_updates", "drop_pending_updates", "secret_token"}
    ),
}  # fmt: skip


def _language(call: Call) -> str:
    code = call.args.get("language_code") or ""
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("language code specified is invalid: a two-letter ISO 639-1 code is expected")
    return str(code)


def _setter(what: str) -> Behaviour:
    def set_text(call: Call) -> bool:
        value, language = call.args.get(what) or "", _language(call)
        if units(value) > LIMITS[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        if what == "name" and not language:
            call.bot.name = value or call.bot.name
        call.bot.profile[what, language] = value
        return True

    return set_text


def _getter(what: str) -> Behaviour:
    def get_text(call: Call) -> Json:
        fallback = call.bot.profile.get((what, ""), call.bot.name if what == "name" else "")
        return {what: call.bot.profile.get((what, _language(call))) or fallback}

    return get_text


def _scope(call: Call) -> str:
    kind = str((call.args.get("scope") or {}).get("type", "default"))
    if kind not in _LOCAL_SCOPES:
        raise no_behaviour(f"command scope {kind}")
    return f"commands {kind}"


def set_my_commands(call: Call) -> bool:
    """Set the command menu of one scope and language."""
    key, commands = (_scope(call), _language(call)), call.args["commands"]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("too many bot commands specified")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"]) <= MAX_COMMAND_TEXT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.profile[key] = commands
    return True


def delete_my_commands(call: Call) -> bool:
    """Forget the command menu of one scope and language."""
    call.bot.profile.pop((_scope(call), _language(call)), None)
    return True


def get_my_commands(call: Call) -> object:
    """Return the command menu of one scope and language."""
    return call.bot.profile.get((_scope(call), _language(call)), [])


def get_me(call: Call) -> Json:
    """Return the bot."""
    return call.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_webhook(call: Call) -> bool:
    """Have updates posted to an address of this machine; an empty url takes the webhook away."""
    args, updates = call.args, call.bot.updates
    url = args["url"]
    if not url:
        return delete_webhook(call)
    _check_url(url)
    secret = args.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters or is not of 1 to 256 characters")
    connections = args.get("max_connections", 40)
    if not 1 <= connections <= 100:  # noqa: PLR2004 - Bot API, setWebhook
        raise bad_request("max_connections must be between 1 and 100")
    allow(call)
    call.bot.webhook = Webhook(url, secret, connections)
    if args.get("drop_pending_updates"):
        updates.forget()
    updates.wake()
    if call.world.on_webhook is not None:
        call.world.on_webhook(call.bot)
    return True


def _check_url(url: str) -> None:
    """Allow only this machine: the simulator never speaks to another one. Plain http is allowed, unlike Telegram."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if parts.scheme not in {"http", "https"}:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not local:
        raise bad_request("bad webhook: the simulator posts only to 127.0.0.1, ::1 or localhost")


def allow(call: Call) -> None:
    """Remember `allowed_updates` if named: omitted keeps the old setting, an empty list is the default."""
    kinds = call.args.get("allowed_updates")
    if kinds is not None:
        call.bot.updates.allowed = frozenset(kinds) or None


def delete_webhook(call: Call) -> bool:
    """Go back to long polling."""
    call.bot.webhook = None
    if call.args.get("drop_pending_updates"):
        call.bot.updates.forget()
    call.bot.updates.wake()
    return True


def get_webhook_info(call: Call) -> Json:
    """Return where updates go and how many wait."""
    hook, updates = call.bot.webhook, call.bot.updates
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates)}
    if hook is not None:
        info |= {"url": hook.url, "max_connections": hook.max_connections}
    if hook is not None and hook.last_error_date is not None:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


def log_out(call: Call) -> bool:
    """Leave this server; the bot may not come back for ten minutes."""
    call.bot.logged_out_until = call.world.now() + LOGGED_OUT_SECONDS
    call.bot.updates.wake()
    return True


def close(call: Call) -> bool:
    """Close the bot's instance; with a webhook set it would start again at once, so that is refused."""
    if call.bot.webhook is not None:
        raise TelegramError(400, "Bad Request: webhook must be deleted before the bot is closed")
    call.bot.pollers += 1
    call.bot.updates.wake()
    return True


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
    "deletemycommands": delete_my_commands,
    "getmycommands": get_my_commands,
    "logout": log_out,
    "close": close,
    **{f"setmy{what.replace('_', '')}": _setter(what) for what in LIMITS},
    **{f"getmy{what.replace('_', '')}": _getter(what) for what in LIMITS},
}
