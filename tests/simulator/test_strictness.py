"""What Telegram refuses, the simulator refuses, in Telegram's words; what it cannot act out, it does not pretend."""

import pytest

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.server import Simulator
from bot.simulator.validate import check, known
from bot.simulator.wire import TEXTS, decode, loose
from tests.simulator.conftest import Raw
from tests.simulator.libraries import PNG


def key(**button: object) -> Json:
    """Return an inline keyboard of one button."""
    return {"inline_keyboard": [[button]]}


CHAT: Json = {"chat_id": "CHAT"}
TEXT: Json = {**CHAT, "text": "hello"}
EDIT: Json = {**TEXT, "message_id": "CARD"}
BAD_CALLS: list[tuple[str, Json, int, str]] = [
    # Shape: what the models know.
    ("sendMessage", {"text": "hello"}, 400, "chat_id is empty"),
    ("sendMessage", {"chat_id": "CHAT"}, 400, "message text is empty"),
    ("sendMessage", TEXT | {"colour": "red"}, 400, "unknown parameter colour"),
    ("sendMessage", TEXT | {"text": 5}, 400, "invalid parameter text"),
    ("sendMessage", TEXT | {"chat_id": [1]}, 400, "invalid parameter chat_id"),
    ("sendMessage", TEXT | {"disable_notification": "perhaps"}, 400, "invalid parameter disable_notification"),
    ("sendMessage", TEXT | {"reply_markup": key(callback_data="y")}, 400, "unknown parameter reply_markup"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", calback_data="y")}, 400, "unknown parameter reply_markup"),
    ("sendMessage", TEXT | {"reply_markup": {"remove_keybord": True}}, 400, "unknown parameter reply_markup"),
    ("sendMessage", TEXT | {"reply_markup": "nonsense"}, 400, "invalid parameter reply_markup"),
    ("sendMessage", TEXT | {"entities": [{"type": "bold", "offset": 0}]}, 400, "entities.0.length"),
    ("sendMessage", TEXT | {"entities": [{"type": "bold", "offset": 0, "length": 1, "x": 2}]}, 400, "entities.0.x"),
    ("sendMessage", TEXT | {"link_preview_options": {"disabled": True}}, 400, "link_preview_options.disabled"),
    ("deleteMessages", CHAT | {"message_ids": "1,2"}, 400, "invalid parameter message_ids"),
    ("answerCallbackQuery", {}, 400, "query is too old"),
    ("setMyCommands", {"commands": [{"command": "go"}]}, 400, "commands.0.description"),
    ("sendTelepathy", {}, 404, "Not Found"),
    # Size: what they do not.
    ("sendMessage", TEXT | {"text": ""}, 400, "message text is empty"),
    ("sendMessage", TEXT | {"text": " \n "}, 400, "message text is empty"),
    ("sendMessage", TEXT | {"text": "a" * 4097}, 400, "message is too long"),
    ("sendMessage", TEXT | {"text": "😀" * 2049}, 400, "message is too long"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", callback_data="y" * 65)}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", callback_data="ي" * 33)}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", callback_data="")}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a")}, 400, "Text buttons are unallowed"),
    ("sendMessage", TEXT | {"reply_markup": key(text=" ", callback_data="y")}, 400, "non-empty text"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", callback_data="y", pay=True)}, 400, "exactly one action"),
    ("sendMessage", TEXT | {"reply_markup": key(text="a", url="ftp://x")}, 400, "Unsupported URL protocol"),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "y"}]] * 101}},
        400,
        "too many inline keyboard buttons",
    ),
    ("sendMessage", TEXT | {"reply_markup": {"keyboard": [[{"text": ""}]]}}, 400, "non-empty text"),
    ("answerCallbackQuery", {"callback_query_id": "QUERY", "text": "a" * 201}, 400, "MESSAGE_TOO_LONG"),
    ("setMyName", {"name": "a" * 65}, 400, "too long"),
    ("setMyDescription", {"description": "a" * 513}, 400, "too long"),
    ("setMyShortDescription", {"short_description": "a" * 121}, 400, "too long"),
    ("setMyCommands", {"commands": [{"command": "Go!", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "go", "description": ""}]}, 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "go", "description": "x"}] * 101}, 400, "too many bot commands"),
    ("setMyName", {"name": "a", "language_code": "eng"}, 400, "two-letter"),
    ("setMyDescription", {"description": "a", "language_code": "zh-hans"}, 400, "two-letter"),
    ("getMyCommands", {"language_code": "EN"}, 400, "two-letter"),
    # Place: entities must lie inside the text, and not split a character.
    ("sendMessage", TEXT | {"entities": [{"type": "bold", "offset": 3, "length": 5}]}, 400, "ends after the end"),
    ("sendMessage", TEXT | {"entities": [{"type": "bold", "offset": -1, "length": 2}]}, 400, "before the start"),
    ("sendMessage", TEXT | {"entities": [{"type": "bold", "offset": 0, "length": 0}]}, 400, "no length"),
    (
        "sendMessage",
        TEXT | {"text": "😀a", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
        400,
        "middle of a UTF-16 symbol",
    ),
    # State: who and what is there.
    ("sendMessage", TEXT | {"chat_id": 4242}, 400, "chat not found"),
    ("sendMessage", TEXT | {"chat_id": "STRANGER"}, 400, "chat not found"),
    ("sendMessage", TEXT | {"chat_id": "BLOCKER"}, 403, "bot was blocked by the user"),
    ("sendChatAction", {"chat_id": "BLOCKER", "action": "typing"}, 403, "bot was blocked by the user"),
    ("editMessageText", EDIT | {"text": "card"}, 400, "message is not modified"),
    ("editMessageReplyMarkup", {**CHAT, "message_id": "CARD"}, 400, "message is not modified"),
    ("editMessageText", EDIT | {"message_id": 999}, 400, "message to edit not found"),
    ("editMessageText", EDIT | {"message_id": "GONE"}, 400, "message to edit not found"),
    ("editMessageText", EDIT | {"message_id": "THEIRS"}, 400, "message can't be edited"),
    ("editMessageText", TEXT, 400, "message identifier is not specified"),
    ("deleteMessage", CHAT | {"message_id": 999}, 400, "message to delete not found"),
    ("deleteMessage", CHAT | {"message_id": "GONE"}, 400, "message to delete not found"),
    ("deleteMessages", CHAT | {"message_ids": []}, 400, "not specified"),
    ("deleteMessages", CHAT | {"message_ids": list(range(1, 102))}, 400, "too many message identifiers"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, 400, "query is too old"),
    ("sendMessage", TEXT | {"reply_parameters": {"message_id": 999}}, 400, "message to be replied not found"),
    ("sendChatAction", CHAT | {"action": "dancing"}, 400, "wrong parameter action"),
    ("leaveChat", CHAT, 400, "can't be changed in private chats"),
    ("sendPhoto", CHAT | {"photo": "nonsense"}, 400, "wrong remote file identifier"),
    ("sendPhoto", CHAT | {"photo": "https://example.org/a.png"}, 400, "failed to get HTTP URL content"),
    ("sendPhoto", CHAT | {"photo": "attach://missing"}, 400, "not found in the request"),
    # Delivery.
    ("getUpdates", {"limit": 0}, 400, "limit"),
    ("getUpdates", {"limit": 101}, 400, "limit"),
    ("getUpdates", {"timeout": -1}, 400, "timeout"),
    ("setWebhook", {"url": "https://example.org/hook"}, 400, "bad webhook"),
    ("setWebhook", {"url": "gopher://127.0.0.1/"}, 400, "bad webhook"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "with space"}, 400, "secret token"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "a" * 257}, 400, "secret token"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "max_connections": 101}, 400, "max_connections"),
    # Honesty: known to Telegram, not acted out here.
    ("getChat", CHAT, 501, "no behaviour for getChat"),
    ("sendPoll", CHAT | {"question": "?", "options": [{"text": "a"}, {"text": "b"}]}, 501, "sendPoll"),
    ("sendMessage", TEXT | {"parse_mode": "HTML"}, 501, "parse_mode"),
    ("sendMessage", TEXT | {"message_thread_id": 1}, 501, "message_thread_id"),
]  # fmt: skip


