"""The desk's commands: from sealed responses to a candidate, and from a candidate to a document."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sauti.keys import KeyOption, unlocked
from sauti.speaking import MISUSED, answer, progress, say, told


class Product(StrEnum):
    """What can be written from a candidate; the same names as in `reports`, which is loaded only to write one."""

    SUMMARY = "summary"
    PBC = "pbc"
    REFORM = "reform"
    UPR = "upr"
    WARNING = "warning"
    COMMUNITY = "community"
    DATA = "data"


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
    told_of = {"tables": len(candidate.tables), "crosses": len(candidate.crosses)}
    answer({"format": "sauti-tabulated", "version": 1, "candidate": str(out), **told_of})


def render(  # noqa: PLR0913, PLR0917 - the options of one command
    candidate: Annotated[Path, typer.Argument(help="The candidate; every page of it says DRAFT.")],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    product: Annotated[Product, typer.Option(help="Which document.")] = Product.SUMMARY,
    form: Annotated[
        str, typer.Option("--format", help="pdf, docx, html, md, xlsx, csv; of community also bot.")
    ] = "html",
    lang: Annotated[str, typer.Option(help="Languages, as in en,ar.")] = "en",
    narrative: Annotated[list[Path] | None, typer.Option(help="What staff wrote, one file for each language.")] = None,
    gazetteer: Annotated[
        Path | None, typer.Option(help="Names that must not stand in a narrative, one a line.")
    ] = None,
    earlier: Annotated[
        Path | None, typer.Option(help="The candidate of an earlier round, to show what changed.")
    ] = None,
) -> None:
    """Write documents. A briefing is written only where participants are told in every language first (community)."""
    from privacy.candidate import Candidate
    from reports.narrative import ProductName
    from reports.rendering import FORMATS
    from sauti.files import load
    from sauti.telling import Wish, tell

    forms, languages = _listed(form), _listed(lang)
    known = {*FORMATS, "bot"} if product is Product.COMMUNITY else set(FORMATS)
    if not forms or not languages or not set(forms) <= known:
        say(f"sauti render: --format takes {', '.join(sorted(known))}, and --lang at least one language")
        raise typer.Exit(MISUSED)
    with told():
        before = load(earlier, Candidate) if earlier else None
        wish = Wish(ProductName(product), tuple(forms), tuple(languages), tuple(narrative or ()), gazetteer, before)
        written = tell(load(candidate, Candidate), wish, out)
    answer({"format": "sauti-rendered", "version": 1, "documents": [str(path) for path in written]})


def _listed(words: str) -> list[str]:
    return [word for each in words.split(",") if (word := each.strip())]
