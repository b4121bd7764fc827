"""Counts responses the slow and obvious way: every record decoded, every rule asked for every person."""

from collections import Counter
from collections.abc import Sequence

from flows.answers import Answer, Declined, Ranked, Said, Skipped, Stance, Voted
from flows.model import Consultation, Note, Purpose, Ranking, Vote
from flows.path import codes_of
from flows.records import Manifest, RecordError, consent_hash, decode_answer, decode_manifest
from flows.replay import final_answers
from flows.rules import rules_of
from privacy.offered import ruled_out
from privacy.planned import Plan
from privacy.tables import NO_ANSWER, NOT_ASKED
from privacy.tally import WROTE, Layout, Tally


def counted(responses: Sequence[Sequence[bytes]], asked: Consultation, *, rehearsal: bool, plan: Plan = ()) -> Tally:
    """The tally over the records of some responses."""
    layout = Layout(asked, plan)
    cells, refused = [0] * layout.size, Counter[str]()
    for records in responses:
        try:
            _count(cells, records, layout, rehearsal=rehearsal)
        except RecordError as error:
            refused[error.code] += 1
    return Tally(tuple(cells), dict(sorted(refused.items())))


def ballots(responses: Sequence[Sequence[bytes]], asked: Consultation) -> dict[tuple[int, ...], int]:
    """How many people voted so on all statements, every record decoded."""
    places = [place for place, item in enumerate(asked.items) if isinstance(item, Vote)]
    values = {Stance.AGREE: 1, Stance.PASS: 0, Stance.DISAGREE: -1}
    found = Counter[tuple[int, ...]]()
    for records in responses:
        said = final_answers(asked, [decode_answer(record, asked) for record in records[1:]])
        votes = (said.get(place) for place in places)
        found[tuple(values[vote.stance] if isinstance(vote, Voted) else 2 for vote in votes)] += 1
    return dict(found)


def _count(cells: list[int], records: Sequence[bytes], layout: Layout, *, rehearsal: bool) -> None:
    manifest = _manifest(records, layout.consultation, rehearsal=rehearsal)
    asked = layout.consultation
    said = [decode_answer(record, asked) for record in records[1:]]
    if any(code in ruled_out(asked)[one.position] for one in said for code in codes_of(one.answer)):
        raise RecordError("not-an-answer")
    answers = final_answers(asked, said)
    cells[layout.RESPONSES] += 1
    cells[layout.REPEATS] += manifest.repeat
    cells[layout.language[manifest.language]] += 1
    stands: dict[int, tuple[str, ...]] = {}
    values = {position: codes for position, answer in answers.items() if (codes := codes_of(answer))}
    for position, item in enumerate(asked.items):
        stands[position] = (NOT_ASKED,)
        if not isinstance(item, Note) and rules_of(asked).relevant(position, values):
            stands[position] = _count_answer(cells, answers.get(position, Skipped()), layout, position)
    for crossing in layout.crossings:
        rows, columns = layout.cross_codes(crossing.by), layout.cross_codes(crossing.question)
        for row in stands[crossing.by]:
            for column in stands[crossing.question]:
                cells[layout.cross_start[crossing] + len(columns) * rows.index(row) + columns.index(column)] += 1


def _manifest(records: Sequence[bytes], asked: Consultation, *, rehearsal: bool) -> Manifest:
    if not records:
        raise RecordError("not-a-manifest")
    manifest = decode_manifest(records[0], asked)
    if manifest.rehearsal is not rehearsal:
        raise RecordError("rehearsal-mixed")
    if Purpose.COUNT not in manifest.purposes:
        raise RecordError("no-consent-to-count")
    if manifest.consent != consent_hash(asked, manifest.language):
        raise RecordError("other-consent")
    return manifest


def _count_answer(cells: list[int], answer: Answer, layout: Layout, position: int) -> tuple[str, ...]:
    """Counts one answer by itself; in which rows or columns of a cross its giver stands."""
    start, codes, item = layout.start[position], layout.codes[position], layout.consultation.items[position]
    cells[start + layout.ASKED] += 1
    cells[start + layout.ANSWERED] += not isinstance(answer, Skipped | Declined)
    for code in _said(answer):
        cells[start + layout.CELLS + codes.index(code)] += 1
    if isinstance(item, Ranking) and isinstance(answer, Ranked):
        for place, code in enumerate(answer.choices):
            cells[start + layout.CELLS + len(codes) + item.top * codes.index(code) + place] += 1
    return _said(answer) or (NO_ANSWER,)


def _said(answer: Answer) -> tuple[str, ...]:
    match answer:
        case Ranked(choices):
            return choices[:1]
        case Said():
            return (WROTE,)
        case _:
            return codes_of(answer)