@pytest.fixture
async def places(driver: Driver, raw: Raw) -> Json:
    """What stands for the capital words in the table: a chat with a card, a gone message, a stranger, a blocker."""
    amina, stranger, blocker = [await driver.person(name) for name in ("Amina", "Stranger", "Blocker")]
    theirs = (await amina.start())["message_id"]
    card = (await raw("sendMessage", chat_id=amina.id, text="card", reply_markup=None))["result"]["message_id"]
    gone = await raw("sendMessage", chat_id=amina.id, text="gone", reply_markup=key(text="b", callback_data="c"))
    await amina.press("b")
    await raw("deleteMessage", chat_id=amina.id, message_id=gone["result"]["message_id"])
    await blocker.start()
    await blocker.block()
    query = next(u["callback_query"]["id"] for u in (await raw("getUpdates"))["result"] if "callback_query" in u)
    return {
        "CHAT": amina.id,
        "CARD": card,
        "THEIRS": theirs,
        "GONE": gone["result"]["message_id"],
        "STRANGER": stranger.id,
        "BLOCKER": blocker.id,
        "QUERY": query,
    }


async def test_bad_calls_are_refused(driver: Driver, raw: Raw, places: Json) -> None:
    """Each of more than seventy wrong calls is refused with its code and Telegram's words, and changes nothing."""
    before = [
        (await driver.call("GET", f"/sim/bots/{b['id']}/chats")) for b in (await driver.call("GET", "/sim"))["bots"]
    ]
    wrong = []
    for method, args, code, words in BAD_CALLS:
        filled = {
            name: places.get(value, value) if isinstance(value, str) and value.isupper() else value
            for name, value in args.items()
        }
        answer = await raw(method, **filled)
        if answer["ok"] or answer["error_code"] != code or words not in answer["description"]:
            wrong.append((method, args, answer))
    assert wrong == []
    assert len(BAD_CALLS) > 70
    after = [
        (await driver.call("GET", f"/sim/bots/{b['id']}/chats")) for b in (await driver.call("GET", "/sim"))["bots"]
    ]
    assert after == before


