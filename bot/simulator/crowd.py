"""Many people at once for measurements: each holds one conversation after the other and never thinks.

They live in the simulator's own process and act on its world directly, without the control API: what is measured shall
be the bot, and a press then costs the yardstick as little as it can. What a bot receives is the same to the byte.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.simulator.chats import Chat
from bot.simulator.people import Hands
from bot.simulator.world import Bot, World


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a conversation: a tap on the button at `index`, or `words` typed."""

    index: int | None = None
    words: str = ""


@dataclass(slots=True)
class Tally:
    """What was counted in a window: waits in seconds from act to card, conversations held to their end."""

    waits: list[float] = field(default_factory=list, repr=False)
    conversations: int = 0


class Crowd:
    """`people` conversations side by side, each by somebody new, until `rest`."""

    def __init__(self, world: World, bot: Bot, acts: Sequence[Act], *, payload: str = "") -> None:
        self._world, self._bot = world, bot
        self._acts = (Act(words=f"/start {payload}".strip()), *acts)
        self._walkers: list[_Walker] = []
        self.tally = Tally()
        self.resting = False
        self.acted = 0
        """Acts so far, counted or not."""

    def arrive(self, people: int) -> None:
        """Let this many people begin at once."""
        loop = asyncio.get_running_loop()
        for _ in range(people):
            walker = _Walker(self, loop.time)
            self._walkers.append(walker)
            loop.call_soon(walker.act)

    def begin(self) -> None:
        """Count from now on."""
        self.tally = Tally()

    def rest(self) -> Tally:
        """Count no more and let nobody act any more; return what was counted. What is under way may still come."""
        tally, self.tally, self.resting = self.tally, Tally(), True
        return tally

    @property
    def arrived(self) -> int:
        """How many have seen an answer to their first word."""
        return sum(walker.answered > 0 for walker in self._walkers)

    @property
    def unanswered(self) -> int:
        """How many still wait for a card."""
        return sum(walker.waiting for walker in self._walkers)

    def newcomer(self) -> Hands:
        """Somebody who has never written to the bot."""
        person = self._world.add_person("Invented", None, None, "en")
        return Hands(self._world, self._bot, person)

    def forget(self, hands: Hands) -> None:
        """Let a conversation that is over take no room."""
        # People are numbered by how many there are, so the person stays and only the chat goes.
        self._bot.chats.pop(hands.chat.id, None)

    def step(self, number: int) -> Act:
        """What is done at a place of the conversation."""
        return self._acts[number]

    @property
    def steps(self) -> int:
        """Acts of one conversation."""
        return len(self._acts)


class _Walker:
    """One place in the crowd; whoever stands there acts, waits for the card that allows the next act, and goes on."""

    __slots__ = ("_clock", "_crowd", "_hands", "_last", "_place", "_revision", "_since", "answered", "waiting")

    def __init__(self, crowd: Crowd, clock: Callable[[], float]) -> None:
        self._crowd, self._clock = crowd, clock
        self._hands = crowd.newcomer()
        self._last: Hands | None = None
        self._place = 0
        self._revision, self._since = 0, 0.0
        self.answered, self.waiting = 0, False

    def act(self) -> None:
        """Do the next thing, unless the crowd rests."""
        if self._crowd.resting:
            return
        act, chat = self._crowd.step(self._place), self._hands.chat
        self._since, self.waiting = self._clock(), True
        self._crowd.acted += 1
        if act.index is None:
            self._hands.say(act.words)
        else:
            self._hands.press(None, label=None, index=act.index, past=None)
        self._revision = chat.card_revision
        chat.watchers.append(self._look)

    def _look(self) -> None:
        """Something changed in the chat: go on if it is the card that was waited for."""
        chat = self._hands.chat
        if chat.card_revision == self._revision or not self._may_go_on(chat):
            chat.watchers.append(self._look)
            return
        self._crowd.tally.waits.append(self._clock() - self._since)
        self.answered, self.waiting = self.answered + 1, False
        self._place += 1
        if self._place == self._crowd.steps:
            self._crowd.tally.conversations += 1
            # The one before: what the bot still does in the chat just ended must not be refused.
            if self._last is not None:
                self._crowd.forget(self._last)
            self._last, self._hands, self._place = self._hands, self._crowd.newcomer(), 0
        # Not at once: the bot's call is still being answered.
        asyncio.get_running_loop().call_soon(self.act)

    def _may_go_on(self, chat: Chat) -> bool:
        """Whether the card on screen has the button that is pressed next."""
        if self._place + 1 == self._crowd.steps:
            return True
        wanted = self._crowd.step(self._place + 1).index
        if wanted is None:
            return True
        card = next((message for message in chat.visible() if message.from_bot), None)
        return card is not None and wanted < sum(len(row) for row in card.keyboard or ())
