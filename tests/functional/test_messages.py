"""Translations through the commands: out to a translator, back with checks, and read by a named person."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.staff.texts import LANGUAGES
from flows.loader import read
from flows.review import Signature, holds
from locales import extract, signatures
from locales.catalog import FOLDER, languages
from rounds.signed import hashed
from sauti import consultations, workbook_child
from sauti.translating import opening
from tests.architecture.house import ROOT
from tests.functional.conftest import Desk
from tests.functional.test_workbooks import GOOD

SMALLEST, PROTECTION = ROOT / "examples" / "smallest.yaml", ROOT / "examples" / "protection.yaml"
SWAHILI = {
    "One question": "Swali moja",
    "[name of the organisation]": "[jina la shirika]",
    "A first try": "Jaribio la kwanza",
    "May we count your answer?": "Tunaweza kuhesabu jibu lako?",
    "May we retell it in our words?": "Tunaweza kulisimulia kwa maneno yetu?",
    "May we use short exact words?": "Tunaweza kunukuu maneno machache?",
    "May other UN processes use it?": "Michakato mingine ya UN inaweza kulitumia?",
    "May we send you the result?": "Tukutumie matokeo?",
    "It is worth telling others what would make us safer.": "Inafaa kuwaambia wengine nini kingetuweka salama zaidi.",
}
ABOUT = "Hili ni zoezi. Telegram inaweza kusoma mazungumzo haya."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The command line over an empty folder: translators need no keys and no rounds."""
    return Desk(tmp_path, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of this test's own, with a consultation in it."""
    (tmp_path / "smallest.yaml").write_bytes(SMALLEST.read_bytes())
    return tmp_path


def translate(file: Path) -> None:
    """What a translator does with a PO file in her editor."""
    text = file.read_text("utf-8")
    for source, said in SWAHILI.items():
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{said}"')
    before, after = text.split('lost by answering."\nmsgstr ""')
    file.write_text(f'{before}lost by answering."\nmsgstr "{ABOUT}"{after}', "utf-8")


def test_a_language_is_added_read_and_signed(desk: Desk, folder: Path) -> None:
    """Out as PO, back as a new language that is a draft, with the author's remarks in place; signed, it holds.

    Proves: Q7
    """
    consultation, po = folder / "smallest.yaml", folder / "sw.po"
    out = desk.json("messages", "export", consultation, "--lang", "sw", "--out", po)
    translate(po)
    back = desk.run("messages", "import", consultation, po, "--lang", "sw")
    draft = read(consultation.read_bytes(), "smallest.yaml").consultation
    signed = desk.run("messages", "sign", consultation, "--lang", "sw", "--reviewer", " A.  Reader ")
    whole = read(consultation.read_bytes(), "smallest.yaml").consultation

    assert (out["texts"], out["open"]) == (10, 10)
    assert (back.exit_code, signed.exit_code) == (0, 0), back.output + signed.output
    assert (draft.languages, draft.reviews["sw"].reviewed) == (("en", "fr", "sw"), False)
    assert draft.consent.about[0]["sw"] == ABOUT
    assert (whole.reviews["sw"].by, holds(whole, "sw"), holds(whole, "fr")) == ("A. Reader", True, False)
    assert consultation.read_text("utf-8").startswith("# The smallest consultation there can be")
    assert desk.run("check", consultation).exit_code == 0

    consultation.write_text(consultation.read_text("utf-8").replace("Swali moja", "Swali mojaa"), "utf-8")
    assert "no longer holds (A. Reader on " in desk.run("messages", "status", consultation).stdout
    assert "review-broken" in desk.run("check", consultation).stdout


def test_a_slip_is_told_and_nothing_is_written(desk: Desk, folder: Path) -> None:
    """One button too long, one gap lost, one promise: exit 1, each with its line, and the file stays as it was.

    Proves: Q5, Q6, Q7
    """
    consultation, po = folder / "smallest.yaml", folder / "sw.po"
    before = consultation.read_bytes()
    desk.json("messages", "export", consultation, "--lang", "sw", "--out", po)
    translate(po)
    whole = po.read_text("utf-8")
    po.write_text(whole.replace("[jina la shirika]", "jina la shirika"), "utf-8")
    gap = json.loads(desk.run("messages", "import", consultation, po, "--lang", "sw", "--format", "json").stdout)
    po.write_text(whole.replace("Tunaweza kuhesabu jibu lako?", "Jibu lako ni siri kabisa?"), "utf-8")
    promise = desk.run("messages", "import", consultation, po, "--lang", "sw")

    (finding,) = gap["findings"]
    assert (finding["code"], finding["line"], finding["path"]) == ("placeholder", 25, "asked_by")
    assert promise.exit_code == 1, promise.output
    assert "sw.po:" in promise.stdout
    assert consultation.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "language", "kind"),
    [
        (str(PROTECTION), "my", "xlsx"),
        ("participant", "ar", "po"),
        ("reports", "ru", "xlsx"),
        ("staff", "ar", "po"),
        ("staff", "fr", "xlsx"),
    ],
)
def test_what_nobody_touched_comes_back_as_it_went(
    desk: Desk, tmp_path: Path, source: str, language: str, kind: str
) -> None:
    """Out and in again, as PO and as a workbook, changes no byte of a consultation or a catalogue.

    Proves: Q7
    """
    original = PROTECTION if source == str(PROTECTION) else ROOT / f"locales/{language}/LC_MESSAGES/{source}.po"
    out, again = tmp_path / f"out.{kind}", tmp_path / "again"
    desk.json("messages", "export", source, "--lang", language, "--out", out, "--format", kind)

    back = desk.run("messages", "import", source, out, "--lang", language, "--out", again)

    assert (back.exit_code, back.stdout) == (0, ""), back.output
    assert again.read_bytes() == original.read_bytes()
    assert desk.run("messages", "import", source, out, "--lang", language, "--out", again).exit_code == 2


