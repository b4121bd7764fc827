"""Every text of a consultation, by its place in the file and by a name that stays when questions move.

A place (`sections[0].items[3].text`) is where a line stands today. A translator's file lives for weeks, and a signature
for months: there a text is called after the question it belongs to (`worth.text`), so that moving a question, or adding
one before it, makes no other text look new.
"""

from collections.abc import Iterator
from typing import NamedTuple, get_args

from pydantic import BaseModel

from flows.findings import Path
from flows.model import Consultation, Note, Question, Section, Texts

_ALONE = (Section, Note, *get_args(Question))


class Named(NamedTuple):
    """One text: its name, and its place in the file."""

    name: str
    path: Path
    text: Texts


def texts(value: object, path: Path = ()) -> Iterator[tuple[Path, Texts]]:
    """Every text that somebody reads."""
    if isinstance(value, Texts):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from texts(part, (*path, number))


def named(consultation: Consultation) -> Iterator[Named]:
    """Every text with its name: no two share one in a consultation whose ids are unique."""
    for path, text in texts(consultation):
        yield Named(_name(consultation, path), path, text)


def _name(value: object, path: Path) -> str:
    steps: list[str] = []
    for step in path:
        if isinstance(step, int):
            value = value[step]  # type: ignore[index]  # the path leads through lists exactly here
            # Ids of sections and items are unique in the whole consultation: what stands above them says nothing more.
            steps = [*([] if isinstance(value, _ALONE) else steps), str(getattr(value, "id", step + 1))]
        else:
            value = getattr(value, step)
            steps.append(step)
    return ".".join(steps)
