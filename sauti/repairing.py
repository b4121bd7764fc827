"""A candidate that may not be released: what can be done about it, tried, and told with its price."""

from typing import TYPE_CHECKING

import typer

from sauti.speaking import REFUSED, answer, progress, say

if TYPE_CHECKING:
    from privacy.candidate import Candidate
    from privacy.gate import Author
    from privacy.repairing import Judged, Offer, Offers
    from privacy.repairs import Repair
    from privacy.tabulate import Tabulated


def chosen(repair: str | None, without: list[str]) -> "Repair":
    """The repair that somebody chose by name, and the tables to leave out. Raises UnknownRepair."""
    from privacy.repairs import Kind, Step, read

    return (*(read(repair) if repair else ()), *(Step(Kind.DROP, name) for name in without))


def certified(found: "Tabulated", repair: "Repair", author: "Author", *, machine: bool) -> "Candidate":
    """The candidate under a repair, once its audit has found nothing.

    Otherwise tells what was found and what can be done, and ends with exit code 1; `machine` wants that as JSON on
    stdout. Nothing is done unasked.
    """
    from privacy.audit.errors import AuditRefused
    from privacy.errors import Unsafe
    from privacy.gate import Auditing, certify

    candidate = found.again(repair).candidate
    try:
        with progress("Auditing") as told_so_far:
            return certify(candidate, found.releases, found.known, author, Auditing(told_so_far))
    except (AuditRefused, Unsafe) as refused:
        say(f"sauti: {refused}")
        if found.made.candidate.respondents is not None:
            _tell(_offers(found), [str(refused)], machine=machine)
        raise typer.Exit(REFUSED) from None


def _offers(found: "Tabulated") -> "Offers":
    from privacy.gate import findings
    from privacy.repairing import Judged, offers
    from privacy.repairs import Tables

    def judge(repair: "Repair") -> "Judged":
        candidate = found.again(repair).candidate
        shown = Tables(candidate.every_table, candidate.crosses)
        return Judged(shown, findings(candidate, found.releases, found.known))

    say("Trying what can be done about it …")
    return offers(judge, found.seed, lambda name: say(f"  {name}"))


def _tell(offered: "Offers", found: list[str], *, machine: bool) -> None:
    if machine:
        listed = [
            {
                "id": one.id, "kind": one.kind, "figures_hidden": one.cost.cells, "groups_merged": one.cost.groups,
                "tables_lost": one.cost.tables,
            }
            for one in offered.found
        ]  # fmt: skip
        answer({
            "format": "sauti-repairs", "version": 1, "found": found, "repairs": listed,
            "unfinished": offered.unfinished,
        })  # fmt: skip
    if offered.unfinished:
        _say_unfinished(offered)
    if not offered.found:
        say(
            "Nothing that was tried is enough. Leave out a table that is named above, with --without and its id, and "
            "run this again; more than one may have to go. Where too little is left, wait for more answers; another "
            "round should plan fewer tables, or coarser categories (`collapse`)."
        )
        return
    say("Each of these is enough, the mildest first. Choose one: run this again with --repair and its name.")
    for one in offered.found:
        say(f"  '{one.id}'  {_price(one)}")


def _say_unfinished(offered: "Offers") -> None:
    from privacy.repairing import MOST_STEPS

    kinds = ", ".join(offered.unfinished)
    say(
        f"Not looked at to the end: {kinds}. A repair of more than {MOST_STEPS} steps is not looked for, because each "
        "step is a whole audit and a table with so many gaps says little."
    )


def _price(one: "Offer") -> str:
    lost = one.cost
    prices = (
        _counted(lost.tables, "table lost", "tables lost"),
        _counted(lost.groups, "category brought together", "categories brought together"),
        _counted(lost.cells, "figure more hidden", "figures more hidden"),
    )
    return ", ".join(filter(None, prices)) or "no more figures hidden than now, but another one"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}" if number else ""
