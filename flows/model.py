"""One frozen model of a consultation: the loader's only product and everything later rooms know of it.

A consultation is read, checked and then never changes: opening a round freezes it, and the sealed responses
name questions by their position in it. Texts are given per language; the first language is the source.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, RootModel, StringConstraints

from flows.aloud import Aloud, Audio, Frozen, LanguageTag

__all__ = ["Frozen", "LanguageTag"]  # these two stand elsewhere, and everybody looks for them here

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
"""What a table's category is called: the id of a choice, band or merge, or the number of a point on a scale."""
Expression = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]

RISK_FACTORS = 14
"""Risk factors in the UN Framework of Analysis for Atrocity Crimes (A/70/741-S/2016/71)."""


def canonical(value: object) -> bytes:
    """JSON in its one canonical form here: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Texts(RootModel[dict[LanguageTag, Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]]]):
    """One text in several languages, by language tag."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, language: str) -> str:
        """The text in `language`. Raises KeyError where the translation is missing: never another language instead."""
        return self.root[language]

    def __contains__(self, language: object) -> bool:
        return language in self.root

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]  # languages, as a mapping would; pydantic iterates fields
        return iter(self.root)


class Purpose(StrEnum):
    """What a participant may allow, each by itself and off until she says yes (K3)."""

    COUNT = "count"
    PARAPHRASE = "paraphrase"
    QUOTE = "quote"
    OTHER_PROCESSES = "other_processes"
    RESULTS = "results"


PURPOSES = tuple(Purpose)
"""The order in which purposes are asked and in which their bits are sealed. Never reorder: it is a byte format."""


class Sensitivity(StrEnum):
    """How much harm a question's answers could do; thresholds and linter rules hang on it."""

    OPINION = "opinion"
    EXPERIENCE = "experience"
    IDENTITY = "identity"
    CHILDREN = "children"
    ARMED_ACTOR = "armed_actor"


_EXPOSED = frozenset({Sensitivity.EXPERIENCE, Sensitivity.IDENTITY, Sensitivity.ARMED_ACTOR})


class DisaggregationRole(StrEnum):
    """The variable that a question's answers may split tables by."""

    GENDER = "gender"
    AGE = "age"
    PLACE = "place"
    DISPLACEMENT = "displacement"
    DISABILITY = "disability"
    GROUP = "group"
    ROLE = "role"


class Choice(Frozen):
    """One answer that can be picked."""

    id: Slug
    text: Texts
    exclusive: bool = False
    """In a multiple question: picking this one drops all others (`none of these`)."""
    attributes: dict[Slug, str] = Field(default_factory=dict)
    """Values that a `choice_filter` may look at."""


class Band(Frozen):
    """One band of a number question, both ends included; `high` missing means open-ended."""

    id: Slug
    text: Texts
    low: int = Field(ge=0)
    high: int | None = None


class QuestionBase(Frozen):
    """What every question has, whatever its kind."""

    id: Slug
    text: Texts
    hint: Texts | None = None
    relevant: Expression | None = None
    required: bool = False
    """Only so that the linter can refuse it with a reason: every question can be skipped (Q3)."""
    sensitivity: Sensitivity = Sensitivity.OPINION
    heavy: bool = False
    theme: Slug | None = None
    risk_factor: int | None = Field(default=None, ge=1, le=RISK_FACTORS)
    disaggregation: DisaggregationRole | None = None
    audio: Audio | None = None
    """The question read aloud."""
    later: ClassVar[frozenset[str]] = frozenset({"audio"})

    @property
    def exposed(self) -> bool:
        """Whether the answer hurts most where Telegram is made to give it up; the card then says so (Q9)."""
        return self.sensitivity in _EXPOSED or self.disaggregation is DisaggregationRole.GROUP


class Constrained(QuestionBase):
    """A question whose answer may have to satisfy a rule."""

    constraint: Expression | None = None
    constraint_message: Texts | None = None


class Merge(Frozen):
    """Two neighbouring categories that tables show as one where they would otherwise have to withhold more."""

    id: Slug
    of: tuple[Code, Code]
    """Ids of choices, bands, points of a scale, or of merges further up."""
    text: Texts


def merged(standing: Iterable[str], merge: Merge) -> list[str]:
    """The categories that stand once `merge` has brought two of them together, at the place of the first."""
    return list(dict.fromkeys(merge.id if code in merge.of else code for code in standing))


class Mergeable(Constrained):
    """A question whose categories may be brought together in tables, in the order in which it says so."""

    collapse: tuple[Merge, ...] = ()
    later: ClassVar[frozenset[str]] = frozenset({"audio", "collapse"})


class Single(Mergeable):
    """Pick exactly one choice."""

    kind: Literal["single"]
    choices: tuple[Choice, ...] = Field(min_length=2)
    choice_filter: Expression | None = None


class Multiple(Constrained):
    """Pick between `min` and `max` choices."""

    kind: Literal["multiple"]
    choices: tuple[Choice, ...] = Field(min_length=2)
    choice_filter: Expression | None = None
    min: int = Field(default=1, ge=1)
    max: int | None = Field(default=None, ge=1)


class Scale(Mergeable):
    """Pick a whole number from `low` to `high`; the ends carry words."""

    kind: Literal["scale"]
    low: int = Field(default=1, ge=0)
    high: int = Field(default=5, le=10)
    low_text: Texts
    high_text: Texts


class Ranking(QuestionBase):
    """Put the `top` most important choices in order."""

    kind: Literal["ranking"]
    choices: tuple[Choice, ...] = Field(min_length=2)
    top: int = Field(default=3, ge=1)


