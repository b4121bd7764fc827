"""The candidate: everything that leaves the desk, as one JSON file. Safe tables, words to print them with, method.

There is no count in it that has not passed `privacy.control.protect`, except how many responses were withdrawn or
could not be opened: who approves a release must see these, and `reports` never prints them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError

from flows.model import (
    RISK_FACTORS,
    Consultation,
    DisaggregationRole,
    Frozen,
    LanguageTag,
    Note,
    Number,
    Question,
    Scale,
    Slug,
    Texts,
)
from privacy.certificate import Certificate, Week, digest
from privacy.control import protect, protect_crosses, rounded_total
from privacy.errors import NotACandidate
from privacy.form import Facts, form_of
from privacy.groups import raw_groups
from privacy.raw import LANGUAGES, REPEATS, raw_crosses, raw_tables
from privacy.repairs import Repair, Tables, check, ordered, ordered_cross, told_less
from privacy.rules import Rules
from privacy.schemes import Schemes
from privacy.tables import Counts, Earlier, SafeCross, SafeTable, Shown
from privacy.tally import Layout, Tally
from storage.envelope.bundle import Manifest
from storage.envelope.fields import says_once

FORMAT: Literal["sauti-candidate"] = "sauti-candidate"
VERSION: Literal[3] = 3
"""1 knew one-way tables only, 2 no certificate. A candidate is made again from its bundle: no earlier one is read."""

HexText = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")]
Kind = Literal["single", "multiple", "scale", "ranking", "number", "text", "vote"]


class Label(Frozen):
    """The words for one row of a table. Points of a scale have none of their own but at its ends."""

    code: str
    text: Texts | None


class AskedQuestion(Frozen):
    """A question as it was asked, so that its table can be printed in any language of the consultation."""

    id: Slug
    kind: Kind
    section: Texts | None
    text: Texts
    labels: tuple[Label, ...]
    merged: tuple[Label, ...] = ()
    """Words for categories that tables may bring together."""
    top: int | None = None
    """How many choices a ranking asked for."""
    conditional: bool = False
    """Whether only some were asked, because of what they had answered before."""
    theme: Slug | None = None
    risk_factor: int | None = Field(default=None, ge=1, le=RISK_FACTORS)
    """Number in the United Nations' Framework of Analysis for Atrocity Crimes."""
    disaggregation: DisaggregationRole | None = None
    """What the question says of people, where it is about them and not about what should change."""


class Subject(Frozen):
    """What the round was about. No name of a person, no consent, no rule: only what is printed."""

    id: Slug
    edition: int
    hash: HexText
    title: Texts
    asked_by: Texts
    process: Texts
    languages: tuple[LanguageTag, ...]
    questions: tuple[AskedQuestion, ...]


class DisplayRules(Frozen):
    """How small is too small in the tables of this candidate; `s` is already within the thresholds."""

    threshold: int
    threshold_sensitive: int
    s: int
    base: int
    min_numbers: int
    percent_from: int


class Method(Frozen):
    """Facts about how the answers came here."""

    from_week: Week
    """ISO week in which the round opened."""
    until_week: Week
    """ISO week in which the bundle was taken: the end of the period it covers."""
    snapshot: bool
    """Taken while the round was still open."""
    key_id: HexText
    server_key: HexText
    """Key that signed the bundle; compare it with the one known to be the server's."""
    bundle_root: HexText
    ledger_head: HexText
    tombstones: int = Field(ge=0)
    """Responses withdrawn before the bundle was taken."""
    refused: dict[str, int]
    """Responses in the bundle that were not counted, by code."""
    repairs: tuple[str, ...] = ()
    """What a person chose to do about these tables so that they can be released, step by step (`privacy.repairs`)."""


