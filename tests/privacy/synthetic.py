"""An invented round from end to end: a consultation, people, their sealed responses, a signed bundle."""

import hashlib
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nacl.bindings import crypto_box_keypair
from nacl.signing import SigningKey

from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import Consultation, Purpose, canonical
from flows.records import Answered, Manifest, capacity, consent_hash, encode_answer, encode_manifest
from privacy.consent import Consents, Countable
from privacy.keys import RoundPrivateKey
from storage.envelope import bundle, response
from storage.sealing import Sealer
from tests.sealing.support import seal_whole

WORDS = {
    "en": {
        "title": "What protection means to you", "asked_by": "A coalition of survivors' organisations",
        "process": "Peacebuilding Commission", "part": "Your region and you",
        "region": "Which region do you come from?",
        "north": "North", "south": "South", "east": "East", "displaced": "Have you had to leave your home?",
        "yes": "Yes", "no": "No", "returned": "Would you like to go back?", "needs": "What would protect people best?",
        "early": "Acting early on warnings", "courts": "Courts that work", "aid": "Safe ways for help to arrive",
        "none": "None of these", "trust": "How much do you trust the United Nations to act in time?",
        "low": "Not at all", "high": "Completely", "first": "What should come first?",
        "age": "How old are you?", "young": "18 to 24", "middle": "25 to 49", "old": "50 and older",
        "vote": "Women should sit at every peace table.", "own": "What should the United Nations change?",
        "harm": "Did you yourself have to hide?", "ask": "May we count your answers?",
    },
    "ar": {
        "title": "ماذا تعني الحماية لك", "asked_by": "ائتلاف منظمات الناجين والناجيات",
        "process": "لجنة بناء السلام", "part": "منطقتك وأنت", "region": "من أي منطقة أنت؟",
        "north": "الشمال", "south": "الجنوب", "east": "الشرق", "displaced": "هل اضطررت إلى مغادرة منزلك؟",
        "yes": "نعم", "no": "لا", "returned": "هل تود العودة؟", "needs": "ما الذي يحمي الناس أكثر من غيره؟",
        "early": "التحرك المبكر عند ظهور الإنذارات", "courts": "محاكم تعمل", "aid": "طرق آمنة لوصول المساعدة",
        "none": "لا شيء مما سبق", "trust": "إلى أي حد تثق بأن الأمم المتحدة ستتحرك في الوقت المناسب؟",
        "low": "لا أثق إطلاقا", "high": "أثق تماما", "first": "ما الذي ينبغي أن يأتي أولا؟",
        "age": "كم عمرك؟", "young": "من 18 إلى 24", "middle": "من 25 إلى 49", "old": "50 فأكثر",
        "vote": "يجب أن تجلس النساء إلى كل طاولة سلام.", "own": "ما الذي ينبغي أن تغيره الأمم المتحدة؟",
        "harm": "هل اضطررت أنت إلى الاختباء؟", "ask": "هل يمكننا عد إجاباتك؟",
    },
}  # fmt: skip
NEEDS = ("early", "courts", "aid")


def texts(name: str) -> dict[str, str]:
    """One text of the invented consultation in its languages."""
    return {language: words[name] for language, words in WORDS.items()}


def _choices(*names: str) -> list[dict[str, object]]:
    return [{"id": name, "text": texts(name), "exclusive": name == "none"} for name in names]


