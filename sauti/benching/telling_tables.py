"""What `sauti bench broadcast` found, as Markdown for docs/performance.md. Pure."""

from bot.broadcast.sending import LANES
from sauti.benching.tables import table
from sauti.benching.telling import Found, Killed, Paced

_PACED = (
    "chats", "seconds", "allowed/s", "achieved/s", "achieved / allowed", "most in any second", "refused", "told twice",
    "RSS MiB, first and last message",
)  # fmt: skip
_KILLED = (
    "chats", "told before the kill", "told after it", "never told", "told twice", "seconds",
    "RSS MiB, first and last message",
)  # fmt: skip
_WANTED = (
    "Wanted: achieved / allowed ≥ 0.99, never more than allowed in any second, nobody told twice, and a kill leaves "
    f"{LANES} out at most: "
)


def markdown(found: Found) -> str:
    """Both tables, and whether the targets were met."""
    return "\n\n".join(
        (
            "**At the limit**: messages as the simulator took them, rate limits on.",
            table(_PACED, [_paced(found.paced)]),
            "**Killed half-way and begun again**: a clock on which waiting takes no time, rate limits off.",
            table(_KILLED, [_killed(found.killed)]),
            _WANTED + ("met." if found.met else "not met."),
        )
    )


def _paced(one: Paced) -> tuple[str, ...]:
    return (
        f"{one.chats:,}", f"{one.seconds:.1f}", f"{one.allowed:.0f}", f"{one.achieved:.2f}",
        f"{one.achieved / one.allowed:.4f}", str(one.most), str(one.refused), str(one.twice),
        f"{one.begin_mib:.1f}, {one.end_mib:.1f}",
    )  # fmt: skip


def _killed(one: Killed) -> tuple[str, ...]:
    return (
        f"{one.chats:,}", f"{one.before:,}", f"{one.after:,}", str(one.missed), str(one.twice), f"{one.seconds:.0f}",
        f"{one.begin_mib:.1f}, {one.end_mib:.1f}",
    )  # fmt: skip
