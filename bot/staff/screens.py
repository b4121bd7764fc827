"""What stands on a staff member's card: words and buttons, from what the database shows and the role allows. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from bot.staff import texts
from bot.staff.texts import Message
from locales.catalog import Catalogue, autonym
from locales.catalog import languages as spoken
from rounds.life import Act, Role, possible
from storage.rounds import RUNNING, RoundRow
from storage.staff import Account

FROM_A_PHONE: Final = (Act.OPEN, Act.PAUSE, Act.CLOSE)
"""What can be asked for here, of all that can be done to a round."""
BATCHES: Final = (20, 40, 60, 100)
"""Sheets of invitations are for twenty people or more (F4)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A round, as staff see it."""

    row: RoundRow
    count: int
    """Responses sent, rounded down to ten and at least a day old."""

    @property
    def id(self) -> bytes:
        """The round's."""
        return self.row.id

    @property
    def label(self) -> str:
        """How it is called in a chat: the beginning of its id, which says nothing to whoever finds the phone."""
        return self.row.id.hex()[:4]


class Action(NamedTuple):
    """What a button means; what travels in it is a random token."""

    kind: str
    round_id: bytes = b""
    act: Act | None = None
    value: str = ""


class Button(NamedTuple):
    """A label and its meaning."""

    label: str
    action: Action


@dataclass(frozen=True, slots=True, repr=False)
class Screen:
    """One card."""

    text: str
    rows: Sequence[Sequence[Button]] = field(default=())


HOME: Final = Action("home")
HIDE: Final = Action("hide")


def home(words: Catalogue, account: Account, rounds: Sequence[Seen], today: date, notice: str = "") -> Screen:
    """The list, with a button for each round."""
    lines = [words.text(*(texts.HOME if rounds else texts.EMPTY)), *(_line(words, one, today) for one in rounds)]
    rows = [[Button(f"{one.label}", Action("round", one.id))] for one in rounds]
    last = [Button(words.text(*texts.CHANGE_LANGUAGE), Action("languages"))]
    if account.role == Role.OPERATOR:
        last.append(Button(words.text(*texts.END_ACCESS), Action("names")))
    return Screen(joined(notice, "\n".join(lines)), [*rows, last, [_hide(words)]])


def one_round(words: Catalogue, account: Account, seen: Seen, today: date, notice: str = "") -> Screen:
    """One round, and what this role may ask for now."""
    lines = [_line(words, seen, today), words.text(*texts.COUNT, count=words.number(seen.count))]
    rows = [list(_acts(words, account, seen)), list(_more(words, account, seen))]
    return Screen(joined(notice, "\n".join(lines)), [*(row for row in rows if row), [_back(words), _hide(words)]])


def sure(words: Catalogue, seen: Seen, act: Act) -> Screen:
    """What stands before the step-up code."""
    said = words.text(*texts.SURE, act=words.text(*texts.ACTS[act]), label=seen.label)
    last = f"\n{words.text(*texts.LAST)}" if act is Act.CLOSE else ""
    return Screen(said + last, [[Button(words.text(*texts.BACK), Action("round", seen.id)), _hide(words)]])


def entry(words: Catalogue, seen: Seen, place: int, language: str, notice: str = "") -> Screen:
    """One entry of the list of help, as those who need it read it, to be tried."""
    one = seen.row.referrals[place]
    known = language if language in one.languages else one.languages[0]
    said = words.text(
        *texts.ENTRY, label=seen.label, place=words.number(place + 1), all=words.number(len(seen.row.referrals))
    )
    answers = [
        Button(words.text(*texts.YES), Action("right", seen.id, value=str(place))),
        Button(words.text(*texts.NO), Action("wrong", seen.id, value=str(place))),
    ]
    text = "\n\n".join((said, f"{one.name[known]}\n{one.how[known]}\n{one.hours[known]}"))
    rows = [answers, [Button(words.text(*texts.BACK), Action("round", seen.id)), _hide(words)]]
    return Screen(joined(notice, text), rows)


