"""A form that people already have: looked over, made a round of, and given back, through the commands."""

import json
from pathlib import Path

import pytest

from flows.loader import load
from flows.rules import choices_of
from sauti import consultations, workbook_child
from tests.architecture.house import ROOT
from tests.flows.forms import CHOICES, CONSULTATION, HEADER, workbook
from tests.functional.conftest import Desk

PROTECTION = ROOT / "examples" / "protection.yaml"
GOOD = workbook(
    survey=[HEADER, ["select_one yes_no", "q", "Shall we?"], ["photo", "p", "Show us."]],
    choices=CHOICES[:3], consultation=CONSULTATION,
)  # fmt: skip


def test_a_form_is_looked_over_and_what_cannot_be_asked_is_left_out(desk: Desk) -> None:
    """Exit 1 with cell and remedy; with --drop-unsupported the rest can be used, and what was left out is listed."""
    (desk / "form.xlsx").write_bytes(GOOD)

    told = desk.run("check", desk / "form.xlsx")
    as_json = desk.run("check", desk / "form.xlsx", "--format", "json")
    rest = desk.run("check", desk / "form.xlsx", "--drop-unsupported")

    assert (told.exit_code, as_json.exit_code, rest.exit_code) == (1, 1, 0)
    assert told.stdout.startswith("form.xlsx survey!A3: error: ")
    (error,) = json.loads(as_json.stdout)["findings"]
    assert (error["sheet"], error["line"], error["column"], error["severity"]) == ("survey", 3, 1, "error")
    assert error["message"]
    assert error["remedy"]
    assert "survey!A3: warning" in rest.stdout
    assert ["--drop-unsupported" in one.stderr for one in (told, rest)] == [True, False]


def test_a_form_becomes_a_round_and_comes_back_as_a_form(desk: Desk) -> None:
    """A workbook under any name makes the same round as its YAML; `sauti export` writes it, and overwrites nothing."""
    exported = desk.json("export", PROTECTION, "--out", desk / "form.xlsx")
    (desk / "renamed").write_bytes((desk / "form.xlsx").read_bytes())
    made = desk.json(
        "round", "new", desk / "renamed", "--public-key", desk / "keys" / "round.public.json", "--rehearsal"
    )

    assert exported["format"] == "sauti-form-summary"
    assert made["state"] == "drafted"
    assert consultations.load(desk / "form.xlsx") == load(PROTECTION.read_bytes(), "protection.yaml")
    assert desk.run("export", PROTECTION, "--out", desk / "form.xlsx").exit_code != 0
    (desk / "form.xlsx").write_bytes(GOOD)
    refused = desk.run(
        "round", "new", desk / "form.xlsx", "--public-key", desk / "keys" / "round.public.json", "--rehearsal"
    )
    assert (refused.exit_code, "survey!A3" in refused.output) == (1, True)


KOBO = ROOT / "tests" / "flows" / "kobo"


@pytest.mark.parametrize("form", ["01-household-needs.md", "02-cascading-places.csv", "20-export-ready.xlsx"])
def test_a_form_is_what_it_holds_whatever_its_name_claims(tmp_path: Path, form: str) -> None:
    """A workbook, CSV or Markdown under each other's names, in capitals or with none is read as the same form."""
    data, told = (KOBO / form).read_bytes(), []
    for number, name in enumerate(["a.xlsx", "a.xls", "a.XLSM", "a.csv", "a.md", "a"]):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_bytes(data)
        read, found = consultations.looked_over(tmp_path / str(number) / name, drop=True)
        told.append((read, [str(one).removeprefix(name) for one in found]))

    assert told[0][1]
    assert [one for one in told if one != told[0]] == []


