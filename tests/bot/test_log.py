"""What the bot says about itself."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.lines import configure
from bot.participant.log import Event, log


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is this process's own again afterwards."""
    yield
    structlog.reset_defaults()
    logging.disable(logging.NOTSET)


def test_an_event_is_one_line_of_codes_with_the_hour_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    """Event, code and hour, on stderr, and nothing from other libraries. Proves: D6."""
    configure()
    log(Event.TELEGRAM_REFUSED, code="refused", status=400)
    logging.getLogger("aiogram").error("canary %s", 77)
    out, err = capsys.readouterr()

    assert out == ""
    assert "canary" not in err
    assert '"event": "telegram-refused"' in err
    assert not any(character == ":" and err[at - 2 : at].isdigit() for at, character in enumerate(err))


@pytest.mark.parametrize("name", ["user_id", "chat_id", "text", "name", "update", "error"])
def test_no_field_for_persons_or_words_exists(name: str) -> None:
    """Whatever is not on the list cannot be logged at all. Proves: D6."""
    with pytest.raises(ValueError, match="not allowed"):
        log(Event.READY, **{name: "canary"})
