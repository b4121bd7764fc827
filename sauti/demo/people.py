"""Invented people: each reads her card and taps, types, skips, goes back, stops or withdraws, as people do.

They see only what stands in the chat. What they choose leans towards what stands first, some people more than others,
so that the summary has something to show; every name, word and choice comes from a seeded generator and from nobody.
"""

import asyncio
import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass

from bot.participant import texts
from bot.simulator.driver import Driver, NothingHappenedError, Person, Seen
from bot.simulator.errors import ControlError
from flows.events import Control
from flows.journey.before import RIGHT
from locales.catalog import autonym, catalogue
from sauti.demo.cast import CAST, Part, Way
from sauti.demo.processes import DemoError

TOGETHER = 40
"""People who answer at the same time."""
PATIENCE = 120.0
"""Seconds an invented person waits for the next card on a machine that is busy with other things."""
STEPS = 120
"""Cards an invented person looks at before she gives up: a fault would otherwise never end."""

VIEWS = {"ddda": 50, "aaaa": 35, "dddd": 15}
"""How people who think alike vote, statement by statement, and how many of a hundred they are.

They part on whether they are heard and warned for in time, and meet in that telling the United Nations is worth it: a
summary that shows both what sets people apart and what they share has something to show.
"""
STEADY = (6, 1.2, 0.8)
"""How often somebody votes as those who think like her, and in the two other ways."""