class Candidate(Frozen):
    """A summary before anyone has approved it. Everything printed from it says DRAFT."""

    format: Literal["sauti-candidate"]
    version: Literal[3]
    round: HexText
    rehearsal: bool
    subject: Subject
    rules: DisplayRules
    method: Method
    respondents: Shown | None
    """Rounded number of responses counted. None where they are too few for any figure: then there are no tables."""
    tables: tuple[SafeTable, ...]
    crosses: tuple[SafeCross, ...]
    """The planned tables of two questions, in their order, those that had to be withheld among them; then the planned
    statements by opinion group, in which `by` is `opinion_groups` and rows are groups by their letters."""
    languages: SafeTable | None
    repeats: SafeTable | None
    form: tuple[Facts, ...]
    """What the form lets every reader know of each table, as an audit reads it. Empty where there are no tables."""
    certificate: Certificate | None = None
    """The desk's, over everything else here; without one this is a draft that nobody can release."""

    @property
    def content(self) -> str:
        """Hash of everything but the certificate."""
        return digest(self.model_dump(mode="json", exclude={"certificate"}))

    @property
    def every_table(self) -> tuple[SafeTable, ...]:
        """The tables of questions, and those about everybody."""
        return (*self.tables, *(table for table in (self.languages, self.repeats) if table is not None))

    def to_json(self) -> bytes:
        """The file: indented, one field a line, a newline at the end."""
        return self.model_dump_json(indent=2).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """The candidate in `text`. Raises NotACandidate with the field at fault, never with its value."""
        if not says_once(text):
            raise NotACandidate("file")
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            if _earlier(text):
                raise NotACandidate("version") from None
            where = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
            known = [str(part) for part in where[:1] if part in cls.model_fields]
            raise NotACandidate(".".join(known) or "file") from None

    @property
    def groups(self) -> tuple[SafeCross, ...]:
        """Crosses whose rows are opinion groups, which no question asks for."""
        return tuple(cross for cross in self.crosses if cross not in self.pairs)

    @property
    def pairs(self) -> tuple[SafeCross, ...]:
        """Crosses of two questions."""
        asked = {question.id for question in self.subject.questions}
        return tuple(cross for cross in self.crosses if cross.by in asked)

    def cross(self, name: str) -> SafeCross:
        """The cross of this id. Raises LookupError where none was planned."""
        for cross in self.crosses:
            if cross.id == name:
                return cross
        raise LookupError(f"no cross {name}")

    def table(self, question: str) -> SafeTable:
        """The table of a question. Raises LookupError where there is none, as in a narrative summary."""
        for table in self.tables:
            if table.id == question:
                return table
        raise LookupError(f"no table for question {question}")


def _earlier(text: bytes) -> bool:
    """Whether this is a candidate of another version."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("format") == FORMAT and said.get("version") != VERSION


@dataclass(frozen=True, slots=True)
class Made:
    """A candidate, and what stands behind it: the desk's alone."""

    candidate: Candidate
    people: int = field(repr=False)
    counts: Counts = field(repr=False)


def candidate(  # noqa: PLR0913 - what was counted, and beside which ledger
    tally: Tally, consultation: Consultation, manifest: Manifest, repair: Repair = (), *, ledger_head: str, seed: bytes,
    before: Sequence[Candidate] = (),
) -> Made:  # fmt: skip
    """The candidate of a counted bundle: each table through the one door, or none at all where there are too few.

    What was published `before` keeps its categories, as far as it can be shown in them.

    Raises UnknownRepair where the repair is not about these tables.
    """
    rules = Rules.of_round(manifest.control.t, manifest.control.s)
    people = Layout(consultation, manifest.planned_tables).responses(tally)
    enough = people >= rules.min_numbers
    plan = manifest.planned_tables
    schemes = Schemes([(each.every_table, each.pairs) for each in before])
    counted = raw_tables(tally, consultation, rules, plan) if enough else ()
    raw = [ordered(schemes.kept(each), repair) for each in counted]
    pairs = raw_crosses(tally, consultation, plan, raw) if enough else ()
    crosses = [ordered_cross(schemes.kept_cross(each), repair) for each in pairs]
    lot = None if manifest.snapshot else seed
    groups = raw_groups(tally, consultation, plan, raw, rules, lot) if enough else ()
    votes = [ordered_cross(each, repair) for each in groups]
    check(repair, raw, (*crosses, *votes))
    told = protect_crosses((*crosses, *votes), rules, seed)
    shown = told_less(Tables(tuple(protect(each, rules, seed) for each in raw), told), repair)
    tables = {each.id: each for each in shown.tables}
    languages, repeats = tables.pop(LANGUAGES, None), tables.pop(REPEATS, None)
    sides = {each.by.id: each.by for each in votes}
    made = Candidate(
        format=FORMAT,
        version=VERSION,
        round=manifest.round.hex(),
        rehearsal=manifest.rehearsal,
        subject=subject(consultation),
        rules=_display_rules(rules),
        method=_method(manifest, ledger_head, tally.refused, repair),
        respondents=rounded_total(people, rules) if enough else None,
        tables=tuple(tables.values()),
        crosses=shown.crosses,
        languages=languages,
        repeats=repeats,
        form=form_of((*raw, *sides.values()), consultation, rules),
    )
    counts = Counts({each.id: each for each in (*raw, *sides.values())}, {each.id: each for each in (*crosses, *votes)})
    return Made(made, people, counts)


