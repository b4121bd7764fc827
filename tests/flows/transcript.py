"""Reads a conversation written as lines, holds it with the engine, and writes down what happened.

A file has a title, a few sentences, where it begins, and then lines that start with `>`: what she does. All other
lines are what the engine answered, and are written by `told`. Interface words stand as the engine names them; the
consultation's own words stand in her language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.answers import Answer, Declined, Ranked, Said, Skipped
from flows.earlier import position
from flows.engine import start, step
from flows.events import (
    Attached,
    Control,
    Earlier,
    Event,
    Idle,
    Left,
    Pick,
    Pressed,
    ReminderDue,
    Restarted,
    Returned,
    Stale,
    Typed,
    Worded,
)
from flows.loader import load
from flows.model import PURPOSES, Consultation, Note, Scale
from flows.options import codes
from flows.path import codes_of
from flows.screens import Begin, Button, Effect, Erase, Hide, Notice, Remind, Screen, ScreenKind, Seal, Send, Show, Step
from flows.session import Session, State
from tests.flows.walks import honest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DOINGS: Mapping[str, Event] = {
    "presses an old button": Stale(),
    "presses an old pause button": Pressed(Control.PAUSE),
    "presses an old support button": Pressed(Control.SUPPORT),
    "presses an old language button": Pressed(Control.LANGUAGE),
    "types a word that means stop": Pressed(Control.STOP_CONFIRMED),
    "sends a photo": Attached(),
    "types a word that means skip": Worded(Control.SKIP, "skip"),
    "types a word that means pause": Worded(Control.PAUSE, "pause"),
    "types a word that means back": Worded(Control.BACK, "back"),
    "types a word that means hide": Worded(Control.HIDE, "hide"),
    "opens the chat again": Restarted(),
    "comes back with the code": Returned(),
    "leaves the phone for half an hour": Idle(),
    "has her time to be reminded": ReminderDue(),
    "blocks the bot": Left(),
    "types 401 letters": Typed("x" * 401),
    "types spaces only": Typed("  "),
}
"""What she may do besides `taps …` and `types: …`. The gateway knows stop words, and hands on what they mean."""

_OLD = re.compile(r"presses (?P<control>skip|back) on the card of (?P<name>\w+)")
"""A button of a card that has gone."""


@dataclass(frozen=True, slots=True)
class Script:
    """A golden file: its head, where it begins, and her lines."""

    head: str
    consultation: Consultation
    consented_in: str | None
    doings: tuple[str, ...]


def read(path: Path) -> Script:
    """The script in a golden file; what was recorded before is left aside."""
    text = path.read_text("utf-8")
    head, _, body = text.partition("\n----\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if line.startswith(("consultation: ", "begins: ")))
    source = ROOT / fields["consultation"]
    begins = fields["begins"].removeprefix("after consent, ")
    doings = tuple(line.removeprefix("> ") for line in body.splitlines() if line.startswith("> "))
    return Script(
        head, load(source.read_bytes(), source.name), None if begins == "at the start" else begins, doings
    )  # fmt: skip


def told(script: Script) -> str:
    """The whole file as it should be: what she does, what is done, and each card she sees."""
    lines = [script.head, "----", ""]
    last = _consented(script.consultation, script.consented_in) if script.consented_in else start(script.consultation)
    lines += _answered(script.consultation, last.effects[-1:])
    for doing in script.doings:
        # What she does next may come after a restart: the session is all there is.
        session = Session.from_bytes(last.session.to_bytes())
        shown = next((effect.screen for effect in last.effects if isinstance(effect, Show)), None)
        last = step(script.consultation, session, _event(script.consultation, shown, doing), NOW)
        lines += [f"> {doing}", "", *_answered(script.consultation, last.effects)]
    return "\n".join(lines).rstrip() + "\n"


def _consented(consultation: Consultation, language: str) -> Step:
    last = step(consultation, start(consultation).session, Pressed(Pick(consultation.languages.index(language))), NOW)
    while not last.session.spent:
        last = step(consultation, last.session, Pressed(honest(consultation, last.session)), NOW)
    return last


def _event(consultation: Consultation, shown: Screen | None, doing: str) -> Event:
    if doing.startswith("types: "):
        return Typed(doing.removeprefix("types: "))
    if (card := _OLD.fullmatch(doing)) is not None:
        at = position(Session(State.ASKING, place=consultation.positions[card["name"]]))
        assert at is not None
        return Earlier(Control[card["control"].upper()], at)
    if not doing.startswith("taps "):
        return DOINGS[doing]
    buttons = [button for row in shown.rows for button in row] if shown else []
    return Pressed({_label(consultation, shown, button): button.action for button in buttons}[doing[5:]])


def _label(consultation: Consultation, shown: Screen | None, button: Button) -> str:
    """The word on a button, without its mark."""
    if isinstance(button.action, Control):
        return _plain(button.action.name)
    if shown is None:
        return ""
    code = shown.offered[button.action.index]
    if shown.kind in {ScreenKind.LANGUAGE, ScreenKind.SUPPORT} or shown.language is None:
        return code
    item = consultation.items[shown.place]
    options = getattr(item, "choices", ()) or getattr(item, "bands", ())
    texts = {option.id: option.text[shown.language] for option in options}
    assert code in codes(item)
    return str(texts.get(code, code))


def _plain(name: str) -> str:
    return name.lower().replace("_", " ")


def _answered(consultation: Consultation, effects: tuple[Effect, ...]) -> Iterator[str]:
    for effect in effects:
        match effect:
            case Show(screen):
                yield from _card(consultation, screen)
            case Seal(position, answer):
                yield f"* sealed: {consultation.items[position].id} = {_said(answer)}"
            case Begin(purposes, language):
                allowed = [_plain(purpose.value) for purpose in PURPOSES if purpose in purposes]
                yield f"* begun in {language}, allowing: {', '.join(allowed)}"
            case Send() | Erase() | Hide() | Remind():
                yield f"* {_DONE[type(effect)]}"
    yield ""


_DONE: Mapping[type[Effect], str] = {Send: "sent", Erase: "erased", Hide: "taken out of the chat", Remind: "reminded"}


def _said(answer: Answer) -> str:
    match answer:
        case Skipped() | Declined():
            return "skipped" if isinstance(answer, Skipped) else "prefers not to say"
        case Said(text):
            return f"“{text}”"
        case _:
            return (" > " if isinstance(answer, Ranked) else ", ").join(codes_of(answer))


def _card(consultation: Consultation, screen: Screen) -> Iterator[str]:
    title = _plain(screen.kind.value)
    if screen.progress:
        title += f" {screen.progress[0] + 1} of {screen.progress[1]}"
    yield f"+-- {title}"
    yield from (f"|   {line}" for text in _words(consultation, screen) for line in text.splitlines() if line)
    if screen.notice:
        yield f"|   ! {_notice(consultation, screen, screen.notice)}"
    for row in screen.rows:
        yield "|   " + " ".join(f"[{_mark(button)}{_label(consultation, screen, button)}]" for button in row)
    yield "+--"


def _mark(button: Button) -> str:
    return f"{button.rank}. " if button.rank else "✓ " if button.ticked else ""


def _notice(consultation: Consultation, screen: Screen, notice: Notice) -> str:
    message = None
    if notice in {Notice.NOT_POSSIBLE, Notice.OUT_OF_RANGE} and screen.kind is ScreenKind.QUESTION:
        message = getattr(consultation.items[screen.place], "constraint_message", None)
    return f"{_plain(notice)}: {message[screen.language]}" if message else _plain(notice)


def _words(consultation: Consultation, screen: Screen) -> Iterator[str]:
    language = screen.language
    if language is None:
        return
    match screen.kind:
        case ScreenKind.ABOUT:
            first, more, _ = consultation.consent.about[screen.place][language].partition("\n\n")
            yield f"{first} […]" if more else first
        case ScreenKind.CONSENT:
            yield consultation.consent.ask(PURPOSES[screen.place])[language]
        case ScreenKind.CONTENT_NOTE:
            note = consultation.sections[consultation.section_of[screen.place]].content_note
            yield note[language] if note else ""
        case ScreenKind.QUESTION | ScreenKind.NOTE:
            item = consultation.items[screen.place]
            yield item.text[language]
            if not isinstance(item, Note) and item.hint:
                yield item.hint[language]
            if isinstance(item, Scale):
                yield f"{item.low} = {item.low_text[language]}, {item.high} = {item.high_text[language]}"
        case _:
            pass
