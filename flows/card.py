"""The card for a session: what stands on it and which buttons it carries.

Pure and total: the card on screen can be drawn again at any time, after a restart, in another language, with a
notice. What a button does is the engine's to say; that it may be pressed at all is said here and nowhere else.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from flows.events import Action, Control, Pick
from flows.limits import SCALE_ROW
from flows.mending import mend
from flows.model import Consultation, Item, Multiple, Note, Ranking, Scale
from flows.options import offered
from flows.path import place_before
from flows.prompts import prompt
from flows.replies import fills
from flows.rules import rules_of
from flows.screens import Button, Notice, Screen, ScreenKind
from flows.session import ENDED, Session, State, consented

Row = tuple[Button, ...]

_CONTROLS: dict[State, tuple[tuple[Control, ...], ...]] = {
    State.SAFE: ((Control.YES, Control.NO),),
    State.AGE: ((Control.ADULT,), (Control.UNDER_AGE,), (Control.DECLINE,)),
    State.ABOUT: ((Control.NEXT,),),
    State.CHECK: ((Control.YES, Control.NO),),
    State.CONSENT: ((Control.YES, Control.NO),),
    State.CONTENT_NOTE: ((Control.NEXT,), (Control.SKIP_PART,)),
    State.REVIEW: ((Control.SEND,),),
    State.PAUSED: ((Control.RESUME,),),
    State.STOPPING: ((Control.STOP_CONFIRMED,), (Control.KEEP_GOING,)),
    State.SUPPORT: ((Control.RESUME,),),
    State.COMMAND: ((Control.ANSWER,), (Control.DO_IT,)),
}
_BARE = frozenset({State.PAUSED, State.STOPPING, State.COMMAND, State.HIDDEN}) | ENDED
"""Cards without the usual last rows: one question at a time, and a paused or hidden card gives nothing away."""

_PLACED = frozenset(
    {State.ABOUT, State.CHECK, State.CONSENT, State.CONTENT_NOTE, State.ASKING, State.REVIEW}
)  # fmt: skip


def screen(consultation: Consultation, session: Session, notice: Notice | None = None) -> Screen:
    """The card of `session`, with one calm line where there is a reason. Total: a broken session gets a sound card."""
    return drawn(consultation, mend(consultation, session), notice)


def drawn(consultation: Consultation, session: Session, notice: Notice | None = None) -> Screen:
    """The card of a session that needs no mending, as the engine's own do not."""
    asking = session.state is State.ASKING
    question = asking and not isinstance(consultation.items[session.place], Note)
    codes = _offered(consultation, session)
    return Screen(
        kind=ScreenKind.NOTE if asking and not question else _kind(session.state),
        language=session.language,
        place=session.place if session.state in _PLACED else 0,
        offered=codes,
        rows=_rows(consultation, session, codes),
        notice=notice,
        progress=_progress(consultation, session) if question else None,
        region=_region(consultation, session) if session.state is State.SUPPORT else None,
    )


def carries(consultation: Consultation, session: Session, action: Action) -> bool:
    """Whether the card of a session that needs no mending has a button for `action`."""
    if isinstance(action, Pick):
        return 0 <= action.index < len(_offered(consultation, session))
    return any(button.action == action for row in _controls(consultation, session) for button in row)


def actions(shown: Screen) -> frozenset[Action]:
    """Everything that the buttons of a card do."""
    return frozenset(button.action for row in shown.rows for button in row)


MARKED: Final = ("",)
"""Of a button that bears a mark itself. No code is empty, so it is no choice in progress."""


def rests_on(
    consultation: Consultation, session: Session, actions: Iterable[Action], *, sound: bool = False
) -> tuple[tuple[str, ...], ...]:
    """For each action: what of the marks on the card its meaning rests on, as codes; empty where it rests on none.

    A tick, a place in the order and a setting are put on or taken off, so such a button rests on its own mark alone:
    quick taps on two boxes both count, and two on one box tick it. What seals a choice in progress, *done* and the pick
    that fills a ranking, rests on the whole of it: nothing is sealed that did not stand on the card that was pressed.
    `sound` says that the session needs no mending, as the engine's own do not. Total without it.
    """
    if not (session.chosen or session.reader or session.remind):
        return ((),) * len(tuple(actions))
    session = session if sound else mend(consultation, session)
    chosen = session.chosen if session.state is State.ASKING else ()
    codes = _offered(consultation, session) if chosen else ()
    item = consultation.items[session.place] if chosen else None
    return tuple(_rests_on(session, action, codes, item) for action in actions)


def _rests_on(session: Session, action: Action, codes: tuple[str, ...], item: Item | None) -> tuple[str, ...]:
    match action:
        case Control.DONE:
            return session.chosen
        case Control.READER:
            return MARKED if session.reader else ()
        case Control.REMIND:
            return MARKED if session.remind else ()
        case Pick(index) if index < len(codes):
            if codes[index] in session.chosen:
                return MARKED
            return session.chosen if isinstance(item, Ranking) and fills(item, codes, session.chosen) else ()
        case _:
            return ()


