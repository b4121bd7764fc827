"""Forms such as offices have them: each is imported or refused in sentences that a facilitator understands.

`kobo/` holds forms written for these tests, with what public Kobo and ODK forms carry: device questions, rosters,
cascades, lists in other files, matrices, entities, columns and types of long ago, texts in HTML, sheets for the office;
workbooks among them are made by `tests.flows.make_kobo`.
Beside each stands what `sauti check FILE --drop-unsupported` says of it, sentence by sentence: a change of words is
read before it is made. `WRITE_GOLDEN=write pytest tests/flows/test_xlsform_real.py` writes them anew.
"""

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from flows.findings import Finding, Severity
from flows.loader import judged, shaped
from flows.model import Consultation
from flows.xlsform.account import LEFT_OUT
from flows.xlsform.beside import with_lists
from flows.xlsform.book import Book
from flows.xlsform.importing import Imported, imported
from flows.xlsform.reading import read
from flows.xlsform.telling import in_cells
from tests.flows import make_kobo
from tests.flows.test_xlsform_report import missing

FOLDER = Path(__file__).with_name("kobo")
FORMS = sorted(path for path in FOLDER.iterdir() if path.suffix in {".md", ".csv", ".xlsx"})
NOT_FOR_PYXFORM = {
    "02-cascading-places": "semicolons",
    "09-kobo-matrix": "Kobo alone knows tables of questions",
    "07-names-and-duplicates": "two questions of a name, and names with spaces",
    "16-export-needs": "a log of positions with half of its settings",
    "17-export-scores": "Kobo alone knows ratings, rankings and tables of its own",
    "19-export-one-language": "two choices of a name",
}
"""Forms that pyxform refuses, with the reason: they exist all the same."""


def looked_over(path: Path, *, drop: bool) -> tuple[Imported, tuple[Finding, ...]]:
    """A form as imported, and all that is said of it."""
    made = imported(book_of(path), drop=drop)
    return made, in_cells(judged(made.tree, made.findings))


def book_of(path: Path) -> Book:
    """A form, with the lists beside it."""
    book, refused = with_lists(
        read(path.read_bytes(), path.name), {one.name: one.read_bytes() for one in (FOLDER / "lists").iterdir()}
    )
    assert refused == ()
    return book


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_real_form_is_told_in_sentences(path: Path) -> None:
    """Every finding is the one that stands beside the form."""
    _, found = looked_over(path, drop=True)
    told = "\n".join(map(str, found)) + "\n"
    golden = path.with_suffix(".told.txt")
    if os.environ.get("WRITE_GOLDEN") == "write":
        golden.write_text(told, "utf-8")

    assert told == golden.read_text("utf-8")


@pytest.mark.parametrize("drop", [True, False])
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_nothing_of_a_real_form_is_lost(path: Path, drop: bool) -> None:
    """Each row and each column is in the consultation or in the report, and what has no consent is an error."""
    made, found = looked_over(path, drop=drop)
    errors = [one for one in found if one.severity is Severity.ERROR]

    assert missing(book_of(path), made) == []
    assert all(one.message and one.remedy for one in found)
    assert bool(errors) == (path.stem != "15-ready-to-be-asked")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_these_forms_are_forms(path: Path) -> None:
    """Pyxform takes them, so that they are what Kobo and ODK take; where it does not, the reason stands above."""
    try:
        convert(path if path.suffix == ".xlsx" else path.read_text("utf-8"), file_type=path.suffix)
    except (PyXFormError, KeyError):
        assert path.stem in NOT_FOR_PYXFORM
    else:
        assert path.stem not in NOT_FOR_PYXFORM


@pytest.mark.parametrize("name", make_kobo.EVERY)
def test_the_workbooks_are_those_that_are_written_down(name: str) -> None:
    """Whoever reads the rows of an export in `make_kobo` reads what the workbook beside it holds."""
    whole = BytesIO()
    make_kobo.workbook(make_kobo.EVERY[name]).save(whole)
    path = FOLDER / f"{name}.xlsx"

    assert read(whole.getvalue(), path.name) == read(path.read_bytes(), path.name)


def test_what_can_be_left_out_is_an_error_only_where_all_is_wanted() -> None:
    """The codes of which `--drop-unsupported` is told are those that it turns into warnings, and no others."""
    codes = set[str]()
    for path in FORMS:
        strict, rest = (
            {
                (one.sheet, one.line, one.column, one.code): one.severity
                for one in looked_over(path, drop=drop)[0].findings
            }
            for drop in (False, True)
        )
        codes |= {place[-1] for place in strict.keys() & rest.keys() if strict[place] != rest[place]}

    assert codes - {"looks-at-left-out"} == LEFT_OUT


def test_what_is_left_of_a_form_is_asked_once_consent_is_added() -> None:
    """A form with the sheet of consent becomes a consultation, in both languages, rule by rule."""
    made, found = looked_over(FOLDER / "15-ready-to-be-asked.md", drop=False)
    whole: Consultation = shaped(made.tree).consultation

    assert found == ()
    assert whole.languages == ("en", "fr")
    assert [item.kind for item in whole.items] == ["single", "text", "multiple", "note"]
    assert whole.items[1].relevant == "${heard} = 'no'"
    assert whole.sections[0].title is not None


def test_every_feature_of_real_forms_is_among_them() -> None:
    """Each thing that makes real forms hard stands in one of these forms at least."""
    every = "\n".join(path.read_text("utf-8") for path in FORMS if path.suffix != ".xlsx")
    for sign in (
        r"choice_filter", r"or_other", r"or specify other", r"calculat", r"begin_repeat", r"begin lgroup", r"geopoint",
        r"select_one_from_file", r"select_one_external", r"csv-external", r"pulldata", r"media::audio", r"media::image",
        r"label::English \(en\)", r"caption:English", r"bind:jr:constraintMsg", r"begin_group", r"begin group",
        r"rank ", r"start=0 end=100 step=5", r"grow, \$\{", r"hxl", r"</span>", r"\*\*Hello", r"Analysis plan",
        r"entities",
        r"begin_kobomatrix", r"allow_choice_duplicates", r"indexed-repeat", r"instance_name", r"audit", r"username",
    ):  # fmt: skip
        assert re.search(sign, every), sign
