"""What `/results` answers: the published summary of a round, and what happened with it (W4).

To anybody where the round's existence may be public, else to whoever names its code or is in the middle of it. Nothing
is stored for it: a button carries language and page, its nonce names the round. Whoever asks for something that is not
there is told what a stranger is told, and nothing here looks at what an account did before (P12).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Protocol

from bot.participant import render, texts, tokens
from bot.participant.render import Card, say
from flows.events import Action, Control, Pick
from flows.model import Consultation
from flows.screens import Screen, ScreenKind
from locales.catalog import Catalogue, catalogue
from storage.conditions import Conditions
from storage.invitation_codes import round_of
from storage.results import Results

FIRST = 32_768
"""Picks from here on are pages of results, two for each language: no question has so many options."""
WHOLE = 4_000
"""UTF-16 units up to which summary and entries stand in one message; Telegram takes 4,096."""

Parts = tuple[tuple[str, str | None], ...]


class Told(Protocol):
    """What of a round is needed here (`storage.rounds.RoundRow`)."""

    @property
    def id(self) -> bytes:
        """16 bytes."""

    @property
    def code(self) -> str:
        """What opens it."""

    @property
    def rehearsal(self) -> bool:
        """Whether everybody in it is invented."""

    @property
    def consultation(self) -> Consultation:
        """Whose languages count."""

    @property
    def conditions(self) -> Conditions:
        """Whether strangers may be told that it exists."""

    @property
    def closed_week(self) -> str | None:
        """When it closed."""

    @property
    def results(self) -> Results | None:
        """What was published."""


@dataclass(frozen=True, slots=True, repr=False)
class Asking:
    """What somebody wants to read. `repr` is silent: it may hold a code."""

    code: str = ""
    nonce: bytes | None = None
    """Of the card whose button was pressed: the name of a round."""
    page: int = 0
    """Twice the place of a language, and one more for what happened with it."""

    def __repr__(self) -> str:
        return "<Asking>"


@dataclass(frozen=True, slots=True)
class Reply:
    """A card, and the nonce that its buttons carry."""

    card: Card
    nonce: bytes


def pressed(nonce: bytes, action: Action) -> Asking | None:
    """What a button asks for, if it is one of these."""
    return (
        Asking(nonce=nonce, page=action.index - FIRST) if isinstance(action, Pick) and action.index >= FIRST else None
    )


def reply(rounds: Iterable[Told], asking: Asking, own: bytes | None, language: str | None) -> Reply | None:
    """What is answered, or None where there is nothing.

    Args:
        rounds: all that may be spoken of here.
        asking: what is asked for.
        own: the round in whose live conversation it is asked.
        language: what she reads in that conversation.
    """
    found = _found([one for one in rounds if one.results is not None], asking, own)
    if found is None or found.results is None:
        return None
    languages = found.consultation.languages
    if asking.nonce is not None:
        place, second = divmod(asking.page, 2)
        if place >= len(languages):
            return None
        return Reply(_page(found, found.results, languages[place], second=bool(second)), name_of(found.id))
    if language not in languages and len(languages) > 1:
        return Reply(_choice(found), name_of(found.id))
    chosen = language if language in languages and language is not None else languages[0]
    return Reply(_page(found, found.results, chosen, second=False), name_of(found.id))


def name_of(round_id: bytes) -> bytes:
    """The nonce of every button that leads to this round's results."""
    return blake2b(round_id, digest_size=tokens.NONCE, person=b"sauti results").digest()


def _found(published: list[Told], asking: Asking, own: bytes | None) -> Told | None:
    if asking.nonce is not None:
        return next((one for one in published if name_of(one.id) == asking.nonce), None)
    if asking.code:
        return next((one for one in published if one.code == round_of(asking.code)), None)
    if own is not None:
        return next((one for one in published if one.id == own), None)
    public = (one for one in published if one.conditions.existence_public)
    return max(public, key=lambda one: (one.closed_week or "", one.code), default=None)


def _choice(found: Told) -> Card:
    """In which language? Asked as at the beginning of a conversation."""
    screen = Screen(ScreenKind.LANGUAGE, None, offered=found.consultation.languages)
    card = render.card(found.consultation, screen, rehearsal=found.rehearsal)
    rows = ((label, Pick(FIRST + 2 * place)) for place, ((label, _),) in enumerate(card.rows))
    return replace(card, rows=tuple(((label, action),) for label, action in rows))


def _page(found: Told, results: Results, language: str, *, second: bool) -> Card:
    """All on one card where it fits, else the summary with a button to the rest, and the rest with one back."""
    words = catalogue(language, texts.DOMAIN)
    summary: Parts = ((results.summary[language], None),)
    since, end = _happened(results, words), ((say(words, texts.REHEARSAL), "italic"),) if found.rehearsal else ()
    whole = render.page(words, (*summary, *since, *end))
    if len(whole.text.encode("utf-16-le")) // 2 <= WHOLE:
        return whole
    page, control = (since, Control.BACK) if second else (summary, Control.RESULTS)
    other = Pick(FIRST + 2 * found.consultation.languages.index(language) + (not second))
    return render.page(words, (*page, *end), (((say(words, texts.CONTROLS[control]), other),),))


def _happened(results: Results, words: Catalogue) -> Parts:
    """What happened with it, the newest first; that nothing has is told, too."""
    if not results.happened:
        return ((say(words, texts.NOTHING_YET), "italic"),)
    entries = ((f"{words.date(one.date)}\n{one.text[words.language]}", None) for one in results.happened)
    return (say(words, texts.HAPPENED), "bold"), *entries
