"""Long-running processes: the simulator and the two bots."""

from typing import Annotated

import typer

from sauti.speaking import told


def simulator(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    *,
    rate_limits: Annotated[
        bool, typer.Option("--rate-limits/--no-rate-limits", help="Answer 429 as Telegram does.")
    ] = True,
    light: Annotated[bool, typer.Option("--light", help="For load: no validation of calls, no history.")] = False,
) -> None:
    """A local Telegram Bot API with a chat page, for invented people only."""
    from bot.simulator.server import run

    with told():
        run(port, rate_limits=rate_limits, light=light)


def bot(
    webhook: Annotated[str | None, typer.Option(help="Public https address; long polling without it.")] = None,
) -> None:
    """The participant bot. Its settings come from the environment: see docs/settings.md."""
    import gc

    # What is loaded stays: looking through it for garbage again and again takes a second of the start. The bot goes on
    # collecting once it is ready (`bot.participant.app`).
    gc.disable()
    from bot.participant.app import serve

    with told():
        serve(webhook)


def staff_bot() -> None:
    """The staff bot, by long polling. Its settings come from the environment: see docs/settings.md."""
    from bot.staff.app import serve

    with told():
        serve()
