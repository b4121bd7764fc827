"""What of a consultation is read aloud, and from which files; and the plain value that all of its parts are.

A voice is never part of the text: a file is named per language beside it. In a consultation file the name leads to a
sound file beside that file; once a round is made of it, the name is the hash of what the file held, so that nobody's
file names reach a server and what people hear is frozen with what they read.
"""

from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    RootModel,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
)

LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
HELD = "sha256:"
"""How a name begins that is the hash of what was heard."""
AudioName = Annotated[
    str,
    StringConstraints(
        max_length=200, pattern=r"^(sha256:[0-9a-f]{64}|([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*)$"
    ),
]
"""From the folder of the consultation file downwards, with plain letters: no step of it can lead up or away."""


class Frozen(BaseModel):
    """A value that nothing changes and that knows every field it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))
    later: ClassVar[frozenset[str]] = frozenset()
    """Fields that came after the first version: not written where they are empty, so that older rounds keep their
    hash."""

    @model_serializer(mode="wrap")
    def _as_it_was_asked(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        said: dict[str, object] = handler(self)
        return {name: value for name, value in said.items() if value or name not in self.later}


class Audio(RootModel[dict[LanguageTag, AudioName]]):
    """One text read aloud, by language tag: names of sound files."""

    model_config = ConfigDict(frozen=True)


class Aloud(Frozen):
    """The cards around the questions, read aloud: those that come after *safe now*, and only those."""

    age: Audio | None = None
    about: tuple[Audio, ...] = ()
    """In the order of `consent.about`."""
    check: tuple[Audio, ...] = ()
    """The two questions that show whether it was understood."""
    count: Audio | None = None
    paraphrase: Audio | None = None
    quote: Audio | None = None
    other_processes: Audio | None = None
    results: Audio | None = None
    review: Audio | None = None
    support: Audio | None = None
