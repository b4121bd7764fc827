"""What audits were measured at, as Markdown for docs/performance.md. Pure."""

from sauti.benching.auditing import WANTED, Audited, Found
from sauti.benching.figures import Spread
from sauti.benching.tables import Most, table

HEAD = ("releases", "people", "tables of one question", "of two", "figures", "targets", "desk, s", "gate, s")
LONGEST = Most(10.0)


def markdown(found: Found) -> str:
    """One row for each case, and whether the target was met."""
    rows = [
        (
            str(one.case.releases), f"{one.case.people:,}", str(one.case.questions), str(one.case.crosses),
            f"{one.figures:,}", f"{one.targets:,}", _seconds(one.desk), _seconds(one.gate),
        )
        for one in found.audited
    ]  # fmt: skip
    parts = [found.machine, table(HEAD, rows)]
    for one in found.audited:
        if one.case == WANTED:
            parts += ["**Target**", table(("figure", "wanted", "reached", "met"), [_target(one)])]
    return "\n\n".join(parts)


def _target(one: Audited) -> tuple[str, ...]:
    met = "yes" if LONGEST.met(one.desk.middle) else "no"
    return "desk's audit after three earlier releases, s", str(LONGEST), _seconds(one.desk), met


def _seconds(found: Spread) -> str:
    return f"{found.middle:.2f} ({found.low:.2f}-{found.high:.2f})"
