"""What the handbook tells people to type works, in its order, with what it says they have by then."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.handbook.taking import served
from tests.handbook.walk import Walk, lines

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("walk")]
EXAMPLES = ROOT / "examples"
TOKEN = "424242:a-token-that-only-the-simulator-takes"  # noqa: S105 - opens nothing


@pytest.fixture
def simulator() -> Iterator[str]:
    """What the bot talks to in place of Telegram."""
    with served("simulator", "--port", "0", "--no-rate-limits") as url:
        yield url


@pytest.fixture
def walk(tmp_path: Path, simulator: str) -> Walk:
    """An empty folder, with what an operator has set up for it."""
    (tmp_path / "passphrases").write_text("one\ntwo\nthree\n", "utf-8")
    (tmp_path / "token").write_text(TOKEN, "utf-8")
    settings = {
        "SAUTI_PASSPHRASE_FILE": str(tmp_path / "passphrases"), "SAUTI_BOT_API_URL": simulator,
        "SAUTI_DATABASE_URL": f"sqlite:///{tmp_path}/sauti.db", "SAUTI_SECRETS_DIR": str(tmp_path / "secrets"),
        "SAUTI_BOT_TOKEN_FILE": str(tmp_path / "token"),
    }  # fmt: skip
    return Walk(tmp_path, settings)


def test_the_page_for_translators_leads_to_a_signature(walk: Walk) -> None:
    """Each command works on the file that somebody has sent, and the reader's name stands in it at the end."""
    shutil.copy(EXAMPLES / "protection.yaml", walk.folder)
    said = {line: walk.go(line) for line in lines("translators")}

    assert "the name of the reader on " in said["sauti messages status protection.yaml"]
    assert (walk.folder / "every-card.html").stat().st_size > 100_000


def test_the_first_day_ends_with_a_bot_that_is_ready(walk: Walk) -> None:
    """Settings as the page writes them, a look that finds nothing wrong, and the bot says that it is ready."""
    walk.places = {
        "/var/lib/sauti": str(walk.folder), "/run/sauti-secrets": str(walk.folder / "secrets"),
        "/etc/sauti/bot-token": str(walk.folder / "token"), ".venv/bin/sauti": "sauti",
    }  # fmt: skip
    told = [line for line in lines("first-day") if line != "make install"]
    said = {line: walk.go(line) for line in told}

    assert "✗" not in said[".venv/bin/sauti doctor"]
    assert '"ready": true' in said[".venv/bin/sauti bot"]
