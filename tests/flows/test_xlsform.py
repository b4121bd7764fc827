"""What rows of a form become: kinds of questions, rules, names, lists, languages, sections."""

from typing import Any

import pytest

from flows.loader import judged, shaped
from flows.model import Consultation
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.columns import columns
from flows.xlsform.kinds import Kind, kind_of
from flows.xlsform.languages import language_tag
from flows.xlsform.naming import LONGEST, Names, spelled
from flows.xlsform.parameters import picks, points
from tests.flows.forms import CHOICES, CONSULTATION, HEADER, Rows, asked, form, items, told

BOTH = ["type", "name", "label::English (en)", "label::Français (fr)"]


def consultation(*rows: list[Any], header: list[str] | None = None, choices: Rows = CHOICES) -> Consultation:
    """The consultation that a form without any error gives."""
    made = asked(*rows, header=header, choices=choices)
    errors = [str(one) for one in judged(made.tree, made.findings) if one.severity == "error"]
    assert errors == []
    return shaped(made.tree).consultation


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["select_one yes_no", "q", "Well?"], "single"),
        (["select one from places", "q", "Where?"], "single"),
        (["select_multiple places", "q", "Where?"], "multiple"),
        (["rank places", "q", "Which first?"], "ranking"),
        (["integer", "q", "How many?"], "number"),
        (["range", "q", "How much?"], "scale"),
        (["text", "q", "What should change?"], "text"),
        (["note", "q", "Read this."], "note"),
        (["acknowledge", "q", "Read this."], "note"),
        (["add text prompt", "q", "What should change?"], "text"),
    ],
)
def test_each_type_becomes_its_kind(row: list[Any], kind: str) -> None:
    """Every type that a consultation can ask is imported, in each of its spellings."""
    made = consultation(["select_one yes_no", "before", "Shall we?"], row)

    assert made.items[1].kind == kind
    assert made.items[1].id == "q"
    assert made.items[1].text["en"] == row[2]


def test_what_a_question_says_about_itself_is_kept() -> None:
    """Hint, rules, message, length and our own columns arrive where they belong."""
    header = [
        *HEADER,
        "hint::English (en)",
        "relevance",
        "constraint",
        "constraint_message::English (en)",
        "max_length",
        "sensitivity",
        "theme",
        "risk_factor",
        "heavy",
        "disaggregation",
    ]
    made = asked(
        [
            "select_one yes_no",
            "first",
            "Shall we?",
            "Take your time.",
            None,
            None,
            None,
            None,
            "opinion",
            "peace",
            3,
            "yes",
            "role",
        ],
        ["text", "why", "What should change?", None, "${first} = 'yes'", "string-length(.) > 2", "A little more.", 200],
        header=header,
    )
    first, why = items(made)

    assert first["hint"] == {"en": "Take your time."}
    assert (first["sensitivity"], first["theme"], first["risk_factor"], first["heavy"]) == ("opinion", "peace", 3, True)
    assert first["disaggregation"] == "role"
    assert why["relevant"] == "${first} = 'yes'"
    assert (why["constraint"], why["constraint_message"]) == ("string-length(.) > 2", {"en": "A little more."})
    assert why["max_length"] == 200
    assert told(made) == []


def test_names_and_codes_are_spelled_as_ours_and_rules_follow() -> None:
    """Numbers as codes, capitals and dots in names: a rule still finds what it meant."""
    choices: Rows = [CHOICES[0], ["yn", 1, "Yes"], ["yn", 2, "No"], ["kept", "a", "A"], ["kept", "b", "B"]]
    made = consultation(
        ["select_one yn", "Q1.Safe", "Shall we?"],
        ["text", "By number", "What then?", "${Q1.Safe} = 1"],
        ["text", "q3", "What then?", "selected(${Q1.Safe}, '2') or 1 = ${ Q1.Safe }"],
        ["text", "q4", "What then?", "selected(${Q1.Safe}, 2) or ${Q1.Safe} = \u20182\u2019"],
        ["select_one kept", "q5", "Which?", "count-selected(${Q1.Safe}) > 0 or ${Q1.Safe} != ''"],
        header=[*HEADER, "relevant"],
        choices=choices,
    )

    assert made.codes[0] == ("c1", "c2")
    assert [item.id for item in made.items] == ["q1_safe", "by_number", "q3", "q4", "q5"]
    assert [item.relevant for item in made.items[1:]] == [
        "${q1_safe} = 'c1'",
        "selected(${q1_safe}, 'c2') or 'c1' = ${q1_safe}",
        "selected(${q1_safe}, 'c2') or ${q1_safe} = 'c2'",
        "count-selected(${q1_safe}) > 0 or ${q1_safe} != ''",
    ]


