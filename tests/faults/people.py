"""People who do not give up: each answers what her card shows, and presses again when nothing happens.

What she must be understood to have said follows from two rules. She acts again only after Telegram says that her last
act was confirmed and the card has still not changed; and when she does, she says something *else*. A bot that keeps
what it confirmed has therefore counted her first try; one that lost it counts the second, and the referee sees it.
What Telegram itself gave up for its age, and nothing came of, was never said.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.participant import texts
from bot.simulator.driver import NothingHappenedError, Person, Seen
from bot.simulator.errors import ControlError, Json
from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Said, Stance, Voted
from flows.events import Control
from flows.journey.before import RIGHT
from flows.model import PURPOSES, Multiple, Number, Purpose, Question, Ranking, Scale, ShortText, Vote
from locales.catalog import autonym, catalogue
from storage.receipt_words import read
from storage.receipts import ReceiptError, grouped
from tests.faults.asked import CONSULTATION, MORE, WORD
from tests.faults.stage import Stage
from tests.faults.watch import Watch

LANGUAGES = ("en", "ar")
STEPS = 400


def receipt_in(text: str) -> str | None:
    """The receipt at the end of a card, as digits in groups, whether it stands there in digits or in words."""
    try:
        return grouped(read(text.rstrip().rpartition("\n")[2]))
    except ReceiptError:
        return None


class Ending(StrEnum):
    """How she means to end, or ended."""

    SEND = "send"
    WITHDRAW = "withdraw"
    STOP = "stop"
    LEAVE = "leave"
    """Simply not answering any more: a draft stays behind."""


@dataclass(slots=True)
class Wish:
    """What she is going to do, drawn from her own dice."""

    language: str
    purposes: frozenset[Purpose]
    ending: Ending
    leaves_at: int
    thinks_again: float
    said: Callable[[int, int], str]
    """Item position, number of the try → what she types."""


def wished(dice: random.Random, tag: str, *, steadily: bool = False) -> Wish:
    """A wish. `steadily`: she neither stops nor withdraws nor goes back."""
    endings = {Ending.SEND: 80, Ending.WITHDRAW: 8, Ending.STOP: 12}
    ending = Ending.SEND if steadily else dice.choices(tuple(endings), tuple(endings.values()))[0]
    long = "".join(dice.choice("abc éü ب س 的 🌍") for _ in range(dice.randint(0, 180)))
    return Wish(
        language=dice.choice(LANGUAGES),
        purposes=frozenset({Purpose.COUNT}) | {one for one in PURPOSES if dice.random() < 0.5},
        ending=ending,
        leaves_at=dice.randint(3, 14),
        thinks_again=0.0 if steadily else 0.08,
        said=lambda place, number: " ".join(f"{tag} {place} {number} {long if place == MORE else ''}".split()),
    )


@dataclass(slots=True, eq=False)
class Participant:
    """One person; `given` is her last answer to each question as it must have been understood."""

    stage: Stage
    watch: Watch
    person: Person
    tag: str
    wish: Wish
    dice: random.Random
    given: dict[int, Answer] = field(default_factory=dict)
    visits: dict[int, int] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    send_updates: list[int] = field(default_factory=list)
    receipt: str | None = None
    ended: Ending | None = None
    cards: int = 0
    _heard: bool = True
    """Whether the card has changed since her last act."""
    _unsaid: bool = False
    """Whether her last act never reached the bot."""
    _back_to: int | None = None
    _toasts: int = 0
    _seen: str = ""

    def at(self, place: int) -> Callable[[Seen], bool]:
        """Whether a card asks the question at `place`."""
        return lambda card: self._place(card.text) == place

    def choice(self, place: int, code: str) -> str:
        """The text of a choice in her language."""
        item = CONSULTATION.items[place]
        assert isinstance(item, Multiple | Ranking)
        return next(choice.text[self.wish.language] for choice in item.choices if choice.id == code)

    def label(self, control: Control) -> str:
        """What stands on a button in her language."""
        return self.word(texts.CONTROLS[control])

    def word(self, message: texts.Message) -> str:
        """An interface text in her language."""
        return catalogue(self.wish.language, texts.DOMAIN).text(message.context, message.text)

    async def live(self, until: Callable[[Seen], bool] | None = None) -> None:
        """On to the end she wished for, or until her card is as `until` says.

        Raises:
            AssertionError: she never gets there.
        """
        for _ in range(STEPS):
            card = await self.person.card()
            if card is None or (not self._heard and await self._sent_away()):
                await self._begin()
            elif until is not None and until(card):
                return
            else:
                await self._look(card)
            if self.ended is not None:
                return
        raise AssertionError("somebody came to no end")

    async def act(self, doing: Awaitable[Json]) -> int | None:
        """Does something and waits until the card has changed, or was confirmed and has not; its update id."""
        self._heard, self._unsaid = False, True
        try:
            number: int | None = (await doing)["update_id"]
        except ControlError:
            await asyncio.sleep(0.05)  # the button went while she reached for it
            return None
        self._heard = await self._changed(1.0)
        while not self._heard and number is not None and number not in self.watch.settled:
            self._heard = await self._changed(1.0)
        self._heard = self._heard or await self._changed(3.0)
        self._unsaid = not self._heard and number in self.watch.dropped
        return number

    async def _begin(self) -> None:
        """Begins, or comes back to where she was: the bot knows which."""
        await self.act(self.person.start(self.stage.row.code))

    async def _sent_away(self) -> bool:
        """Whether her last tap was answered with *nothing to do here*, though she has never sent."""
        toasts = (await self.person.chat()).toasts
        new, self._toasts = toasts[self._toasts :], len(toasts)
        return not self.send_updates and any(texts.HARMLESS.text in (each["text"] or "") for each in new)

    async def _changed(self, within: float) -> bool:
        try:
            await self.person.next_card(within)
        except NothingHappenedError:
            return False
        return True

    async def _look(self, card: Seen) -> None:
        """One thing, as the card suggests."""
        self.cards += card.text != self._seen
        self._seen = card.text
        labels, shown = card.labels, card.text
        if self.wish.ending in {Ending.STOP, Ending.LEAVE} and self.cards > self.wish.leaves_at:
            await self._end_early()
        elif (found := receipt_in(shown)) is not None:
            await self._at_the_end(found)
        elif autonym(LANGUAGES[0]) in labels:
            await self.act(self.person.press(autonym(self.wish.language)))
        elif self.label(Control.SEND) in labels:
            await self._send()
        elif {self.label(Control.ADULT), self.label(Control.YES)} & {*labels}:
            await self._before_the_questions(card)
        elif (place := self._place(shown)) is not None:
            await self._ask(place, card)
        elif self.label(Control.NEXT) in labels:
            await self.act(self.person.press(self.label(Control.NEXT)))
        else:
            await self._begin()

    async def _send(self) -> None:
        before = len((await self.person.chat()).toasts)
        number = await self.act(self.person.press(self.label(Control.SEND)))
        self.send_updates += [number] if number is not None else []
        card, chat = await self.person.card(), await self.person.chat()
        if card is not None and receipt_in(card.text) is None and len(chat.toasts) > before and self.send_updates[1:]:
            # The reply with the receipt was lost for good; a second tap says that there is nothing left to send.
            self.ended = Ending.SEND

    async def _at_the_end(self, receipt: str) -> None:
        self.receipt = receipt
        if self.wish.ending is Ending.WITHDRAW:
            gone = self.word(texts.WITHDRAWN_BY_NUMBER)
            for _ in range(20):
                await self.act(self.person.say(f"/withdraw {receipt}"))
                chat = await self.person.chat()
                if any(gone in one.text or texts.WITHDRAWN_BY_NUMBER.text in one.text for one in chat.messages):
                    break
        elif self.label(Control.RECEIPT_KEPT) in (card.labels if (card := await self.person.card()) else ()):
            await self.act(self.person.press(self.label(Control.RECEIPT_KEPT)))
        self.ended = self.wish.ending

    async def _end_early(self) -> None:
        if self.wish.ending is Ending.STOP:
            over = {self.word(texts.STOPPED), texts.HARMLESS.text}
            for _ in range(20):
                await self.act(self.person.say("STOP"))
                card = await self.person.card()
                if card is None or any(one in card.text for one in over):
                    break
        self.ended = self.wish.ending

    async def _before_the_questions(self, card: Seen) -> None:
        """She is safe, of age, has understood, and allows what she has decided to allow."""
        asked = zip((texts.SAFE, *texts.CHECKS), (Control.YES, *RIGHT), strict=True)
        known = next((right for one, right in asked if self.word(one) in card.text), None)
        known = Control.ADULT if self.label(Control.ADULT) in card.labels else known
        await self.act(self.person.press(self.label(known or self._consent(card.text))))

    def _consent(self, shown: str) -> Control:
        asked = next(one for one in PURPOSES if CONSULTATION.consent.ask(one)[self.wish.language] in shown)
        if asked is PURPOSES[0]:  # a new response: whatever she said before has expired
            self.given.clear()
            self.visits.clear()
        return Control.YES if asked in self.wish.purposes else Control.NO

    def _place(self, shown: str) -> int | None:
        """Which question the card asks."""
        for place, item in enumerate(CONSULTATION.items):
            if item.text[self.wish.language] in shown:
                return place
        return None

    async def _ask(self, place: int, card: Seen) -> None:
        if self._back_to is not None:
            if place != self._back_to and not self._heard:
                # The card that says where she is now never came, and an answer here might be one to a card that is no
                # more. Asking for the card again says nothing.
                await self._begin()
                return
            if place == self._back_to:
                self.given.pop(place, None)
            self._back_to = None
        if place - 1 in self.given and place not in self.given and self.dice.random() < self.wish.thinks_again:
            self._back_to = place - 1
            await self.act(self.person.press(self.label(Control.BACK)))
            return
        await self.answer(place, card)

    async def answer(self, place: int, card: Seen) -> None:
        """Gives an answer; the first try of each visit is the one that counts."""
        item = CONSULTATION.question(place)
        if isinstance(item, Multiple | Ranking):
            await self._choose(place, item, card)
            return
        self.tries[place] = self.tries.get(place, 0) + 1
        answer, doing = self._offer(place, item)
        first = place not in self.given
        if first:
            self.give(place, answer)
        await self.act(doing())
        if first and self._unsaid:
            del self.given[place]
            self.visits[place] -= 1

    def give(self, place: int, answer: Answer) -> None:
        """Notes what she has said now, by this or by other means."""
        self.given[place] = answer
        self.visits[place] = self.visits.get(place, 0) + 1

    def _offer(self, place: int, item: Question) -> tuple[Answer, Callable[[], Awaitable[Json]]]:
        """Another answer for each try, and how to give it."""
        number = self.tries[place] + hash(self.tag) % 7
        match item:
            case ShortText():
                words = self.wish.said(place, self.tries[place])
                return Said(words), lambda: self.person.say(words)
            case Vote():
                stance = tuple(Stance)[number % 3]
                label = self.word(_STANCES[stance])
                return Voted(stance), lambda: self.person.press(label)
            case Number():
                band = item.bands[number % 3]
                label = band.text[self.wish.language] if number % 2 else str(band.low)
                return Banded(band.id), lambda: self.person.press(label) if number % 2 else self.person.say(label)
            case Scale():
                value = item.low + number % (item.high - item.low + 1)
                label = catalogue(self.wish.language, texts.DOMAIN).number(value)
                return Rated(value), lambda: self.person.press(label)
            case _:
                raise AssertionError("no such question here")

    async def _choose(self, place: int, item: Multiple | Ranking, card: Seen) -> None:
        """One tap nearer to what she wants; *done* once the card shows just that."""
        if place not in self.given:
            codes = [choice.id for choice in item.choices]
            picked = self.dice.sample(codes, self.dice.randint(1, 3))
            ordered = tuple(picked if isinstance(item, Ranking) else sorted(picked, key=codes.index))
            self.give(place, Ranked(ordered) if isinstance(item, Ranking) else Chosen(ordered))
        wanted = self.given[place]
        assert isinstance(wanted, Chosen | Ranked)
        await self.act(self.person.press(self.next_tap(item, wanted.choices, card.labels)))

    def next_tap(self, item: Multiple | Ranking, wanted: tuple[str, ...], labels: Iterable[str]) -> str:
        """What she taps on a card with these labels to come nearer to `wanted`; *done* where it shows just that."""
        texts_of = {choice.id: choice.text[self.wish.language] for choice in item.choices}
        shown = {code: label for code, text in texts_of.items() for label in labels if label.endswith(text)}
        marked = {code: label for code, label in shown.items() if label != texts_of[code]}
        if isinstance(item, Ranking):
            chosen = tuple(sorted(marked, key=lambda code: _digits(marked[code])))
            if chosen != wanted[: len(chosen)]:
                return self.label(Control.CLEAR)
            return self.label(Control.DONE) if chosen == wanted else shown[wanted[len(chosen)]]
        wrong = [code for code in shown if (code in marked) != (code in wanted)]
        return shown[wrong[0]] if wrong else self.label(Control.DONE)


_STANCES = {Stance.AGREE: texts.AGREE, Stance.DISAGREE: texts.DISAGREE, Stance.PASS: texts.PASS}


def _digits(label: str) -> int:
    return int("".join(character for character in label if character.isdecimal()) or "0")


def tag_of(answers: dict[int, Answer]) -> str | None:
    """Whose answers these are, by the word that nobody else has typed."""
    said = answers.get(WORD)
    return said.text.split()[0] if isinstance(said, Said) else None