def test_a_strangers_export_is_tried_out_before_its_consent_is_written_and_never_made_a_round(desk: Desk) -> None:
    """A Kobo form becomes a preview in one command; what it lacks is told, and no round is made of it.

    Proves: F8
    """
    file = ROOT / "tests" / "flows" / "kobo" / "20-export-ready.xlsx"
    strict = desk.run("talk", file)
    shown = desk.run("talk", file, "--drop-unsupported", "--lang", "en")
    refused = desk.run("round", "new", file, "--public-key", desk / "keys" / "round.public.json", "--rehearsal")

    assert (strict.exit_code, shown.exit_code, refused.exit_code) == (1, 0, 1)
    assert "--drop-unsupported" in strict.stderr
    assert "survey!A2: error" in strict.stderr
    assert "no-consent" not in strict.stderr
    assert "consultation!A1: warning" in shown.stderr
    assert shown.stdout.count("Preview. Nothing is kept.")
    assert "no-consent" in refused.output


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("form.xlsx", b"format: sauti-consultation\n", "no-workbook"),
        ("form.xls", b"", "empty"),
        ("~$form.xlsx", b"somebody", "lock-file"),
    ],
)
def test_what_only_claims_to_be_a_form_is_told_so(desk: Desk, name: str, data: bytes, code: str) -> None:
    """Whatever the name says: one finding, exit 1."""
    (desk / name).write_bytes(data)

    told = desk.run("check", desk / name)

    assert told.exit_code == 1
    assert told.stdout.strip().endswith(f"[{code}]")


def test_reading_that_takes_too_much_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that gets its reader killed, or keeps it busy for too long, is a finding and not a failure."""
    (tmp_path / "form.xlsx").write_bytes(GOOD)
    monkeypatch.setattr(consultations, "PATIENCE", 0.01)
    (slow,) = consultations.found(tmp_path / "form.xlsx")
    monkeypatch.setattr(consultations, "PATIENCE", 60)
    monkeypatch.setattr(consultations, "CHILD", "sauti.no_such_module")
    (broken,) = consultations.found(tmp_path / "form.xlsx")

    assert (slow.code, broken.code) == ("unreadable", "unreadable")


def test_the_child_tells_all_that_it_found() -> None:
    """What goes over the pipe is plain values: cells of every part, findings, or the reason of a refusal."""
    told = json.loads(json.dumps(workbook_child.answer(GOOD, "form.xlsx", None, drop=False)))
    refused = workbook_child.answer(b"", "form.xlsx", None, drop=False)

    assert told["value"]["sections"][0]["items"][0]["id"] == "q"
    assert [["sections", 0, "items", 0], 2, 1, "survey"] in told["marks"]
    assert set(refused) == {"findings"}


def test_a_list_beside_the_form_is_part_of_it_and_nothing_further_away_is(desk: Desk, tmp_path: Path) -> None:
    """Choices come from a CSV in the form's folder; a way out of it by its name or a link leads nowhere."""
    (tmp_path / "elsewhere.csv").write_text("name,label\na,A\nb,B\n", encoding="utf-8")
    (desk / "towns.csv").write_text("name,label\na,Aby\nb,Bex\n", encoding="utf-8")
    (desk / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    rows = [["select_one_from_file towns.csv", "t", "Which town?"]]
    away = [
        ["select_one_from_file link.csv", "l", "Which?"],
        [f"select_one_from_file {tmp_path}/elsewhere.csv", "e", "Which?"],
        ["select_one_from_file ../elsewhere.csv", "u", "Which?"],
    ]
    for name, survey in (("good.xlsx", rows), ("away.xlsx", [*rows, *away])):
        (desk / name).write_bytes(workbook(survey=[HEADER, *survey], consultation=CONSULTATION))

    made = consultations.load(desk / "good.xlsx")
    refused = [(one.line, one.code) for one in consultations.found(desk / "away.xlsx") if one.severity == "error"]

    assert [(one.id, one.text["en"]) for one in choices_of(made.items[0])] == [("a", "Aby"), ("b", "Bex")]
    assert refused == [(3, "not-asked"), (4, "not-asked"), (5, "not-asked")]


def test_a_harmful_list_beside_the_form_costs_its_question_and_nothing_more(desk: Desk) -> None:
    """What is too large or no CSV is told with its file, and the rest of the form is still looked over."""
    (desk / "big.csv").write_bytes(b"name,label\n" + b"a,A\n" * 3_000_000)
    (desk / "zip.csv").write_bytes(GOOD)
    rows = [[f"select_one_from_file {name}.csv", name, "Which town?"] for name in ("big", "zip")]
    (desk / "form.xlsx").write_bytes(workbook(survey=[HEADER, *rows, ["poem", "p"]], consultation=CONSULTATION))

    told = [(one.sheet, one.code) for one in consultations.found(desk / "form.xlsx")]

    assert {("big.csv", "too-large"), ("zip.csv", "no-list"), ("survey", "unknown-type")} <= {*told}