def test_a_code_that_is_compared_as_a_number_is_told() -> None:
    """`${q} > 1` over codes that are called otherwise here would silently never hold; it is an error."""
    choices: Rows = [CHOICES[0], ["yn", 1, "Yes"], ["yn", 2, "No"]]
    made = asked(
        ["select_one yn", "q", "Shall we?"],
        ["text", "t", "What?", "${q} > 1"],
        header=[*HEADER, "relevant"],
        choices=choices,
    )

    assert ("error", "survey!D3", "code-as-number") in told(made)


def test_the_answer_being_given_follows_its_codes() -> None:
    """In a constraint, `.` stands for a code, and so does the number that it is compared with."""
    choices: Rows = [CHOICES[0], ["yn", 1, "Yes"], ["yn", 2, "No"]]
    made = asked(["select_one yn", "q", "Shall we?", ". != 2"], header=[*HEADER, "constraint"], choices=choices)

    assert items(made)[0]["constraint"] == ". != 'c2'"


def test_a_cascading_list_keeps_its_filter() -> None:
    """Attributes of choices arrive with the filter that looks at them, spelled as the codes that they equal."""
    choices: Rows = [
        ["list_name", "name", "label::English (en)", "Region", "unused"],
        ["region", "1", "North", None, "x"],
        ["region", "2", "South"],
        ["town", "a", "A", "1"],
        ["town", "b", "B", "1"],
        ["town", "c", "C", "2"],
        ["town", "d", "D", "2"],
    ]
    made = asked(
        ["select_one region", "r", "Which region?"],
        ["select_one town", "t", "Which town?", "Region = ${r}"],
        header=[*HEADER, "choice_filter"],
        choices=choices,
    )
    region, town = items(made)

    assert [choice["id"] for choice in region["choices"]] == ["c1", "c2"]
    assert town["choice_filter"] == "region = ${r}"
    assert [choice["attributes"] for choice in town["choices"]] == [{"region": "c1"}] * 2 + [{"region": "c2"}] * 2
    assert ("warning", "choices!E1", "column-not-used") in told(made)


def test_groups_become_sections_and_their_rules_add_up() -> None:
    """What follows an inner group stands in a section of its own, with the rules of all groups around it."""
    header = [*HEADER, "relevant", "content_note::English (en)"]
    made = asked(
        ["select_one yes_no", "a", "Shall we?"],
        ["begin_group", "Outer", "About it", "${a} = 'yes'", "This may be hard."],
        ["select_one yes_no", "b", "And this?"],
        ["begin group", "inner", "Deeper", "${b} = 'yes'"],
        ["text", "c", "What then?"],
        ["end group"],
        ["text", "d", "And after?"],
        ["end_group", "Outer"],
        ["note", None, "Thank you."],
        header=header,
    )
    sections = made.tree.value["sections"]

    assert [(one["id"], one.get("title"), one.get("relevant")) for one in sections] == [
        ("part", None, None),
        ("outer", {"en": "About it"}, "${a} = 'yes'"),
        ("inner", {"en": "Deeper"}, "(${a} = 'yes') and (${b} = 'yes')"),
        ("outer_2", None, "${a} = 'yes'"),
        ("part_2", None, None),
    ]
    assert sections[1]["content_note"] == {"en": "This may be hard."}
    assert items(made)[-1]["id"] == "note_10"
    assert told(made) == []


