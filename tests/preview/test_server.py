"""`sauti preview`: the page's server, what it lets nobody do, and what becomes of a file that is saved meanwhile."""

import json
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from bot.participant import texts
from bot.participant.render import say
from bot.preview.server import Booth, Loaded, Showing, Source, running
from flows.events import Control
from flows.findings import ConsultationError
from locales.catalog import catalogue
from sauti.main import app
from sauti.previewing import loaded
from tests.architecture.house import ROOT

SMALLEST = ROOT / "examples" / "smallest.yaml"
PROTECTION = ROOT / "examples" / "protection.yaml"


@dataclass
class Client:
    """A page's requests, without a page."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        async with self.session.get(self.url + path) as answer:
            assert answer.status == 200, path
            return await answer.json()

    async def post(self, path: str, **body: object) -> Any:  # noqa: ANN401 - any JSON
        async with self.session.post(self.url + path, json=body) as answer:
            assert answer.status == 200, path
            return await answer.json()

    async def refused(self, verb: str, path: str, **given: Any) -> int:  # noqa: ANN401 - what aiohttp takes
        async with self.session.request(verb, self.url + path, **given) as answer:
            return answer.status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A consultation that somebody is writing."""
    return Path(shutil.copy(SMALLEST, tmp_path / "mine.yaml"))


@pytest.fixture
async def client(file: Path) -> AsyncIterator[Client]:
    """The preview of that file, in this process."""

    def load() -> Loaded:
        try:
            return Loaded(*loaded(file, drop=False))
        except ConsultationError as error:
            return Loaded(None, error.findings)

    def stamp() -> bytes:
        return file.read_bytes()

    booth = Booth(Source(file.name, load, stamp), Showing(*loaded(file, drop=False), stamp()), "fr")
    async with running(booth) as url, aiohttp.ClientSession() as session:
        yield Client(url, session)


def rewrite(file: Path, old: str, new: str) -> None:
    """Somebody edits her file and saves it."""
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new), "utf-8")


async def shown(client: Client, bot: int, person: int) -> Any:  # noqa: ANN401 - a message of the control API
    """The newest message of the bot."""
    return (await client.get(f"/sim/bots/{bot}/people/{person}/chat"))["messages"][-1]


async def test_a_phone_opens_in_its_language_and_plays_the_bots_cards(client: Client) -> None:
    """The first card after the choice of language stands there at once, a press leads on, and it can be written down.

    Proves: F8
    """
    state = await client.get("/preview/state")
    words = catalogue("fr", texts.DOMAIN)
    person = (await client.post("/preview/phones", language="fr"))["id"]
    first = await shown(client, state["bot"], person)
    yes = say(words, texts.CONTROLS[Control.YES])
    await client.post(f"/sim/bots/{state['bot']}/people/{person}/press", message=first["id"], label=yes)
    second = await shown(client, state["bot"], person)
    async with client.session.get(f"{client.url}/preview/transcript/{person}.md") as answer:
        transcript = await answer.text()

    assert (state["language"], state["changed"], state["mark"]) == ("fr", False, "Preview. Nothing is kept.")
    assert [one["tag"] for one in state["languages"]] == ["en", "fr"]
    assert all("not reviewed" in one["unreviewed"] for one in state["languages"])
    assert say(words, texts.SAFE) in first["text"]
    assert say(words, texts.AGE) in second["text"]
    assert f"**She taps: {yes}**" in transcript


async def test_a_preview_has_phones_and_nothing_else_to_steer(client: Client) -> None:
    """No bot, fault or clock of the simulator, no language that is not there, nothing from a page of another origin.

    Proves: F8
    """
    form = {"data": "x=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    answers = [
        await client.refused("POST", "/sim/bots", json={}),
        await client.refused("POST", "/sim/people", json={"first_name": "x"}),
        await client.refused("PUT", "/sim/faults", json={"rules": []}),
        await client.refused("POST", "/sim/clock", json={"advance": 1}),
        await client.refused("POST", "/preview/phones", json={"language": "xx"}),
        await client.refused("GET", "/preview/transcript/1.md"),
        await client.refused("GET", "/voice/nothing"),
        await client.refused("POST", "/preview/phones", **form),
        await client.refused("POST", "/preview/again", data="[", headers={"Content-Type": "application/json"}),
    ]

    assert answers == [404] * 7 + [415, 400]
    async with client.session.get(client.url + "/") as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert '<template id="phone">' in await answer.text()


@pytest.mark.parametrize("path", ["/", "/languages", "/preview/state", "/preview.js", "/nowhere"])
async def test_a_name_that_was_bent_to_this_machine_reads_nothing(client: Client, path: str) -> None:
    """Only this machine's own names are answered, with any port; a page that bends its name is not. Proves: F8."""
    bent = ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", "localhost,evil", "")
    own = ("127.0.0.1", "localhost:8080", "LocalHost")

    assert {await client.refused("GET", path, headers={"Host": one}) for one in bent} == {421}
    assert {await client.refused("GET", path, headers={"Host": one}) for one in own} <= {200, 404}


