"""Somebody of the staff with a phone, who presses and types; no messenger between them and the desk."""

from dataclasses import dataclass, field

import pyotp

from bot.staff.desk import Desk, Reply
from bot.staff.incoming import Incoming
from bot.staff.papers import Paper
from rounds.inviting import Batch
from storage import staff_offers
from storage.results import Results
from storage.staff import StaffStore
from storage.staff_keys import StaffKeys
from tests.rounds.test_service import HERE
from tests.storage.world import World

TOKEN = "7000000009:" + "s" * 30
USER = 7_305_419_118


class PlainPapers:
    """Papers as text, so that a test of the desk needs no typesetter."""

    def sheet(self, batch: Batch, language: str) -> tuple[Paper, ...]:
        sheet = f"{' '.join(batch.codes)} {language} {batch.people}".encode()
        return ("list.png", b"picture", True), ("list.pdf", sheet, False)

    def document(self, results: Results, language: str) -> tuple[str, bytes]:
        return "list.pdf", results.summary[language].encode()


@dataclass
class Phone:
    """One account, and what the desk answered last."""

    world: World
    desk: Desk
    user: int = USER
    factor: str = ""
    reply: Reply | None = None
    messages: int = field(default=0)

    @classmethod
    def stranger(cls, world: World, user: int = USER) -> "Phone":
        """Somebody whom nobody has linked."""
        store = StaffStore(world.engine, StaffKeys(TOKEN))
        return cls(world, Desk(store, world.rounds, PlainPapers(), HERE, world.clock), user)

    @classmethod
    def linked(cls, world: World, role: str = "facilitator", name: str = "north-1", user: int = USER) -> "Phone":
        """Somebody who has used a code."""
        phone = cls.stranger(world, user)
        offer = staff_offers.offer(world.engine, name, role, world.clock(), 60)
        phone.factor = offer.factor
        phone.say(offer.code)
        return phone

    def say(self, text: str) -> str:
        """Types something; the card's text after it, or nothing."""
        self.messages += 1
        self.reply = self.desk.answer(Incoming(self.user, self.messages, typed=text))
        return self.text

    def press(self, label: str) -> str:
        """Presses a button of the last card."""
        return self.press_token(self.tokens[label])

    def press_token(self, token: str) -> str:
        """Presses a button that may be of an older card."""
        self.reply = self.desk.answer(Incoming(self.user, None, pressed=token, press_id="1"))
        return self.text

    def code(self) -> str:
        """The six digits that the app shows now."""
        return pyotp.TOTP(self.factor).at(int(self.world.clock().timestamp()))

    @property
    def text(self) -> str:
        """The card, without the marks that keep directions apart."""
        screen = None if self.reply is None else self.reply.screen
        return "" if screen is None else screen.text.replace("\u2068", "").replace("\u2069", "")

    @property
    def tokens(self) -> dict[str, str]:
        """Tokens of the last card's buttons, by label."""
        rows = () if self.reply is None else self.reply.tokens
        return {label: token for row in rows for label, token in row}