def consultation() -> Consultation:
    """Every kind of question, one asked only of some, one harmful."""
    items: list[dict[str, object]] = [
        {"kind": "single", "id": "region", "text": texts("region"), "choices": _choices("north", "south", "east")},
        {"kind": "single", "id": "displaced", "text": texts("displaced"), "choices": _choices("yes", "no")},
        {
            "kind": "single", "id": "returned", "text": texts("returned"), "choices": _choices("yes", "no"),
            "relevant": "${displaced} = 'yes'",
        },
        {"kind": "multiple", "id": "needs", "text": texts("needs"), "choices": _choices(*NEEDS, "none")},
        {"kind": "scale", "id": "trust", "text": texts("trust"), "low_text": texts("low"), "high_text": texts("high")},
        {"kind": "ranking", "id": "first", "text": texts("first"), "choices": _choices(*NEEDS), "top": 2},
        {
            "kind": "number", "id": "age", "text": texts("age"),
            "bands": [
                {"id": "young", "text": texts("young"), "low": 18, "high": 24},
                {"id": "middle", "text": texts("middle"), "low": 25, "high": 49},
                {"id": "old", "text": texts("old"), "low": 50},
            ],
        },
        {"kind": "vote", "id": "vote", "text": texts("vote")},
        {
            "kind": "single", "id": "harm", "text": texts("harm"), "choices": _choices("yes", "no"),
            "sensitivity": "experience",
        },
        {"kind": "text", "id": "own", "text": texts("own"), "max_length": 100},
    ]  # fmt: skip
    consent = dict.fromkeys(("count", "paraphrase", "quote", "other_processes", "results"), texts("ask"))
    return Consultation.model_validate(
        {
            "format": "sauti-consultation", "version": 1, "id": "protection", "title": texts("title"),
            "asked_by": texts("asked_by"), "process": texts("process"), "languages": list(WORDS),
            "consent": {"about": [texts("title")], **consent},
            "sections": [{"id": "all", "title": texts("part"), "items": items}],
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One invented participant."""

    answers: Mapping[str, Answer]
    language: str = "en"
    purposes: frozenset[Purpose] = frozenset({Purpose.COUNT})
    rehearsal: bool = True
    repeat: bool = False

    def records(self, asked: Consultation) -> list[bytes]:
        """What this person's response holds."""
        manifest = Manifest(
            asked.fingerprint, consent_hash(asked, self.language), self.purposes, self.language,
            rehearsal=self.rehearsal, repeat=self.repeat,
        )  # fmt: skip
        answers = [Answered(asked.positions[name], answer) for name, answer in self.answers.items()]
        return [encode_manifest(manifest, asked), *(encode_answer(answer, asked) for answer in answers)]


def countable(asked: Consultation, records: Sequence[bytes], *, rehearsal: bool = True) -> Countable:
    """The records of one response, once they were asked what they may be used for. Raises NotUsable."""
    return Consents(asked, process=asked.process, rehearsal=rehearsal).countable(records)


def people(number: int, seed: int = 1) -> list[Person]:
    """Invented people with invented opinions, the same for one seed."""
    chance = random.Random(seed)
    return [_person(chance) for _ in range(number)]


def _person(chance: random.Random) -> Person:
    displaced = chance.choices(("yes", "no"), (7, 3))[0]
    needs = tuple(name for name in NEEDS if chance.random() < 0.55) or ("none",)
    answers: dict[str, Answer] = {
        "region": Chosen((chance.choices(("north", "south", "east"), (6, 4, 0.4))[0],)),
        "displaced": Chosen((displaced,)),
        "needs": Chosen(needs),
        "trust": Rated(chance.choices(range(1, 6), (4, 5, 3, 2, 1))[0]),
        "first": Ranked(tuple(chance.sample(NEEDS, 2))),
        "age": Banded(chance.choices(("young", "middle", "old"), (3, 5, 2))[0]),
        "vote": Voted(chance.choices(tuple(Stance), (8, 1, 1))[0]),
        "harm": Chosen((chance.choices(("yes", "no"), (4, 6))[0],)),
        "own": Said("CANARY words of one person"),
    }
    if displaced == "yes":
        answers["returned"] = Chosen((chance.choices(("yes", "no"), (6, 4))[0],))
    for name in tuple(answers):
        if chance.random() < 0.07:
            answers[name] = Skipped() if chance.random() < 0.5 else Declined()
    return Person(answers, language=chance.choices(("en", "ar"), (6, 4))[0], repeat=chance.random() < 0.03)


@dataclass(frozen=True, slots=True)
class Round:
    """A round's keys and where its bundle lies."""

    private_key: RoundPrivateKey
    path: Path
    signing: SigningKey


def make_bundle(
    folder: Path, asked: Consultation, responses: Sequence[Iterable[bytes]], *, damaged: int = 0,
    planned: tuple[tuple[str, ...], ...] = (), frozen: dict[str, object] | None = None,
) -> Round:  # fmt: skip
    """Seals `responses`, flips a bit in the first `damaged` of them, packs and signs.

    `planned` tables are named; `frozen` is what the server says was asked where that is not `asked`.
    """
    public, secret = crypto_box_keypair()
    signing, round_id = SigningKey.generate(), os.urandom(16)
    sealer = Sealer(public, round_id)
    blobs = [bytearray(seal_whole(records, capacity(asked), sealer)) for records in responses]
    for blob in blobs[:damaged]:
        blob[-1] ^= 1
    said = frozen if frozen is not None else asked.model_dump(mode="json")
    unsigned = bundle.Manifest.model_construct(
        format="sauti-bundle", version=1, round=round_id, key_id=sealer.key_id, public_key=public, rehearsal=True,
        consultation=said, consultation_hash=hashlib.sha256(canonical(said)).digest(), count=len(blobs),
        response_size=len(blobs[0]), root=bytes(32), tombstones=(b"\x01" * 16,), opened_week="2020-W47",
        week="2020-W47",
        control=bundle.Control(t=10, s=5), snapshot=False, server_key=bytes(signing.verify_key), planned_tables=planned,
        signature=bytes(64),
    )  # fmt: skip
    path = folder / "round.bundle"
    _write_bundle(path, unsigned, signing, map(bytes, blobs))
    return Round(RoundPrivateKey(public, secret), path, signing)


def withdraw(made: Round, number: int) -> list[bytes]:
    """Takes the first `number` responses out of a round's bundle, as the server would in its next one; their ids."""
    line, _, rest = made.path.read_bytes().partition(b"\n")
    before = bundle.read_manifest(line + b"\n")
    size = before.response_size
    blobs = [rest[start : start + size] for start in range(0, len(rest), size)]
    left = [response.read_header(blob).response_id for blob in blobs[:number]]
    changed = before.model_copy(
        update={"count": before.count - number, "tombstones": tuple(sorted({*before.tombstones, *left}))}
    )
    _write_bundle(made.path, changed, made.signing, blobs[number:])
    return left


def go_on(
    made: Round, asked: Consultation, responses: Sequence[Iterable[bytes]], *, leave: int = 0, snapshot: bool = False,
    name: str = "later",
) -> Path:  # fmt: skip
    """The next bundle of a round: `leave` of its responses withdrawn, others sealed and added."""
    line, _, rest = made.path.read_bytes().partition(b"\n")
    before = bundle.read_manifest(line + b"\n")
    sealer = Sealer(before.public_key, before.round)
    blobs = [rest[start : start + before.response_size] for start in range(0, len(rest), before.response_size)]
    gone = [response.read_header(blob).response_id for blob in blobs[:leave]]
    every = [*blobs[leave:], *(bytes(seal_whole(records, capacity(asked), sealer)) for records in responses)]
    tombstones = tuple(sorted({*before.tombstones, *gone}))
    changed = before.model_copy(update={"count": len(every), "tombstones": tombstones, "snapshot": snapshot})
    path = made.path.with_name(f"{name}.bundle")
    _write_bundle(path, changed, made.signing, every)
    return path


def _write_bundle(path: Path, manifest: bundle.Manifest, signing: SigningKey, blobs: Iterable[bytes]) -> None:
    ordered = sorted(blobs, key=bundle.blob_hash)
    root = bundle.merkle_root([bundle.blob_hash(blob) for blob in ordered])
    unsigned = manifest.model_copy(update={"root": root})
    signed = unsigned.model_copy(update={"signature": signing.sign(unsigned.signed).signature})
    path.write_bytes(bundle.pack_manifest(signed) + b"".join(ordered))
