import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings

from flows.checks.texts import width
from flows.findings import Severity
from flows.linter import FIRST, RULES, lint
from flows.loader import findings
from flows.model import Consultation
from tests.flows.strategies import consultations

Json = dict[str, Any]
Edit = Callable[[Json], None]


def words(text: str) -> Json:
    """One text in the two languages of the sound consultation."""
    return {"en": text, "fr": f"{text}!"}


def sound() -> Json:
    """A consultation without fault, with something for every rule to look at."""
    picks = [{"id": code, "text": words(code)} for code in ("a", "b", "c")]
    return {
        "format": "sauti-consultation",
        "version": 1,
        "id": "sound",
        "title": words("t"),
        "asked_by": words("w"),
        "process": words("p"),
        "languages": ["en", "fr"],
        "reviews": {"en": {"reviewed": False}},
        "consent": {"about": [words("a")], "count": words("c"), "paraphrase": words("p"), "quote": words("q"),
                    "other_processes": words("o"), "results": words("r")},
        "sections": [
            {"id": "one", "items": [
                {"id": "pick", "kind": "single", "text": words("t"), "choices": deepcopy(picks)},
                {"id": "many", "kind": "multiple", "text": words("t"), "min": 1, "max": 2,
                 "choices": [*deepcopy(picks), {"id": "none", "text": words("n"), "exclusive": True}]},
                {"id": "said", "kind": "text", "text": words("t")},
                {"id": "read", "kind": "note", "text": words("t")},
            ]},
            {"id": "two", "relevant": "${pick} != 'c'", "items": [
                {"id": "far", "kind": "scale", "text": words("t"), "low_text": words("l"), "high_text": words("h"),
                 "relevant": "selected(${many}, 'a')", "constraint": ". > 2", "constraint_message": words("m")},
                {"id": "order", "kind": "ranking", "text": words("t"), "choices": deepcopy(picks), "top": 2},
                {"id": "age", "kind": "number", "text": words("t"), "disaggregation": "age", "bands": [
                    {"id": "young", "text": words("y"), "low": 18, "high": 29},
                    {"id": "older", "text": words("o"), "low": 30},
                ]},
                {"id": "place", "kind": "single", "text": words("t"), "choices": deepcopy(picks),
                 "disaggregation": "place", "choice_filter": "name = 'a' or name = ${pick}"},
                {"id": "view", "kind": "vote", "text": words("t")},
            ]},
        ],
    }  # fmt: skip


def item(tree: Json, name: str) -> Json:
    """The item called `name`."""
    found: Json = next(part for section in tree["sections"] for part in section["items"] if part["id"] == name)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """A bad form that the rule must find, at which path, and a good form close to it."""

    code: str
    bad: Edit
    path: str
    good: Edit


def put(name: str, key: str, value: object) -> Edit:
    """An edit that sets one field of one item."""
    return lambda tree: item(tree, name).__setitem__(key, value)


def top(key: str, value: object) -> Edit:
    """An edit that sets one field of the consultation."""
    return lambda tree: tree.__setitem__(key, value)


def untouched(_tree: Json) -> None:
    """An edit that leaves everything as it is."""


def many_votes(count: int) -> Edit:
    """An edit that asks `count` votes more."""
    votes = [{"id": f"v{number}", "kind": "vote", "text": words("v")} for number in range(count)]
    return lambda tree: tree["sections"][1]["items"].extend(votes)


def choices(count: int) -> list[Json]:
    """`count` different choices."""
    return [{"id": f"x{number}", "text": words(f"x{number}")} for number in range(count)]


