"""Cards within Telegram's limits, readable from right to left, and quiet in their first line."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.participant import render, texts, toast
from bot.participant.render import Card, Range
from docs import make_language_pages
from flows.card import screen
from flows.checks import effort
from flows.checks.effort import MAX_BUTTON, MAX_WORDS, width
from flows.engine import start
from flows.events import Control, Pick
from flows.loader import load
from flows.model import PURPOSES, Consultation, Note, Purpose
from flows.screens import Notice, Screen, ScreenKind
from flows.session import ENDED, Session, State
from locales.catalog import catalogue, catalogues

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "fr", "es", "ar")
AGREED = frozenset({Purpose.COUNT})
FIRST_LINE = 60
"""Characters that a notification on a locked phone may show."""
REVEALING = re.compile(
    r"atrocit|genocid|war crime|surviv|anonym|anónim|génocid|massacr|فظائع|إبادة|ناجي|ناجين|مجهول",
    re.IGNORECASE,
)


MARK = re.compile(r"✓ |\w+\. ")
"""A tick or a place in an order: such a button has its row alone."""
THE_UN = re.compile(r"(?-i:\bUN\b|\bONU\b)|united nations|nations unies|naciones unidas|الأمم المتحدة", re.IGNORECASE)


@cache
def example() -> Consultation:
    """The complete example."""
    path = ROOT / "examples" / "protection.yaml"
    return load(path.read_bytes(), path.name)


def asking(language: str, place: int, *chosen: str) -> Session:
    """She agreed, and stands at an item."""
    return Session(State.ASKING, language, place, chosen=chosen, spent=1)


def sessions(language: str) -> Iterator[Session]:
    """Every card of the example, as the session it belongs to."""
    consultation = example()
    yield start(consultation).session
    for place in range(len(consultation.consent.about)):
        yield Session(State.ABOUT, language, place)
    for place in range(len(PURPOSES)):
        yield Session(State.CONSENT, language, place, purposes=AGREED)
    for place in range(len(consultation.items)):
        yield asking(language, place)
        if consultation.sections[consultation.section_of[place]].content_note is not None:
            yield Session(State.CONTENT_NOTE, language, place, spent=1)
    yield from fixed_sessions(language)


def fixed_sessions(language: str) -> Iterator[Session]:
    """The cards that are the same in every consultation."""
    for state in (State.SAFE, State.AGE):
        yield Session(state, language)
    for place in range(len(texts.CHECKS)):
        yield Session(State.CHECK, language, place)
    for state in (State.REVIEW, *sorted(ENDED)):
        yield Session(state, language, spent=1)
    for state in (State.PAUSED, State.STOPPING, State.SUPPORT, State.LANGUAGE):
        yield Session(state, language, back_to=State.ABOUT)
        yield Session(state, None, back_to=State.SAFE)
    words = next(place for place, item in enumerate(example().items) if item.kind == "text")
    yield Session(State.COMMAND, language, words, spent=1, back_to=State.ASKING, asked=Control.PAUSE, word="pause")
    yield Session(State.HIDDEN, language, spent=1, veiled=State.ASKING)


def screens(language: str) -> Iterator[Screen]:
    """Every card of the example, with and without a notice."""
    for session in sessions(language):
        yield screen(example(), session)
        yield screen(example(), session, Notice.OUT_OF_RANGE)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def stretch(card: Card, one: Range) -> str:
    """The text under a range, cut as Telegram cuts it."""
    return card.text.encode("utf-16-le")[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")


EVERY = tuple(one.language for one in catalogues(texts.DOMAIN))
"""The twelve languages."""


SHARED = {2: 19, 3: 12}
"""Visible characters of a button that shares its row, by how many there are, on a phone 320 points wide."""


@pytest.mark.parametrize("language", EVERY)
def test_every_screen_is_short_and_no_button_is_cut_in_any_language(language: str) -> None:
    """120 words a screen, 24 visible characters a button, marks aside; last lines and receipts, too. Proves: Q5."""
    for card in make_language_pages.cards(language):
        assert effort.words(card.text) <= MAX_WORDS, card.text
        assert all(width(MARK.sub("", label)) <= MAX_BUTTON for row in card.rows for label, _ in row)


@pytest.mark.parametrize("language", EVERY)
def test_buttons_that_share_a_row_are_short_enough_for_their_part_of_it(language: str) -> None:
    """A phone cuts a third of a row after 12 visible characters or so, and a half after 19. Proves: Q5."""
    for card in make_language_pages.cards(language):
        for row in card.rows:
            assert len(row) < 2 or max(width(label) for label, _ in row) <= SHARED[min(len(row), 3)], row


@pytest.mark.parametrize("language", EVERY)
def test_every_card_of_the_example_fits_telegram(language: str) -> None:
    """Text, ranges and labels stay within the messenger's limits in every language. Proves: Q5."""
    for shown in screens(language):
        card = render.card(example(), shown, rehearsal=True)
        labels = [label for row in card.rows for label, _ in row]

        assert 1 <= units(card.text) <= 4096
        assert all(0 < units(label) <= 64 for label in labels)
        assert sum(len(row) for row in card.rows) <= 100
        assert all(one.offset >= 0 and one.offset + one.length <= units(card.text) for one in card.ranges)
        assert all(stretch(card, one).strip() for one in card.ranges)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_line_of_every_card_reveals_nothing(language: str) -> None:
    """What may stand on a locked screen says nothing of what this is about; nothing is called anonymous."""
    for shown in screens(language):
        text = render.card(example(), shown, rehearsal=False).text

        assert not REVEALING.search(text[:FIRST_LINE]), text[:FIRST_LINE]
        # Questions come by editing, which notifies nobody; before them, not even the process is named at once.
        assert shown.kind is ScreenKind.QUESTION or not THE_UN.search(text[:FIRST_LINE])


