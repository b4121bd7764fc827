import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.generate_states import specimen
from flows.answers import Banded, Chosen, Ranked, Said
from flows.limits import NUMBER_DIGITS
from flows.model import Multiple, Number, Question, Ranking, ShortText
from flows.replies import Choosing, Given, Reply, finished, picked, typed
from flows.screens import Notice

WORDS = {"en": "words"}
CONSULTATION = specimen(noted_first=False)
ZEROS = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.decimal(chr(code), None) == 0]


def question(name: str) -> Question:
    """The specimen's question of that name."""
    return CONSULTATION.question(CONSULTATION.positions[name])


def choices(*ids: str, alone: str = "none") -> list[dict[str, object]]:
    """Choices with these ids; `alone` drops all others."""
    return [{"id": one, "text": WORDS, "exclusive": one == alone} for one in ids]


def multiple(**limits: int) -> Multiple:
    """A multiple question with four choices, the last of them exclusive."""
    every = choices("a", "b", "c", "none")
    return Multiple.model_validate({"kind": "multiple", "id": "q", "text": WORDS, "choices": every, **limits})


def ticked(reply: Reply) -> tuple[str, ...]:
    """The choice in progress that a reply stands for."""
    assert isinstance(reply, Choosing)
    return reply.choices


def answer(reply: Reply) -> object:
    """The answer that a reply stands for."""
    assert isinstance(reply, Given)
    return reply.answer


@pytest.mark.parametrize("zero", ZEROS, ids=lambda zero: f"{ord(zero):04X}")
def test_digits_of_every_script_are_read(zero: str) -> None:
    """Twenty-five is twenty-five in every script that has digits. Proves: P10."""
    assert answer(typed(question("years"), chr(ord(zero) + 2) + chr(ord(zero) + 5))) == Banded("young")


@pytest.mark.parametrize("text", ["18", "29", " 29 ", "\u200f٢٩\u200e", "1٨", "000000018"])
def test_a_number_falls_into_its_band_with_both_ends(text: str) -> None:
    """Spaces, direction marks, leading zeros and mixed scripts do not matter; only the band is kept. Proves: P10."""
    assert answer(typed(question("years"), text)) == Banded("young")


@pytest.mark.parametrize(
    "text", ["", " ", "-20", "2.5", "2 0", "²", "Ⅴ", "twenty", "0" * NUMBER_DIGITS + "20", "1e1", "٪"]
)
def test_what_is_no_whole_number_is_said_to_be_none(text: str) -> None:
    """Signs, fractions, words, superscripts and endless digits are no number, calmly."""
    assert typed(question("years"), text) is Notice.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["0", "17", "100", "9" * NUMBER_DIGITS])
def test_a_number_outside_all_bands_is_out_of_range(text: str) -> None:
    """It is not put into the nearest band."""
    assert typed(question("years"), text) is Notice.OUT_OF_RANGE


def test_an_open_band_takes_every_number_above() -> None:
    """A band without an upper end has none."""
    bands = [{"id": "low", "text": WORDS, "low": 0, "high": 9}, {"id": "high", "text": WORDS, "low": 10}]
    number = Number.model_validate({"kind": "number", "id": "q", "text": WORDS, "bands": bands})
    assert answer(typed(number, "9" * NUMBER_DIGITS)) == Banded("high")


@pytest.mark.parametrize("name", ["one", "several", "much", "order", "stance"])
@pytest.mark.parametrize("text", ["a", "1", "agree", "skip"])
def test_words_never_press_a_button(name: str, text: str) -> None:
    """Typing the label or number of an option is not picking it."""
    assert typed(question(name), text) is Notice.PICK_A_BUTTON


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  her words \n", "her words"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x00b\x1b[31m\x7f\x85", "ab[31m"),
        ("\u202eevil\u2066", "evil"),
        ("half \ud83d pair", "half  pair"),
        ("می\u200cشود", "می\u200cشود"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_words_are_kept_without_what_is_not_words(text: str, kept: str) -> None:
    """Control characters, direction overrides and half pairs go; line ends and joiners of scripts stay."""
    assert answer(typed(question("said"), text)) == Said(kept)


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "\x00\x1f", "\ud800"])
def test_words_that_are_none_are_empty(text: str) -> None:
    """Nothing is left once what is not words is gone."""
    assert typed(question("said"), text) is Notice.EMPTY


