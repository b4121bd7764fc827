"""`sauti talk`: a consultation in the terminal, typed or from a file, and what is told of a file that is of no use."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.participant import texts
from bot.participant.render import say
from locales.catalog import catalogue
from sauti import consultations
from sauti.exporting import workbook_of
from sauti.main import app
from tests.architecture.house import ROOT

SMALLEST = ROOT / "examples" / "smallest.yaml"
PROTECTION = ROOT / "examples" / "protection.yaml"
KEPT = "Preview. Nothing is kept."
TO_THE_END = "1\n1\n1\n1\n2\n1\n1\n1\n1\n1\n1\n1\n1\n"
"""Safe, of age, read, understood, five times yes, an answer, *send*, *I have written it down*."""


def talk(*arguments: str | Path, typed: str | bytes = "") -> Result:
    """The command in this process, with lines instead of a terminal."""
    done = CliRunner().invoke(app, ["talk", *map(str, arguments)], input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_a_whole_conversation_from_a_file_of_lines(tmp_path: Path) -> None:
    """Numbers press buttons down to the receipt, each card says that nothing is kept, and a transcript tells it all.

    Proves: F8
    """
    done = talk(SMALLEST, "--lang", "fr", "--transcript", tmp_path / "said.md", typed=TO_THE_END)
    shown, told = done.stdout, (tmp_path / "said.md").read_text("utf-8")
    words = catalogue("fr", texts.DOMAIN)

    assert (done.exit_code, done.stderr) == (0, "")
    assert say(words, texts.KEEP_ASK) in shown
    cards = shown.count(say(words, texts.REHEARSAL))
    assert cards > 10
    assert shown.count(KEPT) >= cards - 1  # the first one says it in two languages
    for message in (texts.SAFE, texts.AGE, texts.REVIEW, texts.SENT):
        assert say(words, message) in shown
        assert say(words, message) in told
    assert told.startswith("# ")
    assert KEPT in told
    assert told.count("**She taps: ") == len(TO_THE_END.split()) + 1  # and the language, which --lang has chosen
    assert "not reviewed" in told


def test_words_pictures_and_numbers_that_are_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no button is typed; /photo sends a picture; > makes a number words; and none of it is on a disk after it.

    Proves: F8
    """
    monkeypatch.chdir(tmp_path)
    done = talk(SMALLEST, "--lang", "en", typed="hello\n/photo\n> 3\n77\n\n/quit\n1\n")
    shown = done.stdout

    assert done.exit_code == 0
    assert shown.count(texts.NOTICES[next(one for one in texts.NOTICES if one.value == "pick_a_button")].text) == 2
    assert shown.count("Pictures, voice and files are not kept here.") == 1
    assert shown.count("There is no button with this number") == 1
    assert texts.AGE.text not in shown
    assert not list(tmp_path.iterdir())


def test_lines_from_right_to_left_keep_their_direction() -> None:
    """Every Arabic line and label stands in an isolate, so that its number stays before it. Proves: P10, F8."""
    shown = talk(PROTECTION, "--lang", "ar", typed="").stdout
    last = shown.rpartition(KEPT)[2]

    assert re.findall(r"\[(\d)\] \u2068[^\u2068\u2069]+\u2069", last) == ["1", "2", "3", "4", "5", "6", "7"]
    arabic = [line for line in last.splitlines() if re.search("[\u0600-\u06ff]", line)]
    assert len(arabic) >= 7
    assert all("\u2068" in line and "\u200f" not in line for line in arabic)


def test_a_workbook_is_talked_with_like_its_yaml(tmp_path: Path) -> None:
    """The same lines lead to the same cards, whichever file the consultation came from."""
    (tmp_path / "form.xlsx").write_bytes(workbook_of(consultations.load(SMALLEST)))

    yaml, form = (talk(file, "--lang", "en", typed=TO_THE_END) for file in (SMALLEST, tmp_path / "form.xlsx"))

    def before_the_receipt(done: Result) -> str:
        return done.stdout.partition(texts.SENT.text)[0]

    assert form.exit_code == 0
    assert before_the_receipt(form) == before_the_receipt(yaml)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"format: sauti-consultation\nversion: 1\n", 1, "error"),
        (b"\x00\xff garbage", 1, "error"),
        (None, 2, "no such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_before_anybody_types(
    content: bytes | None, code: int, words: str, tmp_path: Path
) -> None:
    """Findings with places and exit 1, or exit 2 where there is no file; no card, no traceback. Proves: S2."""
    if content is not None:
        (tmp_path / "it.yaml").write_bytes(content)

    done = talk(tmp_path / "it.yaml", typed="1\n")

    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_that_is_not_offered_is_wrong_use() -> None:
    """Exit 2, with the languages that there are."""
    done = talk(SMALLEST, "--lang", "xx")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "en, fr" in done.stderr


def test_bytes_that_are_no_text_end_nothing() -> None:
    """Garbage from a pipe is typed as what can be read of it, and answered calmly. Proves: S2."""
    command = [sys.executable, "-m", "sauti", "talk", "examples/smallest.yaml", "--lang", "en"]
    typed = b"\xff\xfe\x00\n" + b"y" * 5_000 + b"\n\xed\xa0\x80\n1\n"

    done = subprocess.run(command, input=typed, capture_output=True, cwd=ROOT, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, b"")
    assert texts.AGE.text in done.stdout.decode()
