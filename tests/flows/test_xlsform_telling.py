"""Findings about a form speak of sheets, columns and types, and what was left out of it is named where it is missed."""

import json
import re

import pytest

from flows.findings import Finding, Severity
from flows.findings_file import FindingsFile
from flows.loader import judged
from flows.model import Consultation
from flows.xlsform.exporting import exported
from flows.xlsform.importing import Imported, imported
from flows.xlsform.telling import in_cells
from tests.flows.faults import CASES, Case, sound
from tests.flows.forms import CHOICES, HEADER, Rows, asked, form, items, told

STRANGE = re.compile(
    r"YAML|exceptions: |'\w+: …|indent|only, without quotes|\bthis line\b|its section|"
    r"'(languages|sections|items|about|kind|collapse)'|'(single|multiple|scale|ranking)'|\bthe section\b"
)
"""What only somebody who writes a consultation file knows."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.path}")
def test_each_rule_is_told_in_the_words_of_a_form(case: Case) -> None:
    """Every rule of the linter that a form can break names columns and sheets, never what stands in a file of ours."""
    tree = sound()
    case.bad(tree)
    made = imported(exported(Consultation.model_validate(tree), {}))
    found = in_cells(judged(made.tree, made.findings))

    assert [str(one) for one in found if STRANGE.search(one.message + one.remedy)] == []
    assert all(one.remedy for one in found)


def one(code: str, path: str, message: str, remedy: str = "…") -> Finding:
    """What the linter would say of a cell, in the words of a form."""
    (found,) = in_cells([Finding(Severity.ERROR, code, 4, 2, path, message, remedy, "form.xlsx", "survey")])
    return found


@pytest.mark.parametrize(
    ("code", "path", "message", "wanted"),
    [
        (
            "language-missing",
            "sections[0].items[0].text",
            "This text is missing in: fr, pt-BR.",
            "'label::French (fr)'",
        ),
        ("language-missing", "sections[0].items[0].hint", "This text is missing in: fr.", "'hint::French (fr)'"),
        ("language-missing", "sections[0].content_note", "This text is missing in: ar.", "'content_note::Arabic (ar)'"),
        ("language-stray", "sections[0].items[0].text.sw", "'sw' is not among the languages offered.", "Swahili (sw)"),
        ("language-list", "reviews.sw", "'sw' is not among the languages offered.", "label::Swahili (sw)"),
        ("language-list", "languages[1]", "'sw' stands here twice.", "one of the two columns"),
        ("audio-missing", "audio.about[1]", "Other cards can be heard, this one cannot, in: en.", "row 'about 2'"),
        ("audio-missing", "sections[0].items[2].audio", "This one cannot, in: en.", "'media::audio::English (en)'"),
        ("constraint-silent", "sections[0].items[0].constraint", "…", "constraint_message::"),
        ("constraint-silent", "sections[0].items[0].constraint_message", "…", "clear 'constraint_message'"),
        ("exclusive", "x", "Every choice here drops all others.", "select_one"),
        ("exclusive", "x", "Only in a multiple question can one choice drop the others.", "select_multiple"),
        ("heavy-without-end", "x", "Nothing leads out of 'q', which is heavy.", "'note'"),
        ("heavy-without-end", "x", "No neutral question follows on 'q'.", "'relevant'"),
        ("missing", "sections[0].items[0].text", "'text' is missing here.", "'label'"),
        ("missing", "sections[0].items[0].bands[0].low", "'low' is missing here.", "'low'"),
        ("min-max", "x", "…", "count-selected"),
        ("scale", "x", "…", "start=1 end=5"),
    ],
)
def test_the_remedy_names_the_column(code: str, path: str, message: str, wanted: str) -> None:
    """Which column, in which row or sheet: what to do can be done in the spreadsheet program."""
    assert wanted in one(code, path, message).remedy


def test_a_title_is_translated_on_the_sheet_of_consent() -> None:
    """The title on the sheet `settings` has one language: the others stand on the sheet `consultation`."""
    missing = Finding(Severity.ERROR, "language-missing", 2, 2, "title", "In: fr.", "…", "form.xlsx", "settings")

    assert "row 'title'" in in_cells([missing])[0].remedy


def test_messages_name_types_of_a_form() -> None:
    """A kind of question is called as in the column `type`, a bound as in `parameters`."""
    assert "'range'" in one("disaggregation", "x", "A 'scale' question cannot split tables.").message
    assert "'start'" in one("scale", "x", "'low' has to be less than 'high'.").message
    assert "fewest (3)" in one("min-max", "x", "'max' has to lie between 'min' (3) and the choices (2).").message
    assert one("missing", "x", "'text' is missing here.").message == "'label' is missing here."


def test_what_is_said_of_a_file_of_ours_stays() -> None:
    """A finding without a sheet, and one that fits both, is told as it is."""
    plain = Finding(Severity.ERROR, "language-missing", 4, 2, "title", "In: fr.", "Add 'fr: …'.", "form.yaml")
    fitting = Finding(Severity.ERROR, "promise", 4, 2, "title.fr", "…", "Say what is known.", "form.xlsx", "survey")

    assert in_cells([plain, fitting]) == (plain, fitting)


RULED = [*HEADER, "relevant", "calculation"]


def ruled(*rows: list[str | None], drop: bool = True) -> Imported:
    """A form with a picture, an age in decimals and these rows."""
    return asked(
        ["photo", "shot", "Show us."],
        ["decimal", "weight", "How heavy?"],
        ["select_one yes_no", "q", "Shall we?"],
        *rows,
        header=RULED,
        drop=drop,
    )


@pytest.mark.parametrize("drop", [True, False])
def test_a_rule_about_what_was_left_out_names_it_and_says_what_to_do(drop: bool) -> None:
    """It stays an error: nobody decided that everybody is to be asked what was meant for some."""
    made = ruled(["text", "t", "Why?", "${shot} != '' and ${q} = 'yes'"], drop=drop)
    (finding,) = [one for one in made.findings if one.code == "looks-at-left-out"]

    assert finding.severity is Severity.ERROR
    assert str(finding).startswith("form.xlsx survey!D5: error: This rule looks at 'shot' (row 2)")
    assert "clear 'relevant'" in finding.remedy
    assert "relevant" not in items(made)[1]
    assert [one for one in judged(made.tree, made.findings) if one.code == "expression"] == []


def test_it_is_followed_through_calculations_and_groups() -> None:
    """A calculation over what was left out is told too, and so is the rule that uses it, and a group's rule."""
    made = ruled(
        ["calculate", "heavy", None, None, "${weight} > 80"],
        ["text", "t", "Why?", "${heavy} = 'true'"],
        ["begin_group", "g", "More", "${shot} != ''"],
        ["text", "u", "What?"],
        ["end_group"],
    )

    assert [line for line in told(made) if line[0] == "error"] == [
        ("error", "survey!D6", "looks-at-left-out"),
        ("error", "survey!D7", "looks-at-left-out"),
    ]
    assert ("warning", "survey!E5", "looks-at-left-out") in told(made)
    assert made.rows["survey", 5] is False