FAR, PLACE, PICK = "sections[1].items[0]", "sections[1].items[3]", "sections[0].items[0]"
CASES = (
    Case("id-not-unique", put("view", "id", "pick"), "sections[1].items[4].id", put("view", "id", "viewed")),
    Case("id-not-unique", lambda t: t["sections"][1].update(id="one"), "sections[1].id", untouched),
    Case(
        "id-not-unique",
        lambda t: item(t, "order")["choices"][2].update(id="a"),
        "sections[1].items[1].choices[2].id",
        lambda t: item(t, "order")["choices"][2].update(id="d"),
    ),
    Case(
        "id-not-unique",
        lambda t: item(t, "age")["bands"][1].update(id="young"),
        "sections[1].items[2].bands[1].id",
        lambda t: item(t, "age")["bands"][1].update(id="old"),
    ),
    Case("language-list", top("languages", ["en", "fr", "en"]), "languages[2]", top("languages", ["fr", "en"])),
    Case("language-list", top("reviews", {"es": {"reviewed": True}}), "reviews.es", top("reviews", {})),
    Case(
        "too-large",
        put("order", "choices", choices(101)),
        "sections[1].items[1].choices",
        put("order", "choices", choices(100)),
    ),
    Case("too-large", many_votes(250), "sections", many_votes(2)),
    Case(
        "expression",
        put("far", "relevant", "${pick} == 'a'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'a'"),
    ),
    Case(
        "expression",
        put("far", "relevant", "${order} = 'a'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'a'"),
    ),
    Case(
        "expression", put("far", "relevant", "${far} = 3"), f"{FAR}.relevant", put("far", "relevant", "${many} = 'b'")
    ),
    Case("expression", put("far", "relevant", "${said} = 'x'"), f"{FAR}.relevant", put("far", "relevant", "true()")),
    Case(
        "expression", put("far", "relevant", "${read} = 'x'"), f"{FAR}.relevant", put("far", "relevant", "${pick} = ''")
    ),
    Case("expression", put("far", "relevant", "now() > 3"), f"{FAR}.relevant", put("far", "relevant", "int(3.2) = 3")),
    Case("expression", put("far", "relevant", ". > 3"), f"{FAR}.relevant", put("far", "constraint", ". > 3")),
    Case(
        "expression",
        put("far", "constraint", "pick = 'a'"),
        f"{FAR}.constraint",
        put("far", "constraint", "${pick} = 'a'"),
    ),
    Case(
        "expression",
        lambda t: t["sections"][1].update(relevant="${far} > 1"),
        "sections[1].relevant",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a'"),
    ),
    Case(
        "unknown-code",
        put("far", "relevant", "${pick} = 'A'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'b'"),
    ),
    Case(
        "unknown-code", put("far", "constraint", ". != '9'"), f"{FAR}.constraint", put("far", "constraint", ". != '5'")
    ),
    Case("unreachable", put("far", "relevant", "false()"), f"{FAR}.relevant", put("far", "relevant", "not(false())")),
    Case(
        "unreachable",
        put("far", "relevant", "${pick} = 'c'"),
        f"{FAR}.relevant",
        put("far", "relevant", "${pick} = 'b'"),
    ),
    Case(
        "unreachable",
        put("view", "relevant", "${age} >= 18"),
        "sections[1].items[4].relevant",
        put("view", "relevant", "${age} = 'young'"),
    ),
    Case(
        "unreachable",
        put("order", "relevant", "${far} = 5 and ${many} = 'b'"),
        "sections[1].items[1].relevant",
        put("order", "relevant", "${far} = 5 and ${many} = 'a b'"),
    ),
    Case(
        "unreachable",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a' and ${pick} = 'b'"),
        "sections[1].relevant",
        lambda t: t["sections"][1].update(relevant="${pick} = 'a' or ${pick} = 'b'"),
    ),
    Case(
        "no-way-on",
        put("place", "choice_filter", "name = ${pick}"),
        f"{PLACE}.choice_filter",
        put("place", "choice_filter", "name = ${pick} or ${pick} = ''"),
    ),
    Case(
        "no-way-on",
        lambda t: item(t, "many").update(min=2, choice_filter="name != 'b' and name != ${pick}"),
        "sections[0].items[1].choice_filter",
        lambda t: item(t, "many").update(min=2, choice_filter="name != ${pick}"),
    ),
    Case(
        "no-answer-passes", put("far", "constraint", ". > 5"), f"{FAR}.constraint", put("far", "constraint", ". >= 5")
    ),
    Case("required", put("pick", "required", True), f"{PICK}.required", put("pick", "required", False)),
    Case("min-max", put("many", "max", 4), "sections[0].items[1].max", put("many", "max", 3)),
    Case("min-max", put("many", "min", 3), "sections[0].items[1].max", put("many", "min", 2)),
    Case(
        "min-max",
        lambda t: item(t, "many").update(min=4, max=None),
        "sections[0].items[1].min",
        lambda t: item(t, "many").update(min=3, max=None),
    ),
    Case(
        "exclusive",
        lambda t: item(t, "pick")["choices"][1].update(exclusive=True),
        f"{PICK}.choices[1].exclusive",
        lambda t: item(t, "many")["choices"][2].update(exclusive=True),
    ),
    Case("ranking", put("order", "top", 4), "sections[1].items[1].top", put("order", "top", 3)),
    Case("scale", lambda t: item(t, "far").update(low=5), f"{FAR}.low", lambda t: item(t, "far").update(low=4)),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(low=31),
        "sections[1].items[2].bands[1].low",
        lambda t: item(t, "age")["bands"][0].update(low=20),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(low=29),
        "sections[1].items[2].bands[1].low",
        lambda t: item(t, "age")["bands"][1].update(high=99),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][0].update(high=None),
        "sections[1].items[2].bands[0]",
        lambda t: item(t, "age")["bands"][1].update(high=None),
    ),
    Case(
        "bands",
        lambda t: item(t, "age")["bands"][1].update(high=20),
        "sections[1].items[2].bands[1].high",
        lambda t: item(t, "age")["bands"][1].update(high=30),
    ),
    Case(
        "constraint-silent",
        lambda t: item(t, "far").pop("constraint_message"),
        f"{FAR}.constraint",
        lambda t: item(t, "far").update(constraint=None, constraint_message=None),
    ),
    Case("constraint-silent", lambda t: item(t, "far").pop("constraint"), f"{FAR}.constraint_message", untouched),
    Case(
        "disaggregation",
        put("order", "disaggregation", "role"),
        "sections[1].items[1].disaggregation",
        put("many", "disaggregation", "role"),
    ),
    Case(
        "disaggregation",
        put("said", "disaggregation", "group"),
        "sections[0].items[2].disaggregation",
        put("pick", "disaggregation", "group"),
    ),
    Case(
        "disaggregation",
        put("pick", "disaggregation", "place"),
        f"{PLACE}.disaggregation",
        put("pick", "disaggregation", "gender"),
    ),
    Case(
        "age-below-18",
        lambda t: item(t, "age")["bands"][0].update(low=15),
        "sections[1].items[2].bands[0].low",
        lambda t: item(t, "age").pop("disaggregation"),
    ),
    Case("language-missing", lambda t: item(t, "pick")["text"].pop("fr"), f"{PICK}.text", untouched),
    Case("language-missing", lambda t: t["consent"]["quote"].pop("en"), "consent.quote", untouched),
    Case("language-stray", lambda t: t["title"].update(es="x"), "title.es", lambda t: t["title"].update(fr="x")),
    Case(
        "invisible-character",
        lambda t: t["title"].update(en="x\u202ey"),
        "title.en",
        lambda t: t["title"].update(en="x\u200dy\n"),
    ),
    Case(
        "too-long", lambda t: t["title"].update(en="x" * 3001), "title.en", lambda t: t["title"].update(en="x" * 3000)
    ),
    Case(
        "too-long", lambda t: t["title"].update(en="🌱" * 1501), "title.en", lambda t: t["title"].update(en="🌱" * 1500)
    ),
    Case("tiring", many_votes(8), "sections", many_votes(7)),
    Case("tiring", lambda t: t["title"].update(en="x " * 121), "title.en", lambda t: t["title"].update(en="x " * 120)),
    Case(
        "button-too-long",
        lambda t: item(t, "pick")["choices"][0]["text"].update(fr="é" * 25),
        f"{PICK}.choices[0].text.fr",
        lambda t: item(t, "pick")["choices"][0]["text"].update(fr="e\u0301" * 24),
    ),
    Case(
        "choices-alike",
        lambda t: item(t, "pick")["choices"][1]["text"].update(en="A"),
        f"{PICK}.choices[1].text.en",
        lambda t: item(t, "pick")["choices"][1]["text"].update(en="d"),
    ),
)


