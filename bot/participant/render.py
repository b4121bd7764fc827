"""From a screen to what stands in the chat: text, bold and code ranges, and button labels, in one language.

Texts go out as plain text with ranges (entities), never as markup: nothing a translator or participant writes can
change the form of a message (T6). Ranges count UTF-16 units, as Telegram does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, NamedTuple

import orjson

from bot.participant import texts
from flows.answers import Stance
from flows.events import Action, Control, Pick
from flows.model import PURPOSES, Consultation, Item, Multiple, Note, Number, Ranking, Scale, ShortText, Texts
from flows.screens import Button, Notice, Screen, ScreenKind
from flows.session import State
from locales.catalog import Catalogue, autonym, catalogue
from storage.referrals import ROOM, Help

_STANCES = {Stance.AGREE.value: texts.AGREE, Stance.DISAGREE.value: texts.DISAGREE, Stance.PASS.value: texts.PASS}
_TICK, _LRM, _RLM = "✓ ", "\u200e", "\u200f"


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of text with a look; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int


_NEUTRAL = frozenset({ScreenKind.HIDDEN, ScreenKind.UNSAFE})
"""Cards that look like what a stranger is told, also in a rehearsal."""

DAY: Final = 1_440
"""Minutes: for how long a conversation is kept where its round says nothing else."""
Places = tuple[tuple[str, tuple[Help, ...]], ...]
"""Where help is: for each language in which it is to be shown, the entries."""
Rows = tuple[tuple[tuple[str, Action], ...], ...]


class _Around(NamedTuple):
    """What a card says of its round."""

    places: Places
    lasts: int


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What is to stand in the chat. Its `repr` is silent, because a receipt may be in it."""

    text: str
    ranges: tuple[Range, ...] = ()
    rows: Rows = ()
    form: tuple[bytes, ...] = field(init=False, compare=False)
    """The card as members of a JSON object, in pieces: between each two belongs the data of the next button."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", _form(self))

    def __repr__(self) -> str:
        return "<Card>"


def _form(card: Card) -> tuple[bytes, ...]:
    ranges = [{"type": one.type, "offset": one.offset, "length": one.length} for one in card.ranges]
    members = {"text": card.text, "entities": ranges, "link_preview_options": {"is_disabled": True}}
    piece, pieces = orjson.dumps(members)[1:-1] + b',"reply_markup":{"inline_keyboard":[', []
    for number, row in enumerate(card.rows):
        piece += b",[" if number else b"["
        for place, (label, _) in enumerate(row):
            pieces.append(piece + b'%b{"text":%b,"callback_data":"' % (b"," if place else b"", orjson.dumps(label)))
            piece = b'"}'
        piece += b"]"
    return (*pieces, piece + b"]}")


@dataclass(slots=True)
class _Page:
    """Paragraphs of a card while it is put together."""

    mark: str
    parts: list[str] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    units: int = 0

    def add(self, paragraph: str, look: str | None = None) -> None:
        start = self.units + (2 if self.parts else 0)
        # Telegram finds the direction of each line by itself: every line gets the mark.
        text = self.mark + paragraph.replace("\n", "\n" + self.mark)
        length = units(text)
        if look is not None:
            self.ranges.append(Range(look, start + units(self.mark), length - units(self.mark)))
        self.parts.append(text)
        self.units = start + length

    def card(self, rows: Rows) -> Card:
        return Card("\n\n".join(self.parts), tuple(self.ranges), rows)


def page(words: Catalogue, paragraphs: Iterable[tuple[str, str | None]], rows: Rows = ()) -> Card:
    """A card of paragraphs in one language, each with its look or None."""
    made = _Page(_mark(words))
    for paragraph, look in paragraphs:
        made.add(paragraph, look)
    return made.card(rows)


def _mark(words: Catalogue) -> str:
    return _RLM if words.direction == "rtl" else ""


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def say(words: Catalogue, message: texts.Message, **values: object) -> str:
    """An interface text in a language."""
    return words.text(message.context, message.text, **values)


@lru_cache(maxsize=4096)
def card(
    consultation: Consultation, screen: Screen, *, rehearsal: bool, extra: str | None = None, places: Places = (),
    lasts: int = DAY,
) -> Card:  # fmt: skip
    """The card for a screen. Kept, because a thousand people see the same few hundred cards.

    Args:
        consultation: whose texts stand on it.
        screen: what stands on it.
        rehearsal: every card says that answers are invented.
        extra: one more line at the end (help).
        places: where help is, for a card that names it, in each language in which it is shown.
        lasts: for how many minutes the conversation is kept after her last word.
    """
    around = _Around(places, lasts)
    if screen.kind in _NEUTRAL:
        return line(texts.NEUTRAL, spoken(screen, consultation))
    if screen.language is None:
        return _card_of_all(consultation, screen, rehearsal=rehearsal, around=around)
    words = catalogue(screen.language, texts.DOMAIN)
    page = _Page(_mark(words))
    if screen.notice is not None:
        page.add(notice(consultation, screen, screen.notice), "italic")
    _body(page, consultation, screen, words, around)
    if extra is not None:
        page.add(extra)
    if rehearsal:
        page.add(say(words, texts.REHEARSAL), "italic")
    return page.card(_rows(consultation, screen, words))


def spoken(screen: Screen, consultation: Consultation) -> tuple[str, ...]:
    """The language of a screen, or all of its round where she has not chosen one yet."""
    return consultation.languages if screen.language is None else (screen.language,)


def notice(consultation: Consultation, screen: Screen, why: Notice) -> str:
    """The calm line for a notice: the consultation's own words where its author wrote some for this rule."""
    language = screen.language or consultation.languages[0]
    asked = consultation.items[screen.place] if screen.kind is ScreenKind.QUESTION else None
    own = getattr(asked, "constraint_message", None)
    if own is not None and why in {Notice.NOT_POSSIBLE, Notice.OUT_OF_RANGE}:
        return str(own[language])
    return say(catalogue(language, texts.DOMAIN), texts.NOTICES[why])


