"""What somebody said in the end, from everything she said on the way."""

from collections.abc import Iterable, Mapping

from flows.answers import Answer
from flows.model import Consultation, Note
from flows.path import codes_of, settle
from flows.records import Answered


def final_answers(consultation: Consultation, records: Iterable[Answered]) -> Mapping[int, Answer]:
    """Item position → her last answer to it, in order, without those that became irrelevant.

    An answer counts only if its question is relevant given all other answers that count: cleared in order until
    nothing changes, as in ODK. Records of notes are not answers and are passed over.
    """
    last = {record.position: record.answer for record in records}
    asked = {place: answer for place, answer in last.items() if not isinstance(consultation.items[place], Note)}
    return settle(consultation, asked, codes_of)
