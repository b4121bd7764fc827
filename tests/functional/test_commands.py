"""What the command line promises to other programs and to tired people: exit codes, plain sentences, JSON."""

import json
import secrets
from pathlib import Path

import pytest

from rounds.settings import KNOWN
from tests.architecture.house import ROOT
from tests.functional.conftest import EXAMPLE, Desk

pytestmark = pytest.mark.xdist_group("commands")  # two keys and three rounds are made once
LANGUAGES = ("en", "fr", "es", "ar")


def refused(desk: Desk, code: int, words: str, *arguments: str | Path, **settings: str | None) -> None:
    """Demands this exit code, these words on stderr and nothing on stdout."""
    result = desk.run(*arguments, **settings)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert words in result.stderr


@pytest.mark.parametrize(
    ("code", "words", "line"),
    [
        (2, "no such file", "check {desk}/nowhere.yaml"),
        (2, "is a directory", "check {desk}"),
        (2, "is not overwritten", "keys new --out {desk}/keys"),
        (2, "bad-custody", "keys new --out {desk}/new --shares 2 --threshold 3"),
        (2, "no such file", "keys drill {desk}/nowhere.json --key {share1} --key {share2}"),
        (2, "not a `sauti-challenge` file", "keys drill {share1} --key {share1} --key {share2}"),
        (2, "not a `sauti-share` file", "keys drill {challenge} --key {desk}/keys/round.public.json --key {share2}"),
        (1, "too-few-shares", "keys drill {challenge} --key {share1}"),
        (1, "same-share-twice", "keys drill {challenge} --key {share1} --key {share1}"),
        (1, "shares-differ", "keys drill {challenge} --key {share1} --key {desk}/other/share-2.json"),
        (1, "other-key", "keys drill {challenge} --key {desk}/other/share-1.json {desk}/other/share-2.json"),
        (2, "not a `sauti-round-public` file", "round new {example} --public-key {share1}"),
        (1, "no-such-round", "round status ffffffffff"),
        (1, "no-such-round", "round open nowhere"),
        (1, "key-not-proved", "round open {drafted}"),
        (1, "key-not-proved", "round open {drafted} --drill {proof}"),
        (2, "not a `sauti-drill-proof` file", "round open {drafted} --drill {challenge}"),
        (1, "never-opened", "bundle {drafted} --out {desk}/new.bundle"),
        (1, "not-enough-new", "bundle {open} --out {desk}/new.bundle"),
        (2, "no such file", "bundle {closed} --out {desk}/nowhere/new.bundle"),
        (2, "no such file", "tabulate {desk}/nowhere {count}"),
        (1, "not-a-bundle", "tabulate {example} {count}"),
        (1, "not-a-ledger", "tabulate {desk}/round.bundle {keys} --ledger {share1} --out {desk}/c.json"),
        (
            1,
            "other-key",
            "tabulate {desk}/round.bundle --key {desk}/other/share-1.json {desk}/other/share-2.json {out}",
        ),
        (2, "not a `sauti-candidate` file", "render {share1} --out {desk}/summary"),
        (2, "no such file", "render {desk}/nowhere.json --out {desk}/summary"),
        (2, "--once and --out belong together", "demo --once"),
        (2, "No such command", "publish"),
        (2, "Missing argument", "check"),
    ],
)
def test_wrong_use_gets_a_sentence_and_its_code(
    desk: Desk, rounds: dict[str, str], code: int, words: str, line: str
) -> None:
    """Whatever is given wrongly is answered on stderr in words that name it, with the code of the contract."""
    places = rounds | {
        "desk": str(desk.folder),
        "example": str(EXAMPLE),
        "share1": str(desk.keys(1)),
        "share2": str(desk.keys(2)),
        "challenge": str(desk / f"{rounds['open']}.challenge"),
        "proof": str(desk / f"{rounds['open']}.proof"),
        "out": f"--ledger {desk / 'ledger'} --out {desk / 'c.json'}",
        "keys": f"--key {desk.keys(1)} --key {desk.keys(2)}",
    }
    places["count"] = f"{places['keys']} {places['out']}"

    refused(desk, code, words, *line.format(**places).split())

    assert not [path for path in desk.folder.iterdir() if path.name.startswith(("new", ".unfinished", "c.json"))]


