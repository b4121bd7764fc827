"""Staff accounts: `sauti staff link`, `unlink`, `list`, and `grant` for the staff bot's database role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.office import now
from sauti.speaking import answer, say, told

if TYPE_CHECKING:
    from storage.rounds import RoundStore

app = typer.Typer(no_args_is_help=True, help="Staff who may use the staff bot from their phones.")
Name = Annotated[str, typer.Argument(help="A label, as in north-1; no name of a person.")]


@contextmanager
def _database() -> "Iterator[RoundStore]":
    """The migrated database; these commands need no secret and no token."""
    from rounds.settings import ClockSettings
    from storage.database import connect
    from storage.migrations import migrate
    from storage.rounds import RoundStore

    engine = connect(ClockSettings.read().database_url.get_secret_value())
    try:
        migrate(engine)
        yield RoundStore(engine)
    finally:
        engine.dispose()


@app.command()
def link(
    name: Name,
    role: Annotated[str, typer.Option(help="operator, facilitator, translator, analyst, reviewer, …")] = "facilitator",
    minutes: Annotated[int, typer.Option(min=20, max=1_440, help="How long the code can be used.")] = 60,
) -> None:
    """Invite somebody: a one-time code for the staff bot, and the second factor for their authenticator app.

    Both are shown once. Give them by hand or by voice, not through Telegram: whoever has both is taken for this person.
    """
    from bot.staff.factor import address
    from rounds.life import Role
    from storage import staff_offers

    with told(), _database() as store:
        if role not in set(Role) - {Role.CLOCK}:
            raise typer.BadParameter("no such role")
        made = staff_offers.offer(store.engine, name, role, now(), minutes)
    say("Shown once. Let them scan the second factor first, then send the code to the staff bot.")
    _draw(address(made.factor, name))
    answer({
        "format": "sauti-staff-link", "version": 1, "name": name, "role": role, "code": made.code, "minutes": minutes,
        "second_factor": address(made.factor, name),
    })  # fmt: skip


@app.command()
def unlink(name: Name) -> None:
    """End somebody's access at once, as for a lost phone; the staff bot then wipes their chat."""
    from storage import staff_offers

    with told(), _database() as store:
        staff_offers.unlink(store.engine, name)
    say("Ended. The staff bot wipes the chat within seconds, as far as Telegram lets it (48 hours back).")
    answer({"format": "sauti-staff-unlinked", "version": 1, "name": name})


@app.command(name="list")
def list_() -> None:
    """Show who is invited or linked, and in which role."""
    from dataclasses import asdict

    from storage import staff_offers

    with told(), _database() as store:
        found = staff_offers.everybody(store.engine, now())
    answer({"format": "sauti-staff", "version": 1, "staff": [asdict(one) for one in found]})


@app.command()
def grant(role: Annotated[str, typer.Argument(help="A PostgreSQL role that was made for the staff bot.")]) -> None:
    """Give the staff bot's own database role what it needs, and nothing else. Run it again after each update."""
    from storage import staff_guard

    with told(), _database() as store:
        staff_guard.grant(store.engine, role)
    say("Granted: its own tables, and two views of rounds. Everything else is refused by the database.")
    answer({"format": "sauti-staff-granted", "version": 1, "tables": sorted(staff_guard.MAY)})


def _draw(address: str) -> None:
    """The second factor as a QR code on the terminal; on a pipe, nothing: the address stands in the answer."""
    import sys

    if sys.stderr.isatty():
        import segno

        segno.make(address, error="l").terminal(out=sys.stderr, compact=True)
