"""A consultation that goes out as a form comes back as the same consultation, and Kobo's own reader takes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from flows.aloud import Aloud
from flows.findings import Severity
from flows.loader import judged, load, shaped
from flows.model import Consultation, Review
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.differences import LOST, lost, unsaid
from flows.xlsform.exporting import exported
from flows.xlsform.importing import imported
from flows.xlsform.reading import read
from flows.xlsform.writing import written
from tests.architecture.house import ROOT
from tests.flows.strategies import consultations

EXAMPLES = ROOT / "examples"
PROTECTION = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
SMALLEST = load((EXAMPLES / "smallest.yaml").read_bytes(), "smallest.yaml")


def back(consultation: Consultation) -> Consultation:
    """What comes back of a form, through the bytes of a workbook."""
    made = imported(read(written(exported(consultation, {})), "form.xlsx"))
    assert [one for one in made.findings if one.severity is Severity.ERROR] == []
    return shaped(made.tree).consultation


@pytest.mark.parametrize("consultation", [SMALLEST, PROTECTION], ids=["smallest", "protection"])
def test_an_example_comes_back_as_it_went(consultation: Consultation) -> None:
    """Every text in every language, every rule, merge and consent: the same fingerprint."""
    assert back(consultation).fingerprint == consultation.fingerprint


def test_what_examples_do_not_have_comes_back_too() -> None:
    """Regions, reviews, a reason for length, bounds beside a rule, and a text that looks like a formula."""
    plain = PROTECTION.model_dump(mode="json")
    plain |= {
        "regions": [{"id": "north", "text": dict.fromkeys(PROTECTION.languages, "=North")}],
        "why_longer": "Because every partner asked for it.",
        "reviews": {"en": Review(reviewed=True, by="A. Reader", date="2026-01-02", texts="0a" * 32).model_dump()},
        "edition": 4,
    }
    multiple = next(one for section in plain["sections"] for one in section["items"] if one["kind"] == "multiple")
    multiple |= {"constraint": "not(selected(., 'x'))", "min": 2, "max": 3, "theme": "peace", "risk_factor": 3}
    text = next(one for section in plain["sections"] for one in section["items"] if one["kind"] == "text")
    text |= {"max_length": 200, "sensitivity": "experience"}
    spoken = {"en": "audio/en.ogg", "my": "audio/my.ogg"}
    text["audio"] = spoken
    plain["sections"][0]["content_note"] = dict.fromkeys(PROTECTION.languages, "Careful.")
    plain["sections"][0]["content_note_audio"] = spoken
    next(one for section in plain["sections"] for one in section["items"] if one["kind"] == "note")["audio"] = spoken
    whole = Consultation.model_validate(plain)

    assert back(whole) == whole


SPOKEN = st.sampled_from(({"en": "audio/en.ogg"}, {"my": "audio/a.ogg", "en": "b.ogg"}))


@st.composite
def recordings(draw: st.DrawFn) -> dict[str, Any]:
    """Recordings of some of the cards around the questions."""
    alone = ("age", "count", "paraphrase", "quote", "other_processes", "results", "review", "support")
    some = {name: draw(SPOKEN) for name in draw(st.lists(st.sampled_from(alone), unique=True))}
    return {**some, "about": draw(st.lists(SPOKEN, max_size=5)), "check": draw(st.lists(SPOKEN, max_size=2))}


@settings(max_examples=60, deadline=None)
@given(consultations(), recordings())
def test_recordings_come_back_with_the_cards_that_they_belong_to(whole: Consultation, aloud: dict[str, Any]) -> None:
    """Screens, questions of consent, the cards around: each recording comes back to its card, also beyond the last."""
    heard = Consultation.model_validate(
        {**whole.model_dump(mode="json"), "audio": aloud if any(aloud.values()) else None}
    )
    made = imported(Book("form.xlsx", exported(heard, {}).sheets))

    assert lost(heard) == ()
    assert shaped(made.tree).consultation.fingerprint == heard.fingerprint


def _required(item: dict[str, Any]) -> None:
    item["required"] = True


def _attribute(item: dict[str, Any]) -> None:
    item["choices"][0]["attributes"] = {"idle": "x"}


def _named_label(item: dict[str, Any]) -> None:
    item |= {"choice_filter": "label = 'x' or name != ''"}
    item["choices"][0]["attributes"] = {"label": "x"}


def _counting(item: dict[str, Any]) -> None:
    item["constraint"] = "count-selected(.) <= 2"


def _silent(item: dict[str, Any]) -> None:
    item["constraint_message"] = {"en": "No.", "fr": "Non."}


def _stray(item: dict[str, Any]) -> None:
    item["text"]["sw"] = "Nini?"


def _curved(item: dict[str, Any]) -> None:
    item["constraint"] = "selected(., \u2018a\u2019)"


def test_a_heading_without_recordings_is_listed() -> None:
    """Of recordings around the questions nothing comes back where none is named, and the command says so."""
    plain = SMALLEST.model_dump(mode="json")
    empty = Consultation.model_validate({**plain, "audio": {}})

    assert lost(empty) == (LOST[5][1],)
    assert back(empty) == SMALLEST != empty
    assert LOST[5][1] in (ROOT / "docs" / "forms.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_required, LOST[0][1]),
        (_attribute, LOST[1][1]),
        (_named_label, LOST[1][1]),
        (_counting, LOST[2][1]),
        (_silent, LOST[3][1]),
        (_stray, LOST[4][1]),
        (_curved, LOST[6][1]),
    ],
)
def test_what_does_not_come_back_is_listed(change: Callable[[dict[str, Any]], None], said: str) -> None:
    """A form that would come back as another consultation says in which way, and the handbook names each way."""
    plain = SMALLEST.model_dump(mode="json")
    words = {"en": "x", "fr": "y"}
    picked = [{"id": code, "text": words} for code in ("a", "b", "c")]
    item = {"kind": "multiple", "id": "more", "text": dict(words), "choices": picked}
    plain["sections"][0]["items"].append(item)
    assert lost(Consultation.model_validate(plain)) == ()
    change(item)
    changed = Consultation.model_validate(plain)
    made = imported(Book("form.xlsx", exported(changed, {}).sheets))

    assert lost(changed) == (said,)
    assert shaped(made.tree).consultation != changed
    assert said in " ".join((ROOT / "docs" / "forms.md").read_text("utf-8").split())


def test_a_language_that_is_no_longer_offered_leaves_no_column() -> None:
    """Texts left over from another language neither stop the form nor come back as an offer of that language."""
    plain = SMALLEST.model_dump(mode="json")
    section = plain["sections"][0]
    section["title"] = {"en": "a", "sw": "b", "fr": "c"}
    section["items"][0]["text"] = {"sw": "b", **section["items"][0]["text"]}
    plain["consent"]["count"]["sw"] = "b"
    made = back(Consultation.model_validate(plain))

    del section["title"]["sw"], section["items"][0]["text"]["sw"], plain["consent"]["count"]["sw"]
    assert made == Consultation.model_validate(plain)
    assert made.languages == SMALLEST.languages


def test_sections_and_questions_may_share_a_name_and_languages_keep_their_order() -> None:
    """A section that is called like a question keeps its name; languages come back in their order, not the texts'."""
    plain = SMALLEST.model_dump(mode="json")
    plain["languages"] = plain["languages"][::-1]
    plain["sections"][0]["id"] = plain["sections"][0]["items"][0]["id"]
    whole = Consultation.model_validate(plain)

    assert back(whole) == whole