@pytest.mark.parametrize(
    ("code", "words", "settings"),
    [
        (2, "SAUTI_DATABASE_URL", {"database_url": None}),
        (2, "unknown setting SAUTI_DATABASE_URI; did you mean SAUTI_DATABASE_URL?", {"database_uri": "x"}),
        (2, "bad-url", {"database_url": "mysql://elsewhere/x"}),
        (2, "bad-url", {"database_url": "sqlite://"}),
        (2, "SAUTI_BOT_API_URL", {"bot_api_url": "http://bot-api.example"}),
        (2, "SAUTI_SECRETS_DIR", {"secrets_dir": None}),
        (2, "SAUTI_DATABASE_URL_FILE", {"database_url": None, "database_url_file": "/nowhere/url"}),
        (3, "unavailable", {"database_url": "sqlite:////nowhere/at/all.db"}),
        (3, "unavailable", {"database_url": "postgresql://nobody@127.0.0.1:9/nothing"}),
    ],
)
def test_wrong_settings_are_named(desk: Desk, code: int, words: str, settings: dict[str, str | None]) -> None:
    """A setting that is missing, misspelt or unusable is named, never shown; a database that is away is exit 3."""
    refused(desk, code, words, "round", "status", **settings)


@pytest.mark.parametrize("line", ["keys new --out {desk}/new", "check {example}", "simulator", "bench"])
def test_every_command_refuses_an_unknown_setting(desk: Desk, line: str) -> None:
    """A misspelt setting stops also the commands that need none."""
    words = line.format(desk=desk.folder, example=EXAMPLE).split()

    refused(desk, 2, "did you mean SAUTI_PASSPHRASE_FILE?", *words, passphrases_file="x")


def test_a_secret_may_lie_in_a_file(desk: Desk, rounds: dict[str, str]) -> None:
    """`SAUTI_DATABASE_URL_FILE` is as good as the setting itself."""
    (desk / "url").write_text(desk.environment["SAUTI_DATABASE_URL"] + "\n", "utf-8")

    shown = desk.json("round", "status", rounds["open"], database_url=None, database_url_file=str(desk / "url"))

    assert shown["round"] == rounds["open"]


@pytest.mark.parametrize(
    ("code", "words", "lines"),
    [
        (1, "wrong-passphrase", "not the first\nnot the second\nnot the third\n"),
        (2, "needs one line, or one for each", ""),
        (2, "needs one line, or one for each", "first\nsecond\n"),
    ],
)
def test_passphrases_that_do_not_fit(desk: Desk, rounds: dict[str, str], code: int, words: str, lines: str) -> None:
    """A wrong passphrase is a refusal that names the share; too few lines are wrong use."""
    (desk / "passphrases").write_text(lines, "utf-8")
    challenge = desk / f"{rounds['open']}.challenge"

    refused(desk, code, words, "keys", "drill", challenge, "--key", desk.keys(1), "--key", desk.keys(3))


def test_without_a_terminal_nobody_is_asked(desk: Desk) -> None:
    """No passphrase file and no terminal: exit 2, instead of waiting for somebody who is not there."""
    refused(desk, 2, "set SAUTI_PASSPHRASE_FILE", "keys", "new", "--out", desk / "new", passphrase_file=None)
    assert not (desk / "new").exists()


