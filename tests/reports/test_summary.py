"""What a reader holds in her hands: every figure a displayed one, every limit said, in every language."""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from locales import compile as compile_catalogues
from locales.catalog import catalogue
from privacy.candidate import Candidate
from privacy.tables import Most, Refusal, Row, SafeCell, SafeTable, Shown, Small, Withheld
from privacy.tabulate import tabulate
from reports import texts
from reports.compose import Told
from reports.narrative import ProductName
from reports.render_html import render_html
from reports.render_markdown import escape
from reports.rendering import document, render
from tests.privacy import synthetic

LANGUAGES = ("en", "fr", "es", "ar")
FORMS = ("html", "md")
ASKED = synthetic.consultation()
every_summary = pytest.mark.parametrize(("language", "form"), [(tag, form) for tag in LANGUAGES for form in FORMS])


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


@cache
def candidate(number: int) -> Candidate:
    """The candidate of a synthetic round with `number` people, one of whose responses was damaged on the way."""
    with TemporaryDirectory() as folder:
        people = [person.records(ASKED) for person in synthetic.people(number + 1)]
        made = synthetic.make_bundle(Path(folder), ASKED, people, damaged=1)
        ledger = Path(folder) / "ledger.jsonl"
        return tabulate(made.path, made.private_key, ledger, lambda _done, _total: None, workers=1).made.candidate


def with_tables(*tables: SafeTable) -> Candidate:
    """A candidate some of whose tables are replaced."""
    base = candidate(124)
    new = {table.id: table for table in tables}
    return base.model_copy(update={"tables": tuple(new.get(table.id, table) for table in base.tables)})


class Page(HTMLParser):
    """A page as its parts: text outside labels and ids, tags in order, attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in {"meta", "rect"}:
            self._open.append("label" if attributes.get("scope") == "row" or attributes.get("class") == "id" else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"meta", "rect"}:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not {"style", "label", "h1", "h4", "title"} & set(self._open):
            self.said.append(data)


NUMBER = re.compile(r"\d+")
SAYABLE = {5, 15, 25, 50, 2020, 2026, 16}
"""Numbers of the display rules and of the date; all others on a page must be figures."""


@every_summary
def test_no_small_number_stands_anywhere(language: str, form: str) -> None:
    """Outside the consultation's own words every number is T or more, rounded, or a share. Proves: R1, R7."""
    text = render(candidate(124), language, form)
    plain = re.sub(r"(?m)^#.*$|^\| [^|]*\||[0-9a-f]{16,}", "", text)
    said = " ".join(Page(text).said) if form == "html" else plain
    shares = re.sub(r"\d+\s?%", "", said)
    labels = {"on the scale", "échelle", "escala", "المقياس"}
    lines = [line for line in re.split(r"[\n.]", shares) if not any(label in line for label in labels)]

    found = {int(number) for line in lines for number in NUMBER.findall(line)}

    figures = found - SAYABLE - {18, 24, 49}  # ages are words of the consultation
    assert figures
    assert all(number >= 15 and number % 5 == 0 for number in figures), figures


@every_summary
def test_every_figure_on_the_page_is_a_displayed_one(language: str, form: str) -> None:
    """The true counts of this round are nowhere unless rounding left them as they were. Proves: R1."""
    text = render(candidate(124), language, form)

    for table in candidate(124).tables:
        for row in table.rows:
            if isinstance(row.cell, Shown):
                assert row.cell.count % 5 == 0
                assert str(row.cell.count) in text


@every_summary
def test_under_twenty_people_a_summary_has_no_figure(language: str, form: str) -> None:
    """Below N = 20: no table, no number but a date and ids, and the reason is said. Proves: R1."""
    text = render(candidate(12), language, form)
    words = catalogue(language, "reports")

    assert texts.TOO_FEW(words) in text
    assert "<table" not in text
    assert "| ---" not in text
    without_ids = re.sub(r"[0-9a-f]{16,}|sha256-[^']+", "", text)
    body = " ".join(Page(without_ids).said) if form == "html" else without_ids
    assert set(NUMBER.findall(body)) <= {"16", "2020", "2026"}


