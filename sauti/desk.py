"""The desk's commands: from sealed responses to a candidate, and from a candidate to a document."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sauti.keys import KeyOption, unlocked
from sauti.speaking import MISUSED, answer, progress, say, told


class Product(StrEnum):
    """What can be written from a candidate."""

    SUMMARY = "summary"


def tabulate(
    bundle: Annotated[list[Path], typer.Argument(metavar="BUNDLE", help="The bundle of `sauti bundle`.")],
    key: KeyOption,
    ledger: Annotated[Path, typer.Option(help="The consultation's release ledger; begun where there is none.")],
    out: Annotated[Path, typer.Option(help="The candidate file.")],
) -> None:
    """Open a bundle with the custodians' shares, count, and write what may be shown. Run it offline."""
    from privacy.tabulate import tabulate as count
    from sauti.files import whole_file

    with told():
        private = unlocked([*key, *bundle[1:]])
        with progress("Opening and counting") as told_so_far:
            candidate = count(bundle[0], private, ledger, told_so_far)
        with whole_file(out) as file:
            file.write(candidate.model_dump_json(indent=2).encode() + b"\n")
    answer({"format": "sauti-tabulated", "version": 1, "candidate": str(out), "tables": len(candidate.tables)})


def render(
    candidate: Annotated[Path, typer.Argument(help="The candidate; every page of it says DRAFT.")],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    product: Annotated[Product, typer.Option(help="Which document.")] = Product.SUMMARY,
    form: Annotated[str, typer.Option("--format", help="html, md or both: html,md.")] = "html",
    lang: Annotated[str, typer.Option(help="Languages, as in en,ar.")] = "en",
) -> None:
    """Write documents from a candidate."""
    from locales.catalog import catalogue
    from privacy.candidate import Candidate
    from reports.rendering import FORMATS
    from reports.rendering import render as write
    from sauti.files import load

    forms, languages = _listed(form), _listed(lang)
    unknown = [one for one in forms if one not in FORMATS]
    if unknown or not forms or not languages:
        say(f"sauti render: --format takes {', '.join(FORMATS)}, and --lang at least one language")
        raise typer.Exit(MISUSED)
    written = []
    with told():
        told_by = load(candidate, Candidate)
        for language in languages:
            catalogue(language, "reports")
        out.mkdir(parents=True, exist_ok=True)
        for language in languages:
            for one in forms:
                path = out / f"{product}.{language}.{one}"
                path.write_text(write(told_by, language, one), encoding="utf-8")
                written.append(str(path))
    answer({"format": "sauti-rendered", "version": 1, "documents": written})


def _listed(words: str) -> list[str]:
    return [word for each in words.split(",") if (word := each.strip())]
