"""Invented responses of twenty answers to a consultation of twenty questions, of every kind, one with a skip rule."""

import random
import secrets
from collections.abc import Iterator

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Said, Stance, Voted
from flows.model import Consultation, Purpose
from flows.records import Answered, Manifest, consent_hash, encode_answer, encode_manifest
from storage.envelope import response
from storage.envelope.response import SealedResponse
from storage.sealing import Sealer, fill

ANSWERS = 20
LANGUAGES = ("en", "fr")
CODES = ("a", "b", "c", "d")
WORDS = ("Clean water first, then the road to the clinic.", "Écoutez-nous avant de décider.", "Schools.")
_KINDS = ("single", "multiple", "scale", "ranking", "number", "vote", "single", "single", "scale", "text")


def consultation() -> Consultation:
    """The twenty questions. Answers of two of them are words; one is asked because of the answer to the first."""
    items = [_question(number, _KINDS[number % len(_KINDS)]) for number in range(ANSWERS)]
    purposes = dict.fromkeys((purpose.value for purpose in Purpose), _text("May we?"))
    return Consultation.model_validate(
        {
            "format": "sauti-consultation", "version": 1, "id": "twenty", "title": _text("A measurement"),
            "asked_by": _text("Nobody"), "process": _text("Nothing"), "languages": LANGUAGES,
            "consent": {"about": [_text("Nobody reads this.")], **purposes},
            "sections": [{"id": "all", "items": items}],
        }
    )  # fmt: skip


def people(asked: Consultation, number: int) -> Iterator[list[bytes]]:
    """The records of `number` invented people, each with twenty answers; the same ones every time."""
    chance = random.Random(1)  # noqa: S311 - invented opinions, repeatable on purpose
    for _ in range(number):
        language = chance.choice(LANGUAGES)
        allowed = frozenset({Purpose.COUNT, *chance.sample(tuple(Purpose), 2)})
        manifest = Manifest(
            asked.fingerprint, consent_hash(asked, language), allowed, language,
            rehearsal=True, repeat=chance.random() < 0.03,  # noqa: PLR2004 - a few of a hundred
        )  # fmt: skip
        answers = [Answered(place, _answer(_KINDS[place % len(_KINDS)], chance)) for place in range(ANSWERS)]
        yield [encode_manifest(manifest, asked), *(encode_answer(answer, asked) for answer in answers)]


def sealed(sealer: Sealer, records: list[bytes], capacity: int, segments: int) -> SealedResponse:
    """A response of `capacity` chunks whose answers came in `segments` runs of about equal length."""
    name = secrets.token_bytes(len(sealer.round_id))
    segment, chunks = sealer.begin(name, 0, 0), []
    run = -(-len(records) // segments)
    for place, record in enumerate(records):
        if place and place % run == 0:
            segment = sealer.begin(name, segment.segment + 1, segment.next_index)
        chunks += [segment.push(piece, more=more) for piece, more in response.pieces(record)]
    chunks += fill(segment, capacity)
    return response.assemble(sealer.round_id, sealer.key_id, name, chunks, capacity)


def _text(words: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, words)


def _question(number: int, kind: str) -> dict[str, object]:
    made: dict[str, object] = {"kind": kind, "id": f"q{number}", "text": _text("What would help?")}
    if kind in {"single", "multiple", "ranking"}:
        made["choices"] = [{"id": code, "text": _text(code)} for code in CODES]
    if kind == "scale":
        made |= {"low_text": _text("little"), "high_text": _text("much")}
    if kind == "number":
        made["bands"] = [
            {"id": code, "text": _text(code), "low": low} for code, low in zip("abc", (0, 18, 50), strict=True)
        ]
    if number == ANSWERS // 2:
        made["relevant"] = "${q0} = 'a' or ${q0} = 'b' or ${q0} = 'c'"
    return made


def _answer(kind: str, chance: random.Random) -> Answer:
    made: dict[str, Answer] = {
        "single": Chosen((chance.choice(CODES[:3]),)),
        "multiple": Chosen(tuple(code for code in CODES if chance.random() < 0.5) or ("d",)),  # noqa: PLR2004 - a coin
        "scale": Rated(chance.randint(1, 5)),
        "ranking": Ranked(tuple(chance.sample(CODES, 3))),
        "number": Banded(chance.choice(("a", "b", "c"))),
        "vote": Voted(chance.choice(tuple(Stance))),
        "text": Said(chance.choice(WORDS)),
    }
    return made[kind]
