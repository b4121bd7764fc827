"""What a sealed response holds, as compact bytes: one manifest, then one record for each thing said.

Questions, choices, bands and languages are named by their position in the frozen consultation, whose hash stands
in the manifest: a record is a few bytes, and opening a million of them is mostly libsodium's time. The layout is
described in docs/formats/sealed-response.md.
"""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

from flows.aloud import Aloud
from flows.answers import Answer, Banded, Chosen, Declined, Ranked, Rated, Said, Skipped, Stance, Voted
from flows.model import (
    PURPOSES,
    Consultation,
    Multiple,
    Note,
    Number,
    Purpose,
    Question,
    Ranking,
    Scale,
    ShortText,
    Single,
    Vote,
    canonical,
)

PIECE = 128
"""Bytes of a record that one sealed chunk carries at most, wherever in a segment it stands."""

REVISION_PIECES = 16
"""Pieces a response has in reserve for answers that are given again after *back*."""

_MANIFEST = struct.Struct(">BBBB32s32s")
_HEAD = struct.Struct(">HB")
_STANCES = tuple(Stance)
_BYTES_PER_UNIT = 3
"""UTF-8 bytes that one UTF-16 unit needs at most."""

(
    _KIND_MANIFEST,
    _KIND_CHOSEN,
    _KIND_RATED,
    _KIND_RANKED,
    _KIND_BANDED,
    _KIND_SAID,
    _KIND_VOTED,
    _KIND_SKIPPED,
    _KIND_DECLINED,
) = range(9)
_FLAG_REHEARSAL, _FLAG_REPEAT = 1, 2


class RecordError(ValueError):
    """Opened bytes that are not a record of this consultation. Carries a code, never content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a response says of itself: sealed with it, so that nothing outside can change what it allows (K4)."""

    consultation: bytes
    """SHA-256 of the frozen consultation (`Consultation.fingerprint`)."""
    consent: bytes
    """SHA-256 of the consent texts in the language she read (`consent_hash`)."""
    purposes: frozenset[Purpose]
    language: str
    rehearsal: bool
    repeat: bool
    """Not the first response from this account (P12)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to the item at `position`; a later one for the same position replaces it."""

    position: int
    answer: Answer


def consent_hash(consultation: Consultation, language: str) -> bytes:
    """SHA-256 over the consent texts in the one language that was read, and the recordings of them where there are."""
    consent, aloud = consultation.consent, consultation.audio or Aloud()
    shown = [text[language] for text in consent.about] + [consent.ask(purpose)[language] for purpose in PURPOSES]
    audio = [*aloud.about, *(getattr(aloud, purpose.value) for purpose in PURPOSES)]
    heard = [one.root.get(language) if one else None for one in audio]
    return hashlib.sha256(canonical([language, shown, heard] if any(heard) else [language, shown])).digest()


def encode_manifest(manifest: Manifest, consultation: Consultation) -> bytes:
    """The manifest record: 68 bytes."""
    flags = _FLAG_REHEARSAL * manifest.rehearsal | _FLAG_REPEAT * manifest.repeat
    bits = sum(1 << place for place, purpose in enumerate(PURPOSES) if purpose in manifest.purposes)
    language = consultation.languages.index(manifest.language)
    return _MANIFEST.pack(_KIND_MANIFEST, flags, bits, language, manifest.consultation, manifest.consent)


def decode_manifest(data: bytes, consultation: Consultation) -> Manifest:
    """The manifest in `data`. Raises RecordError where it is none, or of another consultation."""
    if len(data) != _MANIFEST.size or data[0] != _KIND_MANIFEST:
        raise RecordError("not-a-manifest")
    _, flags, bits, language, frozen, consent = _MANIFEST.unpack(data)
    if frozen != consultation.fingerprint:
        raise RecordError("other-consultation")
    if (
        language >= len(consultation.languages)
        or flags > (_FLAG_REHEARSAL | _FLAG_REPEAT)
        or bits >= 1 << len(PURPOSES)
    ):
        raise RecordError("bad-manifest")
    purposes = frozenset(purpose for place, purpose in enumerate(PURPOSES) if bits >> place & 1)
    return Manifest(
        frozen, consent, purposes, consultation.languages[language],
        rehearsal=bool(flags & _FLAG_REHEARSAL), repeat=bool(flags & _FLAG_REPEAT),
    )  # fmt: skip


def encode_answer(record: Answered, consultation: Consultation) -> bytes:
    """The answer record: position, kind, then indices, one value or UTF-8."""
    consultation.question(record.position)
    kind, body = _body(record.answer, consultation.codes[record.position])
    return _HEAD.pack(record.position, kind) + body