def languages(words: Catalogue) -> Screen:
    """Each language by its own name."""
    rows = [[Button(autonym(tag), Action("language", value=tag))] for tag in texts.LANGUAGES]
    return Screen(words.text(*texts.LANGUAGE), [*rows, [_back(words), _hide(words)]])


def names(words: Catalogue, accounts: Sequence[Account]) -> Screen:
    """Whose access can be ended: a lost phone is shut out by whoever hears of it first."""
    rows = [[Button(one.name, Action("end", value=one.name))] for one in sorted(accounts, key=lambda one: one.name)]
    return Screen(words.text(*texts.NAMES), [*rows, [_back(words), _hide(words)]])


def ending(words: Catalogue, name: str) -> Screen:
    """What stands before the step-up code that ends somebody's access."""
    said = words.text(*texts.SURE, act=words.text(*texts.END_ACCESS), label=name)
    return Screen(said, [[_back(words), _hide(words)]])


def sizes(words: Catalogue, seen: Seen) -> Screen:
    """For how many people a sheet is made."""
    row = [Button(words.number(size), Action("sheet", seen.id, value=str(size))) for size in BATCHES]
    back = Button(words.text(*texts.BACK), Action("round", seen.id))
    return Screen(words.text(*texts.HOW_MANY, label=seen.label), [row, [back, _hide(words)]])


def tongues(words: Catalogue, seen: Seen, people: str) -> Screen:
    """In which of the round's languages a sheet is made."""
    rows = [[Button(autonym(one), Action("sheet", seen.id, value=f"{people} {one}"))] for one in languages_of(seen)]
    back = Button(words.text(*texts.BACK), Action("round", seen.id))
    return Screen(words.text(*texts.IN_WHICH, label=seen.label), [*rows, [back, _hide(words)]])


def languages_of(seen: Seen) -> tuple[str, ...]:
    """The round's languages in which slips have words; every round that was checked has one."""
    return tuple(one for one in seen.row.consultation.languages if one in spoken())


def allowed(account: Account, seen: Seen) -> tuple[Act, ...]:
    """What this role may do to a round in its present state."""
    return possible(seen.row.state, Role(account.role))


def _line(words: Catalogue, seen: Seen, today: date) -> str:
    said = words.text(*texts.ITEM, label=seen.label, state=words.text(*state_of(seen)))
    old = seen.row.stale_referrals(today) if seen.row.state in RUNNING else 0
    return f"{said} · {words.text(*texts.STALE, count=words.number(old))}" if old else said


def state_of(seen: Seen) -> Message:
    """The word for a state."""
    return texts.STATES[seen.row.state]


def _acts(words: Catalogue, account: Account, seen: Seen) -> Iterator[Button]:
    may = allowed(account, seen)
    for act in FROM_A_PHONE:
        if act in may:
            yield Button(words.text(*texts.ACTS[act]), Action("sure", seen.id, act))


def _more(words: Catalogue, account: Account, seen: Seen) -> Iterator[Button]:
    if seen.row.referrals and Act.REFERRALS in allowed(account, seen):
        yield Button(words.text(*texts.ACTS["referrals"]), Action("entries", seen.id))
    if Act.INVITE in allowed(account, seen):
        yield Button(words.text(*texts.PAPER), Action("sizes", seen.id))
    if seen.row.results is not None:
        yield Button(words.text(*texts.DOCUMENT), Action("document", seen.id))


def _back(words: Catalogue) -> Button:
    return Button(words.text(*texts.BACK), HOME)


def _hide(words: Catalogue) -> Button:
    return Button(words.text(*texts.HIDE), HIDE)


def joined(notice: str, rest: str) -> str:
    """A card under what is said first, if anything is."""
    return f"{notice}\n\n{rest}" if notice else rest
