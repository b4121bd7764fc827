"""`sauti export`: a consultation as the workbook that Kobo and ODK run, and that people fill in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.speaking import answer, say, told

if TYPE_CHECKING:
    from flows.model import Consultation


def export(
    file: Annotated[Path, typer.Argument(help="The consultation: YAML, or an XLSForm workbook.")],
    out: Annotated[Path, typer.Option(help="The workbook to write (.xlsx).")],
) -> None:
    """Write a consultation as an XLSForm workbook, and say what it cannot say there."""
    from flows.xlsform.differences import lost, unsaid
    from sauti import consultations
    from sauti.files import refuse_existing, whole_file

    with told():
        refuse_existing(out)
        consultation = consultations.load(file)
        with whole_file(out) as workbook:
            workbook.write(workbook_of(consultation))
    for sentence in unsaid(consultation):
        say(f"In Kobo or ODK: {sentence}")
    for sentence in lost(consultation):
        say(f"Does not come back from the form: {sentence}")
    answer({"format": "sauti-form-summary", "version": 1, "questions": len(consultation.items)})


def workbook_of(consultation: "Consultation") -> bytes:
    """The bytes of a consultation's workbook, with the bot's words for a vote in the languages that it speaks."""
    from bot.participant import texts
    from flows.xlsform.exporting import exported
    from flows.xlsform.writing import written
    from locales.catalog import catalogue, languages

    words = {tag: catalogue(tag, texts.DOMAIN) for tag in consultation.languages if tag in languages(texts.DOMAIN)}
    stances = {
        tag: {
            stance: said.text(message.context, message.text)
            for stance, message in (("agree", texts.AGREE), ("disagree", texts.DISAGREE), ("pass", texts.PASS))
        }
        for tag, said in words.items()
    }
    return written(exported(consultation, stances))
