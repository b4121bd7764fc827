"""Breaks what makes a language whole: words from the catalogues, values that keep their own direction."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.participant import render, texts
from flows import review
from flows.checks import reviews
from flows.findings import Finding
from flows.messages import checks, letters, po, taking, units
from flows.messages.brought import Entry
from flows.model import Consultation
from locales import catalog, signatures
from locales.catalog import Catalogue
from reports import document
from rounds import gate, signed
from sauti import consultations
from sauti.translating import opening
from sauti.translating.catalogue import CatalogueTexts
from tests.sabotage.registry import sabotage


@sabotage("Q7", caught_by="tests/bot/test_every_text.py::test_every_word_in_a_chat_comes_from_the_catalogues")
def words_come_from_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks the catalogue."""

    def english(_words: Catalogue, message: texts.Message, **values: object) -> str:
        return message.text.format(**values)

    monkeypatch.setattr(render, "say", english)


@sabotage("Q7", caught_by="tests/functional/test_messages.py::test_half_a_language_is_not_begun")
def a_language_begins_with_half_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a translator has done so far becomes a catalogue."""
    monkeypatch.setattr(CatalogueTexts, "_whole", lambda *_given: None)


@sabotage("R9", caught_by="tests/rounds/test_gate.py::test_a_round_opens_only_in_languages_that_documents_know")
def people_are_asked_in_a_language_without_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether results can be told in it."""
    known = gate.unspoken
    monkeypatch.setattr(gate, "unspoken", lambda asked, spoken, _told: known(asked, spoken, asked.languages))


@sabotage("P10", caught_by="tests/locales/test_catalogues.py::test_inserted_values_are_isolated_and_numbers_native")
def values_stand_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name put into a sentence can turn it around."""

    def bare(text: str, values: dict[str, object], _language: str) -> str:
        return text.format_map(values)

    monkeypatch.setattr(catalog, "_filled", bare)


@sabotage("P10", caught_by="tests/reports/test_letters.py::test_no_point_stands_beside_a_nought_that_is_a_point")
def one_sign_divides_lists_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A point stands beside Persian figures, whose nought is a point."""
    monkeypatch.setitem(document._POINTS, "rtl", " · ")


@sabotage("P10", caught_by="tests/reports/test_letters.py::test_names_side_by_side_keep_their_order")
def names_stand_bare_in_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of languages change places in a line of the other direction."""
    monkeypatch.setattr(document, "isolated", lambda text, _direction: text)


@sabotage("P7", caught_by="tests/bot/test_render.py::test_the_paused_card_says_for_how_long_it_really_is_kept")
def everything_is_kept_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paused card promises a day, whatever the round's record says."""
    honest = Catalogue.duration
    monkeypatch.setattr(Catalogue, "duration", lambda self, _minutes: honest(self, 1_440))


@sabotage("Q5", caught_by="tests/bot/test_render.py::test_every_screen_is_short_and_no_button_is_cut_in_any_language")
def screens_are_as_long_as_translators_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of the interface may be three times as long in some language."""
    honest = Catalogue.text

    def longer(self: Catalogue, context: str, message: str, **values: object) -> str:
        return honest(self, context, message, **values) * (3 if self.language == "fr" else 1)

    monkeypatch.setattr(Catalogue, "text", longer)


@sabotage(
    "Q5", caught_by="tests/bot/test_render.py::test_buttons_that_share_a_row_are_short_enough_for_their_part_of_it"
)
def buttons_stand_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Stop and delete* stands beside two others."""
    from flows import card

    honest = card._last_rows
    monkeypatch.setattr(card, "_last_rows", lambda *given: (*honest(*given)[:-2], tuple(sum(honest(*given)[-2:], ()))))


TAKING = "tests/flows/test_taking.py::"


