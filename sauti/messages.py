"""`sauti messages`: texts for translators and back, who has signed a language, and how far each language is."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.checking import Format
from sauti.office import now
from sauti.speaking import REFUSED, answer, say, told

if TYPE_CHECKING:
    from flows.findings import Finding
    from flows.messages.taking import Taken
    from sauti.translating.sources import Source

app = typer.Typer(no_args_is_help=True, help="Translations: export, import, sign, status.")

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A consultation's file; or `participant`, `reports`, `staff`: what the bot, documents, the staff bot say.",
    ),
]
Language = Annotated[str, typer.Option("--lang", help="The language's tag, for example sw, pt-BR, zh-Hant.")]
Into = Annotated[
    Path | None,
    typer.Option(help="Where to write. Without it, into the file of SOURCE itself; a form always needs it."),
]


class Kind(StrEnum):
    """What a translator's file is written in."""

    PO = "po"
    XLSX = "xlsx"


@app.command()
def export(
    source: SourceArgument,
    language: Language,
    out: Annotated[Path, typer.Option(help="The file for the translator.")],
    form: Annotated[
        Kind, typer.Option("--format", help="po for translators' editors, xlsx for a spreadsheet.")
    ] = Kind.PO,
    older: Annotated[
        Path | None,
        typer.Option(
            "--from", help="An older file of a translator: what still fits is kept, the rest is a suggestion."
        ),
    ] = None,
) -> None:
    """Write every text of one language for a translator: source, where it stands, how much room, what is there."""
    from flows.messages import po, taking
    from sauti import consultations
    from sauti.files import refuse_existing, whole_file
    from sauti.translating.opening import opened

    with told():
        refuse_existing(out)
        texts = opened(source)
        _tagged(texts, language)
        units = texts.units(language)
        if older is not None:
            units = taking.suggested(consultations.brought(older), units)
        if form is Kind.XLSX:
            from flows.xlsform.translating import book
            from flows.xlsform.writing import written

            made = written(book(units, texts.of, language))
        else:
            header = po.headed(texts.of, language, units, texts.plural(language))
            made = po.written(units, header, REMARK.format(of=texts.of, language=language), texts.file)
        with whole_file(out) as file:
            file.write(made)
    open_ = sum(unit.missing or unit.unsure for unit in units)
    say(f"{len(units)} texts, {open_} of them still to be translated.")
    answer({"format": "sauti-export-summary", "version": 1, "texts": len(units), "open": open_})


REMARK = """Texts of {of} for translation into {language}.
Gaps in braces stay as they are. Where a room is given, the text has to fit into it.
Mark as fuzzy what you are not sure of: it is then not used."""


@app.command(name="import")
def import_(
    source: SourceArgument,
    file: Annotated[Path, typer.Argument(help="The translator's file: PO, or the workbook that was exported.")],
    language: Language,
    out: Into = None,
    form: Annotated[Format, typer.Option("--format", help="json for other programs.")] = Format.TEXT,
) -> None:
    """Take a translator's file over. Exit 1 where something must be mended; then nothing is written."""
    from flows.findings import Severity
    from flows.messages.taking import taken
    from sauti import consultations
    from sauti.translating.opening import opened

    with told():
        texts = opened(source)
        _tagged(texts, language)
        brought = consultations.brought(file)
        found = taken(brought, texts.units(language), texts.of, language, directed=texts.directed)
        findings = _with_rules(found, texts, language, file.name)
        broken = any(finding.severity is Severity.ERROR for finding in findings)
        written = None if broken or not found.texts else texts.put(language, found.texts, out)
    _tell(findings, form)
    if broken:
        say("Nothing was written.")
        raise typer.Exit(REFUSED)
    if written is None:
        say("Nothing was written: no translation in this file can be used.")
        raise typer.Exit(REFUSED)
    say(f"{len(found.texts)} translations are in {written}; {found.unsure} unsure and {found.changed} changed are not.")
    say("A text that is new or changed is a draft: let a native speaker read it, then run `sauti messages sign`.")


def _with_rules(found: "Taken", texts: "Source", language: str, name: str) -> "tuple[Finding, ...]":
    """What is said of the file, and what the rules for a whole consultation say of it besides, in its order."""
    from dataclasses import replace

    from flows.findings import Severity

    if any(finding.severity is Severity.ERROR for finding in found.findings):
        return found.findings
    seen = {(finding.line, finding.code) for finding in found.findings}
    more = (
        replace(finding, line=row.line, column=row.column, sheet=row.sheet, path=row.context, file=name)
        for context, finding in texts.judged(language, found.texts)
        if (row := found.rows.get(context)) is not None and (row.line, finding.code) not in seen
    )
    return tuple(sorted((*found.findings, *more), key=lambda one: one.line))


def _tell(findings: "tuple[Finding, ...]", form: Format) -> None:
    if form is Format.JSON:
        from flows.findings_file import FindingsFile

        answer(FindingsFile.of(findings).model_dump(mode="json"))
        return
    for finding in findings:
        typer.echo(str(finding))


def _tagged(texts: "Source", language: str) -> None:
    """Refuses a tag that names no language."""
    from flows.checks.translations import exists
    from sauti.translating.sources import refused

    if not exists(language):
        raise refused(
            texts.file,
            "language-tag",
            f"'{language}' names no known language.",
            "Write its tag, for example sw, pt-BR.",
        )


@app.command()
def sign(
    source: SourceArgument,
    language: Language,
    reviewer: Annotated[str, typer.Option(help="The native speaker who has read every text of this language.")],
    out: Into = None,
) -> None:
    """Sign a language as it stands today. Whoever changes a text afterwards makes it a draft again."""
    from flows.review import Signature
    from sauti.translating.opening import opened
    from sauti.translating.sources import refused

    with told():
        texts = opened(source)
        by = " ".join(reviewer.split())
        if not by or not by.isprintable():
            raise refused(texts.file, "no-name", "Nobody is named.", "Write the reader's name after --reviewer.")
        units = texts.units(language) if language in texts.languages else ()
        lacking = [unit.context for unit in units if unit.missing or unit.unsure or unit.too_long]
        if lacking or not units:
            message = f"'{language}' is not complete: {len(lacking)} texts are missing, unsure or too long."
            remedy = "Nobody can sign what is not there: look at `sauti messages status`."
            raise refused(texts.file, "incomplete", message if units else f"'{language}' is not offered.", remedy)
        written = texts.sign(Signature(language, by, now().date().isoformat()), out)
    say(f"{len(units)} texts in '{language}' are signed by {by}, in {written}.")


@app.command()
def status(
    source: SourceArgument,
    form: Annotated[Format, typer.Option("--format", help="json for other programs.")] = Format.TEXT,
) -> None:
    """Show how far each language is, and who has signed it."""
    from flows.messages.standing import TranslationsFile, standing, table
    from sauti.translating.opening import opened

    with told():
        texts = opened(source)
        file = TranslationsFile(
            format="sauti-translations",
            version=1,
            of=texts.of,
            source=texts.source,
            languages=tuple(standing(tag, texts.units(tag), texts.signed(tag)) for tag in texts.languages),
        )
    if form is Format.JSON:
        answer(file.model_dump(mode="json"))
    else:
        typer.echo(table(file))