def test_no_interface_word_promises_anonymity() -> None:
    """The word never stands anywhere in the catalogues."""
    for words in catalogues(texts.DOMAIN):
        catalogued = (ROOT / "locales" / words.language / "LC_MESSAGES" / "participant.po").read_text(encoding="utf-8")
        assert not REVEALING.search(catalogued)
        assert not THE_UN.search(catalogued)


def test_every_arabic_paragraph_reads_from_the_right() -> None:
    """Each line of an Arabic card begins with a right-to-left mark, so a Latin name cannot turn it. Proves: P10."""
    for session in sessions("ar"):
        shown = screen(example(), session)
        if shown.language != "ar":
            continue
        card = render.card(example(), shown, rehearsal=True, extra="x")
        assert all(part.startswith("\u200f") for part in card.text.splitlines() if part.strip("\u200f"))


def test_every_consultation_text_stands_on_its_card_as_it_is_written() -> None:
    """A question that looks like markup is shown as it is: there is no markup. Proves: T6."""
    consultation = example()
    for place, item in enumerate(consultation.items):
        shown = screen(consultation, asking("fr", place))
        card = render.card(consultation, shown, rehearsal=False)
        if shown.place != place:  # it is not asked at all in this path
            continue
        assert item.text["fr"] in card.text
        assert isinstance(item, Note) or any(
            one.type == "bold" and stretch(card, one) == item.text["fr"] for one in card.ranges
        )


def test_the_authors_own_words_say_why_an_answer_does_not_fit() -> None:
    """Where the author wrote a message for a rule, the card says that and not the general line."""
    places = [place for place, item in enumerate(example().items) if getattr(item, "constraint_message", None)]

    for place in places:
        shown = screen(example(), asking("ar", place), Notice.NOT_POSSIBLE)
        own = getattr(example().items[place], "constraint_message")["ar"]  # noqa: B009 - not every item has one
        assert own in render.card(example(), shown, rehearsal=True).text
        assert (
            own not in render.card(example(), screen(example(), asking("ar", place), Notice.EMPTY), rehearsal=True).text
        )
    assert places


def test_a_question_that_telegram_should_not_see_says_that_it_does() -> None:
    """A question on own experience says on its card that Telegram can read the answer; an opinion does not.

    Proves: Q9
    """
    asked = example()
    place = next(place for place, item in enumerate(asked.items) if not isinstance(item, Note))
    said = asked.model_dump(mode="json")
    items = [item for section in said["sections"] for item in section["items"]]
    items[place]["sensitivity"] = "experience"
    exposed = Consultation.model_validate(said)
    shown = Screen(ScreenKind.QUESTION, "en", place)

    assert texts.EXPOSED.text in render.card(exposed, shown, rehearsal=False).text
    assert texts.EXPOSED.text not in render.card(asked, shown, rehearsal=False).text


