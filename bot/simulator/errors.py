"""The refusals a bot meets, worded as Telegram words them, so that code that reads descriptions is tested too."""

from typing import Any, Final

Json = dict[str, Any]


class TelegramError(Exception):
    """A Bot API call was refused: HTTP code, description, and for floods `parameters` with the seconds to wait.

    The description names rules and parameters, never what a person wrote.
    """

    def __init__(self, code: int, description: str, *, parameters: Json | None = None) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """Return the JSON object Telegram would send."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ControlError(Exception):
    """A request to the control API was refused: HTTP status, stable code, and what to do next."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message


def bad_request(reason: str) -> TelegramError:
    """Return a 400 with Telegram's usual prefix."""
    return TelegramError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> TelegramError:
    """Return a 403 with Telegram's usual prefix."""
    return TelegramError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> TelegramError:
    """Return a 409 with Telegram's usual prefix."""
    return TelegramError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> TelegramError:
    """Return a 429 with the seconds to wait, both in words and in `parameters`."""
    return TelegramError(429, f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds})


def no_behaviour(what: str) -> TelegramError:
    """Return a 501: Telegram knows this, the simulator does not act it out, and will not pretend to."""
    return TelegramError(501, f"Not Implemented: the simulator has no behaviour for {what}")


# Answers of api.telegram.org as bots report them, by the name a fault rule uses. Wording and parameters are the
# server's own (tdlib/telegram-bot-api and the public issue trackers of aiogram and python-telegram-bot).
RECORDED: Final[dict[str, Json]] = {
    "blocked": {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"},
    "deactivated": {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"},
    "kicked": {"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked from the supergroup chat"},
    "cannot_initiate": {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot can't initiate conversation with a user",
    },
    "chat_not_found": {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
    "not_modified": {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: message is not modified: specified new message content and reply markup are"
        " exactly the same as a current content and reply markup of the message",
    },
    "edit_not_found": {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"},
    "cannot_edit": {"ok": False, "error_code": 400, "description": "Bad Request: message can't be edited"},
    "delete_not_found": {"ok": False, "error_code": 400, "description": "Bad Request: message to delete not found"},
    "cannot_delete": {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: message can't be deleted for everyone",
    },
    "query_too_old": {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: query is too old and response timeout expired or query ID is invalid",
    },
    "too_long": {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"},
    "button_data": {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"},
    "migrated": {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1001234567890},
    },
    "unauthorized": {"ok": False, "error_code": 401, "description": "Unauthorized"},
    "not_found": {"ok": False, "error_code": 404, "description": "Not Found"},
    "other_poller": {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
        " running",
    },
    "webhook_active": {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
        " webhook first",
    },
    "flood": {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    },
    "flood_long": {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 35",
        "parameters": {"retry_after": 35},
    },
    "internal": {"ok": False, "error_code": 500, "description": "Internal Server Error"},
    "restarting": {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"},
    "bad_gateway": {"ok": False, "error_code": 502, "description": "Bad Gateway"},
}


def recorded(name: str) -> TelegramError:
    """Return a recorded refusal as an exception. Raises KeyError for a name that was never recorded."""
    body = RECORDED[name]
    return TelegramError(body["error_code"], body["description"], parameters=body.get("parameters"))
