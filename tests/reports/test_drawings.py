"""Bars and tables from displayed figures alone: what is drawn, and what is left out."""

import itertools
import json
import math
import re
from dataclasses import asdict
from importlib.resources import files

import pytest
import typst

from locales.catalog import catalogue
from privacy.candidate import AskedQuestion, Label
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    Head,
    Impossible,
    Most,
    Refusal,
    Row,
    SafeCell,
    SafeCross,
    SafeTable,
    Shown,
    Small,
    Withheld,
)
from privacy.trends import Trend, Wave, trend
from reports import drawings, figures, texts
from reports.document import FULL, Document, Ink, Paragraph, Phrase, Quotes, Section, Slope, Stroke, phrases
from reports.render_html import render_html
from reports.typesetting import DRAWN

ASKED = 200


def points(*cells: SafeCell, mean: float | None = None) -> SafeTable:
    """A scale of as many points as there are cells, and those who gave no answer."""
    rows = tuple(Row(code=str(place), cell=cell) for place, cell in enumerate(cells, 1))
    silent = Row(code=NO_ANSWER, cell=Small(below=15))
    return SafeTable(id="scale", asked=Shown(count=ASKED), rows=(*rows, silent), mean=mean)


def label(code: str) -> Phrase:
    """A point as it is called here."""
    return Phrase(f"point {code}", "en")


def test_a_scale_is_one_bar_whose_middle_is_in_the_middle() -> None:
    """Both sides grow from the middle point; a small figure is an outline, a limit a bar as long as it says."""
    strokes = drawings.diverging([Shown(count=50), Small(below=15), Most(least=100)], ASKED)

    assert [stroke.ink for stroke in strokes][1] is Ink.HIDDEN
    assert all(one.end == other.start for one, other in itertools.pairwise(strokes))
    assert strokes[0].start < strokes[-1].end


def test_a_withheld_figure_leaves_no_bar_that_would_tell_it() -> None:
    """Beside a withheld figure the others' lengths would give it away, so nothing is drawn. Proves: R8."""
    assert drawings.diverging([Shown(count=50), Withheld(), Shown(count=60)], ASKED) == ()
    assert drawings.diverging([Shown(count=50)], ASKED) == ()


def test_nobody_asked_is_no_bar() -> None:
    """Where no number of people is shown, each stroke has no length."""
    assert {stroke.end - stroke.start for stroke in drawings.diverging([Shown(count=50), Shown(count=60)], 0)} == {0}


def test_a_slope_needs_two_neighbouring_shares() -> None:
    """From one round to the next a line is drawn where both shares are displayed, and nowhere else."""
    before, now, small = Shown(count=60, percent=30), Shown(count=90, percent=45), Small(below=15)

    assert drawings.slope([before, now]) == Slope((300, 450))
    assert drawings.slope([before, small, now, before]) == Slope((300, None, 450, 300))
    assert drawings.slope([before, small, now]) is None
    assert drawings.slope([small, now]) is None
    assert drawings.slope([Shown(count=60), now]) is None


def test_a_scale_stands_in_one_row_with_its_mean_in_words() -> None:
    """Its points are the columns, shares where there are any; the mean is told only where the table has one."""
    words = catalogue("en", "reports")
    safe = points(Shown(count=60, percent=30), Small(below=15), Shown(count=100), mean=2.2)
    question = AskedQuestion(
        id="scale", kind="scale", text={"en": "How much?"}, section=None,
        labels=tuple(Label(code=code, text={"en": f"point {code}"}) for code in "123"),
    )  # fmt: skip

    table = figures.scale_of(words, safe, label, label("all"), "caption")

    assert [head.text for head in table.heads[1:]] == ["point 1", "point 2", "point 3"]
    assert len(table.rows) == 1
    assert "30" in table.rows[0].cells[0]
    assert table.rows[0].cells[2] == "\u2068100\u2069 people"
    assert "2.2" in figures.mean(words, question, safe)
    assert figures.mean(words, question, points(Shown(count=60))) == ""


def test_a_cross_shows_groups_and_answers_and_not_those_who_gave_none() -> None:
    """Neither who gave no answer nor who was not asked stands beside the groups; what nobody can be is left empty."""
    words = catalogue("en", "reports")
    heads = tuple(Head(code=code, total=Shown(count=100)) for code in ("yes", "no", NO_ANSWER, NOT_ASKED))
    row = (Shown(count=60, percent=60), Small(below=15), Withheld(), Impossible())
    cross = SafeCross(
        id="group*asked", by="group", question="asked", asked=Shown(count=ASKED), rows=heads, columns=heads,
        cells=(row, (Shown(count=20), Impossible(), *row[2:]), row, row),
    )  # fmt: skip

    table = figures.cross_of(words, cross, label, label, "Group", "caption")

    assert [head.text for head in table.heads] == ["Group", "point yes", "point no"]
    assert [given.label.text for given in table.rows] == ["point yes", "point no"]
    assert [given.cells for given in table.rows] == [
        ("60%", "< \u206815\u2069 people"),
        ("\u206820\u2069 people", ""),
    ]


def through(*tables: SafeTable) -> Trend:
    """A question through as many rounds."""
    weeks = (f"2026-W{10 + place}" for place in range(len(tables)))
    return trend(
        [Wave(round=week[-2:] * 16, week=week, table=table) for week, table in zip(weeks, tables, strict=True)]
    )


