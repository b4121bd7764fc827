"""What the card in her hand shows is what her press does, though cards come late, twice, out of order or never (T3)."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from bot.participant import render, texts
from bot.participant.conversation import Conversation
from bot.participant.incoming import parse
from bot.participant.outcome import Outcome
from flows.answers import Answer, Chosen, Declined, Ranked, Skipped
from flows.card import screen
from flows.events import Control
from flows.loader import load
from flows.model import Multiple, Ranking, Single
from flows.screens import Notice
from flows.session import Session
from storage.values import Turned
from tests.bot.talk import Standing, Talk, conversation
from tests.storage.world import World

ASKED: Final = load(
    b"""
format: sauti-consultation
version: 1
id: hand
title: {en: Hands}
asked_by: {en: "[name]"}
process: {en: A test}
languages: [en]
consent:
  about: [{en: "Telegram can read this chat."}]
  count: {en: "May we count?"}
  paraphrase: {en: "May we retell?"}
  quote: {en: "May we quote?"}
  other_processes: {en: "May others use it?"}
  results: {en: "May we send the result?"}
sections:
  - id: only
    items:
      - id: place
        kind: single
        text: {en: "Where?"}
        choices: [{id: n, text: {en: North}}, {id: s, text: {en: South}}]
      - id: ways
        kind: multiple
        max: 3
        text: {en: "Which ways?"}
        choices:
          - {id: a, text: {en: Alpha}}
          - {id: b, text: {en: Beta}}
          - {id: c, text: {en: Gamma}}
          - {id: d, text: {en: None of these}, exclusive: true}
      - id: order
        kind: ranking
        top: 3
        text: {en: "In which order?"}
        choices:
          - {id: r, text: {en: Rose}}
          - {id: t, text: {en: Tulip}}
          - {id: i, text: {en: Iris}}
          - {id: y, text: {en: Daisy}}
      - id: first
        kind: ranking
        top: 2
        text: {en: "Which first?"}
        choices: [{id: k, text: {en: Kite}}, {id: l, text: {en: Lamp}}]
