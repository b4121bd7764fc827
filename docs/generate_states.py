"""Draws docs/states.md from the engine itself: every state, every event, and where each really leads.

Nothing is declared twice: where each rule leads is found by walking every conversation that two tiny consultations
allow. With `--check` it only says whether the page is in step.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from docs import in_step
from flows.card import actions, screen
from flows.earlier import MOST, ROOM
from flows.engine import CUES, TABLE, UNASKED, Cue, start, step
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
from flows.journey.covers import go_on, old_card, silence
from flows.mending import ASIDES
from flows.model import Consultation
from flows.screens import Step
from flows.session import ENDED, Session, State

PAGE = Path(__file__).with_name("states.md")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Visit:
    """One step of the walk; `counts` is false for a button that the card did not carry."""

    before: Session
    cue: Cue
    event: Event
    step: Step
    counts: bool


COMMANDS = (Control.PAUSE, Control.SUPPORT, Control.SKIP, Control.BACK, Control.LANGUAGE, Control.HIDE, Control.STOP)
"""Commands that people type as words (P2)."""
DISTRESS = "I want to die"
EARLIER = tuple(card + place for card in range(0, MOST, ROOM) for place in (0, 2, 5))
"""Positions of cards that have gone: of each kind the first one, and others."""

Leads = Mapping[tuple[State, Cue], frozenset[State]]


@lru_cache
def specimen(*, noted_first: bool) -> Consultation:
    """A consultation with one item of each kind, in a plain part and one with a content note."""

    def words(text: str) -> dict[str, str]:
        return {"en": text, "ar": text}

    choices = [{"id": code, "text": words(code)} for code in ("a", "b")]
    alone = {"id": "none", "text": words("none"), "exclusive": True}
    bands = [
        {"id": "young", "text": words("18-29"), "low": 18, "high": 29},
        {"id": "old", "text": words("30-99"), "low": 30, "high": 99},
    ]
    ends = {"low_text": words("not at all"), "high_text": words("wholly")}
    plain: list[dict[str, object]] = [
        {"kind": "single", "id": "one", "text": words("one?"), "choices": choices},
        {"kind": "note", "id": "words", "text": words("read this"), "relevant": "selected(${one}, 'a')"},
        {"kind": "multiple", "id": "several", "text": words("several?"), "choices": [*choices, alone], "min": 2},
        {"kind": "scale", "id": "much", "text": words("how much?"), "high": 3, **ends},
    ]
    noted: list[dict[str, object]] = [
        {"kind": "ranking", "id": "order", "text": words("order?"), "choices": choices, "top": 2},
        {"kind": "number", "id": "years", "text": words("years?"), "bands": bands, "constraint": ". < 90"},
        {"kind": "text", "id": "said", "text": words("your words?"), "max_length": 20},
        {"kind": "vote", "id": "stance", "text": words("a statement")},
    ]
    audio = dict.fromkeys(("en", "ar"), "tone.ogg")
    for item in (*plain, *noted):
        item["audio"] = audio
    heavy = {"content_note": words("heavy"), "content_note_audio": audio}
    sections = [{"id": "plain", "items": plain}, {"id": "noted", **heavy, "items": noted}]
    texts = {name: words(name) for name in ("title", "asked_by", "process")}
    purposes = ("count", "paraphrase", "quote", "other_processes", "results")
    consent = {"about": [words("who"), words("why")], **{purpose: words(purpose) for purpose in purposes}}
    spoken: dict[str, object] = dict.fromkeys((*purposes, "age", "review", "support"), audio)
    spoken |= {name: [audio, audio] for name in ("about", "check")}
    return Consultation.model_validate(
        {
            "format": "sauti-consultation", "version": 1, "id": "specimen", **texts, "languages": ["en", "ar"],
            "audio": spoken,
            "regions": [{"id": name, "text": words(name)} for name in ("north", "south")], "consent": consent,
            "sections": sections[::-1] if noted_first else sections,
        }
    )  # fmt: skip


def every_event() -> tuple[tuple[Cue, Event], ...]:
    """At least one event of each kind, with its cue: two options, and words, digits and nothing."""
    presses: list[tuple[Cue, Event]] = [(control, Pressed(control)) for control in Control]
    picks: list[tuple[Cue, Event]] = [(Pick, Pressed(Pick(index))) for index in (0, 1)]
    words: list[tuple[Cue, Event]] = [(Typed, Typed(text)) for text in ("plain words", "٢٥", " ", DISTRESS)]
    commands: list[tuple[Cue, Event]] = [(Worded, Worded(control, control.name.lower())) for control in COMMANDS]
    others: list[tuple[Cue, Event]] = [(Attached, Attached()), (Stale, Stale()), (Restarted, Restarted())]
    others += [(Earlier, Earlier(control, at)) for control in (Control.SKIP, Control.BACK) for at in EARLIER]
    others += [(Returned, Returned()), (Idle, Idle()), (ReminderDue, ReminderDue()), (Left, Left())]
    return (*presses, *picks, *words, *commands, *others)


@lru_cache
def walk(*, noted_first: bool) -> tuple[Visit, ...]:
    """Every step that a specimen allows, from each session once however it was reached."""
    consultation = specimen(noted_first=noted_first)
    waiting = [start(consultation).session]
    seen, visits = set(waiting), []
    while waiting:
        session = waiting.pop()
        allowed = actions(screen(consultation, session)) | UNASKED
        for cue, event in every_event():
            after = step(consultation, session, event, NOW)
            counts = not isinstance(event, Pressed) or event.action in allowed
            visits.append(Visit(session, cue, event, after, counts=counts))
            key = _kind(after.session)
            if key not in seen:
                seen.add(key)
                waiting.append(after.session)
    return tuple(visits)


def _kind(session: Session) -> Session:
    """The session without what decides nothing here, and would make the walk endless.

    That is which language it is, how much room is left, and under an aside or a veil the answers of the place.
    """
    seen = replace(
        session, language=session.language and "en", spent=min(session.spent, 1), reader=False, word="",
        furthest=int(session.place < session.furthest),
    )  # fmt: skip
    if session.veiled is None and session.state not in ASIDES:
        return seen
    return replace(seen, place=0, chosen=(), kept=(), purposes=frozenset(), furthest=0, missed=False)


def leads() -> Leads:
    """Where each (state, event) led, over every conversation with both specimens."""
    found: dict[tuple[State, Cue], set[State]] = defaultdict(set)
    for visit in (*walk(noted_first=False), *walk(noted_first=True)):
        if visit.counts:
            found[visit.before.state, visit.cue].add(visit.step.session.state)
    return {pair: frozenset(states) for pair, states in found.items()}


def _name(cue: Cue) -> str:
    return f"*{cue.name.lower().replace('_', ' ')}*" if isinstance(cue, Control) else cue.__name__


def _rows(pairs: Iterable[tuple[State, Cue]], found: Leads) -> Iterator[str]:
    yield "| event | what happens | leads to |\n|---|---|---|"
    for pair in pairs:
        yield f"| {_name(pair[1])} | {(TABLE[pair].__doc__ or '').strip()} | {', '.join(sorted(found[pair]))} |"
    yield ""


def _common(cue: Cue) -> bool:
    """Whether a cue is answered alike by every place and every aside; by what is hidden, differently."""
    return len({TABLE[state, cue] for state in State if state not in {*ENDED, State.HIDDEN}}) == 1


def _tables(found: Leads) -> Iterator[str]:
    yield "## Everywhere, until it is hidden or has ended\n"
    yield "| event | what happens |\n|---|---|"
    yield from (f"| {_name(cue)} | {TABLE[State.ASKING, cue].__doc__} |" for cue in CUES if _common(cue))
    yield ""
    for state in State:
        if state is State.HIDDEN:
            yield "## hidden\n"
            yield "Nothing is shown, whatever happens, except:\n"
            yield from _rows([(state, cue) for cue in CUES if TABLE[state, cue] is not silence], found)
        elif state not in ENDED:
            yield f"## {state.replace('_', ' ')}\n"
            dull = {old_card, silence}
            pairs = [(state, cue) for cue in CUES if not _common(cue) and TABLE[state, cue] not in dull]
            yield from _rows(pairs, found)
    yield f"## {', '.join(state.replace('_', ' ') for state in State if state in ENDED)}\n"
    yield "Whatever happens, the card shows that the conversation has ended. *hide* takes it out of the chat; nothing"
    yield "else is done."


_UNDRAWN = {*UNASKED, Worded, Earlier, Idle, Left}
"""Lead from everywhere to the same place: said in words, not drawn."""


def _diagram(found: Leads) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2\n    [*] --> language"
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    for (state, cue), states in found.items():
        for after in states:
            if after is not state and cue not in _UNDRAWN and TABLE[state, cue] is not go_on:
                arrows[state, after].append(_name(cue).strip("*"))
    for (state, after), names in sorted(arrows.items()):
        yield f"    {state} --> {after}: {', '.join(sorted(names))}"
    yield from (f"    {state} --> [*]" for state in sorted(ENDED))
    yield "```\n"


def page() -> str:
    """The whole page."""
    found = leads()
    lines = [
        "# States of a conversation\n",
        "Made by `make docs` from `flows/engine.py`; do not edit.\n",
        "Every state answers every event. From every state that has not ended, *stop* leads to `stopping`, *pause* to",
        "`paused`, *language* to `language`, *support* to `support`, and *resume* or *keep going* back from there; a",
        "confirmed stop and being blocked lead to `stopped`. *Hide*, and half an hour without a word, lead to `hidden`",
        "once consent was given, and before it end the conversation. Those arrows are left out of the picture, and so",
        "are command words, which do what their buttons do. *Skip* and *back* of an earlier card (`Earlier`) do what",
        "that card showed. Any other button that the current card does not carry changes nothing: the same card is",
        "shown with a calm line. Coming back from `hidden` leads through `language` and `safe`, like a new",
        "conversation.\n",
        *_diagram(found),
        *_tables(found),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "flows/engine.py"))
