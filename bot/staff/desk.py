"""What is answered to whom: strangers nothing, staff their card. Decides and stores; sends nothing.

Buttons carry random tokens, which mean something until the next card is drawn and in this process only: a press on an
old card, or after a restart, draws the list anew and does nothing. Whatever changes a round needs a code from the
second factor, typed within two minutes, which counts once (F2).
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.staff import factor, screens, texts
from bot.staff.incoming import Incoming
from bot.staff.papers import PaperRefused, Papers
from bot.staff.screens import Action, Screen, Seen
from locales.catalog import Catalogue, catalogue
from rounds import inviting, moving, trying
from rounds.gate import GateClosed
from rounds.life import Act, NotYours, Role, WrongState
from storage import staff_keys, watching
from storage.errors import StorageRefused
from storage.rounds import RoundStore
from storage.staff import Account, StaffStore

PATIENCE: Final = 120
"""Seconds within which a step-up code has to be typed."""
GUESSES: Final = 5
"""One-time codes that one stranger may try in an hour; and in all, forty times as many."""
HOUR: Final = 3_600
_CROWD: Final = 40 * GUESSES
_START: Final = "/start"


@dataclass(frozen=True, slots=True, repr=False)
class File:
    """Something to send besides the card."""

    name: str
    content: bytes
    picture: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What becomes of a chat: a card with its tokens, files, or nothing at all any more."""

    account: Account
    screen: Screen | None = None
    tokens: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Label and token of each button."""
    files: tuple[File, ...] = ()
    wipe: bool = False


@dataclass(slots=True, repr=False)
class _Chat:
    """What this process remembers of one account: what its buttons mean, and what waits for a code."""

    meanings: dict[str, Action] = field(default_factory=dict)
    waiting: Action | None = None
    until: float = 0.0


class Desk:
    """All conversations of one staff bot. Called from one thread at a time."""

    def __init__(
        self, store: StaffStore, rounds: RoundStore, papers: Papers, bot_api_url: str, clock: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self._store, self._rounds, self._papers, self._clock = store, rounds, papers, clock
        self._url = bot_api_url
        self._chats: dict[bytes, _Chat] = {}
        self._guesses = Guesses()

    def answer(self, said: Incoming) -> Reply | None:
        """What to do about one message or press; None is silence. Raises StorageError."""
        account = self._store.who(said.user_id)
        if account is None:
            return self._stranger(said)
        if said.message_id is not None:
            self._store.note(account, said.message_id, self._clock())
        if said.blocked:
            return self._hidden(account)
        if said.pressed is not None:
            return self._pressed(account, said.pressed)
        return self._typed(account, said.typed or "")

    def _stranger(self, said: Incoming) -> Reply | None:
        code = staff_keys.normal((said.typed or "").removeprefix(_START))
        if code is None or not self._guesses.allow(said.user_id, self._clock().timestamp()):
            return None
        account = self._store.link(code, said.user_id, texts.LANGUAGES[0], self._clock())
        if account is None:
            return None
        if said.message_id is not None:
            self._store.note(account, said.message_id, self._clock())
        return self._home(account, _words(account).text(*texts.LINKED, name=account.name))

    def _typed(self, account: Account, typed: str) -> Reply:
        words, chat = _words(account), self._chat(account)
        if typed.strip().casefold() in _hiding():
            return self._hidden(account)
        waiting, chat.waiting = chat.waiting, None
        if waiting is None or factor.plain(typed) is None:
            return self._home(account)
        if self._clock().timestamp() > chat.until:
            return self._home(account, words.text(*texts.NO_LONGER))
        if account.shut > self._clock().timestamp():
            return self._home(account, words.text(*texts.SHUT))
        step = factor.step(account.factor, typed, self._clock())
        if step is None or not self._store.step_up(account, step):
            shut = self._store.wrong(account, self._clock())
            return self._home(account, words.text(*(texts.SHUT if shut else texts.WRONG)))
        return self._do(account, waiting)

    def _do(self, account: Account, asked: Action) -> Reply:
        """What needed a code, and has it."""
        words = _words(account)
        if asked.kind == "end":
            self._store.unlink(asked.value, account.name)
            # Somebody may end their own access, and is a stranger from here on.
            if asked.value == account.name:
                return self._hidden(account)
            return self._home(
                account, words.text(*texts.DONE, act=words.text(*texts.END_ACCESS), label=asked.value)
            )  # fmt: skip
        seen = self._seen(asked.round_id)
        if seen is None or asked.act is None:
            return self._home(account, words.text(*texts.NO_LONGER))
        said = {"act": words.text(*texts.ACTS[asked.act]), "label": seen.label}
        try:
            self._move(account, seen, asked.act)
        except GateClosed as shut:
            return self._home(account, words.text(*texts.NOT_DONE, code=shut.gaps[0].code, **said))
        except (NotYours, WrongState, StorageRefused):
            return self._home(account, words.text(*texts.NO_LONGER))
        return self._home(account, words.text(*texts.DONE, **said))

    def _move(self, account: Account, seen: Seen, act: Act) -> None:
        """The move itself, in the one way there is for it; the database takes part, no secret does."""
        by, rounds = Role(account.role), self._rounds.by(account.name)
        match act:
            case Act.OPEN:
                moving.open_(rounds, seen.row, by=by, bot_api_url=self._url, now=self._clock())
            case Act.PAUSE:
                moving.pause(rounds, seen.row, by=by)
            case Act.CLOSE:
                moving.close(rounds, seen.row, by=by, now=self._clock())

    def _pressed(self, account: Account, token: str) -> Reply:
        chat = self._chat(account)
        action, chat.waiting = chat.meanings.get(token, screens.HOME), None
        if action.round_id:
            return self._of_round(account, action)
        match action.kind:
            case "hide":
                reply = self._hidden(account)
            case "languages":
                reply = self._drawn(account, screens.languages(_words(account)))
            case "language":
                self._store.set_language(account, action.value)
                reply = self._home(self._store.who(account.chat_id) or account)
            case "names" | "end" if account.role == Role.OPERATOR:
                reply = self._ending(account, action)
            case _:
                reply = self._home(account)
        return reply

    def _ending(self, account: Account, action: Action) -> Reply:
        """Whose access ends, and then the code for it."""
        if action.kind == "names":
            return self._drawn(account, screens.names(_words(account), self._store.linked()))
        self._wait(account, action)
        return self._drawn(account, screens.ending(_words(account), action.value))

    def _of_round(self, account: Account, action: Action) -> Reply:
        words, seen = _words(account), self._seen(action.round_id)
        if seen is None:
            return self._home(account, words.text(*texts.NO_LONGER))
        match action.kind:
            case "sure" if action.act is not None and self._possible(account, seen, action.act):
                self._wait(account, action)
                reply = self._drawn(account, screens.sure(words, seen, action.act))
            case "entries":
                reply = self._next_entry(account, seen, after=-1)
            case "right" | "wrong":
                reply = self._judged(account, seen, action)
            case "sizes" if self._possible(account, seen, Act.INVITE):
                reply = self._drawn(account, screens.sizes(words, seen))
            case "sheet" if self._possible(account, seen, Act.INVITE):
                reply = self._sheet(account, seen, action.value)
            case "document":
                reply = self._document(account, seen)
            case _:
                reply = self._one(account, seen)
        return reply

    def _judged(self, account: Account, seen: Seen, action: Action) -> Reply:
        """Somebody has tried an entry of the list of help, and says what came of it."""
        place = int(action.value)
        if not self._possible(account, seen, Act.REFERRALS) or place >= len(seen.row.referrals):
            return self._one(account, seen)
        if action.kind == "right":
            role = Role(account.role)
            rounds = self._rounds.by(account.name)
            trying.confirm(rounds, seen.row, place, by=role, name=account.name, now=self._clock())
        else:
            watching.watch(self._rounds.engine, "wrong", self._clock())
        noted = "" if action.kind == "right" else _words(account).text(*texts.THANKS_WRONG)
        return self._next_entry(account, self._seen(seen.id) or seen, after=place, noted=noted)

    def _next_entry(self, account: Account, seen: Seen, after: int, noted: str = "") -> Reply:
        """The next entry that nobody has tried for a while; those that were just judged come no more."""
        words, today = _words(account), self._clock().date()
        # An entry is due a week before its month is over, so that whoever walks through the list meets all of it.
        due = (place for place, one in enumerate(seen.row.referrals) if place > after and not one.young(today))
        place = next(due, None)
        if place is None:
            return self._one(account, seen, screens.joined(noted, words.text(*texts.ALL_CHECKED, label=seen.label)))
        return self._drawn(account, screens.entry(words, seen, place, account.language, noted))

    def _sheet(self, account: Account, seen: Seen, wanted: str) -> Reply:
        """A batch's invitations once size and language are chosen; their codes work when the sheet is made."""
        people, _, language = wanted.partition(" ")
        known = screens.languages_of(seen)
        if not language and len(known) > 1:
            return self._drawn(account, screens.tongues(_words(account), seen, people))
        by = Role(account.role)
        batch = inviting.draw(seen.row, int(people), by=by)
        try:
            files = self._papers.sheet(batch, language or known[0])
        except PaperRefused as error:
            return self._one(account, seen, _words(account).text(*texts.NO_SHEET, code=error.code))
        inviting.hand_in(self._rounds.by(account.name), seen.row, batch, by=by)
        return self._with(self._one(account, seen), tuple(File(*one) for one in files))

    def _document(self, account: Account, seen: Seen) -> Reply:
        words = _words(account)
        if seen.row.results is None:
            return self._one(account, seen)
        try:
            name, content = self._papers.document(seen.row.results, account.language)
        except PaperRefused as error:
            return self._one(account, seen, words.text(*texts.NO_SHEET, code=error.code))
        return self._with(self._one(account, seen), (File(name, content),))

    @staticmethod
    def _with(reply: Reply, files: tuple[File, ...]) -> Reply:
        return Reply(reply.account, reply.screen, reply.tokens, files)

    def _hidden(self, account: Account) -> Reply:
        """Everything goes, and no button of before means anything."""
        self._chats.pop(account.key, None)
        return Reply(account, wipe=True)

    @staticmethod
    def _possible(account: Account, seen: Seen, act: Act) -> bool:
        return act in screens.allowed(account, seen)

    def _seen(self, round_id: bytes) -> Seen | None:
        return next((one for one in self._list() if one.id == round_id), None)

    def _list(self) -> tuple[Seen, ...]:
        """All rounds by their labels, as they are now."""
        rows = sorted(self._rounds.all(), key=lambda row: row.id)
        return tuple(Seen(row, self._store.count(row.id, self._clock())) for row in rows)

    def _wait(self, account: Account, action: Action) -> None:
        chat = self._chat(account)
        chat.waiting, chat.until = action, self._clock().timestamp() + PATIENCE

    def _home(self, account: Account, notice: str = "") -> Reply:
        today = self._clock().date()
        return self._drawn(account, screens.home(_words(account), account, self._list(), today, notice))

    def _one(self, account: Account, seen: Seen, notice: str = "") -> Reply:
        return self._drawn(account, screens.one_round(_words(account), account, seen, self._clock().date(), notice))

    def _drawn(self, account: Account, screen: Screen) -> Reply:
        """The card with new tokens; those of the last one mean nothing any more."""
        meanings: dict[str, Action] = {}
        rows = []
        for row in screen.rows:
            drawn = [(button.label, secrets.token_urlsafe(9)) for button in row]
            meanings |= {token: button.action for button, (_, token) in zip(row, drawn, strict=True)}
            rows.append(tuple(drawn))
        self._chat(account).meanings = meanings
        return Reply(account, screen, tuple(rows))

    def _chat(self, account: Account) -> _Chat:
        return self._chats.setdefault(account.key, _Chat())


class Guesses:
    """How often strangers may try a code: each a few times an hour, and all together not often either."""

    def __init__(self) -> None:
        self._tries: OrderedDict[int, list[float]] = OrderedDict()

    def allow(self, user_id: int, now: float) -> bool:
        """Whether this try may be looked at; counts it."""
        for known, times in list(self._tries.items()):
            self._tries[known] = [one for one in times if now - one < HOUR]
            if not self._tries[known]:
                del self._tries[known]
        if len(self._tries.get(user_id, ())) >= GUESSES or sum(map(len, self._tries.values())) >= _CROWD:
            return False
        self._tries.setdefault(user_id, []).append(now)
        return True


def _words(account: Account) -> Catalogue:
    return catalogue(account.language, texts.DOMAIN)


def _hiding() -> frozenset[str]:
    """What hides when it is typed: the button's word in each language, and the command."""
    said = {catalogue(tag, texts.DOMAIN).text(*texts.HIDE).casefold() for tag in texts.LANGUAGES}
    return frozenset({"/hide", *said})
