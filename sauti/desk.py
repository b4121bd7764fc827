"""The desk's commands: from sealed responses to a candidate, and from a candidate to a document."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.keys import KeyOption, unlocked
from sauti.office import signed_by
from sauti.speaking import MISUSED, OnlyJson, answer, progress, say, told

if TYPE_CHECKING:
    from privacy.gate import Author


class Product(StrEnum):
    """What can be written from a candidate; the same names as in `reports`, which is loaded only to write one."""

    SUMMARY = "summary"
    PBC = "pbc"
    REFORM = "reform"
    UPR = "upr"
    WARNING = "warning"
    COMMUNITY = "community"
    DATA = "data"


def tabulate(  # noqa: PLR0913, PLR0917 - the options of one command
    bundle: Annotated[list[Path], typer.Argument(metavar="BUNDLE", help="The bundle of `sauti bundle`.")],
    key: KeyOption,
    ledger: Annotated[Path, typer.Option(help="The consultation's release ledger; begun where there is none.")],
    out: Annotated[Path, typer.Option(help="The candidate file.")],
    name: Annotated[
        str | None, typer.Option("--as", callback=signed_by, help="Who counts, and signs for it; a draft without it.")
    ] = None,
    signing_key: Annotated[Path | None, typer.Option(help="Their key, of `sauti keys signing`.")] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="TABLE", help="A table to leave out, by its id; chosen after a refusal.")
    ] = None,
    repair: Annotated[str | None, typer.Option(metavar="NAME", help="A repair that a refusal offered.")] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(metavar="BUNDLE", help="The bundle of an earlier release of this round; one for each of them."),
    ] = None,
    form: Annotated[OnlyJson | None, typer.Option("--format", help="Repairs for a machine to read.")] = None,
) -> None:
    """Open a bundle with the custodians' shares, count, and write what may be shown. Run it offline.

    With --as and --signing-key it is audited as well and signed for, which a release needs; refuses where something
    hidden could be worked out, naming the cells, and offers repairs that were tried. Without them it is a draft.
    """
    from privacy.tabulate import tabulate as count
    from sauti.files import check_out, whole_file
    from sauti.repairing import certified as audited
    from sauti.repairing import chosen

    with told():
        check_out(out, *bundle, *key, *(earlier or ()), *filter(None, [signing_key]), ledger)
        orders = chosen(repair, without or [])
        author = _author(name, signing_key)
        private = unlocked([*key, *bundle[1:]])
        with progress("Opening and counting") as told_so_far:
            found = count(
                bundle[0], private, ledger, told_so_far, earlier=tuple(earlier or ()) if author or earlier else None
            )
        candidate = (
            found.again(orders).candidate
            if author is None
            else audited(found, orders, author, machine=form is not None)
        )
        with whole_file(out) as file:
            file.write(candidate.to_json())
    told_of = {"tables": len(candidate.tables), "crosses": len(candidate.crosses)}
    certified = candidate.certificate is not None
    answer({"format": "sauti-tabulated", "version": 1, "candidate": str(out), **told_of, "certified": certified})


def _author(name: str | None, signing_key: Path | None) -> "Author | None":
    """Who signs for the candidate; None for a draft. Ends with exit code 2 where only half of it is given."""
    from privacy.gate import Author
    from privacy.signing import SigningFile
    from sauti.files import load

    if name is None and signing_key is None:
        return None
    if name is None or signing_key is None:
        say("sauti tabulate: --as and --signing-key belong together")
        raise typer.Exit(MISUSED)
    return Author(name, load(signing_key, SigningFile))


def render(  # noqa: PLR0913, PLR0917 - the options of one command
    source: Annotated[
        Path, typer.Argument(metavar="RELEASE|CANDIDATE", help="A release; every page of a candidate says DRAFT.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    product: Annotated[Product, typer.Option(help="Which document.")] = Product.SUMMARY,
    form: Annotated[
        str, typer.Option("--format", help="pdf, docx, html, md, xlsx, csv; a release as community also bot.")
    ] = "html",
    lang: Annotated[str, typer.Option(help="Languages, as in en,ar.")] = "en",
    narrative: Annotated[list[Path] | None, typer.Option(help="What staff wrote, one file for each language.")] = None,
    gazetteer: Annotated[
        Path | None, typer.Option(help="Names that must not stand in a narrative, one a line.")
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(metavar="RELEASE", help="The release of an earlier round, to show what changed; one for each."),
    ] = None,
) -> None:
    """Write documents. A briefing is written only where participants are told in every language first (community)."""
    from privacy.release import Release
    from reports.narrative import ProductName
    from reports.rendering import FORMATS
    from reports.trends import earlier_rounds
    from sauti.files import load_source
    from sauti.telling import Wish, tell

    forms, languages = _listed(form), _listed(lang)
    known = {*FORMATS, "bot"} if product is Product.COMMUNITY else set(FORMATS)
    if not forms or not languages or not set(forms) <= known:
        say(f"sauti render: --format takes {', '.join(sorted(known))}, and --lang at least one language")
        raise typer.Exit(MISUSED)
    with told():
        found = load_source(source)
        candidate, number = (found.candidate, str(found.number)) if isinstance(found, Release) else (found, None)
        before = earlier_rounds(candidate, [load_source(each) for each in earlier or ()])
        wish = Wish(
            ProductName(product), tuple(forms), tuple(languages), tuple(narrative or ()), gazetteer, before, number
        )
        written = tell(candidate, wish, out)
    answer({"format": "sauti-rendered", "version": 1, "documents": [str(path) for path in written]})


def _listed(words: str) -> list[str]:
    return [word for each in words.split(",") if (word := each.strip())]