def test_a_form_is_written_anew_and_never_over(desk: Desk, tmp_path: Path) -> None:
    """A translation of a workbook goes into a new workbook, which Kobo can run, with a column for the language."""
    form, po = tmp_path / "form.xlsx", tmp_path / "fr.po"
    desk.json("export", SMALLEST, "--out", form)
    before = form.read_bytes()
    desk.json("messages", "export", form, "--lang", "fr", "--out", po)
    po.write_text(po.read_text("utf-8").replace("Une question", "Une seule question"), "utf-8")

    refused = desk.run("messages", "import", form, po, "--lang", "fr")
    written = desk.run("messages", "import", form, po, "--lang", "fr", "--out", tmp_path / "new.xlsx")
    signed = desk.run(
        "messages",
        "sign",
        tmp_path / "new.xlsx",
        "--lang",
        "fr",
        "--reviewer",
        "A. Reader",
        "--out",
        tmp_path / "s.xlsx",
    )

    assert (refused.exit_code, "--out" in refused.stderr) == (1, True)
    assert (written.exit_code, signed.exit_code) == (0, 0), written.output + signed.output
    assert form.read_bytes() == before
    made = consultations.load(tmp_path / "s.xlsx")
    assert made.title["fr"].startswith("Une seule")
    assert holds(made, "fr")


def test_a_form_that_cannot_be_read_is_told_as_by_check(desk: Desk, tmp_path: Path) -> None:
    """What `sauti check` says of a form stands here as well: nobody translates what cannot be asked."""
    (tmp_path / "form.xlsx").write_bytes(GOOD)

    told = desk.run("messages", "status", tmp_path / "form.xlsx")

    assert (told.exit_code, "survey!A3" in told.stderr) == (1, True)