LANGUAGES = {
    "en": 20, "fr": 14, "es": 12, "ar": 16, "ru": 8, "zh": 6, "uk": 8, "my": 8, "sw": 8, "am": 8, "ckb": 6, "prs": 6,
}  # fmt: skip
_NAMES = {
    "en": ("Ada", "Ben", "Clara", "Daniel", "Esther"),
    "fr": ("Aline", "Bruno", "Céline", "Didier", "Estelle"),
    "es": ("Ana", "Beto", "Carmen", "Diego", "Elena"),
    "ar": ("أمينة", "باسل", "دعاء", "هاني", "ليلى"),
    "ru": ("Анна", "Борис", "Галина"),
    "zh": ("小安", "小波", "小春"),
    "uk": ("Оксана", "Богдан", "Ганна"),
    "my": ("အေးအေး", "ဘိုဘို", "စန္ဒာ"),
    "sw": ("Asha", "Baraka", "Chausiku"),
    "am": ("አበበ", "ብርሃን", "ሐና"),
    "ckb": ("ئاوات", "باران", "ڕێبین"),
    "prs": ("احمد", "بهار", "جمیله"),
}
_PROPOSALS = {
    "en": ("Let local groups speak before every meeting.", "Answer letters within a month.", "Pay interpreters."),
    "fr": ("Écouter les groupes locaux avant chaque réunion.", "Répondre aux lettres en un mois."),
    "es": ("Escuchar a los grupos locales antes de cada reunión.", "Responder a las cartas en un mes."),
    "ar": ("الاستماع إلى المجموعات المحلية قبل كل اجتماع.", "الرد على الرسائل خلال شهر."),
    "ru": ("Слушать местные группы перед каждой встречей.", "Отвечать на письма за месяц."),
    "zh": ("每次开会前先听本地团体的意见。", "一个月内回复来信。"),
    "uk": ("Слухати місцеві групи перед кожною зустріччю.", "Відповідати на листи за місяць."),
    "my": ("အစည်းအဝေးတိုင်း မတိုင်ခင် ဒေသအဖွဲ့များကို နားထောင်ပါ။", "စာများကို တစ်လအတွင်း ပြန်ပါ။"),
    "sw": ("Sikilizeni vikundi vya mahali kabla ya kila mkutano.", "Jibuni barua ndani ya mwezi."),
    "am": ("ከእያንዳንዱ ስብሰባ በፊት የአካባቢ ቡድኖችን ይስሙ።", "ለደብዳቤዎች በአንድ ወር ውስጥ ይመልሱ።"),
    "ckb": ("پێش هەر کۆبوونەوەیەک گوێ لە گرووپە ناوخۆییەکان بگرن.", "لە ماوەی مانگێکدا وەڵامی نامەکان بدەنەوە."),
    "prs": ("پیش از هر جلسه به گروه‌های محلی گوش بدهید.", "جواب هر نامه در یک ماه."),
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

    way: Way
    withdraws: bool
    skips: float
    lean: float
    """How much less the next option draws her than the one before it."""
    views: str
    """What she is drawn to say of the first statement she votes on, the second, and so on: a, d or p each."""
    turns: Mapping[int, Control]
    """Card → what she does there instead of answering, where its button stands."""


def _temper(dice: random.Random, part: Part | None) -> _Temper:
    if part is not None:
        return _Temper(part.way, part.way is Way.WITHDRAWS, 0.05, 0.5, next(iter(VIEWS)), {})
    habits = {Control.STOP: 0.05, Control.BACK: 0.15, Control.PAUSE: 0.1, Control.LANGUAGE: 0.08}
    return _Temper(
        Way.SENDS,
        withdraws=dice.random() < 0.04,  # noqa: PLR2004 - one in twenty-five thinks again
        skips=dice.choice((0.0, 0.05, 0.15)),
        lean=dice.choice((0.5, 0.7, 0.9)),
        views=dice.choices(tuple(VIEWS), tuple(VIEWS.values()))[0],
        turns={dice.randint(14, 28): control for control, chance in habits.items() if dice.random() < chance},
    )


async def answer_all(driver: Driver, bot: int, code: str, participants: int, seed: int = 7) -> Crowd:
    """Lets `participants` people take part, TOGETHER at a time, and says how it went.

    Raises DemoError where somebody got no answer.
    """
    crowd, gate = Crowd(), asyncio.Semaphore(TOGETHER)
    dice = random.Random(seed)  # noqa: S311 - invented people, the same ones each time

    async def one(mine: random.Random, part: Part | None) -> None:
        async with gate:
            await _Participant(driver, bot, code, mine, crowd, part).take_part()

    try:
        async with asyncio.TaskGroup() as group:
            for part in itertools.islice(itertools.chain(CAST, itertools.repeat(None)), participants):
                group.create_task(one(random.Random(dice.random()), part))  # noqa: S311 - as above
    except* (NothingHappenedError, ControlError) as failed:
        raise DemoError("bot", f"an invented person got no further: {failed.exceptions[0]}") from None
    return crowd


class _Participant:
    """One invented person."""

    def __init__(
        self, driver: Driver, bot: int, code: str, dice: random.Random, crowd: Crowd, part: Part | None
    ) -> None:  # fmt: skip
        self._driver, self._bot, self._code, self._dice, self._crowd = driver, bot, code, dice, crowd
        self._temper = _temper(dice, part)
        self._asked = self._shown = self._sent = False
        self._statements: dict[str, str] = {}
        self._speak(part.language if part else dice.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0])
        self._name = part.name if part else dice.choice(_NAMES[self._language])

    def _speak(self, language: str) -> None:
        self._language = language
        self._words = catalogue(language, texts.DOMAIN)
        self._controls = {self._label(control): control for control in Control}
        stances = {"a": texts.AGREE, "d": texts.DISAGREE, "p": texts.PASS}
        self._stances = {way: self._words.text(*said) for way, said in stances.items()}

    def _label(self, control: Control) -> str:
        message = texts.CONTROLS[control]
        return self._words.text(message.context, message.text)

    async def take_part(self) -> None:
        """From the first card to the last, or to where she stops."""
        person = await self._driver.person(self._name, language_code=self._language, bot=self._bot)
        await person.start(self._code)
        self._crowd.participants_started += 1
        for number in range(STEPS):
            card = await person.next_card(PATIENCE)
            try:
                if await self._does(person, card, number):
                    return
            except ControlError as refused:
                if refused.code != "no_button":
                    raise
                # The card changed while she reached for it, as it may where one is deleted after another came: she
                # looks at what is there now.
        raise NothingHappenedError("an invented person came to no end")

    async def _does(self, person: Person, card: Seen, number: int) -> bool:
        """What she does at card `number`; whether it was the last."""
        here = {self._controls[label] for label in card.labels if label in self._controls}
        if Control.RECEIPT_KEPT in here:
            await self._at_the_end(person)
            return True
        if self._ended(card) or await self._away(person, here):
            return True
        if not await self._shows(person, here):
            await self._act(person, card, here, number)
        return False

    async def _at_the_end(self, person: Person) -> None:
        self._crowd.participants_sent += not self._sent
        self._sent = True
        if not self._temper.withdraws:
            await self._keep(person)
            return
        await person.say("/withdraw")
        await person.wait(self._label(Control.WITHDRAW), PATIENCE)
        await person.press(self._label(Control.WITHDRAW))
        await person.next_card(PATIENCE)
        self._crowd.participants_withdrawn += 1

    async def _keep(self, person: Person) -> None:
        """She has written it down, and finds its ending among four."""
        card = await person.card()
        receipt = card.text.replace("-", " ").split() if card else ["?"]
        await person.press(self._label(Control.RECEIPT_KEPT))
        await person.wait(self._words.text(*texts.KEEP_ASK), PATIENCE)
        await person.press(receipt[-1])
        await person.next_card(PATIENCE)

    def _ended(self, card: Seen) -> bool:
        """Whether she stopped, or went back to the first consent and said no this time."""
        text = card.text.replace("\u200f", "")
        return any(self._words.text(one.context, one.text) in text for one in texts.ENDINGS.values())

    async def _away(self, person: Person, here: set[Control]) -> bool:
        """Hides everything at the first question, if that is her part; one line remains, for a while."""
        if self._temper.way is not Way.HIDES or not {Control.SKIP, Control.HIDE} <= here:
            return False
        await person.press(self._label(Control.HIDE))
        await person.wait(self._words.text(*texts.WIPED), PATIENCE)
        return True

    async def _shows(self, person: Person, here: set[Control]) -> bool:
        """Does once what her part is there to show, where there is a place for it."""
        match self._temper.way:
            case Way.UNDER_AGE if Control.UNDER_AGE in here:
                await person.press(self._label(Control.UNDER_AGE))
            case Way.SUPPORT if not self._shown and {Control.SKIP, Control.SUPPORT} <= here:
                await person.press(self._label(Control.SUPPORT))
            case Way.READER if not self._shown and Control.ADULT in here:
                await person.say("/reader")
            case _:
                return False
        self._shown = True
        return True

    async def _act(self, person: Person, card: Seen, here: set[Control], number: int) -> None:
        """One tap or one text at card `number`."""
        offered = [label for label in card.labels if label not in self._controls]
        through = next((one for one in (Control.RESUME, Control.STOP_CONFIRMED) if one in here), None)
        turn = through or self._temper.turns.get(number)
        if autonym(self._language) in offered:
            await self._choose_language(person, first=number == 0)
        elif turn in here:
            await person.press(self._label(turn))
        else:
            await self._answer(person, card, here, self._known(card, here))

    def _offered(self, card: Seen, here: set[Control]) -> list[str]:
        """What can be answered. *No* by itself is an answer, where it stands beside *yes* a button of the bot."""
        bare = {self._label(Control.NO)} if Control.YES not in here else set()
        return [label for label in card.labels if label in bare or label not in self._controls]

    async def _choose_language(self, person: Person, *, first: bool) -> None:
        """Her own at the start; whoever wants to change it later takes another."""
        if not first:
            self._speak(self._dice.choice([one for one in LANGUAGES if one != self._language]))
        await person.press(autonym(self._language))

    def _known(self, card: Seen, here: set[Control]) -> Control | None:
        """What everybody who takes part says before consent: that she is safe, of age, and has understood."""
        if Control.ADULT in here:
            return Control.ADULT
        asked = zip((texts.SAFE, *texts.CHECKS), (Control.YES, *RIGHT), strict=True)
        return next((right for one, right in asked if self._words.text(one.context, one.text) in card.text), None)

    async def _answer(self, person: Person, card: Seen, here: set[Control], known: Control | None) -> None:
        offered = self._offered(card, here)
        passing = [one for one in (Control.SKIP, Control.SKIP_PART, Control.DECLINE) if one in here]
        if known is not None:
            await person.press(self._label(known))
        elif passing and self._dice.random() < self._temper.skips:
            await person.press(self._label(self._dice.choice(passing)))
        elif Control.DONE in here:
            await self._several(person, offered)
        elif set(self._stances.values()) <= set(offered):
            await person.press(self._vote(card))
        elif offered:
            await person.press(self._picked(offered))
        elif Control.SKIP in here:
            await person.say(self._dice.choice(_PROPOSALS[self._language]))
        elif Control.YES in here:
            await person.press(self._label(Control.YES if self._says_yes() else Control.NO))
        else:
            await person.press(self._label(Control.SEND if Control.SEND in here else Control.NEXT))

    async def _several(self, person: Person, offered: list[str]) -> None:
        """One more tick, or enough of them. What is chosen already reads `✓ …`, or `1. …` in the language's digits."""
        free = [label for label in offered if not (label.startswith("✓") or label[0].isdecimal())]
        enough = len(offered) - len(free) >= self._dice.randint(1, 3)
        await person.press(self._label(Control.DONE) if enough or not free else self._picked(free))

    def _picked(self, offered: list[str]) -> str:
        return self._dice.choices(offered, [self._temper.lean**place for place in range(len(offered))])[0]

    def _vote(self, card: Seen) -> str:
        """What she says of a statement; of one that she has met before, mostly the same as before."""
        views = self._temper.views
        mine = self._statements.setdefault(card.text, views[len(self._statements) % len(views)])
        ways = sorted(self._stances, key=lambda way: (way != mine, way))
        return self._stances[self._dice.choices(ways, STEADY)[0]]

    def _says_yes(self) -> bool:
        """Being counted is what taking part means: the first consent is always yes here, most of the others are."""
        first, self._asked = not self._asked, True
        return first or self._dice.random() < 0.6  # noqa: PLR2004 - most people allow most