@pytest.mark.parametrize(("letter", "units"), [("x", 1), ("ب", 1), ("𞤀", 2), ("🌱", 2)])
def test_length_is_counted_as_telegram_counts(letter: str, units: int) -> None:
    """In UTF-16 units: exactly the limit is fine, one more is too long. Nothing is cut."""
    longest = 20 // units
    assert answer(typed(question("said"), letter * longest)) == Said(letter * longest)
    assert typed(question("said"), letter * (longest + 1)) is Notice.TOO_LONG


@given(st.text(alphabet=st.characters(), max_size=60))
def test_whatever_is_typed_becomes_sealable_words_or_a_notice(text: str) -> None:
    """Words that are taken encode, are within the limit, and hold no control character but line ends."""
    reply = typed(question("said"), text)
    if isinstance(reply, Given):
        assert isinstance(reply.answer, Said)
        words = reply.answer.text
        assert 0 < len(words.encode()) <= 3 * 20
        assert not [one for one in words if unicodedata.category(one) in {"Cc", "Cs"} and one != "\n"]
    else:
        assert reply in {Notice.EMPTY, Notice.TOO_LONG}


def test_ticks_go_on_and_off_and_stand_in_the_consultation_s_order() -> None:
    """The order of tapping is not kept: it says nothing about the answer and something about the person."""
    asked, offered = multiple(), ("a", "b", "c", "none")
    chosen: tuple[str, ...] = ()
    for index, expected in ((2, ("c",)), (0, ("a", "c")), (2, ("a",)), (1, ("a", "b"))):
        chosen = ticked(picked(asked, offered, chosen, index))
        assert chosen == expected


def test_an_exclusive_choice_drops_all_others_and_is_dropped_by_them() -> None:
    """`None of these` never stands beside one of these."""
    asked, offered = multiple(), ("a", "b", "c", "none")
    assert ticked(picked(asked, offered, ("a", "b"), 3)) == ("none",)
    assert ticked(picked(asked, offered, ("none",), 1)) == ("b",)


@pytest.mark.parametrize(
    ("limits", "chosen", "expected"),
    [
        ({}, (), Notice.TOO_FEW),
        ({"min": 2}, ("a",), Notice.TOO_FEW),
        ({"min": 2}, ("none",), Chosen(("none",))),
        ({"max": 1}, ("a", "b"), Notice.TOO_MANY),
        ({"min": 2, "max": 3}, ("a", "b"), Chosen(("a", "b"))),
    ],
)
def test_done_looks_at_how_many_are_ticked(limits: dict[str, int], chosen: tuple[str, ...], expected: object) -> None:
    """Too few and too many keep the card; an exclusive choice is enough by itself."""
    reply = finished(multiple(**limits), ("a", "b", "c", "none"), chosen)
    assert (answer(reply) if isinstance(reply, Given) else reply) == expected


def test_a_minimum_asks_for_no_more_than_is_offered() -> None:
    """Where a filter leaves one choice, ticking that one is enough."""
    assert answer(finished(multiple(min=3), ("b",), ("b",))) == Chosen(("b",))


def test_a_ranking_keeps_the_order_of_taps_and_is_complete_at_the_top() -> None:
    """The first tap is the most important; a second tap takes a place back; the last place seals."""
    every = choices("a", "b", "c")
    asked = Ranking.model_validate({"kind": "ranking", "id": "q", "text": WORDS, "choices": every, "top": 3})
    offered = ("a", "b", "c")
    assert ticked(picked(asked, offered, ("c",), 0)) == ("c", "a")
    assert ticked(picked(asked, offered, ("c", "a"), 2)) == ("a",)
    assert answer(picked(asked, offered, ("c", "a"), 1)) == Ranked(("c", "a", "b"))
    assert answer(picked(asked, ("a", "c"), ("c",), 0)) == Ranked(("c", "a"))
    assert answer(finished(asked, offered, ("b",))) == Ranked(("b",))
    assert finished(asked, offered, ()) is Notice.TOO_FEW


def test_nothing_said_is_in_a_repr() -> None:
    """Replies are silent about what they hold. Proves: D6."""
    for reply in (
        typed(question("said"), "secret"),
        picked(question("one"), ("secret", "b"), (), 0),
        Choosing(("secret",)),
    ):
        assert "secret" not in repr(reply)


def test_a_text_question_has_no_buttons_to_pick_or_finish() -> None:
    """A gesture that does not belong to a question is an old card's."""
    asked = question("said")
    assert isinstance(asked, ShortText)
    assert picked(asked, ("a",), (), 0) is Notice.OLD_CARD
    assert finished(asked, (), ()) is Notice.OLD_CARD