def test_the_beginning_of_two_rounds_names_neither(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ambiguous beginning of an id is refused; the whole id, its unique beginning and the code all work."""
    random = secrets.token_bytes
    monkeypatch.setattr("storage.rounds.secrets.token_bytes", lambda count: b"\xab\xcd" + random(count - 2))
    first, _ = desk.new_round("--rehearsal"), desk.new_round("--rehearsal")
    code = desk.json("round", "status", first)["code"]

    refused(desk, 1, "ambiguous-round", "round", "status", "abcd")
    assert {desk.json("round", "status", name)["round"] for name in (first, first[:20], code, code.lower())} == {first}


def test_a_live_round_names_each_language_that_nobody_reviewed(desk: Desk) -> None:
    """A live round stays shut, and every unreviewed language is named at once."""
    live = desk.new_round()

    result = desk.run("round", "open", live, "--drill", desk.prove(live))

    assert result.exit_code == 1
    assert [f"not-reviewed-{language}" in result.stderr for language in LANGUAGES] == [True] * 4
    assert desk.json("round", "status", live)["state"] == "drafted"


def test_a_rehearsal_stays_on_this_machine(desk: Desk, rounds: dict[str, str]) -> None:
    """A rehearsal does not open against a Bot API elsewhere, and a bot for it does not start there."""
    telegram = "https://api.telegram.org"

    refused(
        desk, 1, "rehearsal-outside",
        "round", "open", rounds["drafted"], "--drill", desk.prove(rounds["drafted"]), bot_api_url=telegram,
    )  # fmt: skip
    refused(desk, 2, "is a rehearsal", "bot", bot_api_url=telegram)


def test_a_round_goes_one_way(desk: Desk, rounds: dict[str, str]) -> None:
    """Open, paused, open again without a drill, closed; a closed round neither opens nor closes nor pauses."""
    assert desk.json("round", "pause", rounds["open"])["state"] == "paused"
    assert desk.json("round", "open", rounds["open"])["state"] == "open"
    assert desk.json("round", "close", rounds["open"])["state"] == "closed"

    for act in ("open", "close", "pause", "challenge"):
        result = desk.run("round", act, rounds["open"])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "closed" in result.stderr


def test_results_are_json_with_format_and_version(desk: Desk, rounds: dict[str, str]) -> None:
    """Each result on stdout is one JSON line that says what it is, and the list of rounds knows every one."""
    listed = desk.json("round", "status")

    assert sorted(row["round"] for row in listed["rounds"]) == sorted(rounds.values())
    results = [
        listed,
        desk.json("check", EXAMPLE, "--format", "json"),
        desk.json("round", "status", rounds["open"], "--format", "json"),
        desk.json("bundle", rounds["closed"], "--out", desk / "again.bundle"),
        json.loads(desk.run("round", "challenge", rounds["drafted"]).stdout),
    ]
    assert all(result["format"].startswith("sauti-") and result["version"] == 1 for result in results)


def test_findings_are_told_in_words_and_as_json(desk: Desk) -> None:
    """A consultation with faults: exit 1, each finding with line and remedy, the same ones as JSON."""
    broken = desk / "broken.yaml"
    broken.write_text(EXAMPLE.read_text("utf-8").replace("kind: single", "kind: singel", 1), "utf-8")

    told, as_json = desk.run("check", broken), desk.run("check", broken, "--format", "json")

    assert (told.exit_code, as_json.exit_code) == (1, 1)
    findings = json.loads(as_json.stdout)["findings"]
    assert findings
    assert all(finding["line"] > 0 and finding["remedy"] for finding in findings)
    assert len(told.stdout.splitlines()) == len(findings)
    refused(desk, 1, "broken.yaml", "round", "new", broken, "--public-key", desk / "keys" / "round.public.json")


@pytest.mark.parametrize("place", [10, 900, -2])
def test_a_damaged_bundle_is_not_counted(desk: Desk, place: int) -> None:
    """One changed byte anywhere in the file: exit 1, and no candidate is written."""
    content = bytearray((desk / "round.bundle").read_bytes())
    content[place] ^= 1
    (desk / "round.bundle").write_bytes(content)

    result = desk.run(
        "tabulate", desk / "round.bundle", "--key", desk.keys(1), desk.keys(2),
        "--ledger", desk / "ledger", "--out", desk / "candidate.json",
    )  # fmt: skip

    assert (result.exit_code, result.stdout) == (1, "")
    assert not (desk / "candidate.json").exists()


def test_the_desk_needs_no_setting_of_the_server(desk: Desk) -> None:
    """Counting and telling work with the bundle, two shares and their passphrases alone, in every form asked for."""
    nothing = dict.fromkeys(("database_url", "secrets_dir", "bot_api_url", "bot_token"))
    counted = desk.json(
        "tabulate", desk / "round.bundle", "--key", desk.keys(1), desk.keys(3),
        "--ledger", desk / "ledger", "--out", desk / "candidate.json", **nothing,
    )  # fmt: skip
    told = desk.json(
        "render",
        desk / "candidate.json",
        "--format",
        "html,md",
        "--lang",
        "en,ar",
        "--out",
        desk / "summary",
        **nothing,
    )

    assert counted["tables"] == 0  # nobody answered: the narrative form
    assert sorted(path.name for path in (desk / "summary").iterdir()) == [
        "summary.ar.html", "summary.ar.md", "summary.en.html", "summary.en.md",
    ]  # fmt: skip
    assert len(told["documents"]) == 4
    for wrong in (("--format", "odt"), ("--lang", "xx"), ("--lang", ","), ("--out", str(EXAMPLE))):
        options = {"--out": str(desk / "new"), "--lang": "en", "--format": "md"} | dict([wrong])
        words = [word for option in options.items() for word in option]
        assert desk.run("render", desk / "candidate.json", *words).exit_code == 2
    assert not (desk / "new").exists()


def test_every_setting_is_explained() -> None:
    """docs/settings.md has one row for each setting that any process knows, and for no other."""
    rows = [line for line in (ROOT / "docs" / "settings.md").read_text("utf-8").splitlines() if line.startswith("| `")]

    assert sorted(row.split("`")[1] for row in rows) == sorted(KNOWN)
    assert all(len(cell.strip()) > 1 for row in rows for cell in row.strip("|").split(" | "))