def test_numbers_are_kept_as_bands_by_rule() -> None:
    """An age falls into the scheme's bands, another number into ours, and a list of bands goes before both."""
    choices: Rows = [
        ["list_name", "name", "label::English (en)", "low", "high"],
        ["sizes", "few", "Few", 0, 4],
        ["sizes", "many", "Many", 5],
    ]
    made = asked(
        ["integer", "age", "How old?"],
        ["int", "people", "How many?"],
        ["integer", "size", "How many?", "sizes"],
        ["select_one sizes", "chosen", "How many?", "sizes"],
        header=[*HEADER, "bands"],
        choices=choices,
    )
    age, people, size, chosen = items(made)

    assert [(band["low"], band.get("high")) for band in age["bands"]] == [
        (18, 24),
        (25, 34),
        (35, 49),
        (50, 64),
        (65, None),
    ]
    assert people["bands"][0]["text"] == {"en": "0"}
    assert people["bands"][1]["text"] == {"en": "1–2"}
    assert people["bands"][-1]["text"] == {"en": "21+"}
    assert (
        size["bands"]
        == chosen["bands"]
        == [{"id": "few", "text": {"en": "Few"}, "low": 0, "high": 4}, {"id": "many", "text": {"en": "Many"}, "low": 5}]
    )
    assert chosen["kind"] == "number"
    assert told(made) == [("warning", "survey!A2", "banded"), ("warning", "survey!A3", "banded")]


def test_or_other_adds_a_choice_in_every_language() -> None:
    """`Other` can be picked; a language without a word for it is told, and a list that has it keeps its own."""
    header = ["type", "name", "label::English (en)", "label::Kiswahili (sw)", "label::Tamil (ta)"]
    choices: Rows = [
        ["list_name", "name", *header[2:]],
        ["own", "a", "A", "A", "A"],
        ["own", "other", "Else", "Else", "Else"],
        ["short", "a", "A", "A", "A"],
        ["short", "b", "B", "B", "B"],
    ]
    made = asked(
        ["select_one short or_other", "q", "Which?", "Ipi?", "?"],
        ["select_multiple own or_other", "r", "Which?", "Ipi?", "?"],
        header=header,
        choices=choices,
    )
    short, own = items(made)

    assert short["choices"][-1] == {"id": "other", "text": {"en": "Other", "sw": "Nyingine"}}
    assert [choice["id"] for choice in own["choices"]] == ["a", "other"]
    assert [code for _, _, code in told(made)] == ["other-not-typed", "other-unknown", "other-not-typed"]


def test_scales_take_their_ends_from_the_form() -> None:
    """A range in steps of one is a scale; ends without words are numbers, and any other range is told."""
    header = [*HEADER, "parameters", "low_text::English (en)", "high_text::English (en)"]
    made = asked(
        ["range", "a", "How much?", "start=1 end=5 step=1", "Not at all", "Very"],
        ["range", "b", "How much?", "start=0; end=3"],
        ["range", "c", "How much?", "start=0 end=100 step=10"],
        header=header,
    )
    a, b, _ = items(made)

    assert (a["low"], a["high"], a["low_text"], a["high_text"]) == (1, 5, {"en": "Not at all"}, {"en": "Very"})
    assert (b["low"], b["high"], b["low_text"], b["high_text"]) == (0, 3, {"en": "0"}, {"en": "3"})
    assert [code for _, _, code in told(made)] == ["scale-ends"] * 2 + ["range"] + ["scale-ends"] * 2


