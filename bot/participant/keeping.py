"""After *send*: the receipt, and whether she has it (W1).

What was sent has no conversation any more, so the receipt travels inside the buttons of its own card, under the key of
this account: 48 characters that only this bot can read, gone with the card. Nothing is stored, a press after a restart
works, and whoever never sent anything is told the same by the same press (P12). She shows that she has it by tapping
how it ends, one of four; nothing is typed, because a receipt typed whole withdraws. *Later* stands beside the question,
a wrong tap shows the receipt once more, and nothing waits for her.

    data = base64url(tag 16 ‖ masked (action 2 ‖ number 13 ‖ language 3 ‖ marks 1))
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from bot.participant import render, texts, tokens
from bot.participant.render import Card, say
from flows.events import Action, Control, Pick
from locales.catalog import Catalogue, catalogue
from storage.receipt_words import worded, words_of
from storage.receipts import DIGITS, GROUP, grouped

AGAIN, LATER, RIGHT = (Pick(16_384 + number) for number in range(3))
"""Picks of no question: show it once more; not now; that is how it ends."""
WRONG: Final = tuple(Pick(16_387 + number) for number in range(3))
_TAG, _NUMBER, _LANGUAGE, _PLAIN = 16, 13, 3, 19


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """A receipt on its way back; `repr` is silent."""

    digits: str
    language: str
    rehearsal: bool = False
    reader: bool = False
    """She has cards read out: each is a new message."""

    def __repr__(self) -> str:
        return "<Kept>"


def opened(key: bytes, data: str) -> tuple[Kept, Action] | None:
    """The receipt and the action in callback data; None for anything this bot did not give to this account."""
    try:
        raw = urlsafe_b64decode(data.encode("ascii"))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _TAG + _PLAIN:
        return None
    tag = raw[:_TAG]
    plain = _masked(key, tag, raw[_TAG:])
    if not hmac.compare_digest(tag, _tag(key, plain)):
        return None
    action = tokens.action_of(int.from_bytes(plain[:2], "big"))
    if action is None:
        return None
    number, language, marks = int.from_bytes(plain[2 : 2 + _NUMBER], "big"), plain[2 + _NUMBER : -1], plain[-1]
    kept = Kept(f"{number:0{DIGITS}}", language.decode().strip(), rehearsal=bool(marks & 1), reader=bool(marks & 2))
    return kept, action


def keyboard(key: bytes, kept: Kept, card: Card) -> tuple[str, ...]:
    """The callback data of all buttons of a card; the row of a language leads on in it."""
    spoken = iter(kept.language.split())
    shared = " " not in kept.language
    actions = (action for row in card.rows for _, action in row)
    return tuple(_data(key, kept if shared else replace(kept, language=next(spoken)), action) for action in actions)


def _data(key: bytes, kept: Kept, action: Action) -> str:
    number = int(kept.digits).to_bytes(_NUMBER, "big")
    language = kept.language.ljust(_LANGUAGE).encode()
    plain = tokens.code_of(action).to_bytes(2, "big") + number + language + bytes((kept.rehearsal | kept.reader << 1,))
    tag = _tag(key, plain)
    return urlsafe_b64encode(tag + _masked(key, tag, plain)).decode()


def _tag(key: bytes, plain: bytes) -> bytes:
    return blake2b(plain, digest_size=_TAG, key=key, person=b"sauti kept tag").digest()


def _masked(key: bytes, tag: bytes, text: bytes) -> bytes:
    mask = blake2b(tag, digest_size=_PLAIN, key=key, person=b"sauti keptmask").digest()
    return bytes(one ^ other for one, other in zip(text, mask, strict=True))


def answer(key: bytes, kept: Kept, action: Action) -> Card:
    """The card after a press on one of these buttons."""
    match action:
        case Control.RECEIPT_KEPT:
            return _question(key, kept)
        case Pick() if action == AGAIN or action in WRONG:
            return receipt_card(kept, mistaken=action in WRONG)
        case _:
            return render.line(texts.RECEIPT_KEPT, (kept.language,), Control.HIDE)


def leads_on(card: Card) -> bool:
    """Whether the buttons of a card carry the receipt; the last one's do not."""
    return any(action is not Control.HIDE for row in card.rows for _, action in row)


def receipt_card(kept: Kept, *, mistaken: bool = False) -> Card:
    """The card with the receipt; after a wrong tap with one calm line.

    A crash may have lost her language: then `kept.language` names several, and as many come as a message holds.
    """
    languages = kept.language.split()
    words = worded(kept.digits, languages[0]) if len(languages) == 1 else None
    shown, more = (grouped(kept.digits), texts.SENT_MORE) if words is None else (" ".join(words), texts.SENT_WORDS)
    return render.receipt_card(tuple(languages), shown, more, rehearsal=kept.rehearsal, mistaken=mistaken)


def _question(key: bytes, kept: Kept) -> Card:
    """How does it end? Four endings in an order of its own, *show it again*, *later*."""
    words = catalogue(kept.language, texts.DOMAIN)
    end, others = _endings(key, kept)
    ends = [(end, RIGHT), *zip(others, WRONG, strict=True)]
    turned = int.from_bytes(_drawn(key, kept, b"place"), "big") % len(ends)
    paragraphs = [(say(words, texts.KEEP_ASK), "bold"), (say(words, texts.KEEP_ASK_MORE), None)]
    if kept.rehearsal:
        paragraphs.append((say(words, texts.REHEARSAL), "italic"))
    rows = [((label, action),) for label, action in ends[turned:] + ends[:turned]]
    return render.page(words, paragraphs, (*rows, tuple(_ways_out(words))))


def _ways_out(words: Catalogue) -> Iterator[tuple[str, Action]]:
    yield say(words, texts.KEEP_AGAIN), AGAIN
    yield say(words, texts.KEEP_LATER), LATER


def _endings(key: bytes, kept: Kept) -> tuple[str, list[str]]:
    """How the receipt ends, and three other endings: always the same, so that looking twice tells nothing new."""
    words = worded(kept.digits, kept.language)
    end = kept.digits[-GROUP:] if words is None else words[-1]
    draws = (int.from_bytes(_drawn(key, kept, b"other %d" % number), "big") for number in range(64))
    ends = (f"{draw % 10**GROUP:0{GROUP}}" for draw in draws) if words is None else _words(kept.language, draws)
    others: dict[str, None] = {}
    for one in ends:
        if one != end:
            others[one] = None
        if len(others) == len(WRONG):
            break
    return end, [*others]


def _words(language: str, draws: Iterator[int]) -> Iterator[str]:
    listed = words_of(language)
    yield from (listed[draw % len(listed)] for draw in draws)


def _drawn(key: bytes, kept: Kept, what: bytes) -> bytes:
    return blake2b(kept.digits.encode() + what, digest_size=8, key=key, person=b"sauti endings").digest()
