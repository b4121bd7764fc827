"""The one way in which opened answers become countable, and the refusals of those that may not be counted (K4)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Self

from flows.answers import Answer
from flows.model import Consultation, Purpose
from flows.records import Manifest, RecordError, consent_hash, decode_answer, decode_manifest
from flows.replay import final_answers


class NotCountable(Exception):  # noqa: N818 - named for what happened, as its kin are
    """A response that opened and still may not be counted. Carries a code, never what was said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CountableAnswers:
    """Final answers of one person who allowed counting. Only `countable` makes one; `repr` shows nothing."""

    __slots__ = ("answers", "language", "repeat")
    answers: Mapping[int, Answer]
    language: str
    repeat: bool

    def __init__(self) -> None:
        raise TypeError("answers become countable in privacy.counting.countable only, which asks for consent")

    @classmethod
    def _of(cls, manifest: Manifest, answers: Mapping[int, Answer]) -> Self:
        made = object.__new__(cls)
        made.answers, made.language, made.repeat = answers, manifest.language, manifest.repeat
        return made

    def __repr__(self) -> str:
        return "<CountableAnswers>"


def countable(records: Sequence[bytes], consultation: Consultation, *, rehearsal: bool) -> CountableAnswers:
    """What one opened response says, if it may be counted.

    Args:
        records: the response as opened, its manifest first.
        consultation: the frozen consultation that the bundle names.
        rehearsal: whether the bundle is a rehearsal's.

    Raises:
        NotCountable: `no-consent-to-count`; `other-consent`, she was shown other consent texts; `rehearsal-mixed`, a
            rehearsal's response in a live bundle or the reverse; or the code of a RecordError.
    """
    if not records:
        raise NotCountable("not-a-manifest")
    try:
        manifest = decode_manifest(records[0], consultation)
        _check_consent(manifest, consultation, rehearsal=rehearsal)
        answered = [decode_answer(record, consultation) for record in records[1:]]
    except RecordError as error:
        raise NotCountable(error.code) from None
    return CountableAnswers._of(manifest, final_answers(consultation, answered))  # noqa: SLF001 - the one maker


def _check_consent(manifest: Manifest, consultation: Consultation, *, rehearsal: bool) -> None:
    if manifest.rehearsal is not rehearsal:
        raise NotCountable("rehearsal-mixed")
    if Purpose.COUNT not in manifest.purposes:
        raise NotCountable("no-consent-to-count")
    if manifest.consent != _consent(consultation, manifest.language):
        raise NotCountable("other-consent")


@lru_cache(maxsize=256)
def _consent(consultation: Consultation, language: str) -> bytes:
    return consent_hash(consultation, language)