def apart(
    tallies: Sequence[Tally], consultation: Consultation, manifest: Manifest
) -> tuple[tuple[int, ...], tuple[Earlier, ...]]:
    """How many people there are by the release in which they were first counted, and counts about each earlier release.

    `tallies` are of the same people, one for each release of their round.
    """
    layout = Layout(consultation, manifest.planned_tables)

    def counts(some: Sequence[Tally]) -> Counts:
        tally, rules = reduce(add, some), Rules.of_round(manifest.control.t, manifest.control.s)
        tables = raw_tables(tally, consultation, rules, manifest.planned_tables)
        crosses = raw_crosses(tally, consultation, manifest.planned_tables, tables)
        return Counts({each.id: each for each in tables}, {each.id: each for each in crosses})

    places = range(1, len(tallies))
    earlier = tuple(Earlier(counts(tallies[:place]), counts(tallies[place:])) for place in places)
    return tuple(map(layout.responses, tallies)), earlier


def subject(consultation: Consultation) -> Subject:
    """What of a consultation is printed beside its figures."""
    return Subject(
        id=consultation.id,
        edition=consultation.edition,
        hash=consultation.fingerprint.hex(),
        title=consultation.title,
        asked_by=consultation.asked_by,
        process=consultation.process,
        languages=consultation.languages,
        questions=tuple(
            _asked(consultation, position, item)
            for position, item in enumerate(consultation.items)
            if not isinstance(item, Note)
        ),
    )


def _asked(consultation: Consultation, position: int, item: Question) -> AskedQuestion:
    section = consultation.sections[consultation.section_of[position]]
    return AskedQuestion(
        id=item.id,
        kind=item.kind,
        section=section.title,
        text=item.text,
        labels=_labels(item),
        merged=tuple(Label(code=one.id, text=one.text) for one in getattr(item, "collapse", ())),
        top=getattr(item, "top", None),
        conditional=item.relevant is not None or section.relevant is not None,
        theme=item.theme,
        risk_factor=item.risk_factor,
        disaggregation=item.disaggregation,
    )


def _labels(item: Question) -> tuple[Label, ...]:
    if isinstance(item, Scale):
        ends = {item.low: item.low_text, item.high: item.high_text}
        return tuple(Label(code=str(point), text=ends.get(point)) for point in range(item.low, item.high + 1))
    named = item.bands if isinstance(item, Number) else getattr(item, "choices", ())
    return tuple(Label(code=each.id, text=each.text) for each in named)


def _display_rules(rules: Rules) -> DisplayRules:
    return DisplayRules(
        threshold=rules.t + rules.s,
        threshold_sensitive=rules.t_sensitive + rules.s,
        s=rules.s,
        base=rules.base,
        min_numbers=rules.min_numbers,
        percent_from=rules.percent_from,
    )


def _method(manifest: Manifest, ledger_head: str, refused: Mapping[str, int], repair: Repair) -> Method:
    return Method(
        from_week=manifest.opened_week,
        until_week=manifest.week,
        snapshot=manifest.snapshot,
        key_id=manifest.key_id.hex(),
        server_key=manifest.server_key.hex(),
        bundle_root=manifest.root.hex(),
        ledger_head=ledger_head,
        tombstones=len(manifest.tombstones),
        refused=dict(refused),
        repairs=tuple(map(str, repair)),
    )
