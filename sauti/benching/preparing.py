"""An open round for the bot that is measured: made, drilled and opened in this process, as the round commands do it."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from flows.loader import load
from privacy import keys
from privacy.key_files import INTERACTIVE
from rounds import service
from sauti.benching.contestants import CONSULTATION, Prepared
from storage.database import checkpoint, connect
from storage.envelope.ceremony import NotificationFile
from storage.migrations import migrate
from storage.rounds import ControlRow, RoundStore
from storage.secrets import Secrets

_HERE = "http://127.0.0.1:1"
"""A rehearsal opens for a server on this machine only; which one is not known yet."""


def prepare(folder: Path, *, notified: bool = False) -> Prepared:
    """A rehearsal of bench/consultation.yaml in `folder`, with nobody in it yet; if `notified`, with a contact box."""
    folder.mkdir(parents=True)
    consultation = load(CONSULTATION.read_bytes(), CONSULTATION.name)
    words = [secrets.token_urlsafe(8) for _ in range(2)]
    made = keys.new_keys(2, 2, words, cost=INTERACTIVE)
    engine = connect(f"sqlite:///{folder / 'sauti.db'}")
    try:
        migrate(engine)
        store, held = RoundStore(engine), Secrets(folder / "secrets")
        box = NotificationFile.of(keys.new_keys(2, 2, words, cost=INTERACTIVE).public) if notified else None
        row = service.new(
            store, consultation, made.public, rehearsal=True, control=ControlRow(), notification=box
        )  # fmt: skip
        proof = keys.drill(service.challenge(store, row), keys.unlock(made.shares, words, cost=INTERACTIVE))
        now = datetime.now(UTC)  # noqa: TID251 - the command line is where the clock comes in
        service.open_(store, held, store.get(row.id), proof=proof, bot_api_url=_HERE, now=now)
        checkpoint(engine)
    finally:
        engine.dispose()
    return Prepared(folder, row.code)
