"""A consultation in a language in which the bot has no words: what each command does with it, and says of it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.house import ROOT
from tests.functional.conftest import Desk

JINGPHO = "kac"
"""A language of Kachin State: people are asked in it, and no catalogue has it yet."""
CODE = "[no-interface]"


def put_in_jingpho(value: Any) -> None:  # noqa: ANN401 - YAML
    """Every text is in Jingpho in place of French; the words themselves do not matter here."""
    if isinstance(value, dict) and isinstance(value.get("fr"), str):
        value[JINGPHO] = value.pop("fr")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        put_in_jingpho(part)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A consultation in English and Jingpho."""
    tree = yaml.safe_load((ROOT / "examples" / "smallest.yaml").read_text("utf-8"))
    put_in_jingpho(tree)
    tree |= {"languages": ["en", JINGPHO], "reviews": {tag: {"reviewed": False} for tag in ("en", JINGPHO)}}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(tree, sort_keys=False), "utf-8")
    return tmp_path / "mine.yaml"


@pytest.fixture
def alone(file: Path) -> Path:
    """The same in Jingpho alone."""
    tree = yaml.safe_load(file.read_text("utf-8"))
    tree |= {"languages": [JINGPHO], "reviews": {JINGPHO: {"reviewed": False}}}
    made = file.with_name("alone.yaml")
    made.write_text(yaml.safe_dump(tree), "utf-8")
    return made


def test_check_says_which_language_the_bot_does_not_speak(desk: Desk, file: Path, tmp_path: Path) -> None:
    """A warning at its line, for programs too, and of a form in its sheet: nobody learns it on the day of the opening.

    Proves: Q7
    """
    form = tmp_path / "form.xlsx"
    told, found = desk.run("check", file), desk.json("check", file, "--format", "json")["findings"]
    assert desk.run("export", file, "--out", form).exit_code == 0
    of_form = desk.run("check", form)

    (line,) = [line for line in told.stdout.splitlines() if CODE in line]
    at = file.read_text("utf-8").splitlines().index(f"- {JINGPHO}") + 1
    assert line.startswith(f"mine.yaml:{at}:3: warning: The bot has no words of its own in 'kac'")
    assert [one["code"] for one in found].count("no-interface") == 1
    assert (told.exit_code, of_form.exit_code) == (0, 0)
    assert of_form.stdout.count(CODE) == 1
    assert "form.xlsx" in next(one for one in of_form.stdout.splitlines() if CODE in one)


def test_a_preview_goes_on_in_the_other_languages(desk: Desk, file: Path, tmp_path: Path) -> None:
    """Terminal and page show what the bot can say and name what they leave out; nothing begins in a language it lacks.

    Proves: F8, S2
    """
    talked, wished = desk.run("talk", file), desk.run("talk", file, "--lang", JINGPHO)
    sheet = desk.run("preview", file, "--out", tmp_path / "all.html")
    page = (tmp_path / "all.html").read_text("utf-8")

    assert (talked.exit_code, sheet.exit_code, wished.exit_code) == (0, 0, 2)
    assert all(CODE in one.stderr for one in (talked, sheet, wished))
    assert "choose one of en" in wished.stderr
    assert "[1] English" in talked.stdout
    assert "[2]" not in talked.stdout.partition("English")[2]
    assert (page.count('id="show-'), CODE in page) == (1, True)


@pytest.mark.parametrize("command", [("talk",), ("preview",), ("preview", "--out", "{folder}/all.html")])
def test_where_the_bot_speaks_none_of_them_nothing_is_shown(
    desk: Desk, alone: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """One sentence with the languages that it does speak, exit 1, and no file half made. Proves: S2."""
    verb, *options = (one.format(folder=tmp_path) for one in command)
    told = desk.run(verb, alone, *options)

    assert (told.exit_code, told.stdout) == (1, "")
    assert "as well: en, am, ar" in told.stderr
    assert not (tmp_path / "all.html").exists()


def test_translators_work_on_it_all_the_same(desk: Desk, file: Path, tmp_path: Path) -> None:
    """Out, back, signed and counted: questions may be ready in a language before the bot's own words. Proves: Q7."""
    po = tmp_path / "kac.po"
    done = [
        desk.run("messages", "export", file, "--lang", JINGPHO, "--out", po),
        desk.run("messages", "import", file, po, "--lang", JINGPHO),
        desk.run("messages", "sign", file, "--lang", JINGPHO, "--reviewer", "A. Reader"),
        desk.run("messages", "status", file),
    ]

    assert [one.exit_code for one in done] == [0] * 4, [one.output for one in done]
    assert "A. Reader on " in done[-1].stdout


def test_no_round_opens_in_it(desk: Desk, file: Path) -> None:
    """Making the round says so, and opening refuses it, also for a rehearsal. Proves: Q7."""
    made = desk.run("round", "new", file, "--public-key", desk / "keys" / "round.public.json", "--rehearsal")
    name = yaml.safe_load(made.stdout)["round"]
    refused = desk.run("round", "open", name, "--drill", desk.prove(name))

    assert made.exit_code == 0
    assert refused.exit_code == 1
    assert ["The bot has no words in `kac`" in one.stderr for one in (made, refused)] == [True, True]
