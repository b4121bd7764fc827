"""The broadcaster of `sauti bench broadcast`, as a process of its own that can be killed: `python -m …telling_child`.

It is the product's own broadcast, from the claim on the disk to the sweep box, for invented people of a rehearsal on
this machine. Whom it writes to comes as JSON on stdin, because what a contact box names takes a private key to read.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from bot.broadcast.app import House, broadcast
from bot.broadcast.window import Clock, LoopClock, Window
from bot.participant.settings import BotSettings
from flows.model import Purpose
from flows.records import Manifest, consent_hash, encode_manifest
from privacy.consent import Consents, Contactable
from rounds.settings import SettingsError, is_loopback
from sauti.office import now
from storage.database import connect
from storage.rounds import RoundRow, RoundStore
from storage.secrets import Secrets


class Leaping:
    """A clock on which waiting takes no time: for the bookkeeping of many thousands, not for their pace."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """As `Clock`."""
        return self._now

    async def until(self, moment: float, stop: asyncio.Event) -> None:  # noqa: ARG002 - as `Clock`
        """As `Clock`: it is that moment."""
        self._now = max(self._now, moment)
        await asyncio.sleep(0)


def people(row: RoundRow, chats: list[int]) -> list[Contactable]:
    """As if each of these had allowed a message about results."""
    language, consultation = row.consultation.languages[0], row.consultation
    allowed = Manifest(
        row.consultation_hash, consent_hash(consultation, language), frozenset({Purpose.RESULTS}), language,
        rehearsal=row.rehearsal, repeat=False,
    )  # fmt: skip
    permission = encode_manifest(allowed, consultation)
    consents = Consents(consultation, process=consultation.process, rehearsal=row.rehearsal)
    return [consents.contactable(chat, permission) for chat in chats]


def main() -> None:
    """Tells everybody, then prints one JSON line. Raises SettingsError where the server is not on this machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--leaping", action="store_true")
    given = parser.parse_args()
    settings = BotSettings.read()
    if not is_loopback(settings.bot_api_url):
        raise SettingsError("a broadcast to invented people is for measurements on this machine")
    engine = connect(settings.database_url.get_secret_value())
    store = RoundStore(engine)
    (row,) = store.all()
    ahead = people(row, json.loads(sys.stdin.read()))
    clock: Clock = Leaping() if given.leaping else LoopClock()
    house = House(settings, store, Secrets(Path(settings.secrets_dir)), now, Window(given.most, clock))
    told = broadcast(house, row, ahead, lambda _done, _of: None)
    sys.stdout.write(json.dumps({"sent": told.sent}) + "\n")


if __name__ == "__main__":
    main()
