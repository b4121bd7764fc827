"""What came of their answers reaches those who gave them before it reaches anybody else (R9).

Beside the pages for participants lies a record of which they are and which tables they rest on. A briefing is written
only where the record names a page for every language of the consultation, each page is there as it was written, and
the tables are the same. The release gate asks the same question before anything is published.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Literal

from flows.model import Frozen, LanguageTag
from privacy.candidate import Candidate
from reports.errors import DocumentRefused
from reports.narrative import ProductName
from reports.products import PLANS

BOT = "bot"
"""The form in which participants read it in the chat."""
RECORD = "feedback.json"
"""Name of the record, beside the pages."""


class FeedbackRecord(Frozen):
    """Which pages were written for participants, from which tables."""

    format: Literal["sauti-feedback"]
    version: Literal[1]
    source: str
    """SHA-256 of the candidate's canonical file."""
    pages: dict[LanguageTag, str]
    """Language → SHA-256 of its page."""


def source_of(candidate: Candidate) -> str:
    """What the pages rest on."""
    return hashlib.sha256(candidate.to_json()).hexdigest()


def recorded(candidate: Candidate, pages: Mapping[str, bytes], before: FeedbackRecord | None = None) -> FeedbackRecord:
    """A record of `pages` by language, with those of `before` where it rests on the same tables."""
    kept = before.pages if before is not None and before.source == source_of(candidate) else {}
    new = {language: hashlib.sha256(page).hexdigest() for language, page in pages.items()}
    return FeedbackRecord(
        format="sauti-feedback", version=1, source=source_of(candidate), pages=dict(sorted({**kept, **new}.items()))
    )


def missing_feedback(
    candidate: Candidate, record: FeedbackRecord | None, pages: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Languages of the consultation in which participants have no page that rests on these tables."""
    if record is None or record.source != source_of(candidate):
        return candidate.subject.languages
    return tuple(
        language
        for language in candidate.subject.languages
        if language not in pages or record.pages.get(language) != hashlib.sha256(pages[language]).hexdigest()
    )


def check_feedback(
    product: ProductName, candidate: Candidate, record: FeedbackRecord | None, pages: Mapping[str, bytes]
) -> None:
    """Raises DocumentRefused where `product` is for others and those who answered lack a page in some language."""
    if product in PLANS and PLANS[product].briefing:
        check_told(candidate, record, pages)


def check_released(forms: Collection[str], number: str | None) -> None:
    """Raises DocumentRefused where a draft is to speak through the bot: a message there has no page to say DRAFT on."""
    if BOT in forms and number is None:
        remedy = "`/results` tells what was released: give the release of `sauti release publish`, not the candidate"
        raise DocumentRefused("not-released", remedy)


def check_told(candidate: Candidate, record: FeedbackRecord | None, pages: Mapping[str, bytes]) -> None:
    """Raises DocumentRefused where those who answered lack a page in some language."""
    missing = missing_feedback(candidate, record, pages)
    if missing:
        languages = ",".join(missing)
        how = f"sauti render … --product community --lang {languages}, into the same folder"
        remedy = f"those who answered are told first: {how}"
        raise DocumentRefused("no-feedback", remedy)