def test_markup_in_a_translation_stays_words() -> None:
    """Stars, tags and emoji of a translator pass through, and the bold range still covers exactly them. Proves: T6."""
    data = example().model_dump(mode="json")
    hostile = "<b>🕊️ *bold* _x_ [a](tg://user?id=1)</b>"
    data["sections"][0]["items"][0]["text"] = dict.fromkeys(LANGUAGES, hostile)
    consultation = Consultation.model_validate(data)
    card = render.card(consultation, screen(consultation, asking("en", 0), Notice.EMPTY), rehearsal=False)

    assert [stretch(card, one) for one in card.ranges if one.type == "bold"] == [hostile]
    assert hostile in card.text


def test_a_rehearsal_says_so_on_every_card() -> None:
    """In every language and on every kind of card, the receipt included; but not on the line that strangers get."""
    for language in LANGUAGES:
        said = catalogue(language, texts.DOMAIN).text(*texts.REHEARSAL)
        for shown in screens(language):
            card = render.card(example(), shown, rehearsal=True)
            neutral = shown.kind in {ScreenKind.HIDDEN, ScreenKind.UNSAFE}
            assert (said in card.text) is not neutral
        assert said in render.receipt_card((language,), "00000", rehearsal=True).text


def test_the_receipt_is_in_monospace_and_from_left_to_right() -> None:
    """The number can be copied as it is, in an Arabic card too."""
    card = render.receipt_card(("ar",), "12345-67890", rehearsal=False)

    assert next(stretch(card, one) for one in card.ranges if one.type == "code").strip("\u200e") == "12345-67890"
    assert card.rows[0][0][1] is Control.RECEIPT_KEPT
    assert repr(card) == "<Card>"


def test_a_lost_language_gives_every_language() -> None:
    """After a crash that lost her language, the receipt comes in all of them, or in as many as a message holds."""
    everything = tuple(words.language for words in catalogues(texts.DOMAIN))
    card = render.receipt_card(LANGUAGES, "12345-67890", rehearsal=True)
    longest = render.receipt_card(everything, "12345-67890", rehearsal=True)

    assert max(units(card.text), units(longest.text)) <= render.MESSAGE_UNITS
    assert len(card.rows) == len(LANGUAGES) <= len(longest.rows) <= len(everything)
    assert longest.text.endswith("12345-67890")


def test_every_interface_word_is_short_enough_for_where_it_stands() -> None:
    """Buttons 24 visible characters at most, toasts 200, in every language. Proves: Q5."""
    for words in catalogues(texts.DOMAIN):
        for control, message in texts.CONTROLS.items():
            assert width(words.text(*message)) <= MAX_BUTTON, (words.language, control)
        assert all(units(words.text(*message)) <= 200 for message in texts.NOTICES.values())
    assert 0 < units(toast.line(texts.HARMLESS, LANGUAGES)) <= 200
    assert set(texts.CONTROLS) == set(Control)
    assert set(texts.NOTICES) == set(Notice)


def test_ticks_and_ranks_stand_before_the_words() -> None:
    """What is chosen so far is visible on the buttons of the card in progress only."""
    consultation = example()
    place = next(place for place, item in enumerate(consultation.items) if item.kind == "multiple")
    first = consultation.codes[place][0]
    before = screen(consultation, asking("en", place))
    after = screen(consultation, asking("en", place, first))
    labels = [label for row in render.card(consultation, after, rehearsal=False).rows for label, _ in row]

    assert after.kind is ScreenKind.QUESTION
    assert labels[0].startswith("✓")
    assert not any(
        label.startswith("✓") for row in render.card(consultation, before, rehearsal=False).rows for label, _ in row
    )
    assert render.card(consultation, after, rehearsal=False).rows[0][0][1] == Pick(0)


@pytest.mark.parametrize(("minutes", "said"), [(1_440, "24 hours"), (30, "30 minutes"), (60, "1 hour")])
def test_the_paused_card_says_for_how_long_it_really_is_kept(minutes: int, said: str) -> None:
    """As long as the deployment record says, and in no language a day where it is half an hour. Proves: P7, P8."""
    for language in LANGUAGES:
        paused = screen(example(), Session(State.PAUSED, language, spent=1, back_to=State.ASKING))
        time = catalogue(language, texts.DOMAIN).duration(minutes)
        assert time in render.card(example(), paused, rehearsal=False, lasts=minutes).text
    assert catalogue("en", texts.DOMAIN).duration(minutes) == said