def test_a_trend_shows_what_each_round_shows() -> None:
    """Two rounds are the earlier one and this one; an answer that may not be shown has its sign and no line."""
    words = catalogue("en", "reports")
    before = points(Shown(count=40, percent=20), Small(below=15))
    now = points(Shown(count=50, percent=25), Shown(count=60, percent=30))

    table = figures.trend_of(words, through(before, now), label, ["then", "now"], "caption")

    assert [head.text for head in table.heads] == ["Answer", "Earlier round", "This round"]
    assert [(row.label.text, row.cells, row.slope) for row in table.rows] == [
        ("point 1", ("20%", "25%"), Slope((200, 250))),
        ("point 2", ("< \u206815\u2069 people", "30%"), None),
    ]


def test_a_trend_through_many_rounds_names_them_by_their_days() -> None:
    """Four rounds are four columns and one line, which breaks where a round withheld its table."""
    words = catalogue("en", "reports")
    rounds = [points(Shown(count=count, percent=count // 2), Shown(count=60, percent=30)) for count in (40, 50, 80)]
    gone = SafeTable(id=rounds[0].id, refusal=Refusal.PROTECTED)

    table = figures.trend_of(
        words, through(rounds[0], rounds[1], gone, rounds[2]), label, ["one", "two", "three", "four"], "caption"
    )

    withheld = texts.WITHHELD(words)
    assert [head.text for head in table.heads] == ["Answer", "one", "two", "three", "This round"]
    assert [(row.cells, row.slope) for row in table.rows] == [
        (("20%", "25%", withheld, "40%"), Slope((200, 250, None, 400))),
        (("30%", "30%", withheld, "30%"), Slope((300, 300, None, 300))),
    ]


def template(name: str) -> str:
    """A template as it is written."""
    return files("reports.templates").joinpath(name).read_text(encoding="utf-8")


def inks(name: str) -> dict[str, str]:
    """Ink → its colour, as a template of the typesetter or the style sheet says it."""
    text = template(name)
    if name.endswith(".typ"):
        return dict(re.findall(r'"([a-z-]+)": rgb\("(#[0-9a-f]{6})"\)', text))
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", text))
    rules = re.findall(r"^([^{}\n]*)\{ fill: var\(--([a-z-]+)\); \}", text, flags=re.MULTILINE)
    return {ink: colours[name] for names, name in rules for ink in re.findall(r"\.([a-z-]+)", names)}


def lightness(colour: str) -> float:
    """How light a colour is to the eye, without its hue: CIE L*, from 0 to 100."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 116 * math.pow(0.2126 * red + 0.7152 * green + 0.0722 * blue, 1 / 3) - 16


def test_drawings_are_read_without_colour() -> None:
    """Inks that stand side by side differ in lightness, so that a black and white print and every eye tell them apart.

    In the middle of an even scale a black line parts them.
    """
    known = inks("strokes.typ")

    for number, sides in drawings.SIDES.items():
        for place, (one, other) in enumerate(itertools.pairwise(sides), 1):
            if 2 * place != number:
                assert abs(lightness(known[one]) - lightness(known[other])) > 12, (one, other)
    assert abs(lightness(known[Ink.FIGURE]) - lightness(known[Ink.ROUNDING])) > 12


def test_every_format_draws_with_the_same_inks() -> None:
    """PDF, Word and HTML show one drawing: the same ink has the same colour in each."""
    known, others = inks("strokes.typ"), inks("document.css.jinja")

    assert {ink: known[ink] for ink in known if ink in others} == {ink: others[ink] for ink in known if ink in others}
    assert {Ink.AGAINST_MOST, Ink.AGAINST, Ink.NEUTRAL, Ink.TOWARDS, Ink.TOWARDS_MOST, Ink.FIGURE} <= set(others)


@pytest.mark.parametrize("ink", Ink)
def test_what_is_against_is_striped(ink: Ink) -> None:
    """A stroke that is against has stripes and no other has, in every format: a copier leaves the two sides apart."""
    drawing = {"drawing": [asdict(Stroke(0, FULL, ink))], "slope": None, "drawn": "diverging", "backwards": False}
    sources = {name: template(file).encode() for name, file in (("main.typ", "drawing.typ"), (DRAWN, DRAWN))}
    asked = {"drawing": json.dumps(drawing)}
    drawn = typst.compile(sources, format="svg", sys_inputs=asked)  # type: ignore[call-overload]  # stubs lack mappings
    assert isinstance(drawn, bytes)
    striped = f"svg.diverging .{ink} {{ fill: url(#striped-{ink}); }}" in template("document.css.jinja")

    assert (b"<pattern" in drawn) is striped is (ink in {Ink.AGAINST, Ink.AGAINST_MOST})


def test_the_stripes_of_a_page_are_there() -> None:
    """A page brings the two patterns that its style names: without them, what is against would not be drawn at all."""
    section = Section(Phrase("Votes", "en"), (Paragraph(Phrase("None.", "en")),))
    page = render_html(Document("en", "ltr", Phrase("Title", "en"), "", (), "", (section,)))

    assert (
        set(re.findall(r"url\(#([a-z-]+)\)", page)) == set(re.findall(r'<pattern [^>]*id="([a-z-]+)"', page)) != set()
    )


def test_quotes_are_words_of_a_document_too() -> None:
    """Whatever counts words sees a quote and whom it is attributed to."""
    quotes = Quotes(((Phrase("Listen earlier.", "en"), "a woman, region A"),))

    assert {"Listen earlier.", "a woman, region A"} <= set(phrases((Section(Phrase("Said", "en"), (quotes,)),)))


def test_what_is_drawn_says_on_which_side() -> None:
    """Without a side, a line of an Arabic page is placed from the right by measures that were taken from the left."""
    text = template("strokes.typ")
    sides = re.findall(r"place\(([a-z]+)", text)

    assert sides.count("left") >= 3
    assert set(sides) <= {"left", "center", "rect"}
    assert re.findall(r"place\(rect\(.*", text) == ['place(rect(width: 100%, height: 100%, fill: rgb("#edf0f3"))) }']
