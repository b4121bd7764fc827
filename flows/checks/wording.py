"""Q2 and Q6: what an open question may not ask for, and what no text may promise, claim or reveal.

Matched on lists of words per language (flows/words). A language without lists is only warned about: a person has to
look.
"""

import re
from collections.abc import Iterator

from flows.checks.walk import Flaw, items, questions
from flows.findings import Path
from flows.model import Consultation, Note, ShortText
from flows.shadow import shadow
from flows.texts import texts
from flows.wordlists import known, wordlist

NOTIFICATION = 60
"""Characters of a message that a locked phone may show."""

_QUESTION = ("?", "\u061f", "\uff1f", "\u1367")
"""Question marks: Latin, Arabic, full-width, Ethiopic."""

_ENDS = "".join((*_QUESTION, ".!", "\u3002\uff01", "\u1362", "\u104b"))
"""What ends a sentence, in the same scripts and in Burmese."""

_SENTENCE = re.compile(f"[^{_ENDS};:\u061b\n]+[{_ENDS}]*")
_ASKS: dict[str, tuple[str, str]] = {
    "story": ("for the story of an incident", "Ask what should change, or what would help."),
    "name": ("for a name or a number that leads to somebody", "Ask for an idea; no answer may point at a person."),
    "date": ("for an exact date", "Ask without a date, or offer wide spans to choose from."),
    "address": ("for a place that leads to somebody", "Offer regions to choose from, at the first level only."),
}
_INSIDE = frozenset({"choices", "bands", "regions", "reviews"})
_BELOW = frozenset({"hint", "low_text", "high_text"})


def revealing(text: str, language: str) -> int | None:
    """Where in `text` the first word on atrocity or survivors stands; None without one, or without a list.

    For names, profiles and notifications: look at everything that stands there, and at the first NOTIFICATION
    characters of a card.
    """
    return _first(text, language, "revealing")


def open_questions(consultation: Consultation) -> Iterator[Flaw]:
    """An open question asks for ideas: never for the story of an incident, a name, a date or an address (Q2)."""
    for path, item in questions(consultation):
        if not isinstance(item, ShortText):
            continue
        for field in ("text", "hint"):
            text = getattr(item, field)
            for language, words in text.root.items() if text is not None else ():
                for kind, (what, remedy) in _ASKS.items():
                    position = asked(words, language, kind)
                    if position is not None:
                        message = f"This asks {what} ({_quoted(words, position)}): it can hurt, and be read by others."
                        yield Flaw((*path, field, language), message, remedy)


def promises(consultation: Consultation) -> Iterator[Flaw]:
    """No promise: we cannot keep it, and hope that is let down does harm (Q6)."""
    for path, language, words in _every(consultation):
        position = asked(words, language, "promise")
        if position is not None:
            message = f"This sounds like a promise ({_quoted(words, position)}); nobody here can keep one."
            yield Flaw((*path, language), message, "Say what will be done with the answers, and what is not known.")


def claims(consultation: Consultation) -> Iterator[Flaw]:
    """Never "anonymous" or "completely safe": Telegram knows that this account wrote here (Q6)."""
    for path, language, words in _every(consultation):
        position = _first(words, language, "claim")
        if position is not None:
            message = f"This claims a protection that nobody can give ({_quoted(words, position)})."
            yield Flaw((*path, language), message, "Say what is protected and what is not.")


def first_lines(consultation: Consultation) -> Iterator[Flaw]:
    """What a stranger may read on a locked phone says nothing on atrocity or survivors (Q6)."""
    for path, language, words in _seen_first(consultation):
        position = revealing(words, language)
        if position is not None and position < NOTIFICATION:
            message = f"Somebody who looks at the locked phone would read '{_quoted(words, position)}'."
            remedy = f"Begin with something harmless; the first {NOTIFICATION} characters may stand in a notification."
            yield Flaw((*path, language), message, remedy)


def unlisted(consultation: Consultation) -> Iterator[Flaw]:
    """A language without lists of words is said aloud, because nobody but a reader can look for these there."""
    for number, language in enumerate(consultation.languages):
        if known(language) is None:
            message = f"There are no lists of words for '{language}': stories, promises and revealing words go unseen."
            yield Flaw(("languages", number), message, "Let a reader of this language look for them, or add its lists.")


def asked(text: str, language: str, kind: str) -> int | None:
    """Where `text` first asks for something of this kind; None where it does not, or asks not to write it.

    A sentence that negates ("no names, please") asks for nothing, unless it is a question.
    """
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        if words.endswith(_QUESTION) or _first(words, language, "negation") is None:
            position = _first(words, language, kind)
            if position is not None:
                return sentence.start() + position
    return None


def _first(text: str, language: str, kind: str) -> int | None:
    listed = known(language)
    return None if listed is None else wordlist(listed).patterns[kind].first(shadow(text))


def _quoted(text: str, position: int) -> str:
    """The words at a position, as the author wrote them."""
    return " ".join(text[position:].split()[:3])[:NOTIFICATION]


def _every(consultation: Consultation) -> Iterator[tuple[Path, str, str]]:
    for path, text in texts(consultation):
        for language, words in text.root.items():
            yield path, language, words


def _seen_first(consultation: Consultation) -> Iterator[tuple[Path, str, str]]:
    """Every text that can begin a message; a hint follows so closely on a short question that both are one."""
    for path, language, words in _every(consultation):
        if not _INSIDE.intersection(path) and path[-1] not in _BELOW and "items" not in path:
            yield path, language, words
    for path, _, item in items(consultation):
        hint = None if isinstance(item, Note) else item.hint
        message = getattr(item, "constraint_message", None)
        for language, words in item.text.root.items():
            below = hint.root.get(language, "") if hint is not None else ""
            yield (*path, "text"), language, f"{words}\n{below}"
        for language, words in message.root.items() if message is not None else ():
            yield (*path, "constraint_message"), language, words
