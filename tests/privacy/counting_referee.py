"""Counts responses the slow and obvious way: every record decoded, every rule asked for every person."""

from collections import Counter
from collections.abc import Sequence

from flows.answers import Answer, Declined, Ranked, Said, Skipped
from flows.model import Consultation, Note, Purpose
from flows.path import codes_of
from flows.records import RecordError, consent_hash, decode_answer, decode_manifest
from flows.replay import final_answers
from flows.rules import rules_of
from privacy.tally import WROTE, Layout, Tally


def counted(responses: Sequence[Sequence[bytes]], asked: Consultation, *, rehearsal: bool) -> Tally:
    """The tally over the records of some responses."""
    cells, refused = [0] * Layout(asked).size, Counter[str]()
    for records in responses:
        try:
            _count(cells, records, asked, rehearsal=rehearsal)
        except RecordError as error:
            refused[error.code] += 1
    return Tally(tuple(cells), dict(sorted(refused.items())))


def _count(cells: list[int], records: Sequence[bytes], asked: Consultation, *, rehearsal: bool) -> None:
    layout = Layout(asked)
    if not records:
        raise RecordError("not-a-manifest")
    manifest = decode_manifest(records[0], asked)
    if manifest.rehearsal is not rehearsal:
        raise RecordError("rehearsal-mixed")
    if Purpose.COUNT not in manifest.purposes:
        raise RecordError("no-consent-to-count")
    if manifest.consent != consent_hash(asked, manifest.language):
        raise RecordError("other-consent")
    answers = final_answers(asked, [decode_answer(record, asked) for record in records[1:]])
    cells[layout.RESPONSES] += 1
    cells[layout.REPEATS] += manifest.repeat
    cells[layout.language[manifest.language]] += 1
    values = {position: codes for position, answer in answers.items() if (codes := codes_of(answer))}
    for position, item in enumerate(asked.items):
        if isinstance(item, Note) or not rules_of(asked).relevant(position, values):
            continue
        start, answer = layout.start[position], answers.get(position, Skipped())
        cells[start + layout.ASKED] += 1
        cells[start + layout.SKIPPED] += isinstance(answer, Skipped)
        cells[start + layout.DECLINED] += isinstance(answer, Declined)
        cells[start + layout.ANSWERED] += not isinstance(answer, Skipped | Declined)
        for code in _said(answer):
            cells[start + layout.CELLS + layout.codes[position].index(code)] += 1


def _said(answer: Answer) -> tuple[str, ...]:
    match answer:
        case Ranked(choices):
            return choices[:1]
        case Said():
            return (WROTE,)
        case _:
            return codes_of(answer)