def test_a_count_of_choices_is_a_bound_and_not_a_rule() -> None:
    """`count-selected(.)` alone says how many may be picked; beside another rule the columns `min` and `max` do."""
    header = [*HEADER, "constraint", "min", "max", "top"]
    made = asked(
        ["select_multiple places", "a", "Where?", "count-selected(.) <= 2 and count-selected(.) >= 1"],
        ["select_multiple places", "b", "Where?", "not(selected(., 'north'))", 1, 2],
        ["rank places", "c", "Which first?", None, None, None, 2],
        header=header,
    )
    a, b, c = items(made)

    assert (a["min"], a["max"], "constraint" in a) == (1, 2, False)
    assert (b["min"], b["max"], b["constraint"]) == (1, 2, "not(selected(., 'north'))")
    assert c["top"] == 2


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        ("", None),
        ("count-selected(.) < 3", {"max": 2}),
        ("count-selected(.) > 1", {"min": 2}),
        ("count-selected( . ) = 2", {"min": 2, "max": 2}),
        ("count-selected(.) >= 0", {}),
        ("count-selected(.) <= 3 or true()", None),
        ("count-selected(.) <= 3 and count-selected(.) <= 2", None),
    ],
)
def test_bounds_are_read_from_nothing_else(rule: str, bounds: dict[str, int] | None) -> None:
    """A rule that says anything besides stays a rule."""
    assert picks(rule) == bounds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (0, 10, True)),
        ("start=1 end=5", (1, 5, True)),
        ("start=5 end=1", (5, 1, False)),
        ("start=-1 end=5", (0, 10, False)),
        ("start=1 end=5 step=0.5", (0, 10, False)),
        ("ticks=no", (0, 10, False)),
    ],
)
def test_points_of_a_range(text: str, found: tuple[int, int, bool]) -> None:
    """Only whole steps of one, from 0 or more to 10 at most, are a scale."""
    assert points(text) == found


def test_a_vote_is_put_in_the_bots_words() -> None:
    """A list called `vote` with its three answers is a vote; a list of another name is not."""
    choices: Rows = [
        CHOICES[0],
        *([name, one, one] for name in ("vote", "mine") for one in ("agree", "disagree", "pass")),
    ]
    made = asked(
        ["select_one vote", "a", "We should."],
        ["select_one vote", "b", "We must."],
        ["select_one mine", "c", "We may."],
        choices=choices,
    )

    assert [item["kind"] for item in items(made)] == ["vote", "vote", "single"]
    assert told(made) == [("warning", "choices!B2", "own-words")]


def test_the_front_of_a_consultation_is_a_sheet() -> None:
    """Title, who asks, consent, regions, reviews and the reason for length stand on the sheet `consultation`."""
    header = ["name", "id", "label::English (en)", "label::Français (fr)"]
    front: Rows = [
        header,
        *([one[0], None, one[1], f"{one[1]} (fr)"] for one in CONSULTATION[1:]),
        ["about", None, "More", "Plus"],
        ["region", "North-East", "North", "Nord"],
        ["why longer", None, "Because the partners asked for every one of them."],
        ["reviewed", None, "yes", "no"],
        ["reviewed_by", None, "A. Reader"],
        ["reviewed_on", None, "2026-01-02"],
    ]
    made = form(
        [BOTH, ["select_one yes_no", "q", "Well?", "Alors ?"]],
        [["list_name", "name", *BOTH[2:]], ["yes_no", "yes", "Yes", "Oui"], ["yes_no", "no", "No", "Non"]],
        consultation=front,
        settings=[["form_title", "form_id", "version", "default_language"], ["Elsewhere", "My Form", 3, "French (fr)"]],
    )
    whole = shaped(made.tree).consultation

    assert (whole.id, whole.edition, whole.languages) == ("my_form", 3, ("fr", "en"))
    assert whole.title["en"] == "Words for title"
    assert len(whole.consent.about) == 2
    assert whole.regions[0].id == "north_east"
    assert whole.why_longer == "Because the partners asked for every one of them."
    assert (whole.reviews["en"].reviewed, whole.reviews["en"].by, whole.reviews["fr"].reviewed) == (
        True,
        "A. Reader",
        False,
    )
    assert told(made) == []


