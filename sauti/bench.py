"""`sauti bench`: figures of this machine, each beside the yardstick it must be read with."""

import asyncio
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.speaking import MISUSED, TRANSIENT, answer, say, told

if TYPE_CHECKING:
    from bot.simulator.ceiling import Ceiling

app = typer.Typer(help="Measure this machine; every figure stands beside a yardstick.")

ROUND_TRIP = (1, 100)
"""People of the short measurement: one alone shows the way of a single press, many show what a crowd does to it."""

MOST = 2000
"""People at the same time that one simulator still moves."""


class Form(StrEnum):
    """The `--format` of a measurement."""

    MARKDOWN = "md"
    JSON = "json"


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Measure this machine; every figure stands beside a yardstick. Without a name, each measurement runs shortly."""
    if context.invoked_subcommand is None:
        _measure(ROUND_TRIP, 3.0)


@app.command()
def ceiling(
    people: Annotated[int, typer.Option(min=1, max=2000, help="Invented people at the same time.")] = 100,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="How long they press buttons.")] = 5.0,
) -> None:
    """What simulator and driver can do with a bot that does nothing: a bot's figures must stay well below this."""
    _measure((people,), seconds)


@app.command()
def intake(
    people: Annotated[str, typer.Option(help="Invented people at the same time, sizes by commas.")] = "1,100,1000",
    rounds: Annotated[int, typer.Option(min=1, max=20, help="In each round all bots take turns.")] = 3,
    peers: Annotated[str | None, typer.Option(help="By commas; all without it, `none` for nobody.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Tables, or everything that was measured.")] = Form.MARKDOWN,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="One round, up to 100 people, short windows.")] = False,
) -> None:
    """Our bot beside others in the same dialogue: speed, waits, processor time, calls, memory, cold start."""
    with told():
        from sauti.benching.intake import QUICK_SECONDS, SECONDS, plan, run
        from sauti.benching.measuring import BenchError
        from sauti.demo.show import until_ended

        crowds = tuple(one for one in _sizes(people) if not quick or one <= ROUND_TRIP[-1])
        planned = plan(crowds, 1 if quick else rounds, peers)

        async def story() -> None:
            found = await run(planned, QUICK_SECONDS if quick else SECONDS, say)
            if form is Form.JSON:
                answer({"format": "sauti-bench-intake", "version": 1, **asdict(found)})
            else:
                typer.echo(found.markdown())
            if any(one.bot == "sauti" for one in found.failures):
                raise BenchError("bench: our own bot could not be measured everywhere")

        if not asyncio.run(until_ended(story())):
            raise typer.Exit(TRANSIENT)


@app.command("open")
def opening(
    form: Annotated[Form, typer.Option("--format", help="Tables, or everything that was measured.")] = Form.MARKDOWN,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds, up to 10,000 responses.")] = False,
) -> None:
    """Responses of twenty answers opened and counted, beside libsodium alone and a sealed box for each answer."""
    with told():
        from sauti.benching.opening import QUICK, Plan, run
        from sauti.benching.opening_tables import markdown

        found = run(QUICK if quick else Plan(), say)
        if form is Form.JSON:
            answer({"format": "sauti-bench-open", "version": 1, **asdict(found)})
        else:
            typer.echo(markdown(found))


@app.command()
def summary(
    peers: Annotated[str | None, typer.Option(help="By commas; all without it, `none` for nobody.")] = None,
    form: Annotated[Form, typer.Option("--format", help="Tables, or everything that was measured.")] = Form.MARKDOWN,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer rounds, up to 10,000 responses, 100,000 people.")
    ] = False,
) -> None:
    """Sealed bundles to safe tables; all tables of a million people beside other libraries; bounds beside programs."""
    with told():
        from dataclasses import replace

        from sauti.benching.summary import QUICK, Plan, chosen, run
        from sauti.benching.summary_tables import markdown

        found = run(replace(QUICK if quick else Plan(), peers=chosen(peers)), say)
        if form is Form.JSON:
            answer({"format": "sauti-bench-summary", "version": 1, **asdict(found)})
        else:
            typer.echo(markdown(found))


@app.command()
def audit(
    form: Annotated[Form, typer.Option("--format", help="Tables, or everything that was measured.")] = Form.MARKDOWN,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="One round, and only what the target speaks of.")] = False,
) -> None:
    """The audit of everything a round ever told, after up to three earlier releases, at the desk and at the gate."""
    with told():
        from sauti.benching.auditing import CASES, ROUNDS, WANTED, run
        from sauti.benching.auditing_tables import markdown

        found = run((WANTED,), 1, say) if quick else run(CASES, ROUNDS, say)
        if form is Form.JSON:
            answer({"format": "sauti-bench-audit", "version": 1, **asdict(found)})
        else:
            typer.echo(markdown(found))


@app.command("broadcast")
def telling(
    form: Annotated[Form, typer.Option("--format", help="Tables, or everything that was measured.")] = Form.MARKDOWN,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="300 chats at the limit, 2,000 through a kill.")] = False,
) -> None:
    """A broadcast at Telegram's limit, as its receiver counts it; and a long one, killed half-way and begun again."""
    with told():
        from sauti.benching.telling import QUICK, Plan, run
        from sauti.benching.telling_tables import markdown
        from sauti.demo.show import until_ended

        async def story() -> None:
            found = await run(QUICK if quick else Plan(), say)
            if form is Form.JSON:
                answer({"format": "sauti-bench-broadcast", "version": 1, **asdict(found)})
            else:
                typer.echo(markdown(found))

        if not asyncio.run(until_ended(story())):
            raise typer.Exit(TRANSIENT)


def _sizes(people: str) -> tuple[int, ...]:
    """The sizes of crowds that were asked for. Exits where they are no numbers from 1 to 2000."""
    sizes = tuple(int(one) for one in people.split(",") if one.isdecimal())
    if not sizes or len(sizes) != len(people.split(",")) or not all(1 <= one <= MOST for one in sizes):
        say(f"sauti bench: --people takes numbers from 1 to {MOST}, by commas")
        raise typer.Exit(MISUSED)
    return sizes


def _measure(crowds: tuple[int, ...], seconds: float) -> None:
    """A table on stderr, one JSON line for each row of it on stdout."""
    with told():
        from bot.simulator.ceiling import measure_ceiling

        say("Ceiling: people press as fast as a bot that does nothing answers.")
        say(f"{'people':>8}{'updates/s':>12}{'median ms':>12}{'99 % ms':>10}{'CPU ms each':>14}")
        for people in crowds:
            measured = asyncio.run(measure_ceiling(people, seconds))
            say(_row(measured))
            answer({"format": "sauti-bench-ceiling", "version": 1, **asdict(measured)})


def _row(made: "Ceiling") -> str:
    speed = f"{made.people:>8}{made.updates_per_second:>12.0f}{made.p50_ms:>12.1f}{made.p99_ms:>10.1f}"
    return f"{speed}{made.cpu_ms:>14.2f}"
