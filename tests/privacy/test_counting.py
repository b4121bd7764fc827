"""What was said is looked up rather than decoded, and counted as if each response had been read by itself."""

import pickle
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import PURPOSES, Consultation, Note, ShortText
from flows.records import Answered, Manifest, RecordError, consent_hash, decode_answer, encode_answer, encode_manifest
from privacy.consent import Consents, NotUsable
from privacy.counting import Admission
from privacy.planned import Plan, Unplannable, crossings
from privacy.tally import Layout, Tallier, Tally
from tests.flows.strategies import consultations
from tests.privacy import counting_referee, synthetic

ASKED = synthetic.consultation()
PLAN = [["region", "needs"], ["returned", "trust"], ["age"], ["first", "vote"]]


def tally_of(responses: Sequence[Sequence[bytes]], asked: Consultation, plan: Plan = ()) -> Tally:
    """The records of some responses, counted as a worker of the desk does."""
    tallier, admission = Tallier(asked, plan), Admission(asked)
    consents = Consents(asked, process=asked.process, rehearsal=True)
    for records in responses:
        try:
            tallier.count(admission.countable(consents.countable(records)))
        except NotUsable as refusal:
            tallier.refuse(refusal.code)
    return tallier.tally()


def possible(asked: Consultation) -> list[bytes]:
    """Records that the form lets somebody give: at least one of each way to answer each of its questions."""
    found = []
    for position, item in enumerate(asked.items):
        if isinstance(item, Note):
            continue
        codes = asked.codes[position]
        some = [order for number in (1, 2) for order in permutations(codes, number)]
        answers: list[Answer] = [Skipped(), Declined(), Said("صوت"), *map(Voted, Stance), *map(Rated, range(11))]
        answers += [kind(order) for order in some for kind in (Chosen, Ranked)] + [Banded(code) for code in codes]
        for answer in answers:
            record = encode_answer(Answered(position, answer), asked)
            try:
                decode_answer(record, asked)
            except RecordError:
                continue
            found.append(record)
    return found


@st.composite
def responses(draw: st.DrawFn, asked: Consultation) -> list[bytes]:
    """A response that mostly can be counted: questions answered again, in any order, now and then a foreign record."""
    language = draw(st.sampled_from(asked.languages))
    manifest = Manifest(
        asked.fingerprint, consent_hash(asked, language), draw(st.sampled_from([frozenset(PURPOSES), frozenset()])),
        language, rehearsal=draw(st.integers(0, 9)) > 0, repeat=draw(st.booleans()),
    )  # fmt: skip
    answers = draw(st.lists(st.sampled_from(possible(asked)), max_size=12))
    foreign = draw(st.lists(st.binary(max_size=6), max_size=1)) if draw(st.integers(0, 9)) == 0 else []
    return [encode_manifest(manifest, asked), *answers, *foreign]


def plans(asked: Consultation) -> st.SearchStrategy[list[list[str]]]:
    """Some tables of one or two questions that can be counted."""
    names = [item.id for item in asked.items if not isinstance(item, Note | ShortText)]
    if not names:
        return st.just([])
    return st.lists(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True), max_size=3)


@settings(max_examples=60)
@given(st.data())
def test_the_tally_is_the_slow_readers(data: st.DataObject) -> None:
    """In any consultation, with any skip rules, the same responses count and the same are refused. Proves: R1, K4."""
    asked = data.draw(consultations(sections=2, items=3))
    people = data.draw(st.lists(responses(asked), max_size=6))
    plan = data.draw(plans(asked))

    assert tally_of(people, asked, plan) == counting_referee.counted(people, asked, rehearsal=True, plan=plan)


def test_the_tally_of_many_is_the_slow_readers() -> None:
    """Three hundred people who say much the same are counted like three hundred readings of one response."""
    people = [person.records(ASKED) for person in synthetic.people(300)]

    found = tally_of(people, ASKED, PLAN)

    assert found == counting_referee.counted(people, ASKED, rehearsal=True, plan=PLAN)
    assert not found.refused


def test_answers_meet_only_where_it_was_planned() -> None:
    """A tally has room for a cross that was planned, and no cell and no memory for any other.

    Proves: O4
    """
    person = synthetic.people(1)[0].records(ASKED)
    tallier, admission = Tallier(ASKED, [["region", "trust"], ["vote"]]), Admission(ASKED)
    tallier.count(admission.countable(synthetic.countable(ASKED, person)))

    side_by_side = {heard.position for heard in tallier._said if heard is not None}
    assert side_by_side == {ASKED.positions["region"], ASKED.positions["trust"]}
    assert ASKED.positions["vote"] in {heard.position for heard in tallier._heard if heard is not None}
    assert [one.id for one in Layout(ASKED, [["region", "trust"], ["vote"]]).crossings] == ["region*trust"]
    assert len(tally_of([person], ASKED).cells) == Layout(ASKED).size


