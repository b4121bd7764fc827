"""`sauti demo`: the whole story, with invented people."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from sauti.speaking import MISUSED, TRANSIENT, say, told


def demo(
    participants: Annotated[int, typer.Option(min=1, max=2000, help="How many invented people take part.")] = 600,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the chat page; 0 takes a free one.")] = 0,
    *,
    once: Annotated[bool, typer.Option("--once", help="End after writing the summary into --out.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --once: the folder for candidate, release, documents, run.json.")
    ] = None,
) -> None:
    """From a chat to a summary, with simulator, bot and desk as separate processes. Nothing of it is kept."""
    from sauti.demo import show

    if once != (out is not None):
        say("sauti demo: --once and --out belong together")
        raise typer.Exit(MISUSED)
    story = show.watched(participants, port) if out is None else show.once(participants, port, out)
    with told():
        ended = asyncio.run(show.until_ended(story))
    if once and not ended:
        raise typer.Exit(TRANSIENT)
