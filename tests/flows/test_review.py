"""A native speaker's signature holds for the texts that she read, and for no other letter."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.linter import lint
from flows.model import Consultation
from flows.review import Read, Signature, digest, holds, signed
from flows.texts import named
from tests.flows.faults import sound

SIGNATURE = Signature("fr", "A. Reader", "2026-11-27")


def with_review(tree: dict[str, Any], review: dict[str, Any]) -> Consultation:
    """The consultation with this review of French."""
    return Consultation.model_validate({**tree, "reviews": {"fr": review}})


def read() -> dict[str, Any]:
    """A review of French that a reader has signed."""
    return signed(Consultation.model_validate(sound()), SIGNATURE).model_dump(mode="json")


def codes(consultation: Consultation) -> list[str]:
    """What the linter says of reviews."""
    return [one.code for one in lint(consultation) if one.code == "review-broken"]


def test_a_signature_holds_for_what_was_read() -> None:
    """Whoever reads a language and signs it has signed it; the linter has nothing to say. Proves: Q7."""
    consultation = with_review(sound(), read())

    assert holds(consultation, "fr")
    assert not holds(consultation, "en")
    assert codes(consultation) == []


@given(st.data())
def test_any_change_of_any_text_takes_the_signature_off(data: st.DataObject) -> None:
    """One letter more or less in any translation, or in what it was made from, has not been read. Proves: Q7."""
    tree, review = sound(), read()
    paths = [one.path for one in named(Consultation.model_validate(tree))]
    language = data.draw(st.sampled_from(("en", "fr")))
    here: Any = tree
    for step in data.draw(st.sampled_from(paths)):
        here = here[step]
    here[language] = data.draw(st.sampled_from((here[language] + ".", here[language] + "\u0301", "x")))

    changed = with_review(tree, review)

    assert not holds(changed, "fr")
    assert codes(changed) == ["review-broken"]


@pytest.mark.parametrize(
    "change",
    [
        {"texts": None},
        {"texts": "0" * 64},
        {"by": "B. Reader"},
        {"by": " "},
        {"by": None},
        {"date": "2026-11-28"},
        {"date": None},
    ],
)
def test_a_review_that_was_only_written_down_is_none(change: dict[str, Any]) -> None:
    """`reviewed: yes` with another name, day or hash than were signed, or without, counts for nothing. Proves: Q7."""
    consultation = with_review(sound(), read() | change)

    assert not holds(consultation, "fr")
    assert codes(consultation) == ["review-broken"]


def test_a_draft_is_a_draft() -> None:
    """With `reviewed: no` nothing is signed, whatever else stands there, and the linter leaves drafts alone."""
    consultation = with_review(sound(), read() | {"reviewed": False})

    assert not holds(consultation, "fr")
    assert codes(consultation) == []


def test_moving_a_question_takes_no_signature_off_and_another_consultation_does() -> None:
    """Texts are named after their questions; what is signed is this consultation and no other."""
    tree, review = sound(), read()
    tree["sections"][0]["items"].reverse()

    assert holds(with_review(tree, review), "fr")
    assert not holds(with_review(tree | {"id": "other"}, review), "fr")


def test_one_hash_is_written_down() -> None:
    """The bytes that are hashed never change: signatures outlive versions."""
    read_ = (Read("b", ("B",), ("Be",)), Read("a", ("one", "many"), ("moja", "")))

    assert digest("consultation x", SIGNATURE, read_) == digest("consultation x", SIGNATURE, read_[::-1])
    assert digest("consultation x", SIGNATURE, read_) == FROZEN


FROZEN = "0af94865a78742ed4330882c213d48d1fde730ae5240757936c5dfb1d6df1b08"