""",
    "hand.yaml",
)
SAYS: Final = {control: texts.CONTROLS[control].text for control in Control if control in texts.CONTROLS}
Json = dict[str, Any]
OLD: Final = texts.NOTICES[Notice.OLD_CARD].text
ALWAYS: Final = {SAYS[one] for one in (Control.PAUSE, Control.SUPPORT, Control.LANGUAGE)}
PLACED: Final = {SAYS[Control.SKIP], SAYS[Control.BACK]}
"""They mean the question they stand at, on whichever card."""
NEVER: Final = {SAYS[one] for one in (Control.STOP, Control.HIDE, Control.STOP_CONFIRMED, Control.SEND)}
"""Ends of the conversation, which these walks do not want."""
RANK = re.compile(r"(\d+)\. ")
TICK = "✓ "


@dataclass
class Door:
    """The door into storage; `last` is what went through it last."""

    world: World
    last: Turned | None = None

    def button_key(self, user_id: int) -> bytes:
        return self.world.intake.button_key(user_id)

    async def turn(self, **given: Any) -> Turned:  # noqa: ANN401 - whatever the door takes
        self.last = await self.world.intake.turn(**given)
        return self.last

    async def rest(self, *_given: object) -> None:
        """Time does not pass here."""

    async def remind(self, *_given: object) -> None:
        """Nor is anybody reminded."""


@dataclass(frozen=True)
class Hand:
    """A card as she reads it."""

    standing: Standing

    @property
    def place(self) -> int | None:
        """Which item it asks."""
        return next((at for at, item in enumerate(ASKED.items) if item.text["en"] in self.standing.text), None)

    @property
    def marked(self) -> tuple[str, ...]:
        """What bears a tick, or a place in the order, first things first; settings that are on, too."""
        found = [(RANK.match(label), label) for label in self.standing.labels]
        ranked = sorted((int(rank[1]), label[rank.end() :]) for rank, label in found if rank)
        return tuple(label for _, label in ranked) or tuple(
            label.removeprefix(TICK) for label in self.standing.labels if label.startswith(TICK)
        )

    def meant(self, label: str) -> Answer | None:
        """The answer that a press of `label` gives, for whoever sees this card; None where it gives none."""
        if label in {SAYS[Control.SKIP], SAYS[Control.DECLINE]}:
            return Skipped() if label == SAYS[Control.SKIP] else Declined()
        item = ASKED.items[self.place] if self.place is not None else None
        if not isinstance(item, Single | Multiple | Ranking):
            return None
        codes = {choice.text["en"]: choice.id for choice in item.choices}
        chosen = tuple(codes[text] for text in self.marked)
        if label == SAYS[Control.DONE]:
            return Ranked(chosen) if isinstance(item, Ranking) else Chosen(chosen)
        if isinstance(item, Single):
            return Chosen((codes[label],)) if label in codes else None
        fills = isinstance(item, Ranking) and label in codes and len(chosen) + 1 == min(item.top, len(codes))
        return Ranked((*chosen, codes[label])) if fills else None


@dataclass
class Walk:
    """Somebody who presses whatever stands on the card in her hand, and a line that mistreats her cards."""

    talk: Talk
    door: Door
    dice: random.Random
    hand: Hand
    newest: Hand
    late: list[Hand] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    """What happened, so that a walk in which nothing could go wrong is noticed."""

    @property
    def session(self) -> Session:
        """Where the bot takes her to be."""
        assert self.door.last is not None
        assert self.door.last.draft is not None
        return self.door.last.draft.session

    def line(self) -> None:
        """Cards arrive late, out of order, again, or not at all; now and then all is well."""
        while self.late and self.dice.random() < 0.5:
            self.hand = self.dice.choice(self.late)
            if self.dice.random() < 0.8:
                self.late.remove(self.hand)
        if self.dice.random() < 0.3:
            self.hand = self.newest
            self.late.clear()

    async def press(self) -> list[str]:
        """She presses something, and at times the same press comes twice; what is wrong about what came of it."""
        labels = [one for one in self.hand.standing.labels if one not in NEVER]
        own = [one for one in labels if one not in ALWAYS | {SAYS[Control.BACK]}]
        label = self.dice.choice(own if own and self.dice.random() < 0.8 else labels)
        update, wrong = self.talk.pressing(self.hand.standing.data(label)), list[str]()
        for _ in range(1 + (self.dice.random() < 0.1)):
            before, current = self.session, self.hand.standing.keyboard == self.newest.standing.keyboard
            said = await self._take(update)
            wrong += self._judge(
                plain(label), before, refused=OLD in f"{said.toast} {self.newest.standing.text}", current=current
            )
        return wrong

    async def _take(self, update: Json) -> Outcome:
        incoming = parse(update)
        assert incoming is not None
        said = await self.talk.conversation.handle(incoming)
        assert said.card is not None
        if said.edit is None:
            await self.talk.show(said)
        self.newest = Hand(Standing(said.card.text, said.keyboard))
        self.late.append(self.newest)
        return said

    def _judge(self, label: str, before: Session, *, refused: bool, current: bool) -> list[str]:
        after, shown = self.session, self.hand
        turned = self.door.last
        sealed = (
            [] if turned is None or turned.verdict is None else [(a.position, a.answer) for a in turned.verdict.seal]
        )
        other = not shown.standing.text.endswith(render.card(ASKED, screen(ASKED, before), rehearsal=True).text)
        self.seen.update({"refused": refused, "sealed": len(sealed), "sealed late": bool(sealed) and not current})
        moved = (after.state, after.place) != (before.state, before.place)
        at = len(ASKED.items) if shown.place is None else shown.place
        wrong = {
            "refused on the card she is at": refused and current,
            "sealed what did not stand there": bool(sealed) and sealed != [(shown.place, shown.meant(label))],
            "another card moved her": other and after != before and label not in ALWAYS | PLACED,
            "skip left another question": label == SAYS[Control.SKIP] and moved and shown.place != before.place,
            "back led elsewhere": label == SAYS[Control.BACK] and moved and at != after.place + 1,
            "back led on": label == SAYS[Control.BACK] and after.place > before.place,
        }
        if (after.state, after.place) == (before.state, before.place) and after != before and label not in ALWAYS:
            self.seen["marked late"] += not current
            marked = label in self.newest.marked
            wrong["not marked as she saw it"] = label != SAYS[Control.CLEAR] and marked == (label in shown.marked)
        return [what for what, found in wrong.items() if found]


def plain(label: str) -> str:
    """A label without its mark."""
    return RANK.sub("", label.removeprefix(TICK), count=1)


async def at(world: World, question: str) -> Talk:
    """Somebody who has come to a question on a good line."""
    row = world.open_round(ASKED)
    assert row.id
    talk = Talk(world, conversation(world))
    await talk.begin()
    await talk.consent()
    while question not in talk.card.text:
        await talk.press(SAYS[Control.SKIP])
    return talk


def marks(talk: Talk) -> tuple[str, ...]:
    """What is marked on the card, which now has come."""
    return Hand(talk.card).marked


async def test_done_takes_what_stood_on_its_own_card(world: World) -> None:
    """*Done* on a card with other ticks than those that count seals nothing: she sees what counts, and says it again.

    Proves: S1, T3
    """
    talk = await at(world, "Which ways?")
    await talk.press("Alpha")
    late = talk.card
    await talk.press("Beta")
    refused = await talk.take(talk.pressing(late.data(SAYS[Control.DONE])))
    shown = marks(talk)
    await talk.press(SAYS[Control.DONE])
    for _ in range(2):
        await talk.press(SAYS[Control.SKIP])
    await talk.send()

    assert refused.toast == OLD
    assert shown == ("Alpha", "Beta")
    assert (1, Chosen(("a", "b"))) in talk.world.opened(talk.world.rounds.all()[0])[0]


async def test_what_fills_an_order_joins_the_order_on_its_own_card(world: World) -> None:
    """Quick taps are ranked as they come; the last, which answers, counts only where the others stand. Proves: T3."""
    talk = await at(world, "In which order?")
    empty = talk.card
    for label in ("Rose", "Tulip"):
        await talk.take(talk.pressing(empty.data(label)))
    refused = await talk.take(talk.pressing(empty.data("Iris")))
    shown = marks(talk)
    await talk.press("Iris")
    await talk.press(SAYS[Control.SKIP])
    await talk.send()

    assert refused.toast == OLD
    assert shown == ("Rose", "Tulip")
    assert (2, Ranked(("r", "t", "i"))) in talk.world.opened(talk.world.rounds.all()[0])[0]


async def test_quick_taps_all_count_and_two_on_one_box_tick_it(world: World) -> None:
    """Who taps twice because nothing happens has ticked once; a tap on another box of the same card counts, too.

    Proves: P11
    """
    talk = await at(world, "Which ways?")
    empty = talk.card
    toasts = [(await talk.take(talk.pressing(empty.data(label)))).toast for label in ("Alpha", "Alpha", "Beta")]
    ticked = talk.card
    both = marks(talk)
    for _ in range(2):
        await talk.take(talk.pressing(ticked.data("Alpha")))

    assert toasts == [None] * 3
    assert (both, marks(talk)) == (("Alpha", "Beta"), ("Beta",))


async def test_skip_and_back_of_an_old_card_mean_its_own_question(world: World) -> None:
    """Pressed twice, *skip* skips one question, and *back* leads before the card that was pressed. Proves: P2, T3."""
    talk = await at(world, "Which ways?")
    ways = talk.card
    for _ in range(2):
        await talk.take(talk.pressing(ways.data(SAYS[Control.SKIP])))
    skipped = talk.card.text
    await talk.press(SAYS[Control.SKIP])
    await talk.take(talk.pressing(ways.data(SAYS[Control.BACK])))
    back = talk.card.text
    twice = await talk.take(talk.pressing(ways.data(SAYS[Control.BACK])))

    assert "In which order?" in skipped
    assert "Where?" in back
    assert (twice.toast, talk.card.text) == (OLD, back)


async def test_skip_of_an_old_card_works_where_her_question_has_another_card_by_now(world: World) -> None:
    """She has paused and gone on, and presses the card from before: it is the same question. Proves: P2."""
    talk = await at(world, "Which ways?")
    before = talk.card
    await talk.press(SAYS[Control.PAUSE])
    await talk.press(SAYS[Control.RESUME])
    await talk.take(talk.pressing(before.data(SAYS[Control.SKIP])))

    assert "In which order?" in talk.card.text


async def test_settings_are_put_on_or_taken_off(world: World) -> None:
    """Two taps on a setting that is off put it on, and stay that. Proves: P11."""
    talk = await at(world, "Where?")
    await talk.press(SAYS[Control.PAUSE])
    paused = talk.card
    for control in (Control.REMIND, Control.REMIND, Control.READER, Control.READER):
        await talk.take(talk.pressing(paused.data(SAYS[control])))

    assert marks(talk) == (SAYS[Control.REMIND], SAYS[Control.READER])


async def walk(world: World, dice: random.Random, user: int) -> Walk:
    """Somebody who has come to the first question on a good line."""
    door = Door(world)
    talk = Talk(world, Conversation(door, world.rounds, world.clock), user=user)
    await talk.begin()
    await talk.consent()
    return Walk(talk, door, dice, Hand(talk.card), Hand(talk.card))


@pytest.mark.parametrize("seed", range(4))
async def test_what_the_card_in_her_hand_shows_is_what_her_press_does(world: World, seed: int) -> None:
    """Random presses on cards that come late, twice, out of order or never: each does what its card says, or nothing.

    On the card she is at, nothing is refused. Proves: S1, T3.
    """
    world.open_round(ASKED)
    dice, seen, wrong = random.Random(seed), Counter[str](), Counter[str]()
    for user in range(100, 112):
        one = await walk(world, dice, user)
        for _ in range(50):
            one.line()
            wrong.update(await one.press())
        seen += one.seen

    assert wrong == Counter()
    assert min(seen[what] for what in ("refused", "sealed", "sealed late", "marked late")) > 3, seen
