"""`sauti preview` and `sauti talk`: a consultation tried out by its authors, by the bot's own cards, nothing kept."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.speaking import MISUSED, answer, say, told

if TYPE_CHECKING:
    from bot.preview.record import Happened
    from flows.findings import Finding
    from flows.model import Consultation
    from flows.prompts import Taken

FILE = Annotated[Path, typer.Argument(help="The consultation: YAML, or an XLSForm (.xlsx, .xls, .csv, .md).")]
LANGUAGE = Annotated[str | None, typer.Option("--lang", help="Begin in this language; without it, she chooses.")]
TRANSCRIPT = Annotated[Path | None, typer.Option(help="Write all that was said into this file, as Markdown.")]
DROP = Annotated[bool, typer.Option("--drop-unsupported", help="Leave out of a form what cannot be asked.")]


def preview(
    file: FILE,
    language: LANGUAGE = None,
    transcript: TRANSCRIPT = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Write every card in all languages side by side into this HTML file, and end.")
    ] = None,
    *,
    drop: DROP = False,
) -> None:
    """Try a consultation out in the browser, card by card as the bot shows them. Nothing is kept.

    The page notices when the file is saved, and starts again with it. Ctrl-C ends.
    """
    if out is not None:
        with told():
            _side_by_side(file, out, drop=drop)
        return
    from bot.preview.server import Booth, Loaded, Showing, Source, serve
    from flows.findings import ConsultationError

    def load() -> Loaded:
        try:
            return Loaded(*loaded(file, drop=drop))
        except ConsultationError as error:
            return Loaded(None, error.findings)

    with told():
        stamp = _stamp(file)
        asked, found = loaded(file, drop=drop)
        for finding in found:
            say(str(finding))
        booth = Booth(
            Source(file.name, load, lambda: _stamp(file)), Showing(asked, found, stamp), offered(asked, language)
        )
        if transcript is not None:
            transcript.touch()  # what cannot be written is said before anybody has typed for an hour
        try:
            asyncio.run(serve(booth, port, lambda url: answer({"ready": True, "url": url})))
        finally:
            if transcript is not None:
                transcript.write_text(booth.showing.transcripts(), encoding="utf-8")


def _side_by_side(file: Path, out: Path, *, drop: bool) -> None:
    """The page of all languages, also of a consultation that is not sound yet: it is read for what is missing."""
    from bot.preview.sheet import sheet
    from flows.findings import ConsultationError
    from sauti import consultations
    from sauti.files import whole_file

    consultation, found = consultations.looked_over(file, drop=drop)
    if consultation is None:
        raise ConsultationError(found)
    for finding in found:
        say(str(finding))
    page = sheet(spoken(consultation, file.name), file.name, found).html
    with whole_file(out) as written:
        written.write(page.encode())


def _stamp(file: Path) -> tuple[int, int] | None:
    """When the file was written and how long it is; None while there is none, as when an editor replaces it."""
    try:
        seen = file.stat()
    except FileNotFoundError:
        return None
    return seen.st_mtime_ns, seen.st_size


def talk(
    file: FILE, language: LANGUAGE = None, transcript: TRANSCRIPT = None, *, drop: DROP = False
) -> None:  # fmt: skip
    """Try a consultation out in the terminal, card by card as the bot shows them. Nothing is kept.

    Type the number of a button, or words; > 7 types a number. Lines may come from a file as well.
    """
    import time

    from bot.preview.talking import Talk
    from bot.preview.transcript import written
    from bot.simulator.world import World

    with told():
        asked, found = loaded(file, drop=drop)
        for finding in found:
            say(str(finding))
        chosen = offered(asked, language)
        happened: list[Happened] = []
        if transcript is not None:
            transcript.touch()  # what cannot be written is said before anybody has typed for an hour
        talking = Talk(asked, World(time.time, history=True), chosen, typer.echo, happened.append)
        # Left to asyncio, Ctrl-C would wait for the line that is being typed.
        before = signal.signal(signal.SIGINT, _interrupt)
        try:
            asyncio.run(talking.hold(_typed()))
        finally:
            signal.signal(signal.SIGINT, before)
            if transcript is not None:
                transcript.write_text(written(asked.consultation, chosen, happened), encoding="utf-8")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _typed() -> Iterator[str]:
    """What is typed, line by line, with a prompt where somebody sits there; bytes that are no text become marks."""
    while True:
        if sys.stdin.isatty():
            typer.echo("> ", err=True, nl=False)
        try:
            line = sys.stdin.buffer.readline()
        except KeyboardInterrupt:
            return
        if not line:
            return
        yield line.decode("utf-8", "replace")


def loaded(file: Path, *, drop: bool) -> "tuple[Taken, tuple[Finding, ...]]":
    """The sound consultation in a file with its recordings, and what is to be weighed about it.

    Raises:
        ConsultationError: with every error that was found, or because the bot speaks none of its languages.
        OSError: the file cannot be read.
    """
    from flows.loader import refused
    from flows.prompts import taken
    from sauti import consultations
    from sauti.files import beside

    consultation, judged = consultations.looked_over(file, drop=drop)
    found = tuple(map(_weighed, judged))
    consultations.way_on(found)
    refused(found)
    if consultation is None:
        raise RuntimeError("a file without a consultation has an error")
    return taken(spoken(consultation, file.name), beside(file)), found


def _weighed(finding: "Finding") -> "Finding":
    """The finding as it counts here: whoever tries out a form from elsewhere sees it before its consent is written.

    Nobody is asked anything in a preview; a round of such a form is refused.
    """
    from dataclasses import replace

    from flows.findings import Severity

    if finding.code != "no-consent":
        return finding
    remedy = f"Until then the preview shows words in brackets, and no round can be made of it. {finding.remedy}"
    return replace(finding, severity=Severity.WARNING, remedy=remedy)


def spoken(consultation: "Consultation", name: str) -> "Consultation":
    """The consultation in those of its languages in which the bot has words of its own: of the others a finding tells.

    Raises ConsultationError where there is none.
    """
    from bot.participant.texts import DOMAIN
    from flows.findings import ConsultationError, Finding, Severity
    from flows.model import Consultation
    from locales.catalog import languages

    known = [one for one in consultation.languages if one in languages(DOMAIN)]
    if not known:
        message = "The bot has no words of its own in any of these languages."
        remedy = f"Nothing can be shown before it is in one of these as well: {', '.join(languages(DOMAIN))}."
        raise ConsultationError((Finding(Severity.ERROR, "no-interface", 0, 0, "languages", message, remedy, name),))
    if len(known) == len(consultation.languages):
        return consultation
    # Read anew, because a copy would go on with the hash of what it was copied from.
    return Consultation.model_validate(consultation.model_dump(mode="json") | {"languages": known})


def offered(asked: "Taken", language: str | None) -> str | None:
    """The wished language, if the consultation has it."""
    if language is None or language in asked.consultation.languages:
        return language
    say(f"sauti: --lang {language}: choose one of {', '.join(asked.consultation.languages)}")
    raise typer.Exit(MISUSED)
