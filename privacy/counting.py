"""What somebody who allowed counting says in the end, and the refusal of what the form lets nobody say (K4).

Many people say the same things in the same bytes. What a record means, what a manifest allows and what the skip rules
make of an answer is therefore worked out once, by the same functions that served the chat, and then only looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from flows.answers import Answer, Said
from flows.model import Consultation, Note, ShortText
from flows.path import codes_of, settle
from flows.records import Manifest, RecordError, decode_answer, words_head
from flows.rules import rules_of
from privacy.consent import ConsentChecked, Countable, NotUsable
from privacy.offered import ruled_out

_HEAD = len(words_head(0))
_WORDS = Said("")
"""Stands for whatever somebody wrote: that she wrote is counted, what she wrote is let go."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Heard:
    """One answer to the item at `position`: the same object whenever the same was said, so that it can be tallied."""

    position: int
    answer: Answer
    codes: tuple[str, ...]
    """What rules see of the answer."""

    def __repr__(self) -> str:
        return "<Heard>"


@final
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class CountableAnswers(ConsentChecked):
    """Final answers of one person who allowed counting. Only `Admission` makes one, from a `Countable`."""

    answers: Mapping[int, Heard]
    not_asked: frozenset[int]
    """Positions of the questions that her answers made irrelevant."""
    language: str
    repeat: bool


class Admission:
    """Says what each countable response of a round says in the end.

    Keeps what it has looked up, never who said it: make one for each part of a bundle, so that it stays small.
    """

    def __init__(self, consultation: Consultation) -> None:
        """Takes the frozen consultation that the bundle names."""
        self.consultation = consultation
        self._hash = consultation.fingerprint
        self._rules = rules_of(consultation)
        self._ruled_out = ruled_out(consultation)
        self._questions = [place for place, item in enumerate(consultation.items) if not isinstance(item, Note)]
        self._wrote = {
            words_head(place): Heard(place, _WORDS, ())
            for place in self._questions
            if isinstance(consultation.items[place], ShortText)
        }
        self._referred = tuple(sorted(self._rules.referred))
        self._heard: dict[bytes, Heard] = {}
        self._ways: dict[tuple[Heard | None, ...], frozenset[int]] = {}

    def countable(self, person: Countable) -> CountableAnswers:
        """What one response says, as it is counted.

        Raises:
            NotUsable: `other-consultation`, consent was asked for another one; or the code of a RecordError.
        """
        if person.manifest.consultation != self._hash:
            raise NotUsable("other-consultation")
        answers: dict[int, Heard] = {}
        known = self._heard.get
        try:
            for record in person.answers:
                heard = known(record) or self._understood(record)
                answers[heard.position] = heard
        except RecordError as error:
            raise NotUsable(error.code) from None
        not_asked = self._not_asked(answers)
        for position in not_asked:
            answers.pop(position, None)
        return _counted(person.manifest, answers, not_asked)

    def _understood(self, record: bytes) -> Heard:
        """What `record` says; kept for the next person who says the same, unless it is somebody's own words."""
        words = self._wrote.get(record[:_HEAD])
        if words is not None and _is_text(record[_HEAD:]):
            return words
        said = decode_answer(record, self.consultation)
        codes = codes_of(said.answer)
        if not self._ruled_out[said.position].isdisjoint(codes):
            raise RecordError("not-an-answer")
        heard = self._heard[record] = Heard(said.position, said.answer, codes)
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


def _counted(manifest: Manifest, answers: Mapping[int, Heard], not_asked: frozenset[int]) -> CountableAnswers:
    made, put = object.__new__(CountableAnswers), object.__setattr__
    put(made, "answers", answers)
    put(made, "not_asked", not_asked)
    put(made, "language", manifest.language)
    put(made, "repeat", manifest.repeat)
    return made


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
