"""What the handbook tells people to type works, in its order, with what it says they have by then."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.participant.texts import DOMAIN
from locales.catalog import languages
from tests.architecture.house import ROOT
from tests.functional.answer import answer
from tests.handbook.taking import served
from tests.handbook.walk import Walk, lines

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("walk")]
EXAMPLES = ROOT / "examples"
PEOPLE = 60
FILES = {"form.xlsx": "protection.xlsx", "deployment.yaml": "deployment.yaml", "note.en.md": "narratives/pbc.en.md"}
"""What the page says to save → the example that it starts from."""
ASKED = {
    "sauti round new": " --rehearsal", "sauti erase": " --yes", "sauti keys destroy": " --yes",
}  # fmt: skip
"""Command → what is added to it: the word for invented people, and what a person at a terminal is asked for."""
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


def test_the_page_for_facilitators_leads_to_a_proof_of_destruction(walk: Walk) -> None:
    """From the form to what people read of it, and to the end: with invented people between opening and closing.

    Every command is run as it stands. What the page has in words is done here: the files that one starts from, the
    round's languages, the word `--rehearsal`, the bot, which the operator runs, and a yes to what cannot be undone. The
    narrative is one's own: it has none of the example's figures, which other people gave.
    """
    for name, source in FILES.items():
        shutil.copy(EXAMPLES / source, walk.folder / name)
    note = walk.folder / "note.en.md"
    note.write_text("\n\n".join(part for part in note.read_text("utf-8").split("\n\n") if "{{" not in part), "utf-8")
    walk.places = {"en,ar": ",".join(languages(DOMAIN))}
    walk.settings["SAUTI_BOT_NAME"] = "a_name_bot"
    said: dict[str, str] = {}
    for line in lines("facilitators"):
        asked = next((more for begin, more in ASKED.items() if line.startswith(begin)), "")
        said[line] = counted(walk, line) if line.startswith("sauti tabulate") else walk.go(line + asked)
        if line.startswith("sauti round new"):
            walk.places["ROUND"] = told(said[line])["round"]
        if line.startswith("sauti invite"):
            code = told(walk.go("sauti round status ROUND"))["code"]
            with served("bot", **walk.settings):
                asyncio.run(answer(walk.settings["SAUTI_BOT_API_URL"], code, PEOPLE))

    begun = {line.partition(" ROUND")[0]: told(one) for line, one in said.items() if one.startswith("{")}
    assert begun["sauti broadcast"]["told"] > 0
    assert begun["sauti round destroyed"]["state"] == "destroyed"
    assert told(list(said.values())[-1])["bundles"] == 1
    assert b"%PDF" in (walk.folder / "pages" / "pbc.en.pdf").read_bytes()


def counted(walk: Walk, line: str) -> str:
    """As the page says: where counting refuses, again with the mildest of what it names. Nobody answers twice alike."""
    try:
        return walk.go(line)
    except AssertionError as refused:
        named = re.search(r"^  '([^']+)'", str(refused), re.MULTILINE)
        if named is None:
            raise
        return walk.go(f"{line} --repair {named[1]}")


def told(output: str) -> dict[str, Any]:
    """The JSON of a command, before what it said to the person."""
    return dict(json.loads(output.splitlines()[0]))
