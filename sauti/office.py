"""What the round commands work with: settings, a migrated database, the secrets folder, and the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rounds.settings import RoundSettings
    from storage.rounds import RoundStore
    from storage.secrets import Secrets

LONGEST_NAME = 100
RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="Its id, the beginning of it, or its code.")]


@dataclass(frozen=True, slots=True)
class Office:
    """Settings, rounds and secrets."""

    settings: "RoundSettings"
    store: "RoundStore"
    secrets: "Secrets"


@contextmanager
def office(*, catching_up: bool = True) -> Iterator[Office]:
    """An office for as long as the command runs; what a restored database must forget is forgotten first.

    Only the kill switch does not wait for that: it must work also where the file of withdrawals is damaged.
    """
    from rounds.settings import RoundSettings
    from storage.database import connect
    from storage.migrations import migrate
    from storage.restoring import catch_up
    from storage.rounds import RoundStore
    from storage.secrets import Secrets

    settings = RoundSettings.read()
    engine = connect(settings.database_url.get_secret_value())
    try:
        migrate(engine)
        office_ = Office(settings, RoundStore(engine), Secrets(settings.secrets_dir))
        if catching_up:
            catch_up(office_.store, office_.secrets, now())
        yield office_
    finally:
        engine.dispose()


def signed_by(name: str | None) -> str | None:
    """The name under which somebody signs, as `--as` gives it: the formats hold one to a hundred signs of it."""
    if name is None:
        return None
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise typer.BadParameter(f"a name of 1 to {LONGEST_NAME} signs")
    return name.strip()


def now() -> datetime:
    """The time, read here and handed on."""
    return datetime.now(UTC)  # noqa: TID251 - the command line is where the clock comes in
