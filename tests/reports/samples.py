"""A candidate that reads like a real one: examples/protection.yaml with figures as 600 people might have given them."""

from functools import cache
from pathlib import Path

from flows.loader import load
from privacy.candidate import AskedQuestion, Candidate, DisplayRules, Method, Subject, subject
from privacy.raw import AGAIN, FIRST, LANGUAGES, REPEATS
from privacy.tables import NO_ANSWER, Row, SafeCell, SafeTable, Shown, Small

EXAMPLES = Path(__file__).parents[2] / "examples"
ASKED = 600
SPREAD = (250, 190, 140, 95, 60, 35, 8)
VOTES = {"vote_warning": (90, 355, 95), "vote_worth": (420, 65, 80), "vote_local": (110, 330, 105)}

OFFERED = ("en", "fr", "es", "ar")
"""The example asks in twelve languages; a round may offer fewer, as this one did."""


def shown(count: int) -> SafeCell:
    """A count as disclosure control displays it."""
    return Shown(count=count, percent=round(100 * count / ASKED)) if count >= 15 else Small(below=15)


def table(name: str, counts: dict[str, int]) -> SafeTable:
    """A safe table of everybody."""
    rows = tuple(Row(code=code, cell=shown(count)) for code, count in counts.items())
    return SafeTable(id=name, asked=Shown(count=ASKED), rows=rows)


def _table(question: AskedQuestion) -> SafeTable:
    if question.kind == "text":
        return table(question.id, {"wrote": 310, NO_ANSWER: 290})
    codes = [label.code for label in question.labels] or ["agree", "disagree", "pass"]
    counts = VOTES.get(question.id, SPREAD)
    if question.id == "meaning":
        counts = (330, 140, 95, 120, 60, 265, 8)
    return table(question.id, {**dict(zip(codes, counts, strict=False)), NO_ANSWER: 35})


def _in_offered(about: Subject) -> Subject:
    """The subject of a round that offers OFFERED, in whose languages alone its words then are."""

    def only(value: object) -> object:
        if isinstance(value, dict):
            words = set(about.languages) >= set(value)
            return {key: only(kept) for key, kept in value.items() if not words or key in OFFERED}
        return [only(each) for each in value] if isinstance(value, list | tuple) else value

    return Subject.model_validate(only(about.model_dump() | {"languages": OFFERED}))


@cache
def candidate() -> Candidate:
    """The sample, a rehearsal as everything invented is."""
    consultation = load((EXAMPLES / "protection.yaml").read_bytes(), "protection.yaml")
    about = _in_offered(subject(consultation))
    return Candidate(
        format="sauti-candidate",
        version=3,
        round="0f" * 16,
        rehearsal=True,
        subject=about,
        rules=DisplayRules(threshold=15, threshold_sensitive=25, s=5, base=5, min_numbers=20, percent_from=50),
        method=Method(
            from_week="2026-W40", until_week="2026-W46", snapshot=False, key_id="ab" * 8, server_key="cd" * 32,
            bundle_root="12" * 32, ledger_head="34" * 32, tombstones=3, refused={"damaged": 1},
        ),
        respondents=Shown(count=ASKED),
        tables=tuple(map(_table, about.questions)),
        crosses=(),
        languages=table(LANGUAGES, dict(zip(about.languages, (310, 130, 90, 70), strict=True))),
        repeats=table(REPEATS, {FIRST: 580, AGAIN: 20}),
        form=(),
    )  # fmt: skip


def rounds(number: int) -> tuple[Candidate, ...]:
    """As many earlier rounds, the earliest first: the further back, the fewer people gave each answer."""
    return tuple(_earlier(back) for back in range(number, 0, -1))


def _earlier(back: int) -> Candidate:
    given = candidate()
    tables = tuple(
        table.model_copy(update={"rows": tuple(_fewer(row, 20 * back) for row in table.rows)}) for table in given.tables
    )
    method = given.method.model_copy(update={"until_week": f"2026-W{46 - 10 * back:02}"})
    return given.model_copy(update={"round": f"{back:02x}" * 16, "method": method, "tables": tables})


def _fewer(row: Row, people: int) -> Row:
    if row.code == NO_ANSWER or not isinstance(row.cell, Shown):
        return row
    return row.model_copy(update={"cell": shown(max(0, row.cell.count - people))})
