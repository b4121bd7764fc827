"""Breakages of documents: each lets a number, a name or a past into a file, or tells others first."""

import datetime as dt
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from privacy.tables import SafeCell
from reports import compose, data, feedback, packing, products, references, render_docx, render_sheet
from reports.document import Datum, Document, Limit, Phrase
from reports.narrative import ProductName
from reports.products import Part
from reports.prose import linter
from reports.texts import TELEGRAM, Message
from reports.writer import Writer
from tests.sabotage.registry import sabotage

NARRATIVE = "tests/reports/test_narrative.py::"
PRODUCTS = "tests/reports/test_products.py::"
FILES = "tests/reports/test_files.py::"
DATA = "tests/reports/test_data.py::"
FEEDBACK = "tests/reports/test_feedback.py::"
RED_TEAM = "tests/reports/test_red_team.py::"


@sabotage("R6", caught_by=RED_TEAM + "test_a13_numbers_that_come_back_through_the_text")
def digits_may_stand_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only number words are looked for."""
    monkeypatch.setattr(linter, "_INNOCENT", re.compile(r"\d+"))


@sabotage("R6", caught_by=NARRATIVE + "test_a_number_that_came_by_another_way_is_refused")
def number_words_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for two women."""
    monkeypatch.setattr(linter, "_near", lambda *_given: False)


@sabotage("R6", caught_by="tests/reports/test_everybody.py::test_what_is_said_of_all_or_of_nobody_is_refused")
def all_and_nobody_count_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only numbers are figures."""
    monkeypatch.setattr(linter, "speaks_of_all", lambda _held, _lists: False)


@sabotage("R6", caught_by=NARRATIVE + "test_names_of_the_gazetteer_are_refused_and_not_repeated")
def the_gazetteer_stays_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are not compared."""
    lint = linter.lint
    monkeypatch.setattr("reports.prose.lint", lambda pieces, language, _names, file: lint(pieces, language, (), file))


@sabotage("R6", caught_by=NARRATIVE + "test_what_the_tables_do_not_show_cannot_be_asked_for")
def a_withheld_figure_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference to a small cell gives the limit that it is below."""
    count = references.References._count

    def generous(filling: references.References, cell: SafeCell | None) -> str:
        below = getattr(cell, "below", None)
        return str(below) if below else count(filling, cell)

    monkeypatch.setattr(references.References, "_count", generous)


@sabotage("R7", caught_by=PRODUCTS + "test_every_document_states_what_its_reader_must_know")
def who_is_missing_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product leaves out who is missing and what was not asked."""
    for name, plan in products.PLANS.items():
        kept = tuple(part for part in plan.parts if part is not Part.ABSENT)
        monkeypatch.setitem(products.PLANS, name, replace(plan, parts=kept))


@sabotage("R7", caught_by=PRODUCTS + "test_a_release_says_its_number_and_no_longer_that_it_is_a_draft")
def the_ledger_number_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release does not say which it is."""
    origin = compose._Product.origin
    monkeypatch.setattr(compose._Product, "origin", lambda writer, _number=None: origin(writer))


@sabotage("R8", caught_by=PRODUCTS + "test_a_document_of_too_many_words_is_refused")
def nobody_counts_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document may be as long as it likes."""
    monkeypatch.setattr(products, "word_count", lambda _document: 0)


@sabotage("R8", caught_by=PRODUCTS + "test_more_than_two_pages_are_refused")
def pages_have_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note to the Commission has no limit of pages."""
    plan = products.PLANS[ProductName.PBC]
    monkeypatch.setitem(products.PLANS, plan.name, replace(plan, limit=Limit(words=900)))


@sabotage("R8", caught_by=FILES + "test_office_files_say_nothing_of_their_making")
def files_tell_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a Word file carry the moment at which they were written."""
    monkeypatch.setattr(packing, "NO_DAY", dt.datetime(2026, 11, 26, 14, 5, 6, tzinfo=dt.UTC).timetuple()[:6])


@sabotage("R8", caught_by=FILES + "test_office_files_say_nothing_of_their_making")
def the_template_leaves_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thumbnail and notes of the library's template stay in the file."""
    monkeypatch.setattr(render_docx, "_UNWANTED", ("/nothing-like-it",))


