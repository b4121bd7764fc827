"""Q7: what is read aloud is read aloud whole, and every file is there and can be played."""

import hashlib
from collections.abc import Iterator

from flows.checks.walk import Flaw
from flows.mending import CHECKS
from flows.model import Consultation
from flows.ogg import WHY, OggError, read
from flows.prompts import Fetch, digest, parts


def complete(consultation: Consultation) -> Iterator[Flaw]:
    """Where one card of a language can be heard, all can: whoever needs to listen must not be left alone half-way."""
    spoken = {language for _, audio in parts(consultation) if audio for language in audio.root}
    for path, audio in parts(consultation):
        lacking = [
            language
            for language in consultation.languages
            if language in spoken and (audio is None or language not in audio.root)
        ]
        if lacking:
            remedy = "Record it: " + ", ".join(f"'{language}: …'" for language in lacking) + "."
            yield Flaw(path, "Other cards can be heard, this one cannot, in: " + ", ".join(lacking) + ".", remedy)


def strays(consultation: Consultation) -> Iterator[Flaw]:
    """No recording that nobody can reach: of a language that is not offered, or of a screen that is not there."""
    for path, audio in parts(consultation):
        for language in sorted(set(audio.root if audio else ()) - set(consultation.languages)):
            message = f"'{language}' is not among the languages offered, nobody will hear this."
            yield Flaw((*path, language), message, "Add it to 'languages', or remove the recording.")
    aloud, about = consultation.audio, len(consultation.consent.about)
    for name, recorded, shown in (
        ("about", aloud.about if aloud else (), about),
        ("check", aloud.check if aloud else (), CHECKS),
    ):
        if len(recorded) > shown:
            yield Flaw(("audio", name), f"{len(recorded)} recordings for {shown} screens.", "Remove what is too many.")
    for number, section in enumerate(consultation.sections):
        if section.content_note is None and section.content_note_audio is not None:
            message = "There is no content note here that could be read aloud."
            yield Flaw(("sections", number, "content_note_audio"), message, "Write the note, or remove the recording.")


def playable(consultation: Consultation, fetch: Fetch) -> Iterator[Flaw]:
    """Every file that is named is there, and is a short, plain, mono Opus recording."""
    for path, audio in parts(consultation):
        for language, name in (audio.root if audio else {}).items():
            flaw = _unplayable(name, fetch)
            if flaw is not None:
                yield Flaw((*path, language), *flaw)


def _unplayable(name: str, fetch: Fetch) -> tuple[str, str] | None:
    data, held = fetch(name), digest(name)
    if data is None:
        return "There is no such file.", "Put it there; names begin at the folder of this file."
    if held is not None and hashlib.sha256(data).digest() != held:
        return "This is not the recording that its name stands for.", "Name the sound file, from this file's folder on."
    try:
        read(data)
    except OggError as error:
        return WHY[error.code]
    return None
