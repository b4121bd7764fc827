"""The bot's profile is brought in order, gently."""

import asyncio
from collections import Counter

from bot.participant import profile, texts
from tests.bot.line import Answer, Json, Line, line, ok, refused

KEYS = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}


class Profile:
    """A profile as Telegram keeps it: what is not set in a language is what is set for everybody."""

    def __init__(self) -> None:
        self.set: dict[tuple[str, str], str] = {("name", ""): "Old name"}
        self.commands: dict[tuple[str, str], list[Json]] = {}

    def serve(self, telegram: Line) -> None:
        for suffix, key in KEYS.items():
            telegram.script[f"getMy{suffix}"] += [self._get(key)] * 99
            telegram.script[f"setMy{suffix}"] += [self._set(key)] * 99
        telegram.script["getMyCommands"] += [self._commands] * 99
        telegram.script["deleteMyCommands"] += [self._delete] * 99

    def _get(self, key: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a scripted answer
        async def get(params: Json) -> Answer:
            code = params.get("language_code", "")
            return ok({key: self.set.get((key, code)) or self.set.get((key, ""), "")})

        return get

    def _set(self, key: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as above
        async def set_(params: Json) -> Answer:
            self.set[key, params.get("language_code", "")] = params[key]
            return ok()

        return set_

    async def _commands(self, params: Json) -> Answer:
        return ok(self.commands.get((params["scope"]["type"], params.get("language_code", "")), []))

    async def _delete(self, params: Json) -> Answer:
        self.commands.pop((params["scope"]["type"], params.get("language_code", "")))
        return ok()


async def test_the_profile_is_set_once_in_every_language_and_commands_go() -> None:
    """Names and descriptions stand in every two-letter language and for everybody else; no command menu is left.

    Started again, the bot reads and sets nothing.

    Proves: Q6, T6
    """
    kept = Profile()
    kept.commands = {("default", "fr"): [{"command": "help"}], ("all_private_chats", ""): [{"command": "x"}]}
    async with line() as (telegram, bot):
        kept.serve(telegram)
        await profile.settle(bot, asyncio.Event())
        first = Counter(telegram.names())
        telegram.calls.clear()
        await profile.settle(bot, asyncio.Event())

    assert kept.commands == {}
    assert kept.set["name", ""] == texts.PROFILE_NAME.text
    codes = [code for code, _ in profile.languages()]
    assert codes[0] is None
    assert all(len(code or "xx") == 2 for code in codes)
    assert all(kept.set.get((key, code or "")) or code == "en" for key in KEYS.values() for code in codes)
    assert first["deleteMyCommands"] == 2
    assert {name for name in telegram.names() if not name.startswith("get")} == set()


async def test_telegram_may_make_the_profile_wait() -> None:
    """A flood is waited for and what was done is not done again; a refusal ends the trying; `stop` ends the waiting.

    Proves: T4, Q6
    """
    kept = Profile()
    async with line() as (telegram, bot):
        telegram.script["setMyName"].append(refused(429, "Too Many Requests", retry_after=0.01))
        kept.serve(telegram)
        await profile.settle(bot, asyncio.Event())
        assert kept.set["name", ""] == texts.PROFILE_NAME.text

        telegram.calls.clear()
        telegram.script["getMyCommands"].appendleft(refused(400, "Bad Request: no"))
        await profile.settle(bot, asyncio.Event())
        assert telegram.names() == ["getMyCommands"]

        telegram.script["getMyCommands"].appendleft(refused(429, "Too Many Requests", retry_after=9_999))
        stop = asyncio.Event()
        waiting = asyncio.ensure_future(profile.settle(bot, stop))
        await asyncio.sleep(0.05)
        stop.set()
        await asyncio.wait_for(waiting, 5)
