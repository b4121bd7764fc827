"""`sauti doctor`: how this server is, and what to do about what is not well."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.checking import Format
from sauti.speaking import REFUSED, answer

if TYPE_CHECKING:
    from rounds.health import Check
    from sauti.examining import Examined

_SIGNS = {"good": ("✓", "green"), "look": ("!", "yellow"), "bad": ("✗", "red")}
"""Grade → sign and colour; the sign says it all, so that no colour has to be seen."""


def doctor(form: Annotated[Format, typer.Option("--format", help="json for other programs.")] = Format.TEXT) -> None:
    """Look this server over: settings, database, secrets, clock, Telegram, disks. Exit 1 where something is bad."""
    from rounds.health import Grade

    checks = list(_checks())
    if form is Format.JSON:
        from rounds.health_file import HealthFile

        answer(HealthFile.of(checks).model_dump(mode="json"))
    else:
        for check in checks:
            _tell(check)
    if any(check.grade is Grade.BAD for check in checks):
        raise typer.Exit(REFUSED)


def _tell(check: "Check") -> None:
    sign, colour = _SIGNS[check.grade]
    typer.secho(f"{sign} {check.name}: {check.finding}", fg=colour)
    if check.remedy:
        typer.echo(f"    {check.remedy}")


def _checks() -> Iterator["Check"]:
    """Everything, whatever the rest is like: what cannot be looked at for want of a setting is left out."""
    from rounds.health import Check, Grade, good
    from rounds.settings import SettingsError
    from sauti.examining import Examined, of_letters, of_machine

    try:
        settings = Examined.read()
    except SettingsError as error:
        here = any(name.startswith("SAUTI_") for name in os.environ)
        remedy = (
            "Set them, and look again."
            if here
            else "On a machine that only reads and writes documents, none is needed."
        )
        yield Check("settings", Grade.BAD if here else Grade.LOOK, str(error), remedy)
    else:
        yield good("settings", "all are known and usable")
        yield from _of_server(settings)
    yield from of_machine()
    yield from of_letters()


def _of_server(settings: "Examined") -> Iterator["Check"]:
    from rounds.health import Check, Grade, of_server
    from rounds.settings import is_loopback
    from sauti.examining import of_telegram
    from sauti.office import now
    from storage.database import connect
    from storage.errors import StorageError
    from storage.rounds import RoundStore

    yield from of_telegram(settings, now())
    try:
        engine = connect(settings.database_url.get_secret_value())
    except StorageError as error:
        yield Check("database", Grade.BAD, error.code, error.remedy)
        return
    here = is_loopback(settings.bot_api_url)
    yield from of_server(RoundStore(engine), settings.secrets_dir, now(), loopback=here)
    engine.dispose()