@settings(max_examples=40, deadline=None)
@given(consultations())
def test_every_sound_consultation_comes_back_as_it_went(consultation: Consultation) -> None:
    """Whatever a consultation holds, its form holds."""
    made = imported(Book("form.xlsx", exported(consultation, {}).sheets))

    assert [one for one in made.findings if one.severity is Severity.ERROR] == []
    assert lost(consultation) == ()
    assert shaped(made.tree).consultation == consultation


def test_other_programs_take_the_form_without_a_warning(tmp_path: Path) -> None:
    """pyxform, which Kobo and ODK stand on, makes a form of it; no label is missing in any language."""
    stances = {tag: {"agree": "+", "disagree": "-", "pass": "0"} for tag in PROTECTION.languages}
    (tmp_path / "form.xlsx").write_bytes(written(exported(PROTECTION, stances)))
    made = convert(tmp_path / "form.xlsx")

    assert made.warnings == []
    assert made.xform.count("<translation ") == len(PROTECTION.languages)


def test_what_a_form_cannot_say_is_listed() -> None:
    """Who runs the form elsewhere is told what is not the same there; of a vote alone there is little to tell."""
    assert len(unsaid(SMALLEST)) == 1
    assert "consent" in unsaid(SMALLEST)[0]
    assert len(unsaid(PROTECTION)) == 5
    heard = PROTECTION.model_copy(update={"audio": Aloud()})
    assert len(unsaid(heard)) == 6


def test_a_heavy_question_is_enough_to_tell_of_content_notes() -> None:
    """A heavy question tells of content notes as a note itself does, and neither twice."""
    plain = SMALLEST.model_dump(mode="json")
    plain["sections"][0]["items"][0]["heavy"] = True
    heavy = unsaid(Consultation.model_validate(plain))
    plain["sections"][0] |= {"content_note": dict.fromkeys(SMALLEST.languages, "Careful.")}

    assert len(heavy) == 2
    assert unsaid(Consultation.model_validate(plain)) == heavy


def test_gaps_between_rows_stay_where_they_are() -> None:
    """An empty row is a row: findings name the rows that a person sees."""
    book = Book("form.xlsx", (Sheet("survey", Row(1, {1: "type", 3: "name"}), (Row(5, {3: "x"}), Row(70, {1: "y"}))),))

    assert read(written(book), "form.xlsx") == book


def test_findings_of_the_linter_name_the_cell() -> None:
    """A rule of the linter that a form breaks is told at the cell that breaks it."""
    plain = SMALLEST.model_dump(mode="json")
    plain["asked_by"]["fr"] = "Nous promettons que cela changera."
    broken = Consultation.model_validate(plain)
    made = imported(exported(broken, {}))
    (error,) = [one for one in judged(made.tree, made.findings) if one.code == "promise"]

    assert str(error).startswith("form.xlsx consultation!C3: error:")


def test_the_example_workbook_says_what_its_consultation_says() -> None:
    """`protection.xlsx` is `protection.yaml`, in twelve languages; `python -m docs.make_workbooks` renews it."""
    made = imported(read((EXAMPLES / "protection.xlsx").read_bytes(), "protection.xlsx"))

    assert [one for one in judged(made.tree, made.findings) if one.severity is Severity.ERROR] == []
    assert shaped(made.tree).consultation == PROTECTION
