"""What `sauti doctor` looks at besides the server's own data: this machine, its letters, and Telegram."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from rounds.health import Check, Grade, good
from rounds.settings import RoundSettings

PATIENCE: Final = 10.0
"""Seconds that Telegram has to answer."""
OFF, FAR_OFF = 30, 300
"""Seconds by which this machine's clock may be wrong before somebody should look, and before it is bad."""
SWAPS = Path("/proc/swaps")


class Examined(RoundSettings):
    """The settings that a doctor can make something of; a token only where the participant bot runs."""

    bot_token: SecretStr | None = None
    webhook_url: str | None = None


def of_machine() -> Iterator[Check]:
    """Who runs this, and whether its memory can end up on a disk."""
    if os.geteuid() == 0:
        yield Check("user", Grade.LOOK, "this is root", "Run Sauti as a user of its own, which owns its two folders.")
    else:
        yield good("user", "not root")
    if _swaps():
        remedy = "Switch it off (swapoff -a), or encrypt it: what a process holds in memory can be written there."
        yield Check("swap", Grade.LOOK, "memory may be written to a disk", remedy)
    else:
        yield good("swap", "no memory is written to a disk")


def _swaps() -> bool:
    """Whether the kernel has a place to swap to; its list has one line of headings."""
    return SWAPS.exists() and len(SWAPS.read_text("utf-8").splitlines()) > 1


def of_letters() -> Iterator[Check]:
    """Whether documents can be set in every language there is; where documents are made at all."""
    from locales.catalog import CatalogueError, autonym, catalogue, languages

    try:
        for domain in ("participant", "reports"):
            for language in languages(domain):
                catalogue(language, domain)
    except CatalogueError as error:
        yield Check("catalogues", Grade.BAD, error.code, "Run: make install")
        return
    yield good("catalogues", f"{len(languages())} languages")
    if find_spec("reports") is None:
        return
    from reports.errors import DocumentRefused
    from reports.typesetting import families

    try:
        families("".join(autonym(language) for language in languages()))
    except DocumentRefused as error:
        yield Check("letters", Grade.LOOK, "some scripts cannot be set in documents", str(error))
    else:
        yield good("letters", "documents can be set in every script")


def of_telegram(settings: Examined, now: datetime) -> Iterator[Check]:
    """Whether the Bot API answers, knows the token and nobody else's webhook, and agrees about the time (T5)."""
    if settings.bot_token is None:
        yield Check(
            "telegram", Grade.LOOK, "not asked: there is no SAUTI_BOT_TOKEN here", "Ask where `sauti bot` runs."
        )
        return
    base = f"{settings.bot_api_url}/bot{settings.bot_token.get_secret_value()}"
    status, _, at = _asked(f"{base}/getMe")
    if at is not None:
        yield _of_clock(abs((now - at).total_seconds()))
    if status != 200:  # noqa: PLR2004 - HTTP's own number
        yield _of_silence(status)
        return
    yield good("telegram", "the Bot API answers and knows the token")
    _, hook, _ = _asked(f"{base}/getWebhookInfo")
    yield _of_webhook(str(hook.get("url", "")), settings.webhook_url or "")


def _asked(address: str) -> tuple[int, dict[str, Any], datetime | None]:
    """Status (0: no answer), the `result`, and the time it was there. No error names the address: a token is in it."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - settings allow http and https only
            said, status, date = json.load(answer), answer.status, answer.headers["Date"]
    except urllib.error.HTTPError as error:
        said, status, date = {}, error.code, error.headers["Date"]
    except (OSError, ValueError):
        return 0, {}, None
    result = said.get("result") if isinstance(said, dict) else None
    return status, result if isinstance(result, dict) else {}, _moment(date)


def _moment(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None


def _of_clock(off: float) -> Check:
    if off <= OFF:
        return good("clock", "agrees with Telegram's")
    remedy = "Let this machine keep time: timedatectl set-ntp true"
    grade = Grade.BAD if off > FAR_OFF else Grade.LOOK
    return Check("clock", grade, f"differs from Telegram's by {off:.0f} seconds", remedy)


def _of_silence(status: int) -> Check:
    if status in {401, 404}:
        remedy = (
            "Ask BotFather for the token, and set SAUTI_BOT_TOKEN_FILE. If somebody else revoked it, see docs/handbook."
        )
        return Check("telegram", Grade.BAD, "the token is not valid", remedy)
    finding = "does not answer" if status == 0 else f"answers with {status}"
    remedy = "See whether this machine reaches SAUTI_BOT_API_URL: its network, a proxy, or Telegram itself may be down."
    return Check("telegram", Grade.BAD, finding, remedy)


def _of_webhook(stands: str, wanted: str) -> Check:
    if stands == wanted:
        return good("webhook", "none, as set here" if not wanted else "the one that is set here")
    if wanted and not stands:
        return Check("webhook", Grade.LOOK, "Telegram has none", "`sauti bot` sets it when it starts.")
    remedy = (
        "Unless the address has been changed just now and the bot not been started again, somebody else has its token: "
        "take a new one from BotFather at once."
    )
    return Check("webhook", Grade.BAD, "Telegram sends to another address than is set here", remedy)
