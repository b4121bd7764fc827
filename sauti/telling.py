"""From a candidate to documents: reads narratives, keeps the order in which people are told, writes whole files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from flows.findings import ConsultationError, Finding, Severity
from locales.catalog import catalogue
from privacy.candidate import Candidate
from reports import feedback, narrative, texts
from reports.compose import Told
from reports.document import Document
from reports.narrative import Narrative, ProductName
from reports.products import PLANS
from reports.rendering import document, references, written
from sauti.files import whole_file
from sauti.speaking import say


@dataclass(frozen=True, slots=True)
class Wish:
    """Which documents are wanted."""

    product: ProductName
    forms: tuple[str, ...]
    languages: tuple[str, ...]
    narratives: tuple[Path, ...] = ()
    gazetteer: Path | None = None
    earlier: tuple[Candidate, ...] = ()
    """The same consultation's earlier rounds, to compare with."""
    number: str | None = None
    """The release's in the ledger; without one every page says that it is a draft."""


def tell(candidate: Candidate, wish: Wish, out: Path) -> list[Path]:
    """Writes the wished documents into `out` and returns their paths.

    Raises:
        CatalogueError: no catalogue in a language.
        ConsultationError: a narrative holds what must not stand in it.
        DocumentRefused: too long, a letter is missing, or participants have not been told yet.
    """
    for language in wish.languages:
        catalogue(language, "reports")
    feedback.check_released(wish.forms, wish.number)
    record = record_in(out)
    feedback.check_feedback(wish.product, candidate, record, pages_in(out, candidate))
    narratives = _narratives(candidate, wish)
    told = {language: Told(narratives.get(language), wish.earlier, wish.number) for language in wish.languages}
    documents = {language: document(candidate, wish.product, language, told[language]) for language in wish.languages}
    _say_unwritten(wish, told)
    out.mkdir(parents=True, exist_ok=True)
    paths = list(_written(documents, wish, out))
    if wish.product is ProductName.COMMUNITY:
        paths += _told(candidate, documents, wish, out, record)
    return paths


def _say_unwritten(wish: Wish, told: Mapping[str, Told]) -> None:
    """Says which documents of a release are drafts all the same, because nobody has written them."""
    plan = PLANS.get(wish.product)
    unwritten = [language for language, each in told.items() if plan and wish.number and not each.final(plan)]
    if unwritten:
        say(
            f"{wish.product} in {', '.join(unwritten)} says DRAFT on every page: it becomes final with a --narrative "
            "whose head has `recruitment`, `not_asked` and `asks`."
        )


def _written(documents: Mapping[str, Document], wish: Wish, out: Path) -> Iterator[Path]:
    for language, made in documents.items():
        for form in wish.forms:
            if form != feedback.BOT:
                yield _whole(out / f"{wish.product}.{language}.{form}", written(made, form))


def _whole(path: Path, content: bytes) -> Path:
    with whole_file(path) as file:
        file.write(content)
    return path


def _told(
    candidate: Candidate,
    documents: Mapping[str, Document],
    wish: Wish,
    out: Path,
    before: feedback.FeedbackRecord | None,
) -> Iterator[Path]:
    """The record that briefings ask for, and the bot's texts where they are wished."""
    pages = {language: written(made, "html") for language, made in documents.items()}
    if "html" in wish.forms:
        record = feedback.recorded(candidate, pages, before)
        _whole(out / feedback.RECORD, record.model_dump_json(indent=2).encode() + b"\n")
    if feedback.BOT in wish.forms:
        from reports.render_message import render_messages

        practice = {language: texts.PRACTICE(catalogue(language, "reports")) for language in documents}
        begun = practice if candidate.rehearsal else {}
        yield _whole(out / f"{wish.product}.results.yaml", render_messages(documents, begun))


def pages_in(out: Path, candidate: Candidate) -> dict[str, bytes]:
    """Pages for participants that lie in the folder `out`."""
    paths = {language: out / f"{ProductName.COMMUNITY}.{language}.html" for language in candidate.subject.languages}
    return {language: path.read_bytes() for language, path in paths.items() if path.is_file()}


def record_in(out: Path) -> feedback.FeedbackRecord | None:
    """The record in `out`; one that cannot be read is none, and the pages are written again."""
    try:
        return feedback.FeedbackRecord.model_validate_json((out / feedback.RECORD).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _narratives(candidate: Candidate, wish: Wish) -> dict[str, Narrative]:
    """The narratives by language. What was found in them but does not refuse them is told."""
    names = wish.gazetteer.read_text(encoding="utf-8").splitlines() if wish.gazetteer else ()
    found: dict[str, Narrative] = {}
    for path in wish.narratives:
        read, findings = narrative.load(path.read_bytes(), path.name, references(candidate), names)
        for finding in findings:
            say(str(finding))
        if read.head.product is not wish.product or read.head.language not in wish.languages:
            raise ConsultationError((_other(path.name),))
        found[read.head.language] = read
    return found


def _other(name: str) -> Finding:
    message = "This narrative is for another product, or for a language that was not asked for."
    return Finding(Severity.ERROR, "other-product", 1, 1, "", message, "Look at --product, --lang and its head.", name)