def test_nobody_signs_what_is_not_there(desk: Desk, folder: Path) -> None:
    """A language that is incomplete or not offered, and a reader without a name, are refused. Proves: Q7."""
    consultation = folder / "smallest.yaml"
    text = consultation.read_text("utf-8")
    consultation.write_text(text.replace('fr: "Pouvons-nous compter votre réponse ?"', ""), "utf-8")

    for language, reviewer, words in (("fr", "A", "not complete"), ("sw", "A", "not offered"), ("en", " ", "Nobody")):
        refused = desk.run("messages", "sign", consultation, "--lang", language, "--reviewer", reviewer)
        assert (refused.exit_code, words in refused.stderr) == (1, True), refused.output


def test_how_far_each_language_is_can_be_read_by_programs(desk: Desk, folder: Path) -> None:
    """The table as JSON fits its schema."""
    told = desk.json("messages", "status", folder / "smallest.yaml", "--format", "json")
    catalogue = desk.json("messages", "status", "participant", "--format", "json")

    judge = Draft202012Validator(json.loads((ROOT / "docs/formats/sauti-translations.schema.json").read_text("utf-8")))
    for each in (told, catalogue):
        judge.validate(each)
    assert [(one["language"], one["missing"], one["signed"]) for one in told["languages"]] == [
        ("en", 0, None),
        ("fr", 0, None),
    ]
    assert (len(catalogue["languages"]), catalogue["source"]) == (12, "en")


def test_every_catalogue_that_there_is_can_be_translated(desk: Desk) -> None:
    """Whatever texts are taken out of the code, translators can have: none is left to programmers. Proves: Q7."""
    told = {domain: desk.json("messages", "status", domain, "--format", "json") for domain in opening.DOMAINS}

    assert set(told) == {path.stem for path in FOLDER.glob("*/LC_MESSAGES/*.po")} == set(extract.SOURCES)
    assert all(not one["missing"] for each in told.values() for one in each["languages"])
    assert all(not one["too_long"] for each in told.values() for one in each["languages"])
    assert tuple(one["language"] for one in told["staff"]["languages"]) == languages("staff")
    assert {*languages("staff")} == {*LANGUAGES} < {*languages()}


def test_what_staff_read_goes_to_a_translator_and_back(desk: Desk, tmp_path: Path) -> None:
    """With its notes and its room; a gap or a button that does not fit is told; signed by name, it is signed as it is.

    Proves: Q5, Q7
    """
    po, made = tmp_path / "fr.po", tmp_path / "made.po"
    desk.json("messages", "export", "staff", "--lang", "fr", "--out", po)
    whole = po.read_text("utf-8")
    po.write_text(whole.replace('"Cacher"', f'"{"Cacher " * 4}"').replace("{act} : {label}.", "{label}."), "utf-8")
    refused = desk.run("messages", "import", "staff", po, "--lang", "fr", "--out", made)
    signed = desk.run("messages", "sign", "staff", "--lang", "fr", "--reviewer", "A. Reader", "--out", made)
    source = made.read_bytes()

    assert "Whoever finds the phone reads it" in whole
    assert "#. Room: at most 24 characters." in whole
    assert (refused.exit_code, "[too-long]" in refused.stdout, "[placeholder]" in refused.stdout) == (1, True, True)
    assert signed.exit_code == 0, signed.output
    found = signatures.signature(source)
    assert found is not None
    assert found.texts == hashed(source, "staff", Signature("fr", "A. Reader", found.date))


def test_half_a_language_is_not_begun(desk: Desk, tmp_path: Path) -> None:
    """One text of hundreds makes no catalogue: the bot would say the rest in English. Proves: Q7."""
    po, made = tmp_path / "ha.po", tmp_path / "made.po"
    desk.json("messages", "export", "participant", "--lang", "ha", "--out", po)
    po.write_text(po.read_text("utf-8").replace('msgid "Skip"\nmsgstr ""', 'msgid "Skip"\nmsgstr "Tsallake"'), "utf-8")

    refused = desk.run("messages", "import", "participant", po, "--lang", "ha", "--out", made)

    assert (refused.exit_code, "[not-whole]" in refused.stderr, made.exists()) == (1, True, False), refused.output


