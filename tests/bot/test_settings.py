"""Settings: a mistake is named, a secret never."""

from pathlib import Path

import pytest

from bot.participant.settings import BotSettings
from rounds.settings import RoundSettings, SettingsError, check_names, is_loopback

TOKEN = "4242:" + "x" * 30


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The least that a bot needs."""
    monkeypatch.setenv("SAUTI_DATABASE_URL", "sqlite:////tmp/x.db")
    monkeypatch.setenv("SAUTI_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SAUTI_SECRETS_DIR", str(tmp_path))


def test_defaults_are_telegram_itself_and_polling() -> None:
    """Without a word, the bot polls Telegram's own server."""
    settings = BotSettings.read()

    assert (settings.bot_api_url, settings.webhook_url, settings.bot_id) == ("https://api.telegram.org", None, 4242)
    assert settings.listen == ("127.0.0.1", 8081)


def test_a_misspelt_setting_is_named_with_the_nearest() -> None:
    """A wrong name is an error that says which one may have been meant, or where all of them stand."""
    with pytest.raises(SettingsError, match="SAUTI_BOT_TOKN; did you mean SAUTI_BOT_TOKEN"):
        check_names({"SAUTI_BOT_TOKN": "x"})
    with pytest.raises(SettingsError, match=r"SAUTI_QQQ; docs/settings\.md"):
        check_names({"SAUTI_QQQ": "x"})
    check_names({"PATH": "/bin", "SAUTI_BOT_TOKEN": "x"})


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`…_FILE` names the file; its last line break does not count."""
    (tmp_path / "token").write_text("7:" + "y" * 30 + "\n", encoding="utf-8")
    monkeypatch.delenv("SAUTI_BOT_TOKEN")
    monkeypatch.setenv("SAUTI_BOT_TOKEN_FILE", str(tmp_path / "token"))

    assert BotSettings.read().bot_id == 7

    monkeypatch.setenv("SAUTI_BOT_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="SAUTI_BOT_TOKEN_FILE"):
        BotSettings.read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAUTI_BOT_TOKEN", "canary"),
        ("SAUTI_BOT_API_URL", "ftp://canary"),
        ("SAUTI_BOT_API_URL", "http://canary.example"),
        ("SAUTI_WEBHOOK_SECRET", "canary with spaces"),
        ("SAUTI_WEBHOOK_SECRET", "x" * 257),
        ("SAUTI_WEBHOOK_LISTEN", "canary"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The message names the setting; the value stays out of it. Proves: D6."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        BotSettings.read()

    assert name in str(refused.value)
    assert "canary" not in str(refused.value)


def test_settings_hide_their_secrets() -> None:
    """`repr` shows neither token nor database password. Proves: D6."""
    assert TOKEN not in repr(BotSettings.read())
    assert "sqlite" not in repr(RoundSettings.read())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost/bot", "http://[::1]:80", "http://127.9.8.7", "http://u@LOCALHOST:9"]
)
def test_this_machine_is_told_from_the_host(url: str) -> None:
    """Loopback addresses and `localhost` are this machine, with whatever port, path or user."""
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.telegram.org",
        "http://localhost.example.org",
        "http://127.0.0.1.nip.io",
        "http://user@10.0.0.1",
        "http://127.0.0.1@example.org",
        "",
        "http://[",
        "127.0.0.1",
    ],
)
def test_nothing_else_is_this_machine(url: str) -> None:
    """A name that only looks like loopback is another machine."""
    assert not is_loopback(url)
