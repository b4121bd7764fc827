"""What each person allowed, as types: opened records become usable here and nowhere else (K3, K4).

An opened response is bytes that nobody may use yet. `Consents` reads the manifest sealed with it and answers with a
value whose type names the one use it is for; whatever counts, codes or quotes takes that type and no other, and only
this module can make one. Each response speaks for itself: what somebody allowed at another time, from the same account
or in the same words, widens nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Never, TypeVar, final

from flows.answers import Said
from flows.model import Consultation, Purpose, Texts
from flows.records import Manifest, RecordError, consent_hash, decode_answer, decode_manifest
from flows.replay import final_answers

QUOTE_WORDS = 30
"""Most words of one person that may stand in public as she said them (A4)."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "MYANMAR", "THAI", "LAO", "KHMER", "TIBETAN")
"""First words of the Unicode names of letters that are written without spaces between words."""
_WORD = re.compile(r"\w+")
_made, _put = object.__new__, object.__setattr__


class NotUsable(Exception):  # noqa: N818 - named for what happened, as its kin are
    """A response that opened and still may not be used so. Carries a code, never what was said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ConsentChecked:
    """A value made after asking for consent: no constructor, no copy, no pickle, and nothing to read in its `repr`."""

    __slots__ = ()

    def __init__(self, _nobody: Never) -> None:
        raise TypeError("privacy.consent makes this for whoever has asked what was allowed")

    def __reduce__(self) -> Never:
        raise TypeError("what somebody allowed here is not carried elsewhere")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@final
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Countable(ConsentChecked):
    """One response whose giver allowed counting, not decoded yet."""

    manifest: Manifest
    answers: Sequence[bytes]
    """Its answer records, in the order in which they were given."""


@final
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Paraphrasable(ConsentChecked):
    """What somebody wrote, whole, for whoever puts it into other words: themes, never her sentence."""

    response_id: bytes
    """So that a withdrawal finds what was made of it (W3)."""
    position: int
    language: str
    words: str


@final
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Quotable(ConsentChecked):
    """At most thirty words, exactly as somebody wrote them, that may stand in public."""

    response_id: bytes
    position: int
    language: str
    words: str


@final
@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Contactable(ConsentChecked):
    """A chat whose owner allowed a message about results."""

    chat_id: int
    language: str


W = TypeVar("W", Paraphrasable, Quotable)


class Consents:
    """Asks each response of a round what it may be used for. Keeps manifests, never whose they were."""

    def __init__(self, consultation: Consultation, *, process: Texts, rehearsal: bool) -> None:
        """Takes the frozen consultation, the process for which results are made, and what kind of bundle it is.

        Results for another process than the consultation names need each person's permission for that as well.
        """
        self._consultation = consultation
        self._needed = {Purpose.COUNT: "no-consent-to-count"}
        if process != consultation.process:
            self._needed[Purpose.OTHER_PROCESSES] = "no-consent-elsewhere"
        self._rehearsal = rehearsal
        self._manifests: dict[bytes, Manifest] = {}

    def countable(self, records: Sequence[bytes]) -> Countable:
        """The opened `records` of one response, if she allowed counting.

        Raises:
            NotUsable: `no-consent-to-count`; `no-consent-elsewhere`, these results are for another process;
                `other-consent`, she was shown other consent texts; `rehearsal-mixed`, a rehearsal's response in a
                live bundle or the reverse; or the code of a RecordError.
        """
        manifest = self._allowed(records)
        made = _made(Countable)
        _put(made, "manifest", manifest)
        _put(made, "answers", records[1:])
        return made

    def paraphrasable(self, response_id: bytes, records: Sequence[bytes]) -> tuple[Paraphrasable, ...]:
        """Everything she wrote that still belongs to her answers, in the consultation's order.

        Raises:
            NotUsable: `no-consent-to-paraphrase`, or as for `countable`.
        """
        manifest = self._allowed(records)
        if Purpose.PARAPHRASE not in manifest.purposes:
            raise NotUsable("no-consent-to-paraphrase")
        return tuple(
            _words(Paraphrasable, response_id, position, manifest.language, text)
            for position, text in self._written(records)
        )

    def quotable(self, response_id: bytes, records: Sequence[bytes], position: int, excerpt: str) -> Quotable:
        """`excerpt` as her own words, if she allowed quoting and wrote exactly this to the question at `position`.

        Raises:
            NotUsable: `no-consent-to-quote`; `not-her-words`; `quote-too-long`; or as for `countable`.
        """
        manifest = self._allowed(records)
        if Purpose.QUOTE not in manifest.purposes:
            raise NotUsable("no-consent-to-quote")
        number = words_in(excerpt)
        if not number or excerpt not in dict(self._written(records)).get(position, ""):
            raise NotUsable("not-her-words")
        if number > QUOTE_WORDS:
            raise NotUsable("quote-too-long")
        return _words(Quotable, response_id, position, manifest.language, excerpt)

    def contactable(self, chat_id: int, permission: bytes) -> Contactable:
        """The chat of a contact box's entry, if the `permission` sealed with it allows a message about results.

        Raises:
            NotUsable: `no-consent-to-message`; `rehearsal-mixed`, `other-consent` or a RecordError's code as for
                `countable`.
        """
        manifest = self._read(permission, {Purpose.RESULTS: "no-consent-to-message"})
        made = _made(Contactable)
        _put(made, "chat_id", chat_id)
        _put(made, "language", manifest.language)
        return made

    def _allowed(self, records: Sequence[bytes]) -> Manifest:
        """Her manifest, the first of `records`, once it has shown that this response may be used at all."""
        if not records:
            raise NotUsable("not-a-manifest")
        record = records[0]
        if record not in self._manifests:
            # Kept for the next person who allows exactly the same.
            self._manifests[record] = self._read(record, self._needed)
        return self._manifests[record]

    def _read(self, record: bytes, needed: Mapping[Purpose, str]) -> Manifest:
        """The manifest in `record`, if it is of this round and allows all that is needed."""
        try:
            manifest = decode_manifest(record, self._consultation)
        except RecordError as error:
            raise NotUsable(error.code) from None
        if manifest.rehearsal is not self._rehearsal:
            raise NotUsable("rehearsal-mixed")
        for purpose, refusal in needed.items():
            if purpose not in manifest.purposes:
                raise NotUsable(refusal)
        if manifest.consent != consent_hash(self._consultation, manifest.language):
            raise NotUsable("other-consent")
        return manifest

    def _written(self, records: Sequence[bytes]) -> Iterator[tuple[int, str]]:
        """Position and text of what she wrote, cleared by the same rules as in the chat."""
        try:
            said = [decode_answer(record, self._consultation) for record in records[1:]]
        except RecordError as error:
            raise NotUsable(error.code) from None
        for position, answer in final_answers(self._consultation, said).items():
            if isinstance(answer, Said):
                yield position, answer.text

    def __repr__(self) -> str:
        return "<Consents>"


def words_in(text: str) -> int:
    """How many words `text` has; each letter is one where a script sets no spaces, which is stricter than a reader."""
    # Marks end a word for `\w`, and in many scripts they stand in the midst of one.
    plain = "".join(letter for letter in text if not unicodedata.category(letter).startswith("M"))
    return sum(max(1, sum(map(_stands_alone, word))) for word in _WORD.findall(plain))


def _stands_alone(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)


def _words(kind: type[W], response_id: bytes, position: int, language: str, words: str) -> W:
    made = _made(kind)
    for name, value in (("response_id", response_id), ("position", position), ("language", language), ("words", words)):
        _put(made, name, value)
    return made