def test_an_older_file_is_brought_up_to_date(desk: Desk, folder: Path) -> None:
    """After a source has changed, a new file holds what still fits, and a suggestion for the rest that is not used."""
    consultation, old, new = folder / "smallest.yaml", folder / "old.po", folder / "new.po"
    desk.json("messages", "export", consultation, "--lang", "sw", "--out", old)
    translate(old)
    consultation.write_text(consultation.read_text("utf-8").replace("A first try", "A second try"), "utf-8")
    late = desk.run("messages", "import", consultation, old, "--lang", "sw", "--out", folder / "late.yaml")
    made = desk.json("messages", "export", consultation, "--lang", "sw", "--out", new, "--from", old)
    back = desk.run("messages", "import", consultation, new, "--lang", "sw", "--out", folder / "new.yaml")

    assert "[source-changed]" in late.stdout
    assert "[other-version]" in late.stdout
    assert made["open"] == 1
    assert '#, fuzzy\nmsgctxt "process"\nmsgid "A second try"\nmsgstr "Jaribio la kwanza"' in new.read_text("utf-8")
    assert (back.exit_code, "[unsure]" in back.stdout) == (0, True)
    assert "sw" not in read((folder / "new.yaml").read_bytes(), "new.yaml").consultation.process


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("sw.po", b"\0" * 1000, "control-character"),
        ("sw.po", b"x" * (10 << 20), "too-large"),
        ("sw.xlsx", b"PK\x03\x04" + b"\0" * 100, "unreadable"),
        ("sw.po", b'msgid "a"\nmsgstr "b"\n' * 150_000, "not-po"),
        ("form.xlsx", GOOD, "no-columns"),
    ],
)
def test_a_hostile_file_is_refused_in_a_process_of_its_own(
    desk: Desk, folder: Path, name: str, data: bytes, code: str
) -> None:
    """Ten megabytes, broken archives, a form in place of texts: one reason, exit 1, no traceback."""
    (folder / name).write_bytes(data)

    told = desk.run("messages", "import", folder / "smallest.yaml", folder / name, "--lang", "sw")

    assert (told.exit_code, f"[{code}]" in told.output, "Traceback" in told.output) == (1, True, False), told.output


def test_the_child_that_reads_has_little_memory() -> None:
    """A file that unfolds beyond all measure ends the child, and its parent says so."""
    bomb = "import sys; from sauti import workbook_child; workbook_child.bounded(); bytearray(2 << 30)"

    assert subprocess.run([sys.executable, "-c", bomb], capture_output=True, check=False).returncode != 0
    assert workbook_child.MEMORY == 1 << 30


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("names no known language", "messages export {smallest} --lang qqq --out {folder}/x.po"),
        ("no such file", "messages export {folder}/nowhere.yaml --lang sw --out {folder}/x.po"),
        ("numbers, dates and plurals", "messages export participant --lang kac --out {folder}/x.po"),
        ("Choose one of: en, ar, es, fr.", "messages export staff --lang sw --out {folder}/x.po"),
        ("is not overwritten", "messages export {smallest} --lang sw --out {smallest}"),
        ("is in 'sw'", "messages import {smallest} {folder}/sw.po --lang fr"),
        ("texts of 'consultation smallest'", "messages import participant {folder}/sw.po --lang sw"),
        ("No such command", "messages send"),
    ],
)
def test_wrong_use_is_said_in_one_sentence(desk: Desk, folder: Path, words: str, line: str) -> None:
    """A tag that is none, a file that is not there, the wrong file: what it is, and what to do."""
    smallest = folder / "smallest.yaml"
    desk.json("messages", "export", smallest, "--lang", "sw", "--out", folder / "sw.po")

    told = desk.run(*line.format(smallest=smallest, folder=folder).split())

    assert (told.exit_code in {1, 2}, words in told.output) == (True, True), told.output
