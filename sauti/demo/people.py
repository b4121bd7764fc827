"""Invented people: each reads her card and taps, types, skips, goes back, stops or withdraws, as people do.

They see only what stands in the chat. What they choose leans on who they are, so that the summary has something to
show; every name, word and choice comes from a seeded generator and from nobody.
"""

import asyncio
import random
from dataclasses import dataclass

from bot.participant import texts
from bot.simulator.driver import Driver, NothingHappenedError, Person, Seen
from flows.events import Control
from locales.catalog import Catalogue, autonym, catalogue

TOGETHER = 40
"""People who answer at the same time."""
PATIENCE = 45.0
"""Seconds an invented person waits for the next card on a busy machine."""
STEPS = 120
"""Cards an invented person looks at before she gives up: a fault would otherwise never end."""

_LANGUAGES = {"en": 40, "fr": 25, "es": 20, "ar": 35}
_NAMES = {
    "en": ("Ada", "Ben", "Clara", "Daniel", "Esther"),
    "fr": ("Aline", "Bruno", "Céline", "Didier", "Estelle"),
    "es": ("Ana", "Beto", "Carmen", "Diego", "Elena"),
    "ar": ("أمينة", "باسل", "دعاء", "هاني", "ليلى"),
}
_PROPOSALS = {
    "en": ("Let local groups speak before every meeting.", "Answer letters within a month.", "Pay interpreters."),
    "fr": ("Écouter les groupes locaux avant chaque réunion.", "Répondre aux lettres en un mois."),
    "es": ("Escuchar a los grupos locales antes de cada reunión.", "Responder a las cartas en un mes."),
    "ar": ("الاستماع إلى المجموعات المحلية قبل كل اجتماع.", "الرد على الرسائل خلال شهر."),
}


@dataclass(slots=True)
class Crowd:
    """How it went, as seen from the chats."""

    participants_started: int = 0
    participants_sent: int = 0
    participants_withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class _Temper:
    """What this person is like."""

    stops_at: int | None
    withdraws: bool
    skips: float
    lean: float


def _temper(dice: random.Random) -> _Temper:
    return _Temper(
        stops_at=dice.randint(4, 20) if dice.random() < 0.06 else None,  # noqa: PLR2004 - one in seventeen stops
        withdraws=dice.random() < 0.04,  # noqa: PLR2004 - one in twenty-five thinks again
        skips=dice.choice((0.0, 0.05, 0.15)),
        lean=dice.choice((0.35, 0.55)),
    )


async def answer_all(driver: Driver, bot: int, code: str, participants: int, seed: int = 7) -> Crowd:
    """Lets `participants` people take part, TOGETHER at a time, and says how it went."""
    crowd, gate = Crowd(), asyncio.Semaphore(TOGETHER)
    dice = random.Random(seed)  # noqa: S311 - invented people, the same ones each time

    async def one(mine: random.Random) -> None:
        async with gate:
            await _Participant(driver, bot, code, mine, crowd).take_part()

    async with asyncio.TaskGroup() as group:
        for _ in range(participants):
            group.create_task(one(random.Random(dice.random())))  # noqa: S311 - as above
    return crowd


class _Participant:
    """One invented person."""

    def __init__(self, driver: Driver, bot: int, code: str, dice: random.Random, crowd: Crowd) -> None:
        self._driver, self._bot, self._code, self._dice, self._crowd = driver, bot, code, dice, crowd
        self._temper = _temper(dice)
        self._language = dice.choices(tuple(_LANGUAGES), tuple(_LANGUAGES.values()))[0]
        self._asked = False
        self._words: Catalogue = catalogue(self._language, texts.DOMAIN)

    def _control(self, control: Control) -> str:
        message = texts.CONTROLS[control]
        return self._words.text(message.context, message.text)

    async def take_part(self) -> None:
        """From the first card to the last, or to where she stops."""
        name = self._dice.choice(_NAMES[self._language])
        person = await self._driver.person(name, language_code=self._language, bot=self._bot)
        await person.start(self._code)
        self._crowd.participants_started += 1
        card = await person.next_card(PATIENCE)
        await person.press(autonym(self._language))
        for number in range(STEPS):
            card = await person.next_card(PATIENCE)
            if self._control(Control.RECEIPT_KEPT) in card.labels:
                self._crowd.participants_sent += 1
                await self._at_the_end(person)
                return
            if self._temper.stops_at is not None and number >= self._temper.stops_at:
                await self._stop(person)
                return
            await self._answer(person, card)
        raise NothingHappenedError("an invented person came to no end")

    async def _at_the_end(self, person: Person) -> None:
        if not self._temper.withdraws:
            await person.press(self._control(Control.RECEIPT_KEPT))
            return
        await person.say("/withdraw")
        delete = texts.CONTROLS[Control.WITHDRAW]
        await person.wait(self._words.text(delete.context, delete.text), PATIENCE)
        await person.press(self._words.text(delete.context, delete.text))
        await person.next_card(PATIENCE)
        self._crowd.participants_withdrawn += 1

    async def _stop(self, person: Person) -> None:
        await person.say(self._words.text(texts.STOP_WORD.context, texts.STOP_WORD.text))
        await person.next_card(PATIENCE)

    async def _answer(self, person: Person, card: Seen) -> None:
        """One tap or one text."""
        labels = card.labels
        controls = {self._control(control): control for control in Control}
        offered = [label for label in labels if label not in controls]
        here = {controls[label] for label in labels if label in controls}
        passing = [one for one in (Control.SKIP, Control.SKIP_PART, Control.DECLINE) if one in here]
        if passing and self._dice.random() < self._temper.skips:
            await person.press(self._control(self._dice.choice(passing)))
        elif Control.DONE in here:
            await self._several(person, offered)
        elif offered:
            await person.press(self._pick(offered))
        elif Control.SKIP in here:
            await person.say(self._dice.choice(_PROPOSALS[self._language]))
        elif Control.YES in here:
            yes = self._first_yes() or self._dice.random() < 0.6  # noqa: PLR2004 - most people allow most
            await person.press(self._control(Control.YES if yes else Control.NO))
        else:
            await person.press(self._control(Control.SEND if Control.SEND in here else Control.NEXT))

    async def _several(self, person: Person, offered: list[str]) -> None:
        wanted = self._dice.sample(offered, min(len(offered), self._dice.randint(1, 2)))
        for label in wanted:
            await person.press(label)
            await person.next_card(PATIENCE)
        await person.press(self._control(Control.DONE))

    def _pick(self, offered: list[str]) -> str:
        """Leans towards the first options, some people more than others."""
        for label in offered:
            if self._dice.random() < self._temper.lean:
                return label
        return offered[-1]

    def _first_yes(self) -> bool:
        """Being counted is what taking part means; the first consent is always yes here."""
        first, self._asked = not self._asked, True
        return first