class Number(Mergeable):
    """A number kept only as the band it falls into; typed or tapped."""

    kind: Literal["number"]
    bands: tuple[Band, ...] = Field(min_length=2)


class ShortText(Constrained):
    """Some words of her own; `max_length` counts UTF-16 units, as Telegram does."""

    kind: Literal["text"]
    max_length: int = Field(default=400, ge=20, le=1000)


class Vote(QuestionBase):
    """A statement to agree with, disagree with or pass."""

    kind: Literal["vote"]


class Note(Frozen):
    """Words to read, nothing to answer."""

    kind: Literal["note"]
    id: Slug
    text: Texts
    relevant: Expression | None = None
    audio: Audio | None = None
    later: ClassVar[frozenset[str]] = frozenset({"audio"})


Question = Single | Multiple | Scale | Ranking | Number | ShortText | Vote
Item = Annotated[Question | Note, Field(discriminator="kind")]


class Section(Frozen):
    """Questions that belong together; a content note before it lets a person leave the whole part out."""

    id: Slug
    title: Texts | None = None
    relevant: Expression | None = None
    content_note: Texts | None = None
    content_note_audio: Audio | None = None
    items: tuple[Item, ...] = Field(min_length=1)
    later: ClassVar[frozenset[str]] = frozenset({"content_note_audio"})


class Calculation(Frozen):
    """A name for what rules work out of answers. It is asked of nobody, and its value is kept nowhere."""

    id: Slug
    calculate: Expression
    relevant: Expression | None = None
    """While this does not hold, the value is empty."""
    later: ClassVar[frozenset[str]] = frozenset({"relevant"})


class Consent(Frozen):
    """What is read before anything is asked, and one question per purpose."""

    about: tuple[Texts, ...] = Field(min_length=1)
    """Short screens: who asks, why, who sees what, what is not protected, how to stop and withdraw (K1)."""
    count: Texts
    paraphrase: Texts
    quote: Texts
    other_processes: Texts
    results: Texts

    def ask(self, purpose: Purpose) -> Texts:
        """The text that asks for `purpose`."""
        texts: Texts = getattr(self, purpose.value)
        return texts


class Review(Frozen):
    """Who read a language as a native speaker; `no` keeps a live round from opening in it."""

    reviewed: bool
    by: str | None = None
    date: str | None = None
    """ISO date. (Not `on`: YAML reads that word as true.)"""
    texts: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Hash over what was read, as `sauti messages sign` writes it; a review without it opens nothing."""
    later: ClassVar[frozenset[str]] = frozenset({"texts"})


class Region(Frozen):
    """A part of the world for which places of support are named (P6)."""

    id: Slug
    text: Texts


class Consultation(Frozen):
    """A whole consultation, as the loader hands it on."""

    format: Literal["sauti-consultation"]
    version: Literal[1]
    id: Slug
    edition: int = Field(default=1, ge=1)
    title: Texts
    asked_by: Texts
    process: Texts
    """The UN process or body that the summary is written for."""
    languages: tuple[LanguageTag, ...] = Field(min_length=1)
    reviews: dict[LanguageTag, Review] = Field(default_factory=dict)
    consent: Consent
    regions: tuple[Region, ...] = ()
    """Whoever asks for support chooses one of them, where there is more than one."""
    why_longer: Annotated[str, StringConstraints(min_length=20, max_length=500, strip_whitespace=True)] | None = None
    """Why it has to be longer than people can bear without tiring (Q5); without a reason, it may not."""
    audio: Aloud | None = None
    """What is read aloud besides the questions, where anything is."""
    sections: tuple[Section, ...] = Field(min_length=1)
    calculations: tuple[Calculation, ...] = Field(default=(), max_length=100)
    """Each may look at answers and at those further up."""
    later: ClassVar[frozenset[str]] = frozenset({"regions", "why_longer", "audio", "calculations"})

    def __hash__(self) -> int:
        """By fingerprint, so that what is worked out once for a consultation can be kept under it."""
        return hash(self.fingerprint)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in order; positions in this tuple are how sealed responses name questions."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def section_of(self) -> tuple[int, ...]:
        """For each item position, the position of its section."""
        return tuple(number for number, section in enumerate(self.sections) for _ in section.items)

    @cached_property
    def codes(self) -> tuple[tuple[str, ...], ...]:
        """For each item position, the ids of its choices or bands; empty where there are none."""
        return tuple(
            tuple(band.id for band in item.bands)
            if isinstance(item, Number)
            else tuple(choice.id for choice in item.choices)
            if isinstance(item, Single | Multiple | Ranking)
            else ()
            for item in self.items
        )

    @cached_property
    def categories(self) -> tuple[tuple[str, ...], ...]:
        """For each item position, what `collapse` may name: its codes, and the points of a scale."""
        return tuple(
            tuple(map(str, range(item.low, item.high + 1))) if isinstance(item, Scale) else self.codes[place]
            for place, item in enumerate(self.items)
        )

    @cached_property
    def fingerprint(self) -> bytes:
        """SHA-256 over the canonical JSON: what opening a round freezes, and what every response names."""
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).digest()

    @cached_property
    def positions(self) -> dict[str, int]:
        """Item id → item position."""
        return {item.id: position for position, item in enumerate(self.items)}

    def question(self, position: int) -> Question:
        """The question at `position`. Raises LookupError for a note or a position outside."""
        item = self.items[position]
        if isinstance(item, Note):
            raise LookupError(f"item {position} is a note")  # noqa: TRY004 - the position is wrong, not its type
        return item