def _card_of_all(consultation: Consultation, screen: Screen, *, rehearsal: bool, around: _Around) -> Card:
    """A card for somebody whose language is not known yet: in each language that there is."""
    page, rows = _Page(""), list[tuple[tuple[str, Action], ...]]()
    spoken = [(catalogue(language, texts.DOMAIN), language) for language in consultation.languages]
    for words, language in spoken:
        page.mark = _mark(words)
        if screen.kind is ScreenKind.LANGUAGE:
            page.add(say(words, texts.CHOOSE_LANGUAGE))
            continue
        _body(page, consultation, screen, words, around)
        rows += _rows(consultation, replace(screen, language=language), words)
    for words, _ in spoken if rehearsal else ():
        page.mark = _mark(words)
        page.add(say(words, texts.REHEARSAL), "italic")
    if screen.kind is ScreenKind.LANGUAGE:
        rows += [((autonym(language), Pick(index)),) for index, language in enumerate(screen.offered)]
    return page.card(tuple(rows))


def _body(page: _Page, consultation: Consultation, screen: Screen, words: Catalogue, around: _Around) -> None:
    language = words.language
    match screen.kind:
        case ScreenKind.ABOUT:
            page.add(consultation.consent.about[screen.place][language])
        case ScreenKind.CHECK:
            page.add(say(words, texts.CHECK_MORE))
            page.add(say(words, texts.CHECKS[screen.place]), "bold")
        case ScreenKind.CONSENT:
            page.add(consultation.consent.ask(PURPOSES[screen.place])[language])
        case ScreenKind.CONTENT_NOTE:
            note = consultation.sections[consultation.section_of[screen.place]].content_note
            page.add(note[language] if note is not None else "…")
        case ScreenKind.QUESTION | ScreenKind.NOTE:
            _item(page, consultation.items[screen.place], screen, words)
        case ScreenKind.SUPPORT:
            _support(page, screen, words, around.places)
        case _:
            _own(page, screen, words, around.lasts)


def _own(page: _Page, screen: Screen, words: Catalogue, lasts: int) -> None:
    """A card that says nothing of the consultation."""
    page.add(say(words, texts.TITLES[screen.kind]), "bold")
    body = texts.BODIES.get(screen.kind)
    if body is not None:
        page.add(say(words, body))
    if screen.kind is ScreenKind.PAUSED:
        page.add(say(words, texts.PAUSED_MORE, time=words.duration(lasts)))
    if any(button.action is Control.REMIND for row in screen.rows for button in row):
        page.add(say(words, texts.REMINDING))


