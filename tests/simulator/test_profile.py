"""What a bot says about itself, and requests that are broken below the level of any method."""

import aiohttp
import pytest

from bot.simulator.errors import Json
from tests.simulator.conftest import Raw
from tests.simulator.libraries import PNG

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc00011080064003203012200021101031101ffd9")


@pytest.mark.parametrize(
    ("what", "limit"), [("Name", 64), ("Description", 512), ("ShortDescription", 120)], ids=["name", "long", "short"]
)
async def test_texts_by_language(raw: Raw, what: str, limit: int) -> None:
    """Name and descriptions are kept by language, fall back to the general one, and go with an empty text."""
    key = {"ShortDescription": "short_description"}.get(what, what.lower())
    assert (await raw(f"setMy{what}", **{key: "a" * limit}))["ok"]
    assert (await raw(f"setMy{what}", **{key: "عام", "language_code": "ar"}))["ok"]

    assert (await raw(f"getMy{what}", language_code="ar"))["result"] == {key: "عام"}
    assert (await raw(f"getMy{what}", language_code="fr"))["result"] == {key: "a" * limit}
    await raw(f"setMy{what}", **{key: "", "language_code": "ar"})
    assert (await raw(f"getMy{what}", language_code="ar"))["result"] == {key: "a" * limit}


async def test_commands_by_scope_and_language(raw: Raw) -> None:
    """Commands are kept by scope and language; deleting one list leaves the others."""
    menu = [{"command": "help", "description": "Help"}]
    await raw("setMyCommands", commands=menu)
    await raw("setMyCommands", commands=menu * 2, scope={"type": "all_private_chats"}, language_code="fr")
    assert (await raw("getMyCommands"))["result"] == menu
    await raw("deleteMyCommands")
    assert (await raw("getMyCommands"))["result"] == []
    found = await raw("getMyCommands", scope={"type": "all_private_chats"}, language_code="fr")
    assert found["result"] == menu * 2
    assert (await raw("getMyCommands", scope={"type": "chat", "chat_id": 1}))["error_code"] == 501


async def test_webhook_information(raw: Raw) -> None:
    """What was set can be read back, and an empty address takes the webhook away."""
    url = "http://localhost:1/hook"
    await raw("setWebhook", url=url, max_connections=3, allowed_updates=["message"])
    info = (await raw("getWebhookInfo"))["result"]
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (url, 3, ["message"])
    assert "webhook must be deleted" in (await raw("close"))["description"]
    assert (await raw("setWebhook", url="", drop_pending_updates=True))["ok"]
    assert (await raw("getWebhookInfo"))["result"]["url"] == ""


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("application/json", b"{", "can't parse JSON"),
        ("application/json", b"[1]", "must be a JSON object"),
        ("application/json", b'{"text": "\xff"}', "can't parse JSON"),
        ("application/json", b'{"text": "\\ud800"}', "can't parse JSON"),
        ("application/x-www-form-urlencoded", b"text=%ff", "UTF-8"),
        ("application/x-www-form-urlencoded", b"\xff", "UTF-8"),
        ("multipart/form-data", b"x", "can't parse the multipart"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx\r\n--b--\r\n", "can't parse the multipart"),
    ],
)
async def test_broken_bodies(raw: Raw, kind: str, body: bytes, words: str) -> None:
    """A body that is not what it says is refused as a bad request."""
    headers = {"Content-Type": kind}
    async with raw.session.post(f"{raw.url}/sendMessage", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert words in (await answer.json())["description"]


@pytest.mark.parametrize(("picture", "pixels"), [(PNG, (1, 1)), (JPEG, (50, 100))], ids=["png", "jpeg"])
def test_picture_sizes(picture: bytes, pixels: tuple[int, int]) -> None:
    """Width and height are read from the picture's own header, and a cut header is no picture."""
    from bot.simulator.files import upload

    assert upload("a", picture).pixels == pixels
    assert upload("a", picture[:20]).pixels is None


async def test_query_and_form(raw: Raw) -> None:
    """A call may come by query, by form or by both, with names in any case, as Telegram allows."""
    async with raw.session.get(f"{raw.url}/GETME") as answer:
        me: Json = (await answer.json())["result"]
        assert me["is_bot"]
    data = aiohttp.FormData({"description": "from the form"})
    async with raw.session.post(f"{raw.url}/setmydescription?language_code=fr", data=data) as answer:
        assert answer.status == 200
    assert (await raw("getMyDescription", language_code="fr"))["result"] == {"description": "from the form"}