def _kind(state: State) -> ScreenKind:
    return ScreenKind.QUESTION if state is State.ASKING else ScreenKind(state.value)


def _offered(consultation: Consultation, session: Session) -> tuple[str, ...]:
    if session.state is State.LANGUAGE:
        return tuple(consultation.languages)
    if session.state is State.SUPPORT and session.region is None and len(consultation.regions) > 1:
        return tuple(region.id for region in consultation.regions)
    if session.state is State.ASKING:
        return offered(consultation, session.place, dict(session.kept))
    return ()


def _rows(consultation: Consultation, session: Session, codes: tuple[str, ...]) -> tuple[Row, ...]:
    item = consultation.items[session.place] if session.state is State.ASKING else None
    picks = tuple(_pick(item, session, index, code) for index, code in enumerate(codes))
    width = SCALE_ROW if isinstance(item, Scale) else 1
    rows = [picks[start : start + width] for start in range(0, len(picks), width)]
    listen, *controls = _controls(consultation, session)
    return (*([listen] if listen else []), *rows, *controls)


def _controls(consultation: Consultation, session: Session) -> Iterator[Row]:
    """The row above the picks, which may be empty, and all rows below them."""
    yield () if prompt(consultation, session) is None else _row((Control.LISTEN,))
    item = consultation.items[session.place] if session.state is State.ASKING else None
    yield from map(_row, _CONTROLS.get(session.state, ()) if item is None else _item_controls(item, session))
    yield from _settings(session)
    yield from _last_rows(consultation, session)


def _region(consultation: Consultation, session: Session) -> str | None:
    """Whose places of support stand on the card: the region that was chosen, or the only one there is."""
    if session.region is None and len(consultation.regions) != 1:
        return None
    return consultation.regions[session.region or 0].id


def _settings(session: Session) -> tuple[Row, ...]:
    reader = (Button(Control.READER, ticked=session.reader),)
    if session.state is State.LANGUAGE and session.language is not None:
        return (reader,)
    if session.state is not State.PAUSED:
        return ()
    # Whoever comes back after hiding must not be told by this card that there was a consent.
    choice = consented(session) and session.veiled is None and not session.reminded
    return ((Button(Control.REMIND, ticked=session.remind),), reader) if choice else (reader,)


def _pick(item: Item | None, session: Session, index: int, code: str) -> Button:
    picked = code in session.chosen
    if isinstance(item, Ranking) and picked:
        return _option(index, rank=session.chosen.index(code) + 1)
    return _option(index, ticked=picked)


# Buttons are the same for everybody, so they are made once; which of them somebody sees is remembered nowhere.


@lru_cache(maxsize=1024)
def _option(index: int, *, ticked: bool = False, rank: int | None = None) -> Button:
    return Button(Pick(index), ticked, rank)


@lru_cache(maxsize=256)
def _row(controls: tuple[Control, ...]) -> Row:
    return tuple(map(Button, controls))


def _item_controls(item: Item, session: Session) -> tuple[tuple[Control, ...], ...]:
    passing = (Control.SKIP, Control.DECLINE)
    again = ((Control.KEEP_ANSWER,),) if session.place < session.furthest else ()
    match item:
        case Note():
            return ((Control.NEXT,),)
        case Multiple():
            return ((Control.DONE,), *again, passing)
        case Ranking():
            return ((Control.DONE, Control.CLEAR) if session.chosen else (Control.DONE,), *again, passing)
        case _:
            return (*again, passing)


def _last_rows(consultation: Consultation, session: Session) -> tuple[Row, ...]:
    # Before a language is chosen there are no words to put on these buttons; typed commands work all the same.
    if session.state in _BARE or session.language is None:
        return ()
    back = (Control.BACK,) if _has_back(consultation, session) else ()
    support = () if session.state is State.SUPPORT else (Control.SUPPORT,)
    language = () if session.state is State.LANGUAGE else (Control.LANGUAGE,)
    near, away = (*back, Control.PAUSE, *support), (*language, Control.HIDE)
    # *Stop and delete* is long in most languages: in a third of a row a phone would cut it.
    return (_row(near), _row(away), _row((Control.STOP,)))


def _has_back(consultation: Consultation, session: Session) -> bool:
    match session.state:
        case State.AGE | State.ABOUT | State.CHECK | State.CONSENT:
            return True
        case State.SUPPORT:
            return session.region is not None
        case State.CONTENT_NOTE | State.ASKING | State.REVIEW:
            return place_before(consultation, session) is not None
        case _:
            return False


def _progress(consultation: Consultation, session: Session) -> tuple[int, int]:
    """(questions passed, questions in all), as far as this person's way is known by now."""
    values, rules = dict(session.kept), rules_of(consultation)
    way = [place for place in rules.questions if rules.relevant(place, values)]
    return sum(place < session.place for place in way), len(way)