@sabotage("Q7", caught_by="tests/flows/test_review.py::test_any_change_of_any_text_takes_the_signature_off")
def a_signature_covers_translations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a text was translated from may change after the reading."""
    honest = review.read_in

    def halved(*given: Any) -> tuple[review.Read, ...]:  # noqa: ANN401 - as the honest one is called
        return tuple(one._replace(source=("",)) for one in honest(*given))

    monkeypatch.setattr(review, "read_in", halved)


@sabotage("Q7", caught_by="tests/flows/test_review.py::test_a_review_that_was_only_written_down_is_none")
def a_name_under_a_language_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """`reviewed: yes` and a name count, whatever was signed."""

    def named(consultation: Consultation, language: str) -> bool:
        found = consultation.reviews.get(language)
        return found is not None and found.reviewed and bool(found.by)

    monkeypatch.setattr("tests.flows.test_review.holds", named)
    monkeypatch.setattr(reviews, "holds", named)


@sabotage(
    "Q7",
    caught_by="tests/rounds/test_gate.py::test_a_text_that_changed_after_it_was_signed_keeps_a_live_round_shut",
)
def the_gate_asks_for_a_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate does not look whether what was signed is what will be asked."""

    def named(consultation: Consultation, language: str) -> bool:
        return language in consultation.reviews and consultation.reviews[language].reviewed

    monkeypatch.setattr(gate, "holds", named)


@sabotage("Q7", caught_by="tests/rounds/test_signed.py::test_a_header_that_was_written_by_hand_does_not_count")
def a_header_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`X-Reviewed: yes` in a catalogue's header counts without the right hash."""

    def believed(source: bytes, *_given: object) -> str:
        found = signatures.signature(source)
        return "" if found is None else found.texts

    monkeypatch.setattr(signed, "hashed", believed)


@sabotage("Q7", caught_by="tests/rounds/test_signed.py::test_one_letter_takes_the_signature_off")
def what_people_hear_is_not_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled catalogue may say something else than the source that was signed."""
    monkeypatch.setattr(signatures, "spoken", lambda *_catalogue: True)


@sabotage("Q7", caught_by=TAKING + "test_each_slip_is_an_error_with_its_row")
def gaps_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation may lose the number that belongs into it."""
    monkeypatch.setattr(checks, "gaps", lambda _text: Counter())


@sabotage("Q7", caught_by=TAKING + "test_each_slip_is_an_error_with_its_row")
def signs_that_nobody_sees_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text may be turned round by a character that no editor shows."""
    monkeypatch.setattr(letters, "hidden", lambda *_text: "")


@sabotage("Q7", caught_by=TAKING + "test_what_somebody_is_unsure_of_is_not_used")
def what_is_unsure_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fuzzy translation reaches participants."""
    honest = taking._Matching._one

    def sure(self: taking._Matching, entry: Entry) -> Iterator[Finding]:
        return honest(self, entry._replace(unsure=False))

    monkeypatch.setattr(taking._Matching, "_one", sure)


@sabotage("Q7", caught_by=TAKING + "test_a_file_in_another_language_is_noticed")
def any_script_passes_for_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A French file is taken for an Arabic one."""
    monkeypatch.setattr(letters, "foreign", lambda *_text: False)


@sabotage("Q5", caught_by=TAKING + "test_each_slip_is_an_error_with_its_row")
def translators_have_all_the_room_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A button may be as long as a translator likes."""
    monkeypatch.setattr(units.Room, "used", lambda *_text: 0)


@sabotage("Q7", caught_by="tests/flows/test_translators_files.py::test_what_goes_out_as_po_comes_back")
def line_ends_are_lost_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on two lines comes back on one."""
    honest = po._forms
    monkeypatch.setattr(po, "_forms", lambda text: tuple(form.replace("\n", " ") for form in honest(text)))


@sabotage("Q7", caught_by="tests/functional/test_messages.py::test_every_catalogue_that_there_is_can_be_translated")
def staff_words_are_left_to_programmers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can have what the staff bot says for translation."""
    monkeypatch.setattr(opening, "DOMAINS", opening.DOMAINS[:-1])


@sabotage("Q7", caught_by="tests/functional/test_unspoken.py::test_check_says_which_language_the_bot_does_not_speak")
def a_language_without_words_is_told_on_the_day_of_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks a file over does not learn that the bot cannot speak one of its languages."""
    monkeypatch.setattr(consultations, "_unspoken", lambda *_source: ())
