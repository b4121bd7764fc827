"""`sauti broadcast`: telling those who allowed it that there are results to read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.keys import KeyOption, unlocked
from sauti.office import Office, now, office
from sauti.speaking import answer, progress, say, told

if TYPE_CHECKING:
    from bot.broadcast.app import Told
    from privacy.consent import Contactable
    from storage.rounds import RoundRow

STEP = 10
"""Numbers of people are told in tens: how many refused a message could confirm what is known of one of them."""


def broadcast(
    round_: Annotated[
        list[str],
        typer.Argument(metavar="ROUND", help="Of a closed round with results: its id, its beginning, or code."),
    ],
    key: KeyOption,
) -> None:
    """Tell everybody who allowed it that there are results to read: one silent, neutral line, gone after a day.

    Opens the contact box with the custodians' shares of the notification key, in memory. At most two broadcasts; after
    the second the box is destroyed. Interrupted, run it again: it goes on, and writes to nobody twice. Three at most
    whom it was just writing to when it was killed are left out, because they may have been told.
    """
    from bot.broadcast.app import House
    from bot.broadcast.app import broadcast as tell
    from bot.participant.settings import BotSettings
    from rounds import service
    from storage.work_log import OFFICE, record

    with told(), office() as work:
        settings = BotSettings.read()
        row = work.store.get(round_[0])
        service.check_broadcast(work.secrets, row, settings.bot_api_url)
        # Before the custodians' key opens the box, whatever comes of it then.
        record(work.store.engine, OFFICE, "open-box", row.id)
        people = _people(work, row, [*key, *map(Path, round_[1:])])
        with progress("Telling") as bar:
            house = House(settings, work.store, work.secrets, now)
            done = tell(house, row, people, lambda at, of: bar(100 * at // max(of, 1), 100))
    say(_ended(done))
    answer(
        {
            "format": "sauti-broadcast", "version": 1, "round": row.id.hex(), "number": done.number,
            "told": done.sent // STEP * STEP, "box_destroyed": done.box_destroyed,
        }
    )  # fmt: skip


def _ended(done: "Told") -> str:
    """What came of it, in words that hold for everybody."""
    from bot.broadcast.sending import LANES

    all_but = f", but perhaps {LANES} whom the interrupted run was just writing to" if done.resumed else ""
    box = " The contact box is destroyed." if done.box_destroyed else ""
    return f"Everybody who can be told has been told{all_but}.{box}"


def _people(work: Office, row: "RoundRow", paths: list[Path]) -> "tuple[Contactable, ...]":
    """Those whom the box names, opened with the key that the round was made with."""
    from privacy.consent import Consents
    from privacy.contacts import contactable
    from storage.contacts import sealed
    from storage.envelope.errors import WrongKey

    private = unlocked(paths)
    if private.public_key != row.notification_key:
        raise WrongKey
    consents = Consents(row.consultation, process=row.consultation.process, rehearsal=row.rehearsal)
    return contactable(private, row.id, consents, sealed(work.store.engine, row.id))