def test_categories_are_brought_together_by_a_sheet() -> None:
    """Rows of `merges` belong to questions by name; one that names none is told."""
    header = ["question", "name", "first", "second", "label::English (en)"]
    merges: Rows = [
        header,
        ["Where", "inland", "north", "south", "Inland"],
        ["nowhere", "x", "a", "b", "X"],
        ["scale", "low", 1, 2, "Low"],
    ]
    made = form(
        [
            [*HEADER, "parameters"],
            ["select_one places", "Where", "Where?"],
            ["range", "scale", "How much?", "start=1 end=3"],
        ],
        merges=merges,
    )
    where, scale = items(made)

    assert where["collapse"] == [{"id": "inland", "of": ["north", "south"], "text": {"en": "Inland"}}]
    assert scale["collapse"][0]["of"] == ["1", "2"]
    assert ("error", "merges!A3", "unknown-name") in told(made)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("English (en)", "en"),
        ("fr", "fr"),
        ("Français", "fr"),
        ("pt_br", "pt-BR"),
        ("Chinese (zh-hans)", "zh-Hans"),
        ("eng", "en"),
        ("Dari", "prs"),
        ("Dari (prs)", "prs"),
        ("Français (French)", "fr"),
        ("العربية", "ar"),
        ("Kurdi", None),
        ("Kurdi (northern)", None),
        ("default", None),
    ],
)
def test_languages_are_known_by_tag_and_by_name(text: str, tag: str | None) -> None:
    """A column's language is found by its tag, by its English name or by what its speakers call it."""
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("header", "field", "language"),
    [
        ("label", "label", "en"),
        ("Label::fr", "label", "fr"),
        ("label:French", "label", "fr"),
        ("caption::fr", "label", "fr"),
        ("bind::relevant", "relevant", None),
        ("media::image::fr", "image", "fr"),
        ("bind::jr:constraintMsg::fr", "constraint_message", "fr"),
        ("constraining message", "constraint_message", "en"),
        ("relevance", "relevant", None),
        ("read only", "readonly", None),
        ("hxl::tag", "hxl::tag", None),
    ],
)
def test_headers_are_read_in_all_their_spellings(header: str, field: str, language: str | None) -> None:
    """Aliases, prefixes and both separators of older forms mean the same column."""
    (column,) = columns(Sheet("survey", Row(1, {1: header}), ()), "en")

    assert (column.field, column.language) == (field, language)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Select_One  yn OR_OTHER", Kind("select_one", "yn", or_other=True)),
        ("select all that apply from yn", Kind("select_multiple", "yn")),
        ("select_one_from_file towns.csv", Kind("select_one", "towns.csv", file=True)),
        ("select multiple from file towns.csv", Kind("select_multiple", "towns.csv", file=True)),
        ("select_one_external towns", Kind("select_external", "towns")),
        ("q picture", Kind("photo")),
        ("get device id", Kind("deviceid")),
        ("begin lgroup", Kind("begin_repeat")),
        ("osm building", Kind("osm")),
        ("xml-external", Kind("xml-external")),
        ("begin_kobomatrix rows", Kind("begin_kobomatrix")),
        ("nonsense here", Kind("nonsense_here")),
    ],
)
def test_types_are_read_in_all_their_spellings(text: str, kind: Kind) -> None:
    """Old prompts, spaces and capitals are the same types; an unknown one keeps its name."""
    assert kind_of(text) == kind


def test_new_names_are_valid_and_never_the_same() -> None:
    """Whatever two questions are called, they end up with two names of the right form."""
    names = Names()
    given = [names.give(name) for name in ("Q1", "q1", "q 1", "сколько", "?", "", "x" * 60, "x" * 61)]

    assert len(set(given)) == len(given)
    assert all(spelled(name) == name and len(name) <= LONGEST for name in given)
    assert spelled("kept_as_it_is") == "kept_as_it_is"


def test_a_book_without_a_sheet_has_an_empty_one() -> None:
    """Asking for a sheet that is not there gives one without rows, in whichever case others are written."""
    book = Book("form.xlsx", (Sheet(" Survey ", Row(1, {1: "type"}), ()),))

    assert book.sheet("survey").header.cells == {1: "type"}
    assert book.sheet("choices").rows == ()