@every_summary
def test_every_document_says_what_it_is_and_is_not(language: str, form: str) -> None:
    """Draft, rehearsal, method, limits and display rules stand in each document, at both ends its marks. Proves: R7."""
    text = render(candidate(124), language, form).replace("\u00a0", " ")
    words = catalogue(language, "reports")

    for always in (
        texts.NOT_REPRESENTATIVE, texts.MISSING, texts.INVITED, texts.CONSENT, texts.REPEATS, texts.WITHDRAWN,
        texts.REFUSED, texts.WORDS_ARE_READ, texts.NOT_RELEASED, texts.BARS_MEAN,
    ):  # fmt: skip
        assert always(words) in text
    for mark in (texts.DRAFT, texts.REHEARSAL):
        assert text.count(mark(words)) == 2
    assert candidate(124).method.ledger_head in text


def test_a_live_draft_does_not_call_itself_a_rehearsal() -> None:
    """The rehearsal mark hangs on the round, the draft mark on everything that is printed from a candidate."""
    live = candidate(124).model_copy(update={"rehearsal": False})
    words = catalogue("en", "reports")

    text = render(live, "en", "html")

    assert texts.REHEARSAL(words) not in text
    assert texts.DRAFT(words) in text


@pytest.mark.parametrize("hostile", ['"; } body { display: none', "</style><b>", "a\\", "one\ntwo", "{{ full }}"])
def test_no_word_of_a_document_is_read_as_style(hostile: str) -> None:
    """What stands at the foot of a printed sheet leaves its quotation marks by no letter."""
    told = replace(
        document(candidate(124), ProductName.SUMMARY, "en", Told()), release=hostile, page=hostile + "{page}"
    )
    style = re.search(r"<style>(.*?)</style>", render_html(told), re.DOTALL)
    foot = re.findall(r"@bottom-\w+ \{ content: (.*?);", style.group(1)) if style else []

    assert len(foot) == 2
    for said in foot:
        assert re.fullmatch(r'"(?:[A-Za-z ]|\\[0-9a-f]+ )*"(?: counter\(page, digits\))? ?', said), said