@pytest.mark.parametrize("plan", [[["nowhere", "region"]], [["own"]], [["region", "region"]]])
def test_a_plan_of_something_else_is_refused(plan: list[list[str]]) -> None:
    """What is no question that can be counted, or one question twice, makes no table; its place in the plan is told."""
    with pytest.raises(Unplannable) as refused:
        Layout(ASKED, [["region", "trust"], *plan])
    assert refused.value.number == 2


@pytest.mark.parametrize(
    ("pair", "name"),
    [
        (["region", "trust"], "region*trust"),
        (["trust", "region"], "trust*region"),
        (["needs", "region"], "region*needs"),
        (["trust", "age"], "age*trust"),
    ],
    ids=["as planned", "the other way", "answers that overlap make columns", "groups make rows"],
)
def test_groups_make_the_rows(pair: list[str], name: str) -> None:
    """Of two questions, the one that splits tables makes the rows, and a multiple one never does."""
    plain = ASKED.model_dump(mode="json")
    plain["sections"][0]["items"][ASKED.positions["age"]]["disaggregation"] = "age"

    assert [one.id for one in crossings(Consultation.model_validate(plain), [pair, pair])] == [name]


def test_what_a_worker_hands_back_does_not_grow_with_people() -> None:
    """The tally of ten responses and that of five thousand are as many numbers, and nothing a person said stays behind.

    Proves: R1
    """
    records = [person.records(ASKED) for person in synthetic.people(50)]
    few, many = (tally_of(records[:10] * times, ASKED, PLAN) for times in (1, 500))

    assert len(few.cells) == len(many.cells) == Layout(ASKED, PLAN).size
    assert len(pickle.dumps(many)) - len(pickle.dumps(few)) <= 2 * len(few.cells)
    tallier, admission = Tallier(ASKED, PLAN), Admission(ASKED)
    for record in records * 60:
        tallier.count(admission.countable(synthetic.countable(ASKED, record)))
    assert len(tallier._kinds) == 60 * 50 % 1_024
    assert len(tallier._said) == len(tallier._kinds) * len(tallier._crossed)
    tallier.tally()
    assert not tallier._kinds
    assert not tallier._said


def test_one_response_counts_once_in_a_cell() -> None:
    """Whoever has the public key can seal answers the form does not have; none of them weighs more than a person.

    Proves: R1
    """
    honest = synthetic.people(1)[0].records(ASKED)
    needs, trust, age = (ASKED.positions[name].to_bytes(2, "big") for name in ("needs", "trust", "age"))
    forged = [needs + b"\x01" + b"\0" * 100, trust + b"\x02\xff", trust + b"\x02", age + b"\x04\0\0", needs + b"\x03\0"]

    found = tally_of([[*honest, record] for record in forged], ASKED)

    assert found.refused == {"not-an-answer": len(forged)}
    assert not any(found.cells)


def test_words_that_are_no_text_are_refused() -> None:
    """Bytes that are not UTF-8 make no answer, though what was written is not looked at for counting."""
    records = synthetic.people(1)[0].records(ASKED)
    own = ASKED.positions["own"].to_bytes(2, "big")

    found = tally_of([[*records, own + b"\x05\xff"], [*records, own + b"\x05voice"]], ASKED)

    assert found.refused == {"not-an-answer": 1}
    assert found == counting_referee.counted(
        [[*records, own + b"\x05\xff"], [*records, own + b"\x05fine"]], ASKED, rehearsal=True
    )


def test_what_was_written_does_not_outlive_its_response() -> None:
    """After counting, neither the admission nor the tally holds a word that somebody wrote."""
    admission, tallier = Admission(ASKED), Tallier(ASKED)

    tallier.count(admission.countable(synthetic.countable(ASKED, synthetic.people(1)[0].records(ASKED))))

    held = [*vars(admission).values(), *vars(tallier).values()]
    assert not any(
        b"CANARY" in key for each in held if isinstance(each, dict) for key in each if isinstance(key, bytes)
    )
    said = [heard.answer for heard in tallier._heard if heard is not None]
    assert not any("CANARY" in answer.text for answer in said if isinstance(answer, Said))