async def test_a_page_under_another_name_moves_no_phone(client: Client) -> None:
    """Nothing is done for a refused request. Proves: F8."""
    form = {"json": {"language": "fr"}, "headers": {"Host": "evil.example"}}

    assert await client.refused("POST", "/preview/phones", **form) == 421
    assert (await client.get("/sim/people")) == {"people": []}


async def test_a_saved_file_begins_anew_and_a_broken_one_lets_the_old_go_on(client: Client, file: Path) -> None:
    """The page learns of a change; starting again takes it, or tells what to mend and changes nothing. Proves: S2."""
    rewrite(file, "One question", "Only one question")
    changed = await client.get("/preview/state")
    anew = await client.post("/preview/again")
    renewed = await client.get("/preview/state")
    rewrite(file, "kind: vote", "kind: photo")
    broken = await client.post("/preview/again")
    after = await client.get("/preview/state")

    assert (changed["changed"], changed["title"]) == (True, "One question")
    assert (anew["errors"], renewed["changed"], renewed["title"]) == ([], False, "Only one question")
    assert "mine.yaml:" in broken["errors"][0]["text"]
    assert (after["changed"], after["title"]) == (False, "Only one question")
    assert (await client.post("/preview/phones", language="en"))["first_name"] == "English"


@dataclass
class Served:
    """The command as a process, with the file it shows and the one it writes."""

    url: str
    process: subprocess.Popen[str]
    file: Path
    transcript: Path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """`sauti preview` of the whole example, in Arabic."""
    file, said = Path(shutil.copy(PROTECTION, tmp_path / "mine.yaml")), tmp_path / "said.md"
    command = [sys.executable, "-m", "sauti", "preview", str(file), "--lang", "ar", "--transcript", str(said)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready == {"ready": True, "url": ready["url"]}
        yield Served(ready["url"], process, file, said)
        process.kill()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page; its console has to stay silent, about its policy above all."""
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.url)
    yield page
    page.close()
    assert complaints == []


@pytest.mark.browser
def test_phones_stand_side_by_side_and_the_page_learns_of_a_saved_file(page: Page, served: Served) -> None:
    """Arabic at once, Dari by keyboard alone, from right to left, a mark at each card; then the file is mended twice.

    Proves: P10, F8
    """
    arabic, words = page.get_by_role("region", name="Phone of العربية"), catalogue("ar", texts.DOMAIN)

    expect(arabic.get_by_text(say(words, texts.SAFE))).to_be_visible()
    arabic.get_by_role("button", name=say(words, texts.CONTROLS[Control.YES]), exact=True).focus()
    page.keyboard.press("Enter")
    expect(arabic.get_by_text(say(words, texts.AGE))).to_be_visible()
    page.get_by_label("Language").select_option("prs")
    page.get_by_role("button", name="Open a phone").focus()
    page.keyboard.press("Enter")
    dari = page.get_by_role("region", name="Phone of دری")
    expect(dari.get_by_text(say(catalogue("prs", texts.DOMAIN), texts.SAFE))).to_be_visible()
    expect(dari).to_have_attribute("dir", "rtl")
    expect(arabic.locator(".bot .preview")).to_have_text("Preview. Nothing is kept.")
    expect(arabic.locator(".state")).to_contain_text("not reviewed")

    rewrite(served.file, "kind: ranking", "kind: photo")
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("alert", name="What must be mended")).to_contain_text("mine.yaml")
    expect(page.get_by_role("region")).to_have_count(2)
    rewrite(served.file, "kind: photo", "kind: ranking")
    rewrite(served.file, "What protection means to you", "What safety means to you")
    page.get_by_role("button", name="Start again").click()

    expect(page.get_by_role("heading", name="What safety means to you")).to_be_visible()
    expect(page.get_by_role("region")).to_have_count(1)


def test_the_process_ends_when_it_is_told_to_and_leaves_the_transcript_it_was_asked_for(served: Served) -> None:
    """SIGTERM while a page waits: exit 0, nothing more on stdout, and what was said is written down. Proves: F8."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        served.url + "/preview/phones", b'{"language": "fr"}', {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        assert json.loads(answer.read())["first_name"] == "Français"
    served.process.send_signal(signal.SIGTERM)
    out, err = served.process.communicate(timeout=10)

    assert (served.process.returncode, out, err) == (0, "", "")
    assert "**She taps: Français**" in served.transcript.read_text("utf-8")


def test_a_file_that_cannot_be_used_opens_no_page(file: Path) -> None:
    """Findings with places, exit 1, and no server. Proves: S2."""
    rewrite(file, "kind: vote", "kind: photo")

    done = CliRunner().invoke(app, ["preview", str(file)])

    assert (done.exit_code, done.stdout) == (1, "")
    assert "mine.yaml:" in done.stderr
