"""What tables and bounds were measured at, as Markdown for docs/performance.md. Pure."""

from collections.abc import Callable, Iterator, Sequence

from sauti.benching.bounds import Bounded
from sauti.benching.figures import Spread, spread
from sauti.benching.frame_rounds import OURS, Counted, Turn
from sauti.benching.summary import Found
from sauti.benching.tables import Least, table
from sauti.benching.whole import Parts, Sealed, Tabulated

SEALED = ("responses", "chunks", "sealing, s", "µs a response", "writing, s", "MiB")
TABULATED = (
    "responses", "workers", "verifying, s", "opening and counting, s", "protecting, s", "whole, s", "responses/s",
    "desk's peak, MiB", "a worker's peak, MiB",
)  # fmt: skip
COUNTED = ("people", "program", "20 of one question, s", "190 of two, s", "one of two, ms", "all, safe, s", "peak MiB")
BOUNDED = (
    "cells", "hidden", "flow, ms a table", "HiGHS with its basis, ms", "HiGHS anew, ms", "with its basis / flow",
    "anew / flow",
)  # fmt: skip
FRAMES = (
    "**All tables of one and two questions of a frame.** Peers only count; ours is one thread, and *safe* has been "
    "through the door. ACRO protects in its own way, two questions at a time."
)
DUCKDB, ACRO, HIGHS = Least(1.0), Least(100.0), Least(30.0)


def markdown(found: Found) -> str:
    """All tables, each under a line that says how to read it."""
    parts = (
        found.machine,
        "**Making the bundles**, no part of the desk's time: sealing in one thread; spooling, sorting, syncing.",
        table(SEALED, map(_sealed, found.whole.sealed)),
        "**From a sealed bundle to safe tables**: twenty questions, three crosses; medians and ranges by the clock.",
        table(TABULATED, map(_tabulated, found.whole.tabulated)),
        FRAMES,
        table(COUNTED, map(_counted, found.counted)),
        "**Bounds of every hidden cell of one table**: processor time, all ways equal in every cell.",
        table(BOUNDED, map(_bounded, found.bounded)),
        "**Targets**",
        table(("ratio", "wanted", "reached", "met"), _targets(found)),
    )
    return "\n\n".join(parts)


def _sealed(one: Sealed) -> tuple[str, ...]:
    each = 1_000_000 * one.sealing / one.responses
    return (
        f"{one.responses:,}",
        str(one.chunks),
        f"{one.sealing:.1f}",
        f"{each:.0f}",
        f"{one.writing:.1f}",
        f"{one.mib:,.0f}",
    )


def _tabulated(one: Tabulated) -> tuple[str, ...]:
    figures: tuple[Callable[[Parts], float], ...] = (
        lambda run: run.verifying, lambda run: run.counting, lambda run: run.protecting, lambda run: run.whole
    )  # fmt: skip
    rate = one.over(lambda run: one.responses / run.whole)
    worker = max(run.worker_mib for run in one.runs)
    return (
        f"{one.responses:,}", str(one.workers), *(_seconds(one.over(figure)) for figure in figures),
        f"{rate.middle:,.0f} ({rate.low:,.0f}-{rate.high:,.0f})", f"{max(run.desk_mib for run in one.runs):.0f}",
        f"{worker:.0f}" if worker else "-",
    )  # fmt: skip


def _counted(one: Counted) -> tuple[str, ...]:
    each = one.over(lambda turn: 1000 * turn.table)
    whole = one.over(lambda turn: turn.two_way) if one.turns[0].one_way is not None else None
    return (
        f"{one.people:,}", one.name, _maybe(one.over(lambda turn: turn.one_way)), _maybe(whole), _maybe(each),
        _maybe(one.over(lambda turn: turn.safe)), f"{one.peak_mib:.0f}",
    )  # fmt: skip


def _bounded(one: Bounded) -> tuple[str, ...]:
    return (
        f"{one.rows} by {one.columns}", f"{one.hidden:.0f}", _seconds(one.flow_ms), _seconds(one.kept_ms),
        _maybe(one.anew_ms), _seconds(one.kept_to_flow), _maybe(one.anew_to_flow),
    )  # fmt: skip


def _targets(found: Found) -> Iterator[tuple[str, ...]]:
    most = max(one.people for one in found.counted)
    by_name = {one.name: one.turns for one in found.counted if one.people == most}
    ours = by_name[OURS]
    if "duckdb" in by_name:
        yield _target("counting: duckdb / ours", DUCKDB, _ratio(by_name["duckdb"], ours, lambda turn: turn.two_way))
        safe = _ratio(by_name["duckdb"], ours, lambda turn: turn.two_way, lambda turn: turn.safe or turn.two_way)
        yield _target("duckdb counting / ours counting and protecting", DUCKDB, safe)
    if "acro" in by_name:
        protected = _ratio(
            by_name["acro"], ours, lambda turn: turn.table, lambda turn: (turn.safe or turn.two_way) / turn.tables
        )
        yield _target("a safe table: ACRO / ours", ACRO, protected)
    for one in found.bounded:
        if one.anew_to_flow is not None:
            yield _target(f"bounds of {one.rows} by {one.columns}: HiGHS anew / flow", HIGHS, one.anew_to_flow)


def _ratio(
    theirs: Sequence[Turn], ours: Sequence[Turn], over: Callable[[Turn], float],
    under: Callable[[Turn], float] | None = None,
) -> Spread:  # fmt: skip
    """Round by round, so that both sides had the same minutes of the same machine."""
    return spread(over(one) / (under or over)(other) for one, other in zip(theirs, ours, strict=True))


def _target(what: str, wanted: Least, found: Spread) -> tuple[str, ...]:
    reached = f"{found.middle:.2f} ({found.low:.2f}-{found.high:.2f})"
    return what, str(wanted), reached, "yes" if wanted.met(found.middle) else "no"


def _maybe(found: Spread | None) -> str:
    return "-" if found is None else _seconds(found)


def _seconds(found: Spread) -> str:
    digits = 3 if found.middle < 1 else 2 if found.middle < 10 else 1  # noqa: PLR2004 - three digits tell enough
    return f"{found.middle:,.{digits}f} ({found.low:,.{digits}f}-{found.high:,.{digits}f})"
