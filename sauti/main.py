"""The commands by name; each group lives in its own module and loads a room only when it runs."""

import resource

import typer

from sauti import (
    backing_up,
    bench,
    broadcasting,
    checking,
    demo_command,
    desk,
    doctor,
    erasing,
    exporting,
    inviting,
    keys,
    messages,
    previewing,
    releasing,
    rounds,
    servers,
    staff,
    timekeeping,
    working,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sauti: people affected by atrocities take part in consultations from their phone, without being put at risk.",
)
app.command()(demo_command.demo)
app.command()(servers.simulator)
app.add_typer(keys.app, name="keys")
app.command()(checking.check)
app.command()(previewing.preview)
app.command()(previewing.talk)
app.command()(exporting.export)
app.add_typer(messages.app, name="messages")
app.add_typer(rounds.app, name="round")
app.command()(inviting.invite)
app.command()(servers.bot)
app.command()(timekeeping.clock)
app.command(name="staff-bot")(servers.staff_bot)
app.add_typer(staff.app, name="staff")
app.add_typer(working.app, name="log")
app.command()(rounds.bundle)
app.command()(erasing.erase)
app.command()(broadcasting.broadcast)
app.command()(backing_up.backup)
app.command()(backing_up.restore)
app.command()(desk.tabulate)
app.add_typer(releasing.app, name="release")
app.command()(desk.render)
app.command()(doctor.doctor)
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Runs the command that was asked for. Where it crashes, what was in memory is written into no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    app()
