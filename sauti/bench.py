"""`sauti bench`: figures of this machine, each beside the yardstick it must be read with."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from sauti.speaking import answer, say

app = typer.Typer(no_args_is_help=True, help="Measure this machine; every figure stands beside a yardstick.")


@app.command()
def ceiling(
    people: Annotated[int, typer.Option(min=1, max=2000, help="Invented people at the same time.")] = 100,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="How long they press buttons.")] = 5.0,
) -> None:
    """What simulator and driver can do with a bot that does nothing: a bot's figures must stay well below this."""
    from bot.simulator.ceiling import measure_ceiling

    say(f"{people} people press as fast as a bot that does nothing answers, for {seconds:g} s …")
    answer({"format": "sauti-bench-ceiling", "version": 1, **asdict(asyncio.run(measure_ceiling(people, seconds)))})