def _support(page: _Page, screen: Screen, words: Catalogue, places: Places) -> None:
    """A calm line first, because a notification may show it; then the regions, or where help is."""
    page.add(say(words, texts.SUPPORT), "bold")
    listed = dict(places).get(words.language, ())
    if screen.offered:
        page.add(say(words, texts.SUPPORT_REGION))
        return
    page.add(say(words, texts.SUPPORT_PLACES if listed else texts.SUPPORT_MORE))
    # Every language of somebody who has not chosen one gets its share of the message; the gate keeps one within ROOM.
    _list(page, listed, ROOM // max(len(places), 1))


def _list(page: _Page, listed: tuple[Help, ...], room: int) -> None:
    """As many entries as there is room for, the first ones first."""
    for one in listed:
        room -= units(one.text) + 2
        if room < 0:
            return
        page.add(one.text)


def _item(page: _Page, item: Item, screen: Screen, words: Catalogue) -> None:
    language = words.language
    if screen.progress is not None:
        passed, in_all = screen.progress
        number, all_ = words.number(passed + 1), words.number(in_all)
        page.add(say(words, texts.PROGRESS, number=number, all=all_))
    page.add(item.text[language], None if isinstance(item, Note) else "bold")
    hint = None if isinstance(item, Note) else item.hint
    if hint is not None:
        page.add(hint[language])
    if isinstance(item, Scale):
        page.add(_scale(item, words))
    if not isinstance(item, Note) and item.exposed:
        page.add(say(words, texts.EXPOSED))
    how = _how(item)
    if how is not None:
        page.add(say(words, how), "italic")


def _scale(item: Scale, words: Catalogue) -> str:
    low = f"{words.number(item.low)} = {item.low_text[words.language]}"
    high = f"{words.number(item.high)} = {item.high_text[words.language]}"
    return f"{low}\n{high}"


def _how(item: Item) -> texts.Message | None:
    match item:
        case Multiple():
            return texts.CHOOSE_SEVERAL
        case Ranking():
            return texts.RANK
        case ShortText():
            return texts.TYPE
        case Number():
            return texts.TYPE_OR_TAP
        case _:
            return None


def _rows(consultation: Consultation, screen: Screen, words: Catalogue) -> Rows:
    return tuple(
        tuple((_label(consultation, screen, button, words), button.action) for button in row) for row in screen.rows
    )


def _label(consultation: Consultation, screen: Screen, button: Button, words: Catalogue) -> str:
    if isinstance(button.action, Control):
        label = say(words, texts.CONTROLS[button.action])
        return _TICK + label if button.ticked else label
    label = _option(consultation, screen, button.action.index, words)
    if button.rank is not None:
        return f"{words.number(button.rank)}. {label}"
    return _TICK + label if button.ticked else label


def _option(consultation: Consultation, screen: Screen, index: int, words: Catalogue) -> str:
    code = screen.offered[index]
    if screen.kind is ScreenKind.LANGUAGE:
        return autonym(code)
    if screen.kind is ScreenKind.SUPPORT:
        return consultation.regions[index].text[words.language]
    item = consultation.items[screen.place]
    if isinstance(item, Scale):
        return words.number(int(code))
    return _choice_texts(item)[code][words.language] if code not in _STANCES else say(words, _STANCES[code])


def _choice_texts(item: Item) -> dict[str, Texts]:
    if isinstance(item, Number):
        return {band.id: band.text for band in item.bands}
    return {choice.id: choice.text for choice in getattr(item, "choices", ())}


def _catalogues(languages: tuple[str, ...]) -> list[Catalogue]:
    return [catalogue(language, texts.DOMAIN) for language in languages]


MESSAGE_UNITS = 4096
"""Telegram's bound for the text of a message."""
_BETWEEN = 32
"""More than the empty lines and marks of one language on the receipt's card."""


def receipt_card(
    languages: tuple[str, ...],
    receipt: str,
    what: texts.Message = texts.SENT_MORE,
    *,
    rehearsal: bool,
    mistaken: bool = False,
) -> Card:
    """The card with the receipt, in her language or, after a crash that lost it, in as many as fit. Never kept.

    `what` says what it is, digits or words; `mistaken`, that she tapped on another ending.
    """
    page, kept = _Page(""), list[tuple[tuple[str, Action], ...]]()
    title = texts.KEEP_ONCE_MORE if mistaken else texts.SENT
    for words in _catalogues(languages):
        more, note = say(words, what), say(words, texts.REHEARSAL) if rehearsal else ""
        if page.units + units(say(words, title) + more + note + receipt) + _BETWEEN > MESSAGE_UNITS:
            break
        page.mark = _mark(words)
        page.add(say(words, title), "bold")
        page.add(more)
        if note:
            page.add(note, "italic")
        kept.append(((say(words, texts.CONTROLS[Control.RECEIPT_KEPT]), Control.RECEIPT_KEPT),))
    page.mark = ""
    page.add(_LRM + receipt, "code")
    return page.card(tuple(kept))


def ending(state: State, languages: tuple[str, ...], places: Places) -> Card:
    """The last card of a conversation that was not sent: under age, with people who are there for children (C1)."""
    said, listed = texts.ENDINGS.get(state, texts.STOPPED), dict(places).get(languages[0], ())
    if len(languages) > 1 or not listed:
        return line(said, languages)
    words = catalogue(languages[0], texts.DOMAIN)
    page = _Page(_mark(words))
    page.add(say(words, said))
    page.add(say(words, texts.CHILD_PLACES))
    _list(page, listed, ROOM)
    return page.card(())


def help_text(languages: tuple[str, ...], complaint: str | None) -> str:
    """What `/help` adds to a card: the commands, and whom to tell outside when something is wrong (W6)."""
    commands = line(texts.HELP, languages).text
    if len(languages) > 1 or complaint is None:
        return commands
    words = catalogue(languages[0], texts.DOMAIN)
    return "\n\n".join([commands, _mark(words) + say(words, texts.COMPLAINT), _mark(words) + complaint])


@lru_cache(maxsize=64)
def line(message: texts.Message, languages: tuple[str, ...], control: Control | None = None) -> Card:
    """One line outside a conversation: in her language where a conversation knows it, else in all of the bot's."""
    chosen = _catalogues(languages)
    page = _Page("")
    for words in chosen:
        page.mark = _mark(words)
        page.add(say(words, message))
    rows: Rows = ()
    if control is not None:
        rows = tuple(((say(words, texts.CONTROLS[control]), control),) for words in chosen)
    return page.card(rows)
