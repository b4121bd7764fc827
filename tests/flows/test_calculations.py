"""Calculations from the form to the desk: named values over answers that are asked of nobody and kept nowhere."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from flows import odk
from flows.answers import Answer, Chosen
from flows.engine import start, step
from flows.events import Control, Pick, Pressed
from flows.expressions import MAX_DEPTH, Beyond, ExpressionError, calculation, parse
from flows.findings import Severity
from flows.linter import lint
from flows.model import Consultation
from flows.path import record, settle
from flows.records import Answered
from flows.replay import final_answers
from flows.rules import Values, rules_of
from flows.session import Session, State
from flows.xlsform.book import Book
from flows.xlsform.differences import unsaid
from flows.xlsform.exporting import exported
from flows.xlsform.importing import Imported, imported
from flows.xlsform.writing import written
from tests.flows.faults import sound
from tests.flows.forms import HEADER, asked, items, told
from tests.flows.strategies import consultations
from tests.flows.walks import NOW

Json = dict[str, Any]
RULES = [*HEADER, "calculation", "relevant"]
STANCES = {"agree": "+", "disagree": "-", "pass": "0"}
QUESTION = ["select_one yes_no", "a", "Shall we?"]


def with_calculations(*calculations: Json, **relevant: str) -> Consultation:
    """The sound consultation with these calculations, and other rules for some of its items."""
    tree = sound()
    tree["calculations"] = list(calculations)
    for section in tree["sections"]:
        for item in section["items"]:
            if item["id"] in relevant:
                item["relevant"] = relevant[item["id"]]
    return Consultation.model_validate(tree)


def errors(consultation: Consultation) -> list[tuple[str, str]]:
    """Code and path of each error."""
    return [(one.code, one.path) for one in lint(consultation) if one.severity is Severity.ERROR]


LONELY = {"id": "alone", "calculate": "if(${pick} = 'a', 1, 0)"}
MORE = {"id": "more", "calculate": "${alone} + count-selected(${many})", "relevant": "${pick} != ''"}
AHEAD = {"id": "x", "calculate": "${far} + 1"}
DERIVED = with_calculations(LONELY, MORE, view="${more} = 2")


@pytest.mark.parametrize(
    ("answers", "relevant"),
    [
        ({"pick": ("a",), "many": ("b",)}, True),
        ({"pick": ("b",), "many": ("a", "b")}, True),
        ({"pick": ("a",), "many": ("a", "b")}, False),
        ({"many": ("a", "b")}, False),
        ({"pick": ("a",)}, False),
        ({}, False),
    ],
)
def test_a_rule_looks_at_a_calculation_of_a_calculation(answers: dict[str, tuple[str, ...]], *, relevant: bool) -> None:
    """Worked out from the answers at hand whenever it is asked; empty while its own condition does not hold.

    Proves: Q1
    """
    values = {DERIVED.positions[name]: codes for name, codes in answers.items()}

    assert rules_of(DERIVED).relevant(DERIVED.positions["view"], values) == relevant
    assert errors(DERIVED) == []


def test_a_draft_keeps_the_codes_and_never_what_was_worked_out() -> None:
    """Of everything a session keeps, only coded choices that the calculation looks at: its value stands nowhere.

    Proves: Q1
    """
    first = {"id": "worked_out", "calculate": "concat(selected-at(${order}, 1), ' comes second')"}
    keeping = with_calculations(first, view="${worked_out} = 'b comes second'")
    places = [keeping.positions[name] for name in ("pick", "many", "order")]
    session = Session(State.ASKING)
    for place, codes in zip(places, (("a",), ("b",), ("a", "b")), strict=True):
        session = record(keeping, session, place, Chosen(codes))

    assert session.kept == tuple(zip(places, (("a",), ("b",), ("a", "b")), strict=True))
    assert rules_of(keeping).referred == set(places)
    assert rules_of(keeping).relevant(keeping.positions["view"], dict(session.kept))
    assert b"worked_out" not in session.to_bytes()
    assert b"comes second" not in session.to_bytes()


CHAIN = with_calculations(
    {"id": "first", "calculate": "selected(${many}, 'a')", "relevant": "${pick} = 'a'"},
    {"id": "second", "calculate": "if(${first} = 'true', ${far}, 0)"},
    far="${first} = 'true'",
    order="${second} >= 4",
    age="selected(${order}, 'c')",
)


def answer(codes: str) -> Answer:
    """An answer of these codes."""
    return Chosen(tuple(codes.split()))


@pytest.mark.parametrize(
    ("pick", "left"),
    [("a", {"pick", "many", "far", "order", "age"}), ("b", {"pick", "many"}), ("", {"many"})],
)
def test_clearing_goes_through_calculations_until_nothing_changes(pick: str, left: set[str]) -> None:
    """An answer that makes a calculation empty clears the question behind it, and with it the ones behind that.

    Proves: Q1
    """
    given = {"pick": pick, "many": "a", "far": "4", "order": "c a", "age": "young"}
    said = {CHAIN.positions[name]: codes for name, codes in given.items() if codes}

    kept = settle(CHAIN, said, lambda codes: tuple(codes.split()))
    final = final_answers(CHAIN, [Answered(position, answer(codes)) for position, codes in said.items()])

    assert {CHAIN.items[position].id for position in kept} == left
    assert set(final) == set(kept)


def test_the_engine_asks_by_calculations() -> None:
    """In a conversation, a question behind a calculation comes or does not come by what was picked. Proves: Q1."""
    consultation = with_calculations(
        {"id": "both", "calculate": "if(${pick} = 'a', 1, 0)"}, many="${both} = 1", said="${both} = 1"
    )
    arrived = {}
    for index, code in enumerate(("a", "b")):
        session = start(consultation).session.but(state=State.ASKING, place=0, spent=1, language="en")
        session = step(consultation, session, Pressed(Pick(index)), NOW).session
        if session.place == 0:
            session = step(consultation, session, Pressed(Control.DONE), NOW).session
        arrived[code] = consultation.items[session.place].id

    assert arrived == {"a": "many", "b": "read"}


def by_hand(consultation: Consultation, values: Values) -> dict[str, str]:
    """The slow, obvious way: every answer as text, then one calculation after the other, each by itself."""
    known = {name: " ".join(values.get(place, ())) for name, place in consultation.positions.items()}
    for one in consultation.calculations:
        empty = one.relevant is not None and not parse(one.relevant, known).holds(known)
        known[one.id] = "" if empty else odk.stored(parse(one.calculate, known).evaluate(known))
    return known


@given(consultations(), st.data())
def test_rules_over_calculations_hold_where_they_hold_by_hand(consultation: Consultation, data: st.DataObject) -> None:
    """Carried within the rules or worked out one by one, calculations ask the same people; here and read again.

    Proves: Q1
    """
    coded = {place: codes for place, codes in enumerate(consultation.codes) if codes}
    answers = {place: st.lists(st.sampled_from(codes), unique=True) for place, codes in coded.items()}
    drawn = data.draw(st.fixed_dictionaries({}, optional=answers))
    values: Values = {place: tuple(given) for place, given in drawn.items()}
    known = by_hand(consultation, values)
    again = Consultation.model_validate(consultation.model_dump(mode="json"))

    for place, item in enumerate(consultation.items):
        section = consultation.sections[consultation.section_of[place]]
        texts = [one for one in (section.relevant, item.relevant) if one is not None]
        wanted = all(parse(text, known).holds(known) for text in texts)
        assert rules_of(consultation).relevant(place, values) == wanted
        assert rules_of(again).relevant(place, values) == wanted


def test_an_older_consultation_keeps_its_fingerprint() -> None:
    """A consultation without calculations is written as before there were any."""
    assert "calculations" not in Consultation.model_validate(sound()).model_dump(mode="json")


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (1.0, "1"), (0.5, "0.5"), (float("nan"), ""), ("a b", "a b")]
)
def test_a_value_is_text_for_whoever_refers_to_it(value: odk.Value, text: str) -> None:
    """As in ODK: yes and no are words, and what is no number is nothing. Proves: Q1."""
    assert odk.stored(value) == text


@pytest.mark.parametrize(
    ("calculations", "rules", "found"),
    [
        ([AHEAD], {"far": "${x} = 2"}, ("expression", "sections[1].items[0].relevant")),
        ([{"id": "x", "calculate": "${alone} + 1"}, LONELY], {}, ("expression", "calculations[0].calculate")),
        ([{"id": "x", "calculate": "${x} + 1"}], {}, ("expression", "calculations[0].calculate")),
        ([{"id": "x", "calculate": "${said} = 'a'"}], {}, ("expression", "calculations[0].calculate")),
        ([{"id": "x", "calculate": "today()"}], {}, ("expression", "calculations[0].calculate")),
        ([{"id": "x", "calculate": "."}], {}, ("expression", "calculations[0].calculate")),
        ([{"id": "x", "calculate": "1", "relevant": "("}], {}, ("expression", "calculations[0].relevant")),
        ([{"id": "pick", "calculate": "1"}], {}, ("id-not-unique", "calculations[0].id")),
        ([{"id": "x", "calculate": "1"}, {"id": "x", "calculate": "2"}], {}, ("id-not-unique", "calculations[1].id")),
        ([LONELY], {"view": "${alone} = 3"}, ("unreachable", "sections[1].items[4].relevant")),
        ([LONELY], {"view": "${alone}"}, ("type", "sections[1].items[4].relevant")),
    ],
)  # fmt: skip
def test_a_calculation_that_cannot_be_kept_is_a_finding(
    calculations: list[Json], rules: dict[str, str], found: tuple[str, str]
) -> None:
    """What looks ahead, round, at words or at the time is refused at its place, and never raises. Proves: Q1."""
    assert found in errors(with_calculations(*calculations, **rules))


def grown(shape: str) -> None:
    """Calculations of this shape, each over the one before."""
    known = {"c0": calculation(parse("${q} = 'yes'", ("q",)), None)}
    for number in range(MAX_DEPTH):
        made = parse(shape.format(f"c{number}"), tuple(known), (), Beyond(known))
        known[f"c{number + 1}"] = calculation(made, parse("${q} != ''", ("q",)))


@pytest.mark.parametrize("shape", ["${{{0}}} + ${{{0}}}", "1 + (1 + (1 + ${{{0}}}))"])
def test_calculations_of_calculations_are_bounded(shape: str) -> None:
    """Doubling by names ends where evaluating would begin to take long, and chains before they are too deep."""
    with pytest.raises(ExpressionError) as refusal:
        grown(shape)

    assert refusal.value.code == "too-deep"


# From a form, and out again.


def test_a_form_s_calculations_are_named_and_its_rules_name_them() -> None:
    """Those that rules use come along, in an order that looks back only; the others are told of. Proves: Q1."""
    made = asked(
        QUESTION,
        ["calculate", "M", None, "${n} + 1", "${a} != ''"],
        ["calculate", "n", None, "if(${a} = 'yes', 1, 0)"],
        ["text", "t", "What?", None, "${M} = 2"],
        ["calculate", "idle", None, "1 + 1"],
        header=RULES,
    )

    assert items(made)[1]["relevant"] == "${m} = 2"
    assert made.tree.value["calculations"] == [
        {"id": "n", "calculate": "if(${a} = 'yes', 1, 0)"},
        {"id": "m", "calculate": "${n} + 1", "relevant": "${a} != ''"},
    ]
    assert made.rows["survey", 3]
    assert not made.rows["survey", 6]
    assert told(made) == [("warning", "survey!B6", "not-used")]


def test_a_calculation_in_a_group_is_empty_while_the_group_is_not_asked() -> None:
    """As in ODK: the rules of the groups around it are its own. Proves: Q1."""
    made = asked(
        QUESTION,
        ["begin_group", "g", None, None, "${a} = 'yes'"],
        ["select_one yes_no", "b", "And now?"],
        ["calculate", "n", None, "1", "${b} = 'yes'"],
        ["end_group"],
        ["text", "t", "What?", None, "${n} = 1"],
        header=RULES,
    )

    (derived,) = made.tree.value["calculations"]
    assert derived["relevant"] == "(${a} = 'yes') and (${b} = 'yes')"
    assert told(made) == []


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([["calculate", "n", None, "${m}"], ["calculate", "m", None, "${n}"]], ["goes-round", "goes-round"]),
        ([["calculate", "n", None, "${n} + 1"]], ["goes-round"]),
        ([["calculate", "n", None, "1"], ["calculate", "n", None, "2"]], ["twice"]),
        ([["calculate", "n"]], ["no-name"]),
    ],
)
def test_a_form_s_calculation_that_cannot_be_worked_out_is_told(rows: list[list[Any]], codes: list[str]) -> None:
    """Each such row has a finding of its own, at the cell that says what is calculated."""
    made = asked(QUESTION, *rows, ["text", "t", "What?", None, "${n} = 1"], header=RULES)

    assert [code for _, _, code in told(made)] == codes


NUMBERED = [["list_name", "name", "label::English (en)"], ["scale", "1", "Low"], ["scale", "2", "High"]]


@pytest.mark.parametrize(
    ("calculate", "rule", "ours"),
    [
        ("if(${q} = '1', '1', '2')", "${x} = '2'", ("if(${q} = 'c1', '1', '2')", "${x} = '2'")),
        ("if(selected(${q}, '1'), '2', '1')", "'1' = ${x}", ("if(selected(${q}, 'c1'), '2', '1')", "'1' = ${x}")),
        ("${q}", "${x} = 1 or ${x} = '2'", ("${q}", "${x} = 'c1' or ${x} = 'c2'")),
        ("coalesce(${q}, '1')", "${x} = '1'", ("coalesce(${q}, 'c1')", "${x} = 'c1'")),
        ("coalesce('', '1')", "${x} = '1'", ("coalesce('', '1')", "${x} = '1'")),
        ("if(true(), '', ${q})", "${x} != '2'", ("if(true(), '', ${q})", "${x} != 'c2'")),
        ("selected-at(${q}, 0)", "${x} = '2'", ("selected-at(${q}, 0)", "${x} = 'c2'")),
        ("1", "selected-at(${q}, 0) = '2' and ${x} = 1", ("1", "selected-at(${q}, 0) = 'c2' and ${x} = 1")),
        ("1", "'2' = selected-at(${q}, 0) and ${x} = 1", ("1", "'c2' = selected-at(${q}, 0) and ${x} = 1")),
        ("1", "concat(${x}, '') = '1' and ${x} = 1", ("1", "concat(${x}, '') = '1' and ${x} = 1")),
        ("1", "'1' = concat('1', ${x})", ("1", "'1' = concat('1', ${x})")),
        ("1", "(${q}) = '1' and ${x} = '1'", ("1", "(${q}) = 'c1' and ${x} = '1'")),
    ],
)
def test_a_number_in_quotes_is_a_code_only_where_codes_are(calculate: str, rule: str, ours: tuple[str, str]) -> None:
    """Choices that are numbers are called otherwise here; what a calculation says by itself keeps its spelling.

    Proves: Q1
    """
    made = asked(
        ["select_one scale", "q", "How much?"],
        ["calculate", "x", None, calculate],
        ["text", "t", "What?", None, rule],
        header=RULES,
        choices=NUMBERED,
    )

    (derived,) = made.tree.value["calculations"]
    assert (derived["calculate"], items(made)[1]["relevant"]) == ours


def test_choice_names_keep_naming_their_question() -> None:
    """Where a question is called otherwise here, so it is within the quotes of jr:choice-name."""
    made = asked(
        ["select_one yes_no", "Q1", "Shall we?"],
        ["text", "t", "What?", None, "jr:choice-name(${Q1}, '${Q1}') = 'Yes'"],
        header=RULES,
    )

    assert items(made)[1]["relevant"] == "jr:choice-name(${q1}, '${q1}') = 'Yes'"


def test_calculations_go_out_and_come_back() -> None:
    """A form holds what a consultation calculates, and reading it gives the same again."""
    made: Imported = imported(Book("form.xlsx", exported(DERIVED, {}).sheets))

    assert made.tree.value["calculations"] == [LONELY, MORE]


def test_other_programs_take_a_form_with_calculations(tmp_path: Path) -> None:
    """pyxform, which Kobo and ODK stand on, makes a form of it, and each calculation keeps its condition."""
    (tmp_path / "form.xlsx").write_bytes(written(exported(DERIVED, {"en": STANCES, "fr": STANCES})))
    made = convert(tmp_path / "form.xlsx")

    assert made.warnings == []
    assert made.xform.count(" calculate=") == 2


def test_whoever_runs_the_form_elsewhere_is_told_of_names_of_choices() -> None:
    """There a rule sees what a choice is called in the language that somebody reads in; here always in the first."""
    named = {"id": "called", "calculate": "jr:choice-name(${pick}, '${pick}')"}
    told_of = set(unsaid(with_calculations(named, view="${called} = 't'"))) - set(unsaid(DERIVED))

    assert [one for one in told_of if "language" in one] == [*told_of] != []
