"""What an update means before anybody has looked at the conversation: commands, typed words, buttons, receipts."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.participant import keeping, results, texts, tokens
from bot.participant.incoming import Incoming, Kind
from bot.participant.keeping import Kept
from bot.participant.results import Asking
from bot.participant.texts import Message
from flows.events import ALWAYS, Action, Attached, Control, Event, Left, Pressed, Restarted, Stale, Typed, Worded
from locales.catalog import catalogues
from storage.receipt_words import read
from storage.receipts import GROUP, ReceiptError

FROM_ANY_CARD: Final = ALWAYS | {Control.STOP_CONFIRMED}
"""Controls whose old buttons still do what they say (P2)."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What is to happen; `repr` is silent."""

    event: Event | None = None
    """For the engine, where there is a conversation."""
    code: str | None = None
    """What stood behind `/start`; empty without a code."""
    named: bytes | None = None
    """The name of the card in the token of the button that was pressed."""
    key: bytes = b""
    """Under which it was made."""
    position: int | None = None
    """Where the card of a *skip* or *back* stood."""
    withdraw_chat: bool = False
    withdraw_receipt: str | None = None
    line: Message = texts.HARMLESS
    """What is said where there is no conversation."""
    offer: Control | None = None
    """A button under that line."""
    helping: bool = False
    receipt_kept: bool = False
    kept: tuple[Kept, Action] | None = None
    """A receipt whose card she has pressed a button of, and what that does."""
    results: Asking | None = None
    """What is to be read; with an event, only where there is no conversation."""

    def __repr__(self) -> str:
        return "<Plan>"

    @property
    def starting(self) -> bool:
        """Whether the person asked to begin."""
        return self.code is not None

    @property
    def hiding(self) -> bool:
        """Whether every message is to go, whoever she is."""
        return _control(self.event) is Control.HIDE

    @property
    def stopping(self) -> bool:
        """Whether everything is to be erased, also what is hidden: there is no card that could ask once more."""
        return isinstance(self.event, Left) or _control(self.event) in {Control.STOP, Control.STOP_CONFIRMED}

    @property
    def leaving(self) -> bool:
        """Whether nothing may be sent to her unasked any more: she goes, or takes back what this chat said (W5).

        So it is where a receipt withdraws; but in a conversation, words that look like one may be her answer.
        """
        return isinstance(self.event, Left) or _control(self.event) is Control.STOP_CONFIRMED or self.withdraw_chat

    @property
    def telling(self) -> bool:
        """Whether what was typed says something of the person, even outside a conversation."""
        named = self.results is not None and bool(self.results.code)
        receipt = self.withdraw_receipt is not None or self.line is texts.MISTYPED
        return named or receipt or isinstance(self.event, Attached) or _part(self.event)


def _control(event: Event | None) -> Action | None:
    match event:
        case Pressed(action):
            return action
        case Worded(control):
            return control
        case _:
            return None


def plan(incoming: Incoming, button_key: bytes) -> Plan:
    """The plan for one update."""
    match incoming.kind:
        case Kind.BLOCKED:
            return Plan(Left())
        case Kind.ATTACHMENT:
            return Plan(Attached())
        case Kind.PRESS:
            return _pressed(incoming.callback_data, button_key)
        case _:
            return _typed(incoming.text)


def _pressed(data: str, button_key: bytes) -> Plan:
    opened = tokens.opened(button_key, data)
    if opened is None:
        kept = keeping.opened(button_key, data)
        return Plan(Stale()) if kept is None else Plan(kept=kept)
    name, action, position = opened
    asking = results.pressed(name, action)
    if asking is not None:
        return Plan(results=asking)
    if action is Control.WITHDRAW:
        return Plan(withdraw_chat=True, line=texts.WITHDRAWN)
    if action is Control.RECEIPT_KEPT:
        return Plan(receipt_kept=True)
    return Plan(Pressed(action), named=name, key=button_key, position=position)


_COMMANDS: Final[dict[str, Plan]] = {
    "/stop": Plan(Pressed(Control.STOP_CONFIRMED)),
    "/pause": Plan(Pressed(Control.PAUSE)),
    "/language": Plan(Pressed(Control.LANGUAGE)),
    "/support": Plan(Pressed(Control.SUPPORT)),
    "/hide": Plan(Pressed(Control.HIDE)),
    "/reader": Plan(Pressed(Control.READER)),
    "/help": Plan(Restarted(), line=texts.HELP, helping=True),
    "/withdraw": Plan(line=texts.WITHDRAW, offer=Control.WITHDRAW),
}


def _typed(text: str) -> Plan:
    word, _, rest = " ".join(text.split()).partition(" ")
    if word == "/start":
        return Plan(Restarted(), code=rest.strip())
    if word == "/results":
        return Plan(results=Asking(rest.strip()))
    if _plain(text) in _asking_words():
        return Plan(Typed(text), results=Asking())
    if (worded := _words().get(_plain(text))) is not None:
        return _stroked(worded) if word.startswith("/") else worded
    if word == "/withdraw":
        return _receipt(rest) or _COMMANDS[word]
    return _receipt(text, Typed(text) if any(map(str.isalpha, text)) else None) or _COMMANDS.get(
        word, Plan(Typed(text))
    )


def _stroked(worded: Plan) -> Plan:
    """The plan of a command word behind a stroke: nobody begins an answer so, and nobody is asked about it."""
    event = worded.event
    return Plan(Worded(event.control, "")) if isinstance(event, Worded) else worded


def _receipt(text: str, said: Event | None = None) -> Plan | None:
    """A receipt from the end of a conversation, typed at any time; None where it is anything else.

    Nine words without the command may be an answer, nine Chinese letters easily: in a conversation they are `said`.
    """
    try:
        return Plan(said, withdraw_receipt=read(text), line=texts.WITHDRAWN_BY_NUMBER)
    except ReceiptError as error:
        return Plan(said, line=texts.MISTYPED) if error.code == "wrong-check" else None


def _part(event: Event | None) -> bool:
    """Whether somebody typed a group of a number, as if she had been asked to: it goes from the chat."""
    return isinstance(event, Typed) and len(event.text.strip()) >= GROUP and not any(map(str.isalpha, event.text))


def _plain(text: str) -> str:
    """The letters of a message, so that `STOP!` and ` stop ` are the same word."""
    kept = (character for character in unicodedata.normalize("NFKC", text) if character.isalnum())
    return "".join(kept).casefold()


@lru_cache(maxsize=1)
def _words() -> dict[str, Plan]:
    """The words in every language there is: a person may have chosen the wrong one."""
    known: dict[str, Plan] = {}
    for control, message in texts.WORDS.items():
        for words in catalogues(texts.DOMAIN):
            spelling = words.text(*message)
            known.setdefault(_plain(spelling), Plan(_worded(control, spelling)))
    return known


@lru_cache(maxsize=1)
def _asking_words() -> frozenset[str]:
    """What asks for results, in every language there is."""
    return frozenset(_plain(words.text(*texts.RESULTS_WORD)) for words in catalogues(texts.DOMAIN))


def _worded(control: Control, spelling: str) -> Event:
    """Stopping and hiding always win; any other word may also be an answer, so the engine asks."""
    always = control in {Control.STOP_CONFIRMED, Control.HIDE}
    return Pressed(control) if always else Worded(control, spelling)
