"""In which language each text of a phone stands: without it, a screen reader reads Arabic with an English voice.

Telegram's messages name no language, so the phone of a simulator knows none. A preview knows which one was chosen
where; and a card for somebody who has not chosen yet is told apart by its paragraphs, each of them a known text.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.participant import texts
from bot.participant.render import units
from bot.simulator.errors import Json
from flows.model import Consultation
from flows.texts import named
from locales.catalog import autonym, catalogue, direction

_MARKS: Final = dict.fromkeys((0x200E, 0x200F))
_PARAGRAPH: Final = re.compile(r"[^\n]+(?:\n[^\n]+)*")


class _Board(NamedTuple):
    """A message's language as it stands, and as it was before its last change; None where it is in several."""

    now: str | None
    before: str | None = None


class Tongues:
    """What is known of the languages of one preview."""

    def __init__(self, consultation: Consultation) -> None:
        self._known = _known(consultation)
        self._chosen: dict[int, str | None] = {}
        self._messages: dict[tuple[int, int], _Board] = {}

    def choose(self, person: int, language: str | None) -> None:
        """She reads in this language from now on; None while she has not chosen."""
        self._chosen[person] = language

    def stands(self, person: int, message: int, text: str) -> None:
        """A message says this from now on."""
        before = self._messages.get((person, message))
        self._messages[person, message] = _Board(self._of(person, text), before and before.now)

    def _of(self, person: int, text: str) -> str | None:
        """The language that she has chosen, unless a paragraph is known to be in another."""
        chosen = self._chosen.get(person)
        others = {language for _, language in self._paragraphs(text)} - {chosen}
        return None if others else chosen

    def _paragraphs(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        """The paragraphs whose language is known by themselves."""
        for found in _PARAGRAPH.finditer(text):
            language = self._known.get(found[0].translate(_MARKS))
            if language is not None:
                yield found, language

    def told(self, chat: Json) -> Json:
        """A chat as the page is to show it: with the language of each text that has one, and its direction."""
        person, chosen = chat["chat"], self._chosen.get(chat["chat"])
        messages = [self._message(person, message) for message in chat["messages"]]
        toasts = [toast | _said(self._of(person, toast["text"])) for toast in chat["toasts"]]
        return chat | _said(chosen) | {"messages": messages, "toasts": toasts}

    def _message(self, person: int, message: Json) -> Json:
        board = self._messages.get((person, message["id"]), _Board(None))
        found: Json = message | _said(board.now)
        if message["from"] == "person":
            found.pop("dir", None)  # what she types may be in any script
        if board.now is None:
            found["entities"] = [*message["entities"], *map(_range, self._paragraphs(message["text"]))]
        found["keyboard"] = self._keys(message["keyboard"], board.now)
        found["past_keyboards"] = [self._keys(keys, board.before) for keys in message["past_keyboards"]]
        return found

    def _keys(self, rows: list[list[Json]], language: str | None) -> list[list[Json]]:
        return [[key | _said(self._known.get(key["text"], language)) for key in row] for row in rows]


def _said(language: str | None) -> Json:
    return {} if language is None else {"lang": language, "dir": direction(language)}


def _range(part: tuple[re.Match[str], str]) -> Json:
    """A paragraph in a language of its own, as a part of a message; counted as Telegram counts."""
    found, language = part
    start = units(found.string[: found.start()])
    return {"type": "language", "offset": start, "length": units(found[0])} | _said(language)


def _known(consultation: Consultation) -> dict[str, str]:
    """Text → its language, where only one of the consultation's languages says it so."""
    spoken: dict[str, set[str]] = defaultdict(set)
    for language in consultation.languages:
        spoken[autonym(language)].add(language)
        words = catalogue(language, texts.DOMAIN)
        for message in _messages():
            spoken[words.text(*message)].add(language)
    for _, _, text in named(consultation):
        for language, said in text.root.items():
            spoken[said].add(language)
    return {text: next(iter(languages)) for text, languages in spoken.items() if len(languages) == 1}


def _messages() -> Iterator[texts.Message]:
    """Every text of the interface: by itself, or in a table of the module."""
    for value in vars(texts).values():
        held = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
        found = [value, *held]
        yield from (one for one in found if isinstance(one, texts.Message))