@sabotage("R8", caught_by="tests/reports/test_pages.py::test_pictures_are_nothing_but_pixels")
def pictures_say_what_they_were_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures behind a drawing are written into its picture."""
    png = render_docx._png

    def telling(described: str) -> bytes:
        text = b"tEXtcounts\0331"
        made, end = png(described)[:-12], png(described)[-12:]
        return made + struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text)) + end

    monkeypatch.setattr(render_docx, "_png", telling)


@sabotage("R8", caught_by=FILES + "test_a_workbook_hides_nothing")
def a_sheet_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook carries a sheet that nobody sees."""
    write: Callable[[Any], None] = render_sheet._Sheets.made

    def careless(sheets: Any) -> None:  # noqa: ANN401 - the library has no types
        write(sheets)
        sheets._book.add_worksheet("counts").hide()

    monkeypatch.setattr(render_sheet._Sheets, "made", careless)


@sabotage("R8", caught_by=DATA + "test_the_library_of_the_standard_reads_it_back")
def a_withheld_figure_is_a_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is withheld is written as 0."""
    words = render_sheet.rows

    def filled(document: Document) -> Any:  # noqa: ANN401 - rows of plain values
        return words(replace(document, data=tuple(_nought(datum) for datum in document.data)))

    monkeypatch.setattr(render_sheet, "rows", filled)


def _nought(datum: Datum) -> Datum:
    return replace(datum, count=datum.count or 0)


@sabotage("R8", caught_by=DATA + "test_tags_of_single_persons_and_small_places_are_refused")
def rows_of_persons_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any tag will do."""
    monkeypatch.setattr(data, "_OF_ONE", re.compile("(?!)"))


@sabotage("R7", caught_by=FEEDBACK + "test_the_chat_says_that_others_may_still_answer")
def an_interim_state_is_told_as_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Participants are not told that others may still answer."""
    monkeypatch.setattr(compose._Product, "_still_open", lambda _product: ())


@sabotage("R9", caught_by=FEEDBACK + "test_no_briefing_before_those_who_answered_were_told")
def a_record_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the pages are there is not looked at, only whether they were once recorded."""
    monkeypatch.setattr(
        feedback,
        "missing_feedback",
        lambda candidate, record, _pages: () if record else candidate.subject.languages,
    )


@sabotage("R9", caught_by=FEEDBACK + "test_the_command_keeps_the_order")
def the_commission_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A briefing waits for nobody."""
    monkeypatch.setattr(feedback, "check_feedback", lambda *_given: None)


@sabotage("R7", caught_by="tests/reports/test_given_up.py::test_every_document_says_what_was_given_up")
def repairs_are_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents do not say what was given up so that they could be released."""
    monkeypatch.setattr("reports.writer.Writer.given_up", lambda _writer: ())


@sabotage("R9", caught_by=FEEDBACK + "test_only_a_release_speaks_through_the_bot")
def drafts_speak_through_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has approved can be published in the chat."""
    monkeypatch.setattr(feedback, "check_released", lambda _forms, _number: None)


@sabotage("R7", caught_by="tests/reports/test_products.py::test_every_document_states_what_its_reader_must_know")
def documents_do_not_say_who_reads_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers are not told that Telegram can read what people said, and that some will have said less."""
    phrases = Writer.phrases

    def less(writer: Writer, *said: Message) -> tuple[Phrase, ...]:
        return phrases(writer, *(each for each in said if each is not TELEGRAM))

    monkeypatch.setattr(Writer, "phrases", less)


@sabotage("R7", caught_by=PRODUCTS + "test_what_is_final_has_nothing_left_to_be_written")
def whatever_was_released_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    """A briefing that nobody has written goes out without DRAFT, its gaps in it."""
    monkeypatch.setattr(compose.Told, "final", lambda told, _plan: told.number is not None)


@sabotage("R8", caught_by="tests/reports/test_word_schema.py::test_no_part_of_a_word_file_tells_its_editing_sessions")
def a_word_file_keeps_the_sessions_of_its_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of the sessions in which the library's template was edited stay in the file."""
    monkeypatch.setattr("reports.word_parts.forget_edits", lambda *_roots: None)
