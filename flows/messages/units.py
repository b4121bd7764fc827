"""One text to be translated, with its source, what is to be known of it, and how much room there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flows.checks import effort
from flows.findings import Path, Places
from flows.model import PURPOSES, Band, Choice, Consultation, Merge, Note, Region, Section, Vote
from flows.texts import named


class Measure(StrEnum):
    """What room is counted in."""

    CHARACTERS = "characters"
    WORDS = "words"
    TELEGRAM = "characters as Telegram counts them"


@dataclass(frozen=True, slots=True)
class Room:
    """The most that a text may hold."""

    most: int
    of: Measure

    def used(self, text: str) -> int:
        """How much of it a text takes."""
        if self.of is Measure.TELEGRAM:
            return len(text.encode("utf-16-le")) // 2
        return effort.width(text) if self.of is Measure.CHARACTERS else effort.words(text)

    def __str__(self) -> str:
        return f"at most {self.most} {self.of}"


BUTTON = Room(effort.MAX_BUTTON, Measure.CHARACTERS)
SCREEN = Room(effort.MAX_WORDS, Measure.WORDS)


@dataclass(frozen=True, slots=True)
class Unit:
    """One text in one language."""

    context: str
    """With `source`, what tells it from all others; of a consultation, its name by itself."""
    source: tuple[str, ...]
    """What is to be translated: one text, or a singular and a plural."""
    said: tuple[str, ...] = ("",)
    """The translation, in as many forms as the language tells numbers apart where there is a plural; empty where
    there is none yet."""
    note: str = ""
    where: str = ""
    room: Room | None = None
    unsure: bool = False
    """Whether somebody has to look at it again before anybody may read it: PO calls that fuzzy."""
    path: Path = ()
    """Of a consultation: where its source stands in the file."""
    line: int = 0
    """The line (of a form, the row) of it; 0 where it is not known."""

    @property
    def missing(self) -> bool:
        """Whether anything of the translation is not there yet."""
        return not all(self.said)

    @property
    def too_long(self) -> bool:
        """Whether a form of it takes more room than there is."""
        return self.room is not None and any(self.room.used(form) > self.room.most for form in self.said)


def of_consultation(consultation: Consultation, language: str, places: Places) -> tuple[Unit, ...]:
    """Every text of a consultation in one language, which it need not offer yet; in the order of the model."""
    source = consultation.languages[0]
    units = []
    for name, path, text in named(consultation):
        around = list(_around(consultation, path))
        note, room = _of_field(around[-1][1], str(path[-1]) if isinstance(path[-1], str) else str(path[-2]))
        units.append(
            Unit(
                context=name,
                source=(text.root.get(source, ""),),
                said=(text.root.get(language, ""),),
                note=note,
                where=", ".join(said for said, _ in around if said),
                room=room,
                path=path,
                line=places.at((*path, source))[0],
            )
        )
    return tuple(units)


def _around(value: object, path: Path) -> Iterator[tuple[str, object]]:
    """What the text stands in, from outside to inside, in words and as values."""
    yield "", value
    for step in path[:-1]:
        value = value[step] if isinstance(step, int) else getattr(value, step)  # type: ignore[index]  # as the path says
        if isinstance(step, int):
            yield _called(value), value
    if isinstance(path[-1], int):
        yield f"screen {path[-1] + 1} before consent", None


_WORDS: tuple[tuple[type, str], ...] = (
    (Section, "part"), (Note, "note"), (Choice, "choice"), (Band, "band"), (Merge, "merged answers"),
    (Region, "region"), (object, "question"),
)  # fmt: skip


def _called(value: object) -> str:
    word = next(word for kind, word in _WORDS if isinstance(value, kind))
    return f"{word} '{getattr(value, 'id', '')}'"


_FIELDS = {
    "hint": "Stands below the question, on the same card.",
    "constraint_message": "Shown where an answer does not fit, to say what is wanted.",
    "low_text": "What the lowest point of the scale means.",
    "high_text": "What the highest point of the scale means.",
    "content_note": "Stands before a part that may be heavy: what comes, and that it can be left out.",
    "asked_by": "Who asks.",
    "process": "The discussion or body that the summary is written for.",
    "about": "Read before anything is asked.",
    **dict.fromkeys((purpose.value for purpose in PURPOSES), "Asks for one use of the answers; yes or no follows."),
}


def _of_field(holder: object, field: str) -> tuple[str, Room | None]:
    if isinstance(holder, Choice | Band | Region):
        return "Stands on a button.", BUTTON
    if isinstance(holder, Merge):
        return "Stands in a table of a document, where these answers are counted together.", SCREEN
    if field == "title":
        return "The name of the part." if isinstance(holder, Section) else "The name of the consultation.", SCREEN
    return _FIELDS.get(field) or _of_item(holder), SCREEN


def _of_item(item: object) -> str:
    if isinstance(item, Note):
        return "To be read; nothing is asked."
    return "A sentence to agree or disagree with." if isinstance(item, Vote) else "The question."
