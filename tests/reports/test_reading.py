"""What is said of figures fits the figures that stand there: rules, heads, letters, and what is said without any."""

import re
from dataclasses import replace

import pytest

from locales import compile as compile_catalogues
from locales.catalog import catalogue, languages
from privacy.opinions import MOST_GROUPS
from privacy.tables import Most, SafeCell, Shown, Small
from reports import figures, texts
from reports.compose import Told
from reports.document import ISOLATE, Bullets, Document, Drawn, Phrase, Table, phrases
from reports.narrative import ProductName
from reports.products import PLANS
from reports.reading import rules
from reports.rendering import document
from tests.reports import test_summary
from tests.reports.samples import candidate, rounds


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def text_of(made: Document) -> str:
    """All that a reader reads."""
    return "\n".join(phrases(made.parts))


def tables(made: Document) -> list[Table]:
    """All tables."""
    return [block for section in made.parts for block in section.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("language", ["en", "ar", "my"])
@pytest.mark.parametrize("product", [*PLANS, ProductName.SUMMARY])
def test_a_rule_stands_where_what_it_explains_stands(product: ProductName, language: str) -> None:
    """Of bars, dashes and lines a document speaks only where it has some; how it rounds, it says always."""
    words = catalogue(language, "reports")
    made = document(candidate(), product, language, Told(earlier=rounds(1) if product is ProductName.PBC else ()))
    text = text_of(made)
    kinds = {table.drawn for table in tables(made) for row in table.rows if row.drawing or row.slope}
    cells = {cell for table in tables(made) for row in table.rows for cell in row.cells}

    assert texts.ROUNDED(words, base=words.number(5)) in text
    assert (texts.BARS_MEAN(words) in text) is bool(kinds & {Drawn.BARS, Drawn.DIVERGING})
    assert (texts.DIVIDED_MEANS(words) in text) is (Drawn.DIVERGING in kinds)
    assert (texts.SLOPES_MEAN(words) in text) is (Drawn.SLOPES in kinds)
    assert texts.WITHHELD(words) not in cells or texts.WITHHELD_MEANS(words) in text
    if product is ProductName.COMMUNITY:
        assert not {texts.BARS_MEAN(words), texts.INKS_MEAN(words)} & set(text.splitlines())


def test_a_withheld_figure_in_a_list_has_its_rule_as_well() -> None:
    """A dash that ends a part of a list is a figure; one within a sentence is not."""
    words, shown = catalogue("ru", "reports"), candidate().rules
    made = document(candidate(), ProductName.COMMUNITY, "ru")
    (place,) = [place for place, each in enumerate(made.annex) if each.heading.text == texts.WHO(words)]
    said, facts = made.annex[place].blocks
    rule = texts.WITHHELD_MEANS(words)

    for value, stands in (("Да: 40 · Нет: –", True), ("Да: – · Нет: 40", True), ("Да – это 40", False)):
        pairs = ((facts.pairs[0][0], Phrase(value, "ru")),)  # type: ignore[union-attr]  # the second block is a list of facts
        section = replace(made.annex[place], blocks=(said, replace(facts, pairs=pairs)))  # type: ignore[arg-type]  # as above
        assert (rule in rules(words, shown, [section])) is stands


@pytest.mark.parametrize("language", languages())
def test_a_number_of_people_among_shares_says_that_it_is_one(language: str) -> None:
    """Below 20% and 35% a bare *less than 15* would be read as a share."""
    words = catalogue(language, "reports")
    cells: dict[str, SafeCell] = {"disagree": Small(below=15), "pass": Most(least=20), "agree": Shown(count=45)}
    (row,) = figures.votes_of(words, [figures.Votes(Phrase("x", language), 600, cells)], ["", "", "", ""]).rows

    assert [ISOLATE.sub("", cell) for cell in row.cells] == [
        ISOLATE.sub("", said)
        for said in (texts.SMALL_PEOPLE(words, 15), texts.LEAST_PEOPLE(words, 20), texts.SOME_PEOPLE(words, 45))
    ]
    assert not set(row.cells) & {texts.SMALL(words, n=words.number(15)), texts.LEAST(words, n=words.number(20))}


@pytest.mark.parametrize("language", languages())
def test_groups_have_letters_of_the_language(language: str) -> None:
    """As many as there can be groups, each another, in letters that its readers count with."""
    letters = texts.LETTERS(catalogue(language, "reports")).split()

    assert len(set(letters)) == len(letters) == MOST_GROUPS
    assert bool(re.fullmatch("[A-Z]*", "".join(letters))) is (language in {"en", "es", "fr", "sw"})


@pytest.mark.parametrize("product", [*PLANS, ProductName.SUMMARY])
def test_what_was_asked_never_stands_like_what_was_said(product: ProductName) -> None:
    """Under twenty people, statements that were put to them stand below a heading that says so, and nowhere else."""
    words = catalogue("en", "reports")
    few = test_summary.candidate(12)
    made = document(few, product, "en", Told(number="1"))
    asked = {each.text["en"] for each in few.subject.questions}
    heads = {
        section.heading.text
        for section in made.parts
        for block in section.blocks
        if asked & set(phrases((replace(section, heading=Phrase("", "en"), blocks=(block,)),)))
    }

    assert heads == {texts.ASKED(words)}
    assert isinstance(next(s for s in made.parts if s.heading.text == texts.ASKED(words)).blocks[-1], Bullets)


@pytest.mark.parametrize("product", [*PLANS, ProductName.SUMMARY])
def test_a_document_without_figures_says_nothing_of_them(product: ProductName) -> None:
    """No *this is what people said*, no themes by factor; that words are added belongs in drafts of briefings alone."""
    words = catalogue("en", "reports")
    made = document(test_summary.candidate(12), product, "en", Told(number="1"))
    text = text_of(made)

    assert texts.IN_SHORT(words) not in text
    assert texts.FACTORS(words) not in text
    assert texts.BY_FACTOR(words) not in text
    assert (texts.NARRATIVE(words) in text) is (product in PLANS and PLANS[product].briefing)
    assert "before this can be approved" not in text or texts.DRAFT(words) in made.marks


def test_a_table_of_languages_counts_answers_and_not_people() -> None:
    """Phones are shared, so there may be fewer people than sets of answers."""
    words = catalogue("en", "reports")
    made = document(candidate(), ProductName.SUMMARY, "en")
    (table,) = [each for each in tables(made) if each.heads[0].text == texts.COLUMN_LANGUAGE(words)]

    assert table.heads[1].text == texts.COLUMN_SETS(words)


def test_dates_above_rounds_say_which_days_they_are() -> None:
    """Two rounds are named by their order; the dates of more are explained in the caption."""
    said = texts.TREND_DATES(catalogue("en", "reports"))
    captions = [
        [table.caption for table in tables(document(candidate(), ProductName.PBC, "en", Told(earlier=rounds(number))))
         if table.drawn is Drawn.SLOPES]
        for number in (1, 3)
    ]  # fmt: skip

    assert captions[0]
    assert not any(said in caption for caption in captions[0])
    assert all(caption.endswith(said) for caption in captions[1])
