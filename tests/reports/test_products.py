"""What each product says and must say, how long it may be, and that it is the same document in every language."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from unicodedata import category

import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import catalogue, languages
from privacy.candidate import Candidate
from privacy.release import Release
from privacy.tables import Head, Impossible, Row, SafeCross, Shown, Small, Withheld
from reports import narrative, texts, writer
from reports.compose import NOTHING_ELSE, Told
from reports.document import Ask, Asks, Document, Drawn, Paragraph, Phrase, Section, Slope, Table, phrases
from reports.errors import DocumentRefused
from reports.narrative import AskFile, Narrative, Process, ProductName
from reports.narrative import Head as Facts
from reports.products import (
    LETTERS_A_WORD,
    PBC_PAGES,
    PBC_WORDS,
    PLANS,
    PROCESSES,
    UPR_JOINT_WORDS,
    UPR_WORDS,
    check_length,
    word_count,
)
from reports.rendering import document, references, written
from reports.trends import earlier_rounds
from tests.architecture.house import ROOT
from tests.privacy.released import as_release, sample
from tests.reports import test_summary
from tests.reports.samples import EXAMPLES, candidate, rounds

BRIEFINGS = tuple(name for name, plan in PLANS.items() if plan.briefing)
every_product = pytest.mark.parametrize("product", PLANS)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def example(language: str) -> Narrative:
    """The example of a narrative for the Commission."""
    path = EXAMPLES / "narratives" / f"pbc.{language}.md"
    return narrative.load(path.read_bytes(), path.name, references(candidate()))[0]


def told(**facts: object) -> Told:
    """A narrative of one paragraph with these facts at its head."""
    head = Facts.model_validate(
        {"format": "sauti-narrative", "version": 1, "product": "upr", "language": "en", **facts}
    )
    text = Phrase("Something was said.", "en")
    return Told(Narrative(head, (Section(Phrase("", "en"), (Paragraph(text),), 3),)))


ASK = {"to": "Commission", "verb": "Invite", "what": "those who were asked.", "by": "2027-03-31"}
WRITTEN = {"recruitment": "by partners", "not_asked": "what people lived through.", "asks": [ASK]}
"""Facts without which no briefing is final."""


def text_of(made: Document) -> str:
    """All words of a document."""
    return "\n".join((*made.marks, made.title.text, made.subtitle, *phrases(made.parts)))


@every_product
@pytest.mark.parametrize("language", languages())
def test_what_was_counted_while_people_still_answer_says_so(product: ProductName, language: str) -> None:
    """Of a round that is still open every product says before its annex that this is an interim state. Proves: R7."""
    closed = candidate()
    still = closed.model_copy(update={"method": closed.method.model_copy(update={"snapshot": True})})
    said = texts.STILL_OPEN(catalogue(language, "reports"))

    assert said in phrases(document(still, product, language).sections)
    assert said not in text_of(document(closed, product, language))


@every_product
@pytest.mark.parametrize("language", languages())
def test_every_document_states_what_its_reader_must_know(product: ProductName, language: str) -> None:
    """Method, period, languages, invitation, N, who is missing, limits, rules, ledger: in every product. Proves: R7."""
    words = catalogue(language, "reports")
    text = text_of(document(candidate(), product, language))

    for always in (
        texts.NOT_REPRESENTATIVE, texts.IN_CHAT, texts.CONSENT, texts.INVITED, texts.MISSING, texts.UNSAID,
        texts.ADULTS, texts.SILENCE, texts.NOT_RELEASED, texts.DRAFT,
        texts.REHEARSAL, texts.TELEGRAM, texts.SEALED, texts.REPEATS, texts.WITHDRAWN, texts.REFUSED,
    ):  # fmt: skip
        assert always(words) in text
    assert texts.PEOPLE(words, 600) in text
    assert texts.ROUNDED(words, base=words.number(5)) in text
    assert texts.SMALL_MEANS(words, n=words.number(15), m=words.number(25)) in text
    assert texts.PERCENT_MEANS(words, n=words.number(50)) in text
    assert all(words.name_of(tag) in text for tag in candidate().subject.languages)
    assert words.date(dt.date(2026, 9, 28)) in text


@pytest.mark.parametrize("product", [*PLANS, ProductName.SUMMARY])
def test_a_release_says_its_number_and_no_longer_that_it_is_a_draft(product: ProductName) -> None:
    """The number in the ledger stands in the document and on its pages, and the draft mark is gone. Proves: R7."""
    made = document(candidate(), product, "en", replace(told(**WRITTEN), number="protection-2"))
    words = catalogue("en", "reports")

    assert "protection-2" in text_of(made)
    assert texts.DRAFT(words) not in text_of(made)
    assert texts.DRAFT_STAMP(words) not in made.stamp
    assert texts.REHEARSAL_STAMP(words) in made.stamp


@pytest.mark.parametrize("product", [*PLANS, ProductName.SUMMARY])
@pytest.mark.parametrize("language", languages())
def test_what_is_final_has_nothing_left_to_be_written(product: ProductName, language: str) -> None:
    """A release's page that says *before this can be approved* says DRAFT as well; one that is final never does.

    Proves: R7
    """
    words = catalogue(language, "reports")
    unfinished = {texts.INVITED(words), texts.UNSAID(words), texts.NO_ASKS(words)}
    full = told(**WRITTEN)
    assert full.narrative is not None
    without = (
        replace(full.narrative, head=full.narrative.head.model_copy(update={left_out: empty}))
        for left_out, empty in (("recruitment", None), ("not_asked", None), ("asks", ()))
    )

    for given in (full.narrative, None, *without):
        made = document(candidate(), product, language, Told(given, number="12"))
        said = unfinished & set(phrases(made.parts))
        assert (texts.DRAFT(words) in made.marks) is bool(said)
        assert made.stamp.startswith(texts.DRAFT_STAMP(words)) is bool(said)
        assert not said or (PLANS[product].briefing and given != full.narrative)


@every_product
def test_under_twenty_people_no_product_has_a_figure(product: ProductName) -> None:
    """Below N = 20 no product holds a table, a datum or a number but those of dates and risk factors. Proves: R1."""
    made = document(test_summary.candidate(12), product, "en")

    assert made.data == ()
    assert not [block for section in made.parts for block in section.blocks if isinstance(block, Table)]
    text = re.sub(r"[0-9a-f]{16,}|Risk factor \u2068\d+", "", text_of(made))
    assert set(re.findall(r"\d+", text)) <= {"16", "2020", "2026"}


@every_product
def test_every_number_in_a_product_is_a_displayed_one(product: ProductName) -> None:
    """Counts are multiples of five from T on, shares are those of the tables. Proves: R1, R7."""
    known = {row.cell.percent for table in candidate().tables for row in table.rows if isinstance(row.cell, Shown)}
    text = re.sub(r"[0-9a-f]{14,}|Risk factor \u2068\d+|\d+\u00a0(?:November|September) 2026", "",
                  text_of(document(candidate(), product, "en")))  # fmt: skip
    shares = {int(found) for found in re.findall(r"(\d+)%", text)}
    ages = {"18", "29", "30", "44", "45", "59", "60"}
    counts = {int(found) for found in re.findall(r"\d+", re.sub(r"\d+%|\d: |scale from.*", "", text))
              if found not in ages}  # fmt: skip

    assert shares <= known
    assert all(count % 5 == 0 and count >= 15 for count in counts - {5, 1, 2, 3, 4}), counts


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_note_to_the_commission_keeps_to_two_pages(language: str) -> None:
    """With tables, asks and all, the example is at most two pages and 900 words before its annex. Proves: R8."""
    made = document(candidate(), ProductName.PBC, language, Told(example(language)))

    assert word_count(made) <= 900
    pages = PdfReader(BytesIO(written(made, "pdf"))).pages
    assert len(pages) == 3
    annex = made.annex[0].heading.text if language != "ar" else ""
    assert annex in pages[2].extract_text()


def test_more_than_two_pages_are_refused() -> None:
    """A body that runs onto a third page is refused by the typesetter, in languages without words too. Proves: R8."""
    made = document(candidate(), ProductName.PBC, "zh")
    long = Paragraph(Phrase("人们希望更早被听见。" * 40, "zh"))
    section = replace(made.sections[2], blocks=(long,) * 9)

    with pytest.raises(DocumentRefused, match="too-many-pages"):
        written(replace(made, sections=(*made.sections, section)), "pdf")


@pytest.mark.parametrize(
    ("product", "joint", "most"),
    [(ProductName.PBC, False, 900), (ProductName.UPR, False, UPR_WORDS), (ProductName.UPR, True, UPR_JOINT_WORDS)],
)
def test_a_document_of_too_many_words_is_refused(product: ProductName, joint: bool, most: int) -> None:
    """One word more than a product may have is refused, with both numbers; the annex is not counted. Proves: R8."""
    made = document(candidate(), product, "en", told(product=product, joint=joint))
    room = most - word_count(made)
    filling = Paragraph(Phrase("word " * room, "en"))
    full = replace(made, sections=(*made.sections, Section(Phrase("", "en"), (filling,))))

    check_length(full)
    with pytest.raises(DocumentRefused, match=f"{most + 1} words .* {most} may"):
        check_length(replace(full, subtitle=f"{full.subtitle} more"))
    check_length(replace(full, annex=(*full.annex, *full.sections)))


@pytest.mark.parametrize("language", LETTERS_A_WORD)
def test_letters_are_counted_as_fairly_as_words(language: str) -> None:
    """Where words are not parted, our catalogues are as long as in English, within a twentieth. Proves: R8."""
    english = letters = 0
    for domain in ("reports", "participant"):
        with (ROOT / "locales" / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            said = [(one.id, one.string) for one in read_po(file) if isinstance(one.id, str) and one.id]
        english += sum(len(source.split()) for source, _ in said)
        letters += sum(category(sign) == "Lo" for _, told in said for sign in str(told))

    assert letters / english == pytest.approx(LETTERS_A_WORD[language], rel=0.05)


@pytest.mark.parametrize(("language", "word"), [("zh", "人们希望"), ("my", "လူများ"), ("en", "word")])
def test_a_long_document_is_refused_in_every_script(language: str, word: str) -> None:
    """Words that no space parts are counted by their letters, so that no script makes a longer note. Proves: R8."""
    made = document(candidate(), ProductName.UPR, language)
    filling = Section(Phrase("", language), (Paragraph(Phrase(f"{word} " * 3000, language)),))

    check_length(made)
    with pytest.raises(DocumentRefused, match="too-many-words"):
        check_length(replace(made, sections=(*made.sections, filling)))


@pytest.mark.parametrize("language", languages())
def test_a_note_without_a_narrative_fits_in_every_language(language: str) -> None:
    """Before anybody has written a word, the note to the Commission keeps to its words and two pages. Proves: R8."""
    made = document(candidate(), ProductName.PBC, language)
    pages = PdfReader(BytesIO(written(replace(made, annex=()), "pdf"))).pages

    assert word_count(made) <= PBC_WORDS
    assert len(pages) == PBC_PAGES


@pytest.mark.parametrize("language", languages())
def test_every_page_says_which_release_it_is(language: str) -> None:
    """A bare number says nothing: pages of a release call it one, in the language's digits; of a draft, its figures.

    Proves: R7
    """
    words = catalogue(language, "reports")
    made = document(candidate(), ProductName.PBC, language, Told(number="12"))
    data = document(candidate(), ProductName.DATA, language, Told(number="12"))
    draft = document(candidate(), ProductName.PBC, language)

    assert data.release == texts.RELEASE(words, n=words.number(12))
    assert made.release == texts.FIGURES_OF(words, n=words.number(12))
    assert data.release.strip("\u2068\u2069") != words.number(12)
    assert draft.release == ""
    assert writer.release(words, "protection-2", final=True) == texts.RELEASE(words, n="protection-2")


def test_asks_name_a_body_a_deed_and_a_day() -> None:
    """Each ask is addressed to a named body, begins with its verb and has a date; without asks the document says so."""
    made = document(candidate(), ProductName.PBC, "en", Told(example("en")))
    asks = next(block for section in made.sections for block in section.blocks if isinstance(block, Asks))
    bare = document(candidate(), ProductName.PBC, "en")

    assert asks.items[0] == Ask(
        Phrase("Peacebuilding Commission", "en"),
        Phrase(
            "Invite organisations led by survivors to speak in each country discussion, with interpretation and travel "
            "paid for.",
            "en",
        ),
        "31\u00a0March 2027",
    )
    assert texts.NO_ASKS(catalogue("en", "reports")) in text_of(bare)
    with pytest.raises(ValueError, match="verb"):
        AskFile.model_validate({"to": "The Commission", "what": "something", "by": "2027-01-01"})


@pytest.mark.parametrize(("language", "deed"), [("sw", "Alika watu."), ("my", "watu. Alika")])
def test_an_ask_has_its_verb_where_the_language_has_it(language: str, deed: str) -> None:
    """The verb is first; where sentences end with their verb it is last."""
    ask = {"to": "Tume", "verb": "Alika", "what": "watu.", "by": "2027-01-31"}
    made = document(candidate(), ProductName.PBC, language, told(product="pbc", language=language, asks=[ask]))

    asks = next(block for section in made.sections for block in section.blocks if isinstance(block, Asks))
    assert asks.items[0].what.text == deed


@pytest.mark.parametrize("process", Process)
def test_the_reform_note_has_four_variants(process: Process) -> None:
    """A note to a reform process names it and says what participants speak to in it."""
    made = document(candidate(), ProductName.REFORM, "en", told(product="reform", process=process))
    words = catalogue("en", "reports")

    assert made.subtitle.endswith(PROCESSES[process][0](words))
    assert PROCESSES[process][1](words) in text_of(made)


def test_the_submission_numbers_its_paragraphs() -> None:
    """Paragraphs of a submission to the Universal Periodic Review are numbered through."""
    made = document(candidate(), ProductName.UPR, "en")
    numbers = [block.number for section in made.sections for block in section.blocks
               if isinstance(block, Paragraph)]  # fmt: skip

    assert numbers == [f"{place}." for place in range(1, len(numbers) + 1)]
    assert len(numbers) >= 3


@pytest.mark.parametrize("language", ["ar", "ckb", "prs", "my", "zh"])
def test_paragraphs_are_numbered_in_the_digits_of_the_language(language: str) -> None:
    """A numbered paragraph has its number in the digits that its text has."""
    made = document(candidate(), ProductName.UPR, language)
    first = next(block for section in made.sections for block in section.blocks if isinstance(block, Paragraph))

    assert first.number == f"{catalogue(language, 'reports').number(1)}{'။' if language == 'my' else '.'}"


def test_early_warning_shows_themes_and_never_a_score() -> None:
    """All fourteen risk factors stand there in order, those nothing was asked about apart; nothing adds them up."""
    made = document(candidate(), ProductName.WARNING, "en")
    words = catalogue("en", "reports")
    asked = {question.risk_factor for question in candidate().subject.questions} - {None}
    heads = [section.heading.text for section in made.sections if section.heading.text.startswith("Risk factor \u2068")]

    assert {int(re.findall(r"\d+", head)[0]) for head in heads} == asked
    assert texts.BY_FACTOR(words) in text_of(made)
    for number, name in enumerate(texts.FACTOR_NAMES, start=1):
        assert text_of(made).count(texts.FACTOR(words, n=number, name=name(words))) == 1


def test_early_warning_says_each_thing_once() -> None:
    """Without a narrative nothing stands before the risk factors that they say again; too few is always said."""
    words = catalogue("en", "reports")

    assert texts.UNWRITTEN(words) not in text_of(document(candidate(), ProductName.WARNING, "en"))
    assert texts.TOO_FEW(words) in text_of(document(test_summary.candidate(12), ProductName.WARNING, "en"))


def test_the_page_for_participants_holds_no_hashes() -> None:
    """Those who answered are told the number in the ledger and spared the numbers of files."""
    text = text_of(document(candidate(), ProductName.COMMUNITY, "en"))

    assert texts.NOT_RELEASED(catalogue("en", "reports")) in text
    assert not re.search(r"[0-9a-f]{16}", text)


def test_the_page_for_participants_says_nothing_that_is_meant_for_staff() -> None:
    """What staff have still to write stands in the annex; before it, those who answered read only what is for them."""
    words = catalogue("en", "reports")
    made = document(candidate(), ProductName.COMMUNITY, "en")
    body, annex = (list(phrases(part)) for part in (made.sections, made.annex))

    assert texts.MOST_GIVEN(words) in body
    assert not {texts.UNSAID(words), texts.INVITED(words)} & set(body)
    assert not any(texts.UNWRITTEN(words) in text for text in body)
    assert {texts.UNSAID(words), texts.INVITED(words)} <= set(annex)
    assert texts.ALL_TABLES(words) not in annex


def test_the_data_annex_shows_on_paper_what_its_file_holds() -> None:
    """Each question of the file of figures has its table on the page, and one about words how many wrote them."""
    made = document(candidate(), ProductName.DATA, "en")
    tables = {section.heading.text: section.blocks for section in made.sections if section.level == 4}

    for question in candidate().subject.questions:
        blocks = tables[question.text["en"]]
        assert isinstance(blocks[-1], Paragraph if question.kind == "text" else Table)
    shown = {row.label.text for blocks in tables.values() for block in blocks if isinstance(block, Table)
             for row in block.rows}  # fmt: skip
    assert {datum.answer for datum in made.data if datum.question and datum.answer != "wrote"} <= shown


def test_two_questions_together_are_shares_of_each_group() -> None:
    """A cross becomes a table with a row for each group; cells nobody can stand in are empty, hidden ones marked."""
    cells = ((Shown(count=150, percent=60), Small(below=15)), (Withheld(), Impossible()))
    cross = SafeCross(
        id="gender*vote_worth", by="gender", question="vote_worth", asked=Shown(count=600),
        rows=(Head(code="woman", total=Shown(count=250)), Head(code="man", total=Shown(count=190))),
        columns=(Head(code="agree", total=Shown(count=420)), Head(code="disagree", total=Shown(count=65))), cells=cells,
    )  # fmt: skip
    made = document(
        candidate().model_copy(update={"crosses": (cross,)}), ProductName.PBC, "en",
        told(product="pbc", figures=["vote_worth"]),
    )  # fmt: skip
    table = [block for section in made.sections for block in section.blocks if isinstance(block, Table)][-1]

    assert [row.cells for row in table.rows] == [("60%", "< \u206815\u2069 people"), ("–", "")]
    assert [head.text for head in table.heads] == ["Group", "Agree", "Disagree"]
    assert [(datum.by, datum.group, datum.count, datum.display.value) for datum in made.data if datum.by] == [
        ("What is your gender?", "Woman", 150, "rounded5"),
        ("What is your gender?", "Woman", None, "withheld_small"),
        ("What is your gender?", "Man", None, "withheld"),
        ("What is your gender?", "Man", None, "not_possible"),
    ]


def with_rows(change: Callable[[Row], Row | None]) -> Candidate:
    """The sample's earlier round, with some rows of one question changed or left out."""
    (earlier,) = rounds(1)
    tables = tuple(
        table.model_copy(update={"rows": tuple(filter(None, map(change, table.rows)))})
        if table.id == "change_first"
        else table
        for table in earlier.tables
    )
    return earlier.model_copy(update={"tables": tables})


