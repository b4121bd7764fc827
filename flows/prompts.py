"""Which recording belongs to a card, and how a consultation takes its recordings along into a round.

Only cards after *safe now* can be heard: before it, nobody knows who else would listen. That holds for support as well,
which lies over any card, and for whoever comes back to a hidden conversation.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flows import ogg
from flows.aloud import HELD, Aloud, Audio
from flows.findings import Path
from flows.mending import CHECKS, VEIL, underlying
from flows.model import PURPOSES, Consultation, Item
from flows.session import Session, State

Fetch = Callable[[str], bytes | None]
"""The bytes of a sound file by its name in the consultation; None where there is no such file."""

_SILENT = Aloud()


def nothing(_name: str) -> None:
    """A folder without sound files."""
    return


class Part(NamedTuple):
    """A text that can be read aloud, by its place in the file, and the recordings of it."""

    path: Path
    audio: Audio | None


def prompt(consultation: Consultation, session: Session) -> str | None:
    """The recording of the card on screen, in the language of the session; None where there is none to be heard."""
    unsafe = session.veiled is not None or underlying(session) in VEIL
    audio = None if unsafe or session.language is None else _on_card(consultation, session.state, session.place)
    return None if audio is None or session.language is None else audio.root.get(session.language)


def _on_card(consultation: Consultation, state: State, place: int) -> Audio | None:
    if state is State.ASKING:
        return consultation.items[place].audio
    if state is State.CONTENT_NOTE:
        return consultation.sections[consultation.section_of[place]].content_note_audio
    return _around(consultation.audio or _SILENT, state, place)


def _around(aloud: Aloud, state: State, place: int) -> Audio | None:
    """What is read aloud of a card around the questions."""
    match state:
        case State.ABOUT:
            return _at(aloud.about, place)
        case State.CHECK:
            return _at(aloud.check, place)
        case State.CONSENT:
            return _asking(aloud, place)
        case State.AGE | State.REVIEW | State.SUPPORT:
            found: Audio | None = getattr(aloud, state.value)
            return found
        case _:
            return None


def _at(recorded: tuple[Audio, ...], place: int) -> Audio | None:
    return recorded[place] if place < len(recorded) else None


def _asking(aloud: Aloud, place: int) -> Audio | None:
    found: Audio | None = getattr(aloud, PURPOSES[place].value)
    return found


def parts(consultation: Consultation) -> Iterator[Part]:
    """Everything that can be read aloud, in the order in which people meet it."""
    aloud = consultation.audio or _SILENT
    yield Part(("audio", "age"), aloud.age)
    for place in range(max(len(consultation.consent.about), len(aloud.about))):
        yield Part(("audio", "about", place), _at(aloud.about, place))
    for place in range(max(CHECKS, len(aloud.check))):
        yield Part(("audio", "check", place), _at(aloud.check, place))
    for place, purpose in enumerate(PURPOSES):
        yield Part(("audio", purpose.value), _asking(aloud, place))
    for number, section in enumerate(consultation.sections):
        if section.content_note is not None or section.content_note_audio is not None:
            yield Part(("sections", number, "content_note_audio"), section.content_note_audio)
        for place, item in enumerate(section.items):
            yield Part(("sections", number, "items", place, "audio"), item.audio)
    yield Part(("audio", "review"), aloud.review)
    yield Part(("audio", "support"), aloud.support)


def names(consultation: Consultation) -> tuple[str, ...]:
    """Every recording that is named, each once."""
    return tuple(dict.fromkeys(name for _, audio in parts(consultation) if audio for name in audio.root.values()))


class Taken(NamedTuple):
    """A consultation whose recordings are named by what they hold, and the recordings, by their SHA-256."""

    consultation: Consultation
    recordings: dict[bytes, bytes]


def digest(name: str) -> bytes | None:
    """The SHA-256 that a name holds; None for the name of a file."""
    return bytes.fromhex(name.removeprefix(HELD)) if name.startswith(HELD) else None


def taken(consultation: Consultation, fetch: Fetch) -> Taken:
    """The consultation as a round freezes it. Raises OggError where a recording is not there or not one."""
    held: dict[str, bytes] = {}
    for name in names(consultation):
        data = fetch(name) or b""
        ogg.read(data)
        held[name] = data
    if not held:
        return Taken(consultation, {})
    digests = {name: hashlib.sha256(data).digest() for name, data in held.items()}
    renamed = {name: HELD + found.hex() for name, found in digests.items()}
    # Read anew, because a copy would go on with the hash of what it was copied from.
    tree = _renamed(consultation, renamed).model_dump(mode="json")
    return Taken(Consultation.model_validate(tree), {digests[name]: data for name, data in held.items()})


def _renamed(consultation: Consultation, names_: dict[str, str]) -> Consultation:
    def anew(audio: Audio | None) -> Audio | None:
        return audio and Audio({language: names_[name] for language, name in audio.root.items()})

    def item(one: Item) -> Item:
        return one.model_copy(update={"audio": anew(one.audio)})

    sections = tuple(
        one.model_copy(
            update={"content_note_audio": anew(one.content_note_audio), "items": tuple(map(item, one.items))}
        )
        for one in consultation.sections
    )
    aloud = consultation.audio
    if aloud is not None:
        told = {name: getattr(aloud, name) for name in Aloud.model_fields}
        aloud = Aloud(
            **{
                name: tuple(map(anew, audio)) if isinstance(audio, tuple) else anew(audio)
                for name, audio in told.items()
            }
        )
    return consultation.model_copy(update={"sections": sections, "audio": aloud})
