"""Everything that the staff bot can say and be asked, in one walk; written down with a name for each state.

One person of each kind goes through it: a stranger, an operator, a facilitator, an analyst. What differs each time
(codes, tokens) is left out or written as what it is, and rounds are given ids that stay.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Final

import pytest

from bot.staff import telling, texts
from bot.staff.desk import PATIENCE
from bot.staff.papers import Typeset
from bot.staff.texts import Message
from locales.catalog import Catalogue, autonym, catalogue
from storage import staff_offers
from storage.results import Results
from storage.rounds import CODE, NO_RECORD, Record, RoundRow, RoundState
from storage.staff import TRIES, StaffStore
from storage.staff_keys import StaffKeys
from tests.rounds.records import SERVICES, entry, record
from tests.staff.phone import TOKEN, USER, Phone
from tests.storage.world import World

_DIRECTION: Final = re.compile("[\u200e\u200f\u2066-\u2069]")
STATES: Final = tuple(
    state for state in RoundState if state not in {RoundState.DESTRUCTION_PENDING, RoundState.DESTROYED}
)
"""Those in which a round can stand in the list: of one that is destroyed, nothing does."""
LIVE: Final = "0909"
"""What the live round is called."""


@dataclass
class Walk:
    """One walk in one language; `lines` is what a page shows of it."""

    world: World
    language: str
    words: Catalogue
    lines: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def word(self, message: Message, **given: str) -> str:
        """What stands on a card or a button."""
        return self.words.text(*message, **given)

    def part(self, title: str) -> None:
        """Another person, or another occasion."""
        self.lines += [f"## {title}", ""]

    def types(self, phone: Phone, name: str, text: str, shown: str = "") -> None:
        """Somebody types; `shown` stands for what differs each time."""
        phone.say(text)
        self.noted(phone, name, f"types {shown or text}")

    def taps(self, phone: Phone, name: str, label: str | Message) -> None:
        """Somebody presses a button of the last card."""
        known = self.word(label) if isinstance(label, Message) else label
        phone.press(known)
        self.noted(phone, name, f"taps {known}")

    def on(self, phone: Phone, label: str | Message) -> None:
        """The same, where what she sees then was shown before."""
        known = self.word(label) if isinstance(label, Message) else label
        phone.press(known)
        self.lines += [f"> taps {known}", ""]

    def confirms(self, phone: Phone, name: str) -> None:
        """Somebody types the six digits of her app."""
        self.world.clock.pass_(seconds=60)
        self.types(phone, name, phone.code(), "the six digits of her app")

    def told(self, name: str, text: str) -> None:
        """A message that nobody asked for."""
        self._add(
            name, "is told unasked", [f"|   {line}" for line in _bare(text).partition("\u00a0")[0].strip().splitlines()]
        )

    def noted(self, phone: Phone, name: str, did: str) -> None:
        """What stands in the chat after somebody did something."""
        self._add(name, did, list(_drawn(phone)))

    def _add(self, name: str, did: str, seen: list[str]) -> None:
        self.names.append(name)
        self.lines += [f"> {did}", "", f"+-- {name}", *seen, "+--", ""]


def _drawn(phone: Phone) -> Iterator[str]:
    reply = phone.reply
    if reply is None:
        yield "*   nothing is answered"
        return
    if reply.wipe:
        yield "*   everything is taken out of the chat, on both sides"
    for file in reply.files:
        yield f"*   {'a picture' if file.picture else 'a document'}: {file.name}"
    if reply.screen is not None:
        yield from (f"|   {_bare(line)}" for line in reply.screen.text.splitlines())
        yield from ("|   " + " ".join(f"[{label}]" for label, _ in row) for row in reply.tokens)


def _bare(text: str) -> str:
    return _DIRECTION.sub("", text)


def walked(world: World, language: str, patch: pytest.MonkeyPatch) -> Walk:
    """The whole walk."""
    numbers, drawn = itertools.count(1), itertools.count()
    steady = SimpleNamespace(
        token_bytes=lambda size: bytes([next(numbers)]) * size, choice=lambda letters: letters[next(drawn) // CODE]
    )
    patch.setattr("storage.rounds.secrets", steady)
    walk = Walk(world, language, catalogue(language, texts.DOMAIN))
    _stranger(walk)
    operator = _linking(walk)
    rows = _rounds(walk)
    _list(walk, operator)
    facilitator = _second(walk)
    _moving(walk, facilitator, rows)
    _refusals(walk, facilitator, rows)
    _papers(walk, facilitator)
    _help(walk, facilitator)
    _looking(walk)
    _ending(walk, operator)
    _unasked(walk)
    _hiding(walk, facilitator)
    return walk


def _stranger(walk: Walk) -> None:
    walk.part("Somebody whom nobody has linked")
    phone = Phone.stranger(walk.world, USER + 9)
    walk.types(phone, "stranger.start", "/start")
    walk.types(phone, "stranger.rounds", "/rounds")
    walk.types(phone, "stranger.code", "AAAA-BBBB-CCCC-DDDD")


def _linking(walk: Walk) -> Phone:
    walk.part("An operator is linked")
    phone = Phone.stranger(walk.world)
    offer = staff_offers.offer(walk.world.engine, "office-1", "operator", walk.world.clock(), 60)
    phone.factor = offer.factor
    walk.types(phone, "linked.first", offer.code, "the code that was shown to her")
    english = catalogue("en", texts.DOMAIN)
    walk.taps(phone, "languages", english.text(*texts.CHANGE_LANGUAGE))
    walk.taps(phone, "home.empty", autonym(walk.language))
    return phone


def _rounds(walk: Walk) -> dict[RoundState, RoundRow]:
    """A rehearsal in each state, the last one with a document; and a live round whose help is to be tried."""
    world = walk.world
    rows: dict[RoundState, RoundRow] = {}
    whole = record()
    for state in STATES:
        kept = NO_RECORD if state is RoundState.CHECKED else Record(whole.frozen, whole.referrals)
        world.rounds.set_state(row := world.drafted(record=kept), state, proved=True)
        rows[state] = world.rounds.get(row.id)
    world.rounds.set_results(
        rows[RoundState.RELEASED], Results(summary=dict.fromkeys(texts.LANGUAGES, "What came of it."))
    )
    old = [entry(one, verified_on="2026-10-01") for one in SERVICES[:2]] + [entry(one) for one in SERVICES[2:]]
    made = record(referrals=old)
    live = world.drafted(rehearsal=False, record=Record(made.frozen, made.referrals))
    assert live.id.hex().startswith(LIVE)
    world.move(live, RoundState.OPEN)
    return rows


def _list(walk: Walk, phone: Phone) -> None:
    walk.part("The list, and each state")
    walk.types(phone, "home", "/rounds")
    for number, state in enumerate(STATES, start=1):
        walk.taps(phone, f"round.{state}", f"{number:02}" * 2)
        walk.on(phone, texts.BACK)
    walk.taps(phone, "languages.again", texts.CHANGE_LANGUAGE)
    walk.on(phone, texts.BACK)


def _second(walk: Walk) -> Phone:
    walk.part("A facilitator, in the same language")
    phone = Phone.linked(walk.world, "facilitator", "north-1", USER + 1)
    account = phone.reply.account if phone.reply else None
    assert account is not None
    StaffStore(walk.world.engine, StaffKeys(TOKEN)).set_language(account, walk.language)
    walk.types(phone, "facilitator.home", "/rounds")
    return phone


def _asks(walk: Walk, phone: Phone, name: str, row: RoundRow, act: str) -> None:
    walk.on(phone, row.id.hex()[:4])
    walk.taps(phone, f"{name}.sure", texts.ACTS[act])


def _moving(walk: Walk, phone: Phone, rows: dict[RoundState, RoundRow]) -> None:
    walk.part("Rest, start, end for good")
    for name, act in (("rest", "pause"), ("start", "open"), ("end", "close")):
        _asks(walk, phone, name, rows[RoundState.OPEN], act)
        walk.confirms(phone, f"{name}.done")


def _refusals(walk: Walk, phone: Phone, rows: dict[RoundState, RoundRow]) -> None:
    paused, checked = rows[RoundState.PAUSED], rows[RoundState.CHECKED]
    walk.part("Not done, and why")
    _asks(walk, phone, "kept-shut", checked, "open")
    walk.confirms(phone, "kept-shut.not-done")
    _asks(walk, phone, "words", paused, "close")
    walk.types(phone, "words.home", "yes")
    _asks(walk, phone, "late", paused, "close")
    walk.world.clock.pass_(seconds=PATIENCE)
    walk.confirms(phone, "late.no-longer")
    _asks(walk, phone, "moved", paused, "close")
    walk.world.close(paused)
    walk.confirms(phone, "moved.no-longer")
    for number in range(TRIES):
        _asks(walk, phone, f"wrong-{number}", rows[RoundState.SCHEDULED], "open")
        walk.types(phone, f"wrong-{number}.refused", "000000")
    _asks(walk, phone, "shut", rows[RoundState.SCHEDULED], "open")
    walk.confirms(phone, "shut.refused")
    walk.world.clock.pass_(hours=2)
    phone.press_token("a token of an older card")
    walk.noted(phone, "old-button", "taps a button of an older card")


def _papers(walk: Walk, phone: Phone) -> None:
    walk.part("Papers")
    walk.taps(phone, "live.round", LIVE)
    walk.taps(phone, "sheet.sizes", texts.PAPER)
    walk.taps(phone, "sheet.languages", walk.words.number(20))
    walk.taps(phone, "sheet.made", "English")
    walk.on(phone, texts.BACK)
    walk.on(phone, "0808")
    walk.taps(phone, "document.made", texts.DOCUMENT)
    phone.desk._papers = Typeset(None)
    walk.on(phone, texts.BACK)
    walk.on(phone, LIVE)
    walk.on(phone, texts.PAPER)
    walk.on(phone, walk.words.number(20))
    walk.taps(phone, "no-sheet.refused", "English")


def _help(walk: Walk, phone: Phone) -> None:
    walk.part("Is help still where it was?")
    walk.taps(phone, "entry.first", texts.ACTS["referrals"])
    walk.taps(phone, "entry.noted", texts.NO)
    walk.taps(phone, "entry.all", texts.YES)


def _looking(walk: Walk) -> None:
    walk.part("An analyst, who can only look")
    phone = Phone.linked(walk.world, "analyst", "desk-1", USER + 2)
    account = phone.reply.account if phone.reply else None
    assert account is not None
    StaffStore(walk.world.engine, StaffKeys(TOKEN)).set_language(account, walk.language)
    walk.types(phone, "analyst.home", "/rounds")
    walk.taps(phone, "analyst.round", LIVE)


def _ending(walk: Walk, phone: Phone) -> None:
    walk.part("A phone is lost: the operator ends its access")
    walk.taps(phone, "access.names", texts.END_ACCESS)
    walk.taps(phone, "access.sure", "desk-1")
    walk.confirms(phone, "access.done")


def _unasked(walk: Walk) -> None:
    walk.part("Unasked")
    walk.told("note.daily", telling.digest(walk.words, walk.world.rounds.all(), 0))
    for kind in texts.ALARMS:
        walk.told(f"alarm.{kind}", telling.alarm(walk.words, kind, 3))


def _hiding(walk: Walk, phone: Phone) -> None:
    walk.part("Everything goes")
    walk.types(phone, "hide.before", "/rounds")
    walk.taps(phone, "hide.button", texts.HIDE)
    walk.types(phone, "hide.typed", walk.word(texts.HIDE))
    walk.types(phone, "hide.after", "/start")