def test_an_earlier_round_turns_bars_into_slopes() -> None:
    """Where a question was asked before in the same words, both shares and the line between them are shown."""
    before = with_rows(
        lambda row: row if row.code != "listen_early" else row.model_copy(update={"cell": Shown(count=120, percent=20)})
    )
    wish = replace(told(product="pbc", figures=["change_first", "meaning"]), earlier=(before,))
    made = document(candidate(), ProductName.PBC, "en", wish)
    trend, other = [block for section in made.sections for block in section.blocks if isinstance(block, Table)]

    assert (trend.drawn, other.drawn) == (Drawn.SLOPES, Drawn.SLOPES)
    assert trend.rows[0].cells == ("20%", "42%")
    assert trend.rows[0].slope == Slope((200, 420))
    assert texts.SLOPES_MEAN(catalogue("en", "reports")) in text_of(made)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row if row.code == "listen_early" else None,
        lambda row: row if row.code != "listen_early" else row.model_copy(update={"of": ("listen_early", "another")}),
    ],
    ids=["fewer categories", "the same name for more"],
)
def test_other_categories_are_drawn_as_no_trend(change: Callable[[Row], Row | None]) -> None:
    """Where the earlier round told a question in other categories bars stay bars, and no two schemes stand together.

    Proves: R4
    """
    wish = replace(told(product="pbc", figures=["change_first"]), earlier=(with_rows(change),))
    made = document(candidate(), ProductName.PBC, "en", wish)
    (alone,) = [block for section in made.sections for block in section.blocks if isinstance(block, Table)]

    assert alone.drawn is Drawn.BARS
    assert not any(row.slope for row in alone.rows)