_KINDS: dict[type[Answer], int] = {
    Chosen: _KIND_CHOSEN,
    Rated: _KIND_RATED,
    Ranked: _KIND_RANKED,
    Banded: _KIND_BANDED,
    Said: _KIND_SAID,
    Voted: _KIND_VOTED,
    Skipped: _KIND_SKIPPED,
    Declined: _KIND_DECLINED,
}


def _body(answer: Answer, ids: tuple[str, ...]) -> tuple[int, bytes]:
    match answer:
        case Chosen(choices) | Ranked(choices):
            body = bytes(map(ids.index, choices))
        case Banded(band):
            body = bytes([ids.index(band)])
        case Rated(value):
            body = bytes([value])
        case Said(text):
            body = text.encode()
        case Voted(stance):
            body = bytes([_STANCES.index(stance)])
        case Skipped() | Declined():
            body = b""
    return _KINDS[type(answer)], body


_SKIPPED, _DECLINED = Skipped(), Declined()
_DECODE: dict[int, Callable[[bytes, tuple[str, ...]], Answer]] = {
    _KIND_CHOSEN: lambda body, ids: Chosen(tuple(ids[index] for index in body)),
    _KIND_RATED: lambda body, _ids: Rated(body[0]),
    _KIND_RANKED: lambda body, ids: Ranked(tuple(ids[index] for index in body)),
    _KIND_BANDED: lambda body, ids: Banded(ids[body[0]]),
    _KIND_SAID: lambda body, _ids: Said(body.decode()),
    _KIND_VOTED: lambda body, _ids: Voted(_STANCES[body[0]]),
    _KIND_SKIPPED: lambda _body, _ids: _SKIPPED,
    _KIND_DECLINED: lambda _body, _ids: _DECLINED,
}


_ANSWER_TO: dict[type[Question], type[Answer]] = {
    Single: Chosen,
    Multiple: Chosen,
    Scale: Rated,
    Ranking: Ranked,
    Number: Banded,
    ShortText: Said,
    Vote: Voted,
}


def words_head(position: int) -> bytes:
    """The bytes with which every record of words at `position` begins; behind them stands UTF-8 and nothing else."""
    return _HEAD.pack(position, _KIND_SAID)


_LENGTHS = {_KIND_RATED: 1, _KIND_BANDED: 1, _KIND_VOTED: 1, _KIND_SKIPPED: 0, _KIND_DECLINED: 0}
"""Bytes behind the head of an answer whose kind has one length: one value has one spelling."""


def decode_answer(data: bytes, consultation: Consultation) -> Answered:
    """The answer in `data`, if the form lets anybody give it to that question.

    Whoever has the public key can seal a response: an answer that names a choice twice, or a point that the scale does
    not have, would otherwise be counted, or end the counting.

    Raises:
        RecordError: it is no answer of this consultation.
    """
    try:
        position, kind = _HEAD.unpack_from(data)
        question, body = consultation.question(position), data[_HEAD.size :]
        answer = _DECODE[kind](body, consultation.codes[position])
    except (struct.error, LookupError, UnicodeDecodeError):
        raise RecordError("not-an-answer") from None
    if len(body) != _LENGTHS.get(kind, len(body)) or not _fits(question, answer):
        raise RecordError("not-an-answer")
    return Answered(position, answer)


def _fits(question: Question, answer: Answer) -> bool:
    """Whether `answer` could be given to `question` in some conversation."""
    if isinstance(answer, Skipped | Declined):
        return True
    if not isinstance(answer, _ANSWER_TO[type(question)]):
        return False
    match question, answer:
        case Scale(low=low, high=high), Rated(value):
            return low <= value <= high
        case _, Chosen(choices) | Ranked(choices):
            return 0 < len(set(choices)) == len(choices) <= _most(question, choices)
    return True


def _most(question: Question, given: tuple[str, ...]) -> int:
    """How many choices the form lets anybody give who gives these."""
    match question:
        case Multiple(choices=choices, max=most):
            alone = any(choice.exclusive for choice in choices if choice.id in given)
            return 1 if alone else most or len(choices)
        case Ranking(top=top):
            return top
        case _:
            return 1


def pieces(size: int) -> int:
    """Sealed chunks that a record of `size` bytes takes."""
    return max(1, -(-size // PIECE))


def worst_pieces(item: Question | Note) -> int:
    """Sealed chunks that an answer to `item` can take at most; a note takes none."""
    match item:
        case Note():
            return 0
        case ShortText():
            return pieces(_HEAD.size + _BYTES_PER_UNIT * item.max_length)
        case _:
            return pieces(_HEAD.size + max(1, len(getattr(item, "choices", ()))))


def capacity(consultation: Consultation) -> int:
    """Chunks of every response of a round: manifest, the longest path, the reserve, and the last chunk (D3)."""
    longest = [worst_pieces(item) for item in consultation.items]
    return 1 + sum(longest) + max(REVISION_PIECES, *longest) + 1