def test_no_line_breaks_within_a_burmese_syllable() -> None:
    """A consonant that ends a syllable is joined to it; nothing else is touched, and whoever copies sees the same."""
    told = replace(document(candidate(124), ProductName.SUMMARY, "en", Told()), subtitle="အကောင့်တစ်ခု hello")

    assert "အကော\u2060င့်တ\u2060စ်ခု hello" in render_html(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_and_runs_nothing(language: str) -> None:
    """No script, link, picture or style attribute; the one style is the one whose hash the page allows."""
    text = render(candidate(124), language, "html")
    page = Page(text)

    assert not {"script", "link", "img", "iframe", "a", "text"} & {tag for tag, _ in page.tags}
    assert not any(
        name in {"style", "src", "href"} or name.startswith("on") for _, attrs in page.tags for name in attrs
    )
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = next(attrs["content"] for tag, attrs in page.tags if tag == "meta" and "http-equiv" in attrs)
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_repeat_the_table_and_hold_no_text(language: str) -> None:
    """A bar is certain up to its figure less the rounding, open up to it with the rounding, and has no text."""
    found = candidate(124)
    expected = [
        (1000 * (row.cell.count - 2) // table.asked.count, 1000 * (row.cell.count + 2) // table.asked.count)
        for table in (*(table for table in found.tables if table.id != "own"), found.languages)
        if table is not None and table.asked is not None
        for row in table.rows
        if isinstance(row.cell, Shown)
    ]

    drawings = re.findall(r"<svg.*?</svg>", render(found, language, "html"))

    bars = [ET.fromstring(drawing) for drawing in drawings]  # noqa: S314 - our own page
    ends = [
        tuple(int(stroke.attrib["x"]) + int(stroke.attrib["width"]) for stroke in bar[1:])
        for bar in bars
        if bar[-1].get("class") == "rounding"
    ]
    assert ends == expected
    assert all(bar.attrib["aria-hidden"] == "true" and "".join(bar.itertext()) == "" for bar in bars)


def test_where_a_figure_is_not_given_the_bar_is_an_outline_of_all_it_could_be() -> None:
    """A small figure is drawn from nobody to just below its limit, a withheld one over everybody, both dashed."""
    made = SafeTable(
        id="displaced",
        asked=Shown(count=125),
        rows=(Row(code="yes", cell=Withheld()), Row(code="no", cell=Small(below=15))),
    )
    page = render(with_tables(made), "en", "html").split("Have you had to leave your home?")[1].split("<h4>")[0]

    assert re.findall(r'<rect class="hidden" x="0" y="12" width="(\d+)"', page) == ["1000", str(1000 * 14 // 125)]


def test_arabic_reads_from_right_to_left() -> None:
    """The page is mirrored as a whole and words of another language keep their own language and direction."""
    arabic = render(candidate(124), "ar", "html")
    foreign = render(candidate(124), "fr", "html")

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<span lang="en" dir="auto">What protection means to you</span>' in foreign


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (Shown(count=60, percent=48), Shown(count=40, percent=32)),
            "often: \u2068Yes\u2069, by about \u206848%\u2069",
        ),
        ((Shown(count=60, percent=48), Shown(count=60, percent=48)), "Named about equally often: \u2068Yes · No\u2069"),
        ((Shown(count=30), Small(below=15)), "by about \u206830\u2069 of those asked"),
        ((Shown(count=60, percent=48), Withheld()), "only the figures that can be shown"),
        ((Most(least=105), Small(below=15)), "\u2068Yes\u2069: \u2068105\u2069 or more of about \u2068125\u2069"),
        ((Small(below=15), Small(below=15)), "No answer was given often enough"),
    ],
)
def test_the_sentence_says_what_the_table_shows(rows: tuple[Any, Any], said: str) -> None:
    """The sentence over a table is made of its cells alone, and admits what it cannot compare."""
    codes = ("yes", "no")
    made = SafeTable(
        id="displaced",
        asked=Shown(count=125),
        rows=tuple(Row(code=code, cell=cell) for code, cell in zip(codes, rows, strict=True)),
    )

    assert said in render(with_tables(made), "en", "html")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Shown(count=115), texts.WROTE),
        (Small(below=15), texts.WROTE_FEW),
        (Most(least=105), texts.WROTE_MOST),
        (Withheld(), None),
    ],
)
def test_of_free_text_only_how_many_wrote_is_told(cell: SafeCell, said: texts.Counted | None) -> None:
    """How many wrote is told as far as it can be shown; what they wrote is not there to be told."""
    words = catalogue("en", "reports")
    number = getattr(cell, "count", None) or getattr(cell, "below", None) or getattr(cell, "least", None) or 0
    expected = texts.WROTE_SOME(words) if said is None else said(words, number)
    made = SafeTable(id="own", asked=Shown(count=125), rows=(Row(code="wrote", cell=cell),))

    assert expected in render(with_tables(made), "en", "md")


@pytest.mark.parametrize(
    ("cell", "said"),
    [(Shown(count=20), texts.REPEATS_ABOUT), (Small(below=15), texts.REPEATS_FEW), (Withheld(), None)],
)
def test_how_often_an_account_answered_again_is_told_as_far_as_it_can_be(
    cell: SafeCell, said: texts.Counted | None
) -> None:
    """The rule for repeated answers always stands there, their number only if it can be shown. Proves: R7."""
    words = catalogue("en", "reports")
    repeats = SafeTable(id="_repeats", asked=Shown(count=125), rows=(Row(code="again", cell=cell),))

    text = render(candidate(124).model_copy(update={"repeats": repeats, "languages": None}), "en", "md")

    assert texts.REPEATS(words) in text
    assert texts.PROTECTED(words) in text.split(texts.WHO(words))[1]
    if said is not None:
        assert said(words, 20 if isinstance(cell, Shown) else 15) in text