async def test_every_refusal_is_written_down(driver: Driver, raw: Raw) -> None:
    """A call without behaviour answers 501 and stands in the journal; it never looks like a success."""
    await raw("getChat", chat_id=1)

    (call,) = await driver.calls("getChat")
    assert call["answer"]["error_code"] == 501
    assert call["params"] == {"chat_id": 1}


@pytest.mark.parametrize(
    ("token", "code"),
    [("nonsense", 404), ("1:short", 404), ("7000000001:" + "x" * 35, 401)],
    ids=["malformed", "short", "wrong secret"],
)
async def test_tokens(simulator: Simulator, bot: Json, token: str, code: int) -> None:
    """A malformed token is not found, a wrong one unauthorized."""
    import aiohttp

    assert bot["id"] == 7_000_000_001
    async with aiohttp.ClientSession() as session, session.get(f"{simulator.url}/bot{token}/getMe") as answer:
        assert answer.status == code
        assert (await answer.json())["error_code"] == code


async def test_new_token_is_a_new_bot(simulator: Simulator, driver: Driver) -> None:
    """A well-formed token nobody has used becomes a bot, so that a bot can be started before anything is set up."""
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{simulator.url}/bot42:{'k' * 35}/getMe") as answer:
            assert (await answer.json())["result"]["id"] == 42
        await driver.call("POST", "/sim/bots/42/revoke")
        async with session.get(f"{simulator.url}/bot42:{'k' * 35}/getMe") as answer:
            assert answer.status == 401


async def test_longest_allowed(raw: Raw, places: Json) -> None:
    """What is exactly as long as allowed passes: text, surrounding space, callback data, toast, entities at the rim."""
    chat = places["CHAT"]
    long = "  " + "a" * 4094 + "😀" + "\n"
    sent = await raw(
        "sendMessage",
        chat_id=chat,
        text=long,
        entities=[{"type": "bold", "offset": 4096, "length": 2}],
        reply_markup=key(text="a", callback_data="y" * 64),
    )
    assert sent["result"]["entities"] == [{"type": "bold", "offset": 4094, "length": 2}]
    assert sent["result"]["text"] == long.strip()
    assert (await raw("answerCallbackQuery", callback_query_id=places["QUERY"], text="a" * 200))["ok"]
    assert not (await raw("answerCallbackQuery", callback_query_id=places["QUERY"]))["ok"]


