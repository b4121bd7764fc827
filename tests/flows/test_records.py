import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import PURPOSES, Consultation, Multiple, Note, Number, Question, Ranking, Scale, Single, Vote
from flows.records import (
    REVISION_PIECES,
    Answered,
    Manifest,
    RecordError,
    capacity,
    consent_hash,
    decode_answer,
    decode_manifest,
    encode_answer,
    encode_manifest,
    pieces,
    worst_pieces,
)
from tests.flows.strategies import consultations


def _longest(units: int) -> st.SearchStrategy[str]:
    """Words of at most `units` UTF-16 units, often of the letters that take the most bytes."""
    letters = st.characters(codec="utf-8") | st.sampled_from("က€ا🌱")
    return st.text(letters, max_size=units).map(lambda words: _cut(words, units))


def _cut(words: str, units: int) -> str:
    while len(words.encode("utf-16-le")) // 2 > units:
        words = words[:-1]
    return words


def _answers(item: Question, codes: tuple[str, ...]) -> st.SearchStrategy[Answer]:
    """Any answer that may be given to `item`."""
    return st.just(Skipped()) | st.just(Declined()) | _said(item, codes)


def _said(item: Question, codes: tuple[str, ...]) -> st.SearchStrategy[Answer]:
    if isinstance(item, Vote):
        return st.sampled_from(Stance).map(Voted)
    match item:
        case Single() | Multiple():
            alone = {choice.id for choice in item.choices if choice.exclusive}
            most = 1 if isinstance(item, Single) else item.max
            some = st.lists(st.sampled_from(codes), min_size=1, max_size=most, unique=True)
            return some.filter(lambda given: len(given) == 1 or not alone & {*given}).map(
                lambda given: Chosen(tuple(given))
            )
        case Ranking():
            return st.permutations(codes).map(lambda some: Ranked(tuple(some[: item.top])))
        case Number():
            return st.sampled_from(codes).map(Banded)
        case Scale():
            return st.integers(item.low, item.high).map(Rated)
        case _:
            return _longest(item.max_length).map(Said)


@settings(max_examples=150)
@given(consultations(), st.data())
def test_every_answer_comes_back_as_it_was_given(consultation: Consultation, data: st.DataObject) -> None:
    """What is sealed is what is opened, for every kind of question, and it fits into its share of the response."""
    total = 1
    for position, item in enumerate(consultation.items):
        if isinstance(item, Note):
            continue
        record = Answered(position, data.draw(_answers(item, consultation.codes[position])))

        encoded = encode_answer(record, consultation)

        assert decode_answer(encoded, consultation) == record
        assert pieces(len(encoded)) <= worst_pieces(item)
        total += pieces(len(encoded))
    assert total + REVISION_PIECES + 1 <= capacity(consultation)


@given(consultations(), st.data(), st.booleans(), st.booleans())
def test_a_manifest_comes_back_as_it_was_written(
    consultation: Consultation, data: st.DataObject, rehearsal: bool, repeat: bool
) -> None:
    """What she allowed, in which language and under which consent text, travels unchanged. Proves: K4."""
    language = data.draw(st.sampled_from(consultation.languages))
    manifest = Manifest(
        consultation.fingerprint,
        consent_hash(consultation, language),
        frozenset(data.draw(st.lists(st.sampled_from(PURPOSES), unique=True))),
        language,
        rehearsal=rehearsal,
        repeat=repeat,
    )

    assert decode_manifest(encode_manifest(manifest, consultation), consultation) == manifest


@given(consultations(), st.binary(max_size=80))
def test_bytes_that_are_no_record_are_refused_without_showing_them(consultation: Consultation, noise: bytes) -> None:
    """Garbage that opens is refused with a code, and no error carries content."""
    for decode in (decode_answer, decode_manifest):
        refused: RecordError | None = None
        try:
            decode(noise, consultation)
        except RecordError as error:
            refused = error
        assert refused is None or str(refused) == refused.code


QUESTIONS: list[dict[str, object]] = [
    {"kind": "single", "choices": ["a", "b"]},
    {"kind": "multiple", "choices": ["a", "b", "c", "none"], "max": 2},
    {"kind": "scale", "low": 1, "high": 5, "low_text": {"en": "no"}, "high_text": {"en": "yes"}},
    {"kind": "ranking", "choices": ["a", "b", "c"], "top": 2},
    {"kind": "number", "bands": [{"id": "few", "low": 0, "high": 9}, {"id": "many", "low": 10}]},
    {"kind": "text"},
    {"kind": "vote"},
]