def test_a_snapshot_says_that_the_consultation_is_still_open() -> None:
    """A summary of a bundle taken while people still answer calls itself an interim state. Proves: R7."""
    found = candidate(124)
    snapshot = found.model_copy(update={"method": found.method.model_copy(update={"snapshot": True})})

    assert texts.STILL_OPEN(catalogue("en", "reports")) in render(snapshot, "en", "md")


def test_what_did_not_happen_is_not_told() -> None:
    """A round without a withdrawn or a refused response says nothing of withdrawals and refusals."""
    found = candidate(124)
    calm = found.model_copy(update={"method": found.method.model_copy(update={"tombstones": 0, "refused": {}})})
    words = catalogue("en", "reports")

    text = render(calm, "en", "md")

    assert texts.REPEATS(words) in text
    assert texts.WITHDRAWN(words) not in text
    assert texts.REFUSED(words) not in text


def test_a_part_without_a_title_gets_no_heading() -> None:
    """Questions of a part that has no title follow each other under the heading of all, none of them lost."""
    subject = candidate(124).subject
    bare = tuple(question.model_copy(update={"section": None}) for question in subject.questions)
    changed = candidate(124).model_copy(update={"subject": subject.model_copy(update={"questions": bare})})

    with_title, without = (render(each, "en", "md") for each in (candidate(124), changed))

    assert "### Your region and you\n" in with_title
    assert "Your region and you" not in without
    for question in subject.questions:
        heading = rf"\n####? {re.escape(escape(question.text['en']))}\n"
        assert re.search(heading, with_title)
        assert re.search(heading, without)


@pytest.mark.parametrize("lost", ["displaced", "own"])
def test_a_question_whose_table_is_missing_is_never_left_out_in_silence(lost: str) -> None:
    """A candidate that lost a question's table is not printed as if that had not been asked."""
    tables = tuple(table for table in candidate(124).tables if table.id != lost)

    with pytest.raises(LookupError, match=lost):
        render(candidate(124).model_copy(update={"tables": tables}), "en", "md")


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_withheld_table_says_so_and_shows_nothing(refusal: Refusal) -> None:
    """Where a table is withheld, one calm sentence stands in its place."""
    text = render(with_tables(SafeTable(id="displaced", refusal=refusal)), "en", "md")
    part = text.split("Have you had to leave your home?")[1].split("####")[0]

    expected = texts.PROTECTED if refusal is Refusal.PROTECTED else texts.TANGLED
    assert part.strip() == expected(catalogue("en", "reports"))


def test_words_of_a_consultation_cannot_become_markup() -> None:
    """A title full of markup is a title: escaped in both formats."""
    evil = "<script>alert(1)</script> [x](http://x) | # a"
    title = type(candidate(124).subject.title)({"en": evil})
    subject = candidate(124).subject.model_copy(update={"title": title})
    changed = candidate(124).model_copy(update={"subject": subject})

    assert "<script>" not in render(changed, "en", "html")
    assert escape(evil) in render(changed, "en", "md")
    assert "[x](" not in render(changed, "en", "md")


@pytest.mark.parametrize("language", ["ar", "ckb", "prs"])
def test_a_point_of_a_scale_reads_from_right_to_left_in_its_sentence(language: str) -> None:
    """A value made of isolates alone has no letter to take a direction from, and takes that of its language."""
    words, english = catalogue(language, "reports"), catalogue("en", "reports")
    point = texts.POINT(words, point=words.number(1), meaning="صعب")

    assert f"\u2067{point}\u2069" in texts.MOST_OFTEN(words, label=point, figure="5")
    assert f"\u2067\u2068{point}\u2069\u2069" in texts.MOST_OFTEN(words, label=f"\u2068{point}\u2069", figure="5")
    assert f"\u2068{point} صعب\u2069" in texts.MOST_OFTEN(words, label=f"{point} صعب", figure="5")
    assert "\u2068صعب\u2069" in texts.MOST_OFTEN(words, label="صعب", figure="5")
    assert "\u2067" not in texts.MOST_OFTEN(english, label=point, figure="5")