async def test_deletion_ends_after_48_hours(driver: Driver, raw: Raw, places: Json) -> None:
    """Both sides' messages can be deleted until 48 hours have passed by the simulator's clock, and then no more."""
    chat, card, theirs = places["CHAT"], places["CARD"], places["THEIRS"]
    await driver.advance(48 * 3600 - 60)
    assert (await raw("deleteMessages", chat_id=chat, message_ids=[theirs, 999]))["ok"]

    await driver.advance(61)

    for method, args in (("deleteMessage", {"message_id": card}), ("deleteMessages", {"message_ids": [card]})):
        answer = await raw(method, chat_id=chat, **args)
        assert answer["description"] == "Bad Request: message can't be deleted for everyone"


OPUS = b"OggS" + bytes(24) + b"OpusHead" + bytes(20)
"""As much of a voice as the server looks at."""


async def test_uploads(raw: Raw, places: Json) -> None:
    """A picture is kept as size and hash, can be sent again by id, not as another kind, and must be a picture."""
    import aiohttp

    async def send(method: str, part: str, content: bytes, **fields: str) -> Json:
        form = aiohttp.FormData({"chat_id": str(places["CHAT"]), **fields})
        form.add_field(part, content, filename="a.png")
        async with raw.session.post(f"{raw.url}/{method}", data=form) as answer:
            body: Json = await answer.json()
            return body

    photo = (await send("sendPhoto", "photo", PNG, caption="c"))["result"]["photo"][0]
    assert (photo["width"], photo["file_size"]) == (1, len(PNG))
    assert (await raw("sendPhoto", chat_id=places["CHAT"], photo=photo["file_id"]))["ok"]
    assert (await send("sendPhoto", "mine", PNG, photo="attach://mine"))["ok"]
    refused = await raw("sendDocument", chat_id=places["CHAT"], document=photo["file_id"])
    assert "can't use file of type Photo as Document" in refused["description"]
    assert "IMAGE_PROCESS_FAILED" in (await send("sendPhoto", "photo", b"no picture"))["description"]
    assert "non-empty" in (await send("sendDocument", "document", b""))["description"]
    for no_voice in (PNG, b"OggS" + bytes(100), OPUS + bytes(1 << 20)):
        assert "would not be shown as a voice" in (await send("sendVoice", "voice", no_voice))["description"]
    voice = (await send("sendVoice", "voice", OPUS, duration="3"))["result"]["voice"]
    assert (voice["duration"], voice["file_size"]) == (3, len(OPUS))
    assert (await raw("sendVoice", chat_id=places["CHAT"], voice=voice["file_id"]))["ok"]
    refused = await raw("sendVoice", chat_id=places["CHAT"], voice=photo["file_id"])
    assert "can't use file of type Photo as Voice" in refused["description"]
    assert "caption is too long" in (await send("sendVoice", "voice", b"OggS", caption="a" * 1025))["description"]


def test_light_reading_agrees_with_the_models() -> None:
    """What the light path takes for text is what the models take for text, in every method with behaviour."""
    from bot.simulator.api import BEHAVIOURS, PARAMETERS

    assert all(known(method) for method in BEHAVIOURS)
    sample = dict.fromkeys(TEXTS, "5")
    for method, names in PARAMETERS.items():
        wire = {name: value for name, value in sample.items() if name in names}
        needed: Json = {"chat_id": "5", "message_id": "5", "message_ids": "[5]", "url": "5"}
        full = {name: value for name, value in needed.items() if name in names} | wire
        assert check(method, full, frozenset()) == loose(full, frozenset())


@pytest.mark.parametrize(("wire", "value"), [("5", 5), ("true", True), ("[1]", [1]), ("abc", "abc"), (7, 7), ("", "")])
def test_values_travel_as_json_text(wire: object, value: object) -> None:
    """A value that is not text arrives as JSON text and is read as such."""
    assert decode(wire) == value
