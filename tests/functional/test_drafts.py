"""A candidate that nobody signed for is a draft: it can be looked at, says so everywhere, and goes no further."""

import csv
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from locales import compile as compile_catalogues
from privacy.ledger import read_ledger
from privacy.release import Release
from tests.functional.conftest import Desk
from tests.functional.test_release import publish, told
from tests.privacy import released

pytestmark = pytest.mark.xdist_group("commands")


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    """A folder with a draft, its ledger, a reviewer's key, and pages for those who answered."""
    compile_catalogues.compile_all()
    candidate, ledger = released.sample()
    desk = Desk(tmp_path, {})
    (desk / "candidate.json").write_bytes(candidate.model_copy(update={"certificate": None}).to_json())
    (desk / "ledger.jsonl").write_bytes(ledger)
    (desk / "one.key").write_bytes(released.FIRST.to_json())
    return desk


def test_a_draft_goes_no_further(office: Desk) -> None:
    """What was not audited cannot be checked, voted on or published, and the ledger stays as it was. Proves: R2, R5."""
    told(office)
    before = (office / "ledger.jsonl").read_bytes()

    results = [
        office.run("release", "check", office / "candidate.json", "--ledger", office / "ledger.jsonl"),
        office.run("release", "approve", office / "candidate.json", "--as", "one", "--signing-key", office / "one.key"),
        office.run(*publish(office)),
    ]

    assert [(each.exit_code, "no-certificate" in each.stderr) for each in results] == [(1, True)] * 3
    assert (office / "ledger.jsonl").read_bytes() == before
    assert not read_ledger(before, "protection").releases
    assert not [path.name for path in office.folder.iterdir() if "votes" in path.name or path.name == "release.json"]


def test_a_vote_put_beside_a_draft_is_worth_nothing(office: Desk) -> None:
    """Votes on the certified candidate do not carry its draft, nor does a certificate of other content. Proves: R5."""
    told(office)
    certified, _ = released.sample()
    (office / "candidate.json.votes").write_bytes(released.voted(certified).to_lines())

    assert "no-certificate" in office.run(*publish(office)).stderr
    changed = certified.model_copy(update={"respondents": certified.respondents.model_copy(update={"count": 500})})  # type: ignore[union-attr]  # there are figures
    (office / "candidate.json").write_bytes(changed.to_json())
    assert "other-content" in office.run(*publish(office)).stderr


def heading(sheet: Worksheet) -> str:
    """What stands above each printed page of a sheet."""
    return str(sheet.oddHeader.center.text) if sheet.oddHeader and sheet.oddHeader.center else ""


def test_every_page_of_a_draft_says_so(office: Desk) -> None:
    """Pages of PDF, Word, HTML and Markdown, sheets of a workbook and rows of figures all say DRAFT. Proves: R8, R2."""
    told(office)
    forms = "pdf,docx,html,md,xlsx,csv"
    office.json("render", office / "candidate.json", "--product", "pbc", "--format", forms, "--out", office.folder)

    pages = [page.extract_text() for page in PdfReader(office / "pbc.en.pdf").pages]
    headers = [section.header.paragraphs for section in docx.Document(str(office / "pbc.en.docx")).sections]
    sheets = openpyxl.load_workbook(office / "pbc.en.xlsx").worksheets
    rows = list(csv.reader((office / "pbc.en.csv").read_text("utf-8").splitlines()))[2:]

    assert pages
    assert rows
    assert [page for page in pages if "DRAFT" not in page] == []
    assert [each for each in headers if "DRAFT" not in "".join(line.text for line in each)] == []
    assert [sheet.title for sheet in sheets if "DRAFT" not in heading(sheet)] == []
    assert [row for row in rows if "DRAFT" not in row[-1]] == []
    for form in ("html", "md"):
        assert "Draft. Nobody has approved it yet." in (office / f"pbc.en.{form}").read_text("utf-8")


def test_a_forged_release_is_not_rendered(office: Desk) -> None:
    """A draft put into the form of a release gets no document without DRAFT: signatures are asked for. Proves: R5."""
    certified, _ = released.sample()
    (office / "ledger.jsonl").unlink()
    first, second = released.voted(certified).opened
    release = Release(
        format="sauti-release", version=1, consultation="protection", number=1, previous=certified.method.ledger_head,
        candidate=certified, votes=(first, second) if first.key < second.key else (second, first),
    )  # fmt: skip
    told(office)
    for forged in (
        release.model_copy(update={"candidate": certified.model_copy(update={"certificate": None})}),
        release.model_copy(update={"candidate": certified.model_copy(update={"tables": ()})}),
        release.model_copy(update={"votes": (release.votes[0], release.votes[0])}),
        release.model_copy(update={"number": 2}),
    ):
        (office / "release.json").write_bytes(forged.to_json())
        result = office.run("render", office / "release.json", "--product", "summary", "--out", office.folder)
        assert (result.exit_code, "broken-record" in result.stderr) == (1, True)

    (office / "release.json").write_bytes(release.to_json())
    assert office.run("render", office / "release.json", "--product", "summary", "--out", office.folder).exit_code == 0