def found(edit: Edit) -> list[tuple[str, str]]:
    """(code, path) of all findings after an edit of the sound consultation."""
    tree = sound()
    edit(tree)
    return [(finding.code, finding.path) for finding in lint(Consultation.model_validate(tree))]


def test_a_sound_consultation_has_no_findings() -> None:
    """The rules find nothing where nothing is wrong. Proves: Q1, Q3."""
    assert found(untouched) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.path}")
def test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass(case: Case) -> None:
    """Every rule of the table, tried from both sides of its border. Proves: Q1, Q3."""
    assert (case.code, case.path) in found(case.bad)
    assert case.code not in {code for code, _ in found(case.good)}


def test_every_rule_is_tried() -> None:
    """No rule stands in the table untested, and each says why it is there."""
    assert {rule.code for rule in RULES} == {case.code for case in CASES}
    assert all(rule.check.__doc__ for rule in RULES)
    assert RULES[: len(FIRST)] == FIRST


def test_a_required_question_is_refused_with_a_reason() -> None:
    """Nobody can be made to answer: the author reads why, and what to do. Proves: Q3."""
    tree = sound()
    item(tree, "pick")["required"] = True

    refusal = next(one for one in findings(json.dumps(tree).encode(), "x") if one.code == "required")

    assert refusal.severity is Severity.ERROR
    assert "harms" in refusal.message
    assert "Remove" in refusal.remedy


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("${order} = 'a'", "not asked before"),
        ("${far} = 1", "not asked before"),
        ("${said} = 'x'", "words are sealed"),
        ("${read} = 'x'", "is a note"),
        ("${pcik} = 'x'", "'pick'"),
        ("selectd(${pick}, 'a')", "'selected'"),
    ],
)
def test_a_reference_that_cannot_be_kept_is_refused_with_its_reason(rule: str, reason: str) -> None:
    """Later questions, the question itself, words notes cannot be looked at; the author reads why. Proves: Q1."""
    tree = sound()
    item(tree, "far")["relevant"] = rule

    refusal = next(one for one in findings(json.dumps(tree).encode(), "x") if one.code == "expression")

    assert reason in refusal.message + refusal.remedy


@settings(max_examples=80)
@given(consultations())
def test_random_sound_consultations_have_no_errors(consultation: Consultation) -> None:
    """What the property tests of the engine walk through is what the loader would take."""
    assert [one for one in lint(consultation) if one.severity is Severity.ERROR] == []


def test_marks_do_not_count_as_visible_characters() -> None:
    """Arabic vowels and Burmese signs sit on letters and need no room of their own."""
    assert width("حِمايَة") == 5
    assert width("cafe\u0301") == 4
