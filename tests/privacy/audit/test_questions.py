"""A question as a variable: who stands behind an answer, a place in a ranking, a choice that some were offered."""

import pytest

from privacy.audit.errors import TooLarge
from privacy.audit.figures import EVERYBODY
from privacy.audit.questions import Question
from privacy.form import Facts, Group, Offered, Selection
from privacy.tables import NO_ANSWER, NOT_ASKED, Shape

REGION = Facts(id="region", shape=Shape.PARTITION, codes=("north", "south", NO_ANSWER), threshold=15, delicate=False)
IN_THE_NORTH = Group(question="region", codes=("north",))


def ranking(options: tuple[str, ...] = ("a", "b", "c"), top: int = 2) -> Facts:
    """A question that asks for an order."""
    codes = (*options, NO_ANSWER)
    return Facts(id="first", shape=Shape.PARTITION, codes=codes, threshold=15, delicate=False, top=top)


def test_a_ranking_is_told_apart_by_its_orders_once_places_are_told() -> None:
    """Each order of up to so many options is a cell of its own; a place is all orders with the option there."""
    question = Question(ranking(), {}, ordered=True)
    orders = ("a", "b", "c", "a>b", "a>c", "b>a", "b>c", "c>a", "c>b")

    assert question.variable().codes == (*orders, NO_ANSWER)
    assert question.first("a") == {"a", "a>b", "a>c"}
    assert question.first(NO_ANSWER) == {NO_ANSWER}
    assert question.people(["a", NO_ANSWER]) == {("first", frozenset({"a", "a>b", "a>c", NO_ANSWER}))}
    assert question.at("a", 1) == {("first", frozenset({"b>a", "c>a"}))}
    assert question.answered() == {("first", frozenset(orders))}


def test_a_ranking_whose_places_are_not_told_is_like_any_question() -> None:
    """Without figures by place only who put an option first can be told apart."""
    question = Question(ranking(), {})

    assert question.variable().codes == ("a", "b", "c", NO_ANSWER)
    assert question.answered() == {("first", frozenset("abc"))}


def test_a_ranking_of_too_many_orders_is_refused() -> None:
    """Ten options in five places are more orders than can be told apart; the question is named. Proves: R2."""
    with pytest.raises(TooLarge, match="first"):
        Question(ranking(tuple("abcdefghij"), 5), {}, ordered=True).variable()


def test_a_question_for_some_knows_whom_it_was_put_to() -> None:
    """It was put to a group of another question, or to everybody where that question is in no table."""
    asked = REGION.model_copy(update={"id": "returned", "codes": ("yes", NO_ANSWER), "asked_of": IN_THE_NORTH})

    known, unknown = Question(asked, {"region": REGION, "returned": asked}), Question(asked, {"returned": asked})

    assert known.asked_of == {("region", frozenset({"north"}))}
    assert known.variable().codes == ("yes", NO_ANSWER, NOT_ASKED)
    assert unknown.asked_of == EVERYBODY


def test_a_choice_that_was_offered_to_some_is_nobody_elses() -> None:
    """Whoever it was not offered to cannot have picked it; without the other question's table nothing is known."""
    offered = Offered(code="b", to=IN_THE_NORTH)
    choices = Facts(
        id="needs", shape=Shape.CHOICES, codes=("a", "b", NO_ANSWER), threshold=15, delicate=True,
        selection=Selection(fewest=1, most=2), offered=offered,
    )  # fmt: skip
    question = Question(choices, {"region": REGION, "needs": choices})

    (nobody,) = question.impossible()

    assert ("region", frozenset({"south", NO_ANSWER})) in nobody
    assert question.people(["b"]) < nobody
    assert question.answered() != question.people(["b"])
    assert Question(choices, {"needs": choices}).impossible() == ()
    assert Question(REGION, {"region": REGION}).impossible() == ()
