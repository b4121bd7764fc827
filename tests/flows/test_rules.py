from hypothesis import given
from hypothesis import strategies as st

from flows.model import Consultation
from flows.rules import Values, rules_of
from tests.flows.strategies import consultations


@given(consultations(), st.data())
def test_asking_never_raises_and_offers_only_what_there_is(consultation: Consultation, data: st.DataObject) -> None:
    """Whatever was answered, every rule of a sound consultation gives a value. Proves: Q1."""
    rules = rules_of(consultation)
    coded = {position: codes for position, codes in enumerate(consultation.codes) if codes}
    answers = {position: st.lists(st.sampled_from(codes), unique=True) for position, codes in coded.items()}
    values: Values = {
        position: tuple(given) for position, given in data.draw(st.fixed_dictionaries({}, optional=answers)).items()
    }

    for position in range(len(consultation.items)):
        assert rules.relevant(position, values) in {True, False}
        assert set(rules.offered(position, values)) <= set(consultation.codes[position])
        for answer in ((), ("c0",), "words", 17.0):
            assert rules.satisfied(position, answer, values) in {True, False}


@given(consultations())
def test_only_answers_that_rules_refer_to_are_kept_and_all_of_them_are_codes(consultation: Consultation) -> None:
    """Free text and notes are never among the answers a session keeps."""
    for position in rules_of(consultation).referred:
        assert consultation.items[position].kind not in {"text", "note"}
