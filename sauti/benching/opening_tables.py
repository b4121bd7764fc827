"""What opening was measured at, as Markdown for docs/performance.md. Pure."""

from sauti.benching.figures import Spread
from sauti.benching.opening import Beside, Found, Whole
from sauti.benching.tables import Least, table

BESIDE = ("chunks, segments", "opened and counted", "bare calls", "a box for each", "ours / bare", "ours / boxes")
WHOLE = ("responses", "workers", "a second by the clock", "a second of a core", "peak RSS of a worker, MiB")
WANTED = (Least(0.7), Least(5.0))
"""Our rate over the bare calls', and over that of a box for each answer."""


def markdown(found: Found) -> str:
    """Both tables, each under a line that says how to read it."""
    loops = (
        "**Beside libsodium alone.** One process, one thread: responses a second of one core's processor time, medians "
        f"and ranges of rounds in turn. Wanted: {WANTED[0]} of the bare calls, {WANTED[1]} times a box for each answer."
    )
    files = "**A whole round.** The desk's workers over a file of responses of 22 chunks in one segment."
    return "\n\n".join(
        (loops, table(BESIDE, map(_beside, found.beside)), files, table(WHOLE, map(_whole, found.whole)))
    )


def _beside(one: Beside) -> tuple[str, ...]:
    return (
        f"{one.chunks}, {one.segments}", _count(one.ours), _count(one.bare), _count(one.boxes),
        _ratio(one.ours_to_bare), _ratio(one.ours_to_boxes),
    )  # fmt: skip


def _whole(one: Whole) -> tuple[str, ...]:
    peak = f"{one.peak_mib.middle:.1f} ({one.peak_mib.low:.1f}-{one.peak_mib.high:.1f})"
    return f"{one.responses:,}", str(one.workers), _count(one.rate), _count(one.rate_a_core), peak


def _count(figure: Spread) -> str:
    return f"{figure.middle:,.0f} ({figure.low:,.0f}-{figure.high:,.0f})"


def _ratio(figure: Spread) -> str:
    return f"{figure.middle:.2f} ({figure.low:.2f}-{figure.high:.2f})"
