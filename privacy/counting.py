"""The one way in which opened answers become countable, and the refusals of those that may not be counted (K4).

Many people say the same things in the same bytes. What a record means, what a manifest allows and what the skip rules
make of an answer is therefore worked out once, by the same functions that served the chat, and then only looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from flows.answers import Answer, Said
from flows.model import Consultation, Note, Purpose, ShortText
from flows.path import codes_of, settle
from flows.records import Manifest, RecordError, consent_hash, decode_answer, decode_manifest, words_head
from flows.rules import rules_of

_HEAD = len(words_head(0))
_WORDS = Said("")
"""Stands for whatever somebody wrote: that she wrote is counted, what she wrote is let go."""


class NotCountable(Exception):  # noqa: N818 - named for what happened, as its kin are
    """A response that opened and still may not be counted. Carries a code, never what was said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Heard:
    """One answer to the item at `position`: the same object whenever the same was said, so that it can be tallied."""

    position: int
    answer: Answer
    codes: tuple[str, ...]
    """What rules see of the answer."""

    def __repr__(self) -> str:
        return "<Heard>"


class CountableAnswers:
    """Final answers of one person who allowed counting. Only `Admission` makes one; `repr` shows nothing."""

    __slots__ = ("answers", "language", "not_asked", "repeat")
    answers: Mapping[int, Heard]
    not_asked: frozenset[int]
    """Positions of the questions that her answers made irrelevant."""
    language: str
    repeat: bool

    def __init__(self) -> None:
        raise TypeError("answers become countable in privacy.counting.Admission only, which asks for consent")

    @classmethod
    def _of(cls, manifest: Manifest, answers: Mapping[int, Heard], not_asked: frozenset[int]) -> Self:
        made = object.__new__(cls)
        made.answers, made.not_asked = answers, not_asked
        made.language, made.repeat = manifest.language, manifest.repeat
        return made

    def __repr__(self) -> str:
        return "<CountableAnswers>"


class Admission:
    """Asks each response of a round whether it may be counted, and what it says in the end.

    Keeps what it has looked up, never who said it: make one for each part of a bundle, so that it stays small.
    """

    def __init__(self, consultation: Consultation, *, rehearsal: bool) -> None:
        """Takes the frozen consultation that the bundle names, and whether the bundle is a rehearsal's."""
        self.consultation = consultation
        self._rehearsal = rehearsal
        self._rules = rules_of(consultation)
        self._questions = [place for place, item in enumerate(consultation.items) if not isinstance(item, Note)]
        self._wrote = {
            words_head(place): Heard(place, _WORDS, ())
            for place in self._questions
            if isinstance(consultation.items[place], ShortText)
        }
        self._referred = tuple(sorted(self._rules.referred))
        self._manifests: dict[bytes, Manifest] = {}
        self._heard: dict[bytes, Heard] = {}
        self._ways: dict[tuple[Heard | None, ...], frozenset[int]] = {}

    def countable(self, records: Sequence[bytes]) -> CountableAnswers:
        """What one opened response says, if it may be counted; its manifest is the first of `records`.

        Raises:
            NotCountable: `no-consent-to-count`; `other-consent`, she was shown other consent texts; `rehearsal-mixed`,
                a rehearsal's response in a live bundle or the reverse; or the code of a RecordError.
        """
        if not records:
            raise NotCountable("not-a-manifest")
        answers: dict[int, Heard] = {}
        known = self._heard.get
        try:
            manifest = self._manifests.get(records[0]) or self._allowed(records[0])
            for record in records[1:]:
                heard = known(record) or self._understood(record)
                answers[heard.position] = heard
        except RecordError as error:
            raise NotCountable(error.code) from None
        not_asked = self._not_asked(answers)
        for position in not_asked:
            answers.pop(position, None)
        return CountableAnswers._of(manifest, answers, not_asked)  # noqa: SLF001 - the one maker

    def _allowed(self, record: bytes) -> Manifest:
        """The manifest in `record`, if it allows counting here; kept for the next person who allows the same."""
        manifest = decode_manifest(record, self.consultation)
        if manifest.rehearsal is not self._rehearsal:
            raise NotCountable("rehearsal-mixed")
        if Purpose.COUNT not in manifest.purposes:
            raise NotCountable("no-consent-to-count")
        if manifest.consent != consent_hash(self.consultation, manifest.language):
            raise NotCountable("other-consent")
        self._manifests[record] = manifest
        return manifest

    def _understood(self, record: bytes) -> Heard:
        """What `record` says; kept for the next person who says the same, unless it is somebody's own words."""
        words = self._wrote.get(record[:_HEAD])
        if words is not None and _is_text(record[_HEAD:]):
            return words
        said = decode_answer(record, self.consultation)
        heard = self._heard[record] = Heard(said.position, said.answer, codes_of(said.answer))
        return heard

    def _not_asked(self, answers: Mapping[int, Heard]) -> frozenset[int]:
        """Questions that are irrelevant for whoever gave these answers, cleared in order as in the chat.

        Rules look at earlier answers only. So what is cleared, and what is relevant after that, hangs on nothing but
        the answers that some rule refers to.
        """
        key = tuple(map(answers.get, self._referred))
        found = self._ways.get(key)
        if found is None:
            given = {heard.position: heard.codes for heard in key if heard is not None and heard.codes}
            values = settle(self.consultation, given, tuple)
            asked = self._rules.relevant
            found = self._ways[key] = frozenset(place for place in self._questions if not asked(place, values))
        return found


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