def _asked() -> Consultation:
    """One question of each kind."""
    words = {"en": "Peace"}
    items = []
    for number, question in enumerate(QUESTIONS):
        item = {"id": f"q{number}", "text": words, **question}
        if isinstance(choices := item.get("choices"), list):
            item["choices"] = [{"id": code, "text": words, "exclusive": code == "none"} for code in choices]
        if isinstance(bands := item.get("bands"), list):
            item["bands"] = [{"text": words, **band} for band in bands]
        items.append(item)
    purposes = dict.fromkeys(("count", "paraphrase", "quote", "other_processes", "results"), words)
    return Consultation.model_validate(
        {
            "format": "sauti-consultation", "version": 1, "id": "every_kind", "title": words, "asked_by": words,
            "process": words, "languages": ["en"], "consent": {"about": [words], **purposes},
            "sections": [{"id": "all", "items": items}],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("position", "forged"),
    [
        (0, "01"), (0, "010001"), (0, "0102"), (0, "0200"), (1, "01"), (1, "010101"), (1, "01000102"), (1, "010003"),
        (2, "02"), (2, "0200"), (2, "0206"), (2, "020101"), (2, "0101"), (3, "03"), (3, "030000"), (3, "03000102"),
        (3, "010001"), (4, "04"), (4, "0402"), (4, "040000"), (4, "0100"), (5, "05ff"), (5, "0601"), (6, "06"),
        (6, "0603"), (6, "060000"), (6, "0561"), (0, "0700"), (0, "0800"), (0, "0900"), (0, "00"), (7, "07"),
    ],
)  # fmt: skip
def test_an_answer_that_nobody_could_give_is_no_answer(position: int, forged: str) -> None:
    """Whoever has the public key can seal any bytes: what the form lets nobody say is refused, and so never counted.

    Proves: R1
    """
    with pytest.raises(RecordError, match="not-an-answer"):
        decode_answer(position.to_bytes(2, "big") + bytes.fromhex(forged), _asked())


@pytest.mark.parametrize(
    ("position", "given"),
    [(0, "0101"), (1, "010001"), (1, "0103"), (2, "0201"), (2, "0205"), (3, "030201"), (3, "0302"), (4, "0401"),
     (5, "05e299a5"), (6, "0602"), (6, "07"), (5, "08")],
)  # fmt: skip
def test_an_answer_that_somebody_could_give_is_one(position: int, given: str) -> None:
    """The bytes of the format document's table, one of each kind, come back as they were written."""
    asked, record = _asked(), position.to_bytes(2, "big") + bytes.fromhex(given)

    assert encode_answer(decode_answer(record, asked), asked) == record


@given(consultations(), consultations())
def test_a_manifest_belongs_to_one_consultation(one: Consultation, other: Consultation) -> None:
    """A response to another version of the questions is not counted under this one."""
    language = one.languages[0]
    manifest = Manifest(
        one.fingerprint, consent_hash(one, language), frozenset(), language, rehearsal=True, repeat=False
    )
    if one.fingerprint == other.fingerprint:
        return

    with pytest.raises(RecordError, match="other-consultation"):
        decode_manifest(encode_manifest(manifest, one), other)


@given(consultations(), st.data())
def test_a_changed_consent_text_is_another_consent(consultation: Consultation, data: st.DataObject) -> None:
    """The consent hash changes with any word that was read, and only with the language that was read."""
    language = data.draw(st.sampled_from(consultation.languages))
    dump = consultation.model_dump(mode="json")
    dump["consent"]["quote"][language] += "!"
    changed = Consultation.model_validate(dump)

    assert consent_hash(consultation, language) != consent_hash(changed, language)
    for other in set(consultation.languages) - {language}:
        assert consent_hash(consultation, other) == consent_hash(changed, other)


def test_answers_do_not_show_what_was_said() -> None:
    """No traceback, log or assertion can carry an answer. Proves: D1."""
    for answer in (Chosen(("canary",)), Ranked(("canary",)), Banded("canary"), Said("canary"), Rated(4321)):
        assert "canary" not in repr(Answered(3, answer))
        assert "4321" not in repr(answer)