def test_a_trend_goes_back_as_far_as_it_was_told_alike() -> None:
    """Of three earlier rounds the one that told other categories ends the line, and nothing before it is shown.

    Proves: R4
    """
    whole = rounds(3)
    broken = (whole[0], with_rows(lambda row: row if row.code == "listen_early" else None), whole[2])
    heads, rows = [], []
    for earlier in (whole, broken):
        wish = replace(told(product="pbc", figures=["change_first"]), earlier=earlier)
        made = document(candidate(), ProductName.PBC, "en", wish)
        (table,) = [block for section in made.sections for block in section.blocks if isinstance(block, Table)]
        heads.append([head.text for head in table.heads[1:]])
        rows.append(table.rows[0])

    assert heads == [
        ["13\u00a0April 2026", "22\u00a0June 2026", "31\u00a0August 2026", "This round"],
        ["Earlier round", "This round"],
    ]
    assert [row.cells for row in rows] == [("32%", "35%", "38%", "42%"), ("38%", "42%")]


def released(each: Candidate) -> Release:
    """A round as if it had been released."""
    return as_release(sample()[0]).model_copy(update={"candidate": each})


def test_only_what_was_released_stands_beside_a_document() -> None:
    """A draft, the same round, one that ended later, or a rehearsal beside a live round is no earlier round.

    Proves: R5, R4
    """
    given = candidate()
    earlier: list[Candidate | Release] = [released(each) for each in rounds(2)]
    live = given.model_copy(update={"rehearsal": False})
    later = rounds(1)[0].model_copy(update={"method": given.method.model_copy(update={"until_week": "2026-W47"})})

    assert earlier_rounds(given, earlier[::-1]) == rounds(2)
    for sources, about, code in (
        ([*earlier, rounds(1)[0]], given, "not-released"),
        ([released(given)], given, "not-earlier"),
        ([released(later)], given, "not-earlier"),
        (earlier[:1] * 2, given, "not-earlier"),
        (earlier, live, "other-kind"),
    ):
        with pytest.raises(DocumentRefused, match=code):
            earlier_rounds(about, sources)


def test_a_statement_diverges_from_the_middle() -> None:
    """Disagreement is drawn to the left of the middle, agreement to the right, each as long as its displayed share."""
    made = document(candidate(), ProductName.PBC, "en", Told(example("en")))
    table = next(block for section in made.sections for block in section.blocks
                 if isinstance(block, Table) and block.drawn is Drawn.DIVERGING)  # fmt: skip
    against, between, towards = table.rows[1].drawing

    assert table.rows[1].cells == ("59%", "16%", "15%")
    assert (against.end - against.start, towards.end - towards.start) == (295, 75)
    assert between.start < 500 < between.end


def test_a_narrative_may_name_no_table_that_is_not_there() -> None:
    """A figure that was never asked about is left out, and one that is withheld shows no table."""
    made = document(candidate(), ProductName.PBC, "en", told(product="pbc", figures=["nothing_like_it"]))

    assert not [block for section in made.sections for block in section.blocks if isinstance(block, Table)]
    assert document(candidate(), ProductName.PBC, "en", NOTHING_ELSE).sections