def test_members_of_a_repeat_and_rows_that_are_switched_off_cannot_be_looked_at() -> None:
    """What is left out is named with its row, also the repeat itself; a name that is asked elsewhere is not gone."""
    header = [*RULED, "disabled"]
    made = asked(
        ["begin_repeat", "members", "Each"],
        ["select_one yes_no", "inside", "Well?"],
        ["select_one yes_no", "q", "Well?"],
        ["end_repeat"],
        ["select_one yes_no", "off", "Well?", None, None, "yes"],
        ["select_one yes_no", "q", "Shall we?"],
        ["text", "t", "Why?", "count(${members}) > 2 or ${inside} = 'yes' or ${off} = 'no'"],
        ["text", "u", "What?", "${q} = 'yes'"],
        header=header,
        drop=True,
    )
    (finding,) = [one for one in made.findings if one.code == "looks-at-left-out"]

    assert "'members' (row 2), 'inside' (row 3), 'off' (row 6)" in finding.message


def test_findings_become_json_and_come_back() -> None:
    """What other programs get is what a person gets, in the form that docs/formats describes."""
    choices: Rows = [CHOICES[0], *CHOICES[1:3]]
    made = asked(["photo", "p", "Show"], ["select_one yes_no", "q", "Shall we?"], choices=choices)
    file = FindingsFile.of(made.findings)
    (said,) = json.loads(file.model_dump_json())["findings"]

    assert said["cell"] == "survey!A2"
    assert FindingsFile.model_validate_json(file.model_dump_json()) == file


def test_what_follows_from_one_fault_is_not_told_besides() -> None:
    """A column without a language is one finding, not one for each of its texts; what else is wrong is told still."""
    made = asked(["text", "q", "What should change?"], ["poem", "p"], header=["type", "name", "label"])
    found = in_cells(judged(made.tree, made.findings))

    assert [(one.sheet, one.code) for one in found if one.severity is Severity.ERROR] == [
        ("survey", "no-language"),
        ("survey", "unknown-type"),
    ]


@pytest.mark.parametrize("consent", [True, False])
def test_recordings_are_asked_for_card_by_card_once_consent_is_there(consent: bool) -> None:
    """Before that one finding says that some cards cannot be heard: the list of them would not be whole."""
    header = [*HEADER, "media::audio::English (en)"]
    rows: Rows = [header, ["select_one yes_no", "a", "Shall we?", "a.ogg"], ["text", "b", "What should change?"]]
    made = form(rows) if consent else form(rows, consultation=[])
    lacking = [one for one in in_cells(judged(made.tree, made.findings)) if one.code == "audio-missing"]

    assert len(lacking) == (12 if consent else 1)
    assert "en" in lacking[0].message
    assert ("Clear" in lacking[0].remedy) is not consent


def test_a_cascade_that_a_skip_leaves_empty_says_which_rule_it_takes() -> None:
    """The remedy is the condition to write; where more than a skip leaves nothing, it is to keep a choice for all."""
    choices: Rows = [
        [*CHOICES[0], "region"],
        *([*row, None] for row in CHOICES[1:]),
        *(["towns", name, name, region] for name, region in (("a", "north"), ("b", "south"), ("c", "coast"))),
    ]
    rows = [["select_one places", "Where", "Where?"], ["select_one towns", "t", "Which?", "region = ${Where}"]]
    header = [*HEADER, "choice_filter"]
    whole, part = (asked(*rows, header=header, choices=some) for some in (choices, choices[:-1]))
    skipped, both = (
        next(one for one in judged(made.tree, made.findings) if one.code == "no-way-on") for made in (whole, part)
    )

    assert "write ${where} != '' in 'relevant'" in skipped.remedy
    assert "other" in both.remedy
