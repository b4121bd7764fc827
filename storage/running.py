"""The rounds that are running now, each with what is derived for it: keys, sealer, receipt key.

States are read in every transaction, so that a turn which commits after a round was paused or closed by another
process has seen it; the rest is worked out once and thrown away as soon as the round has ended. Whether its salt is
still there is asked in every transaction too: after the kill switch no process answers from memory (D5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from storage.errors import StorageRefused
from storage.intake_keys import BotKeys, RoundKeys
from storage.rounds import RUNNING, RoundRow, RoundState, RoundStore
from storage.sealing import Sealer
from storage.secrets import Secrets
from storage.statements import Statement
from storage.tables import rounds

_WANTED = {state.name: state.value for state in RUNNING}
_states = Statement(
    select(rounds.c.id, rounds.c.state).where(rounds.c.state.in_([bindparam(name) for name in _WANTED]))
)


@dataclass(frozen=True, slots=True, repr=False)
class Running:
    """One round that is open or paused."""

    row: RoundRow
    open: bool
    keys: RoundKeys
    sealer: Sealer
    receipt_key: bytes

    def __repr__(self) -> str:
        return "<Running>"


class RunningRounds:
    """Looks up running rounds within a transaction. Used from one thread only, the writer's."""

    def __init__(self, store: RoundStore, secrets: Secrets) -> None:
        self.store = store
        self.secrets = secrets
        self._held: dict[bytes, Running] = {}
        self._transaction: object = None

    def read(self, connection: Connection) -> Mapping[bytes, Running]:
        """The rounds that are open or paused in this transaction, by id; those whose salt is missing are left out.

        Without its salt nobody can find a draft, so to participants such a round is as if it were closed.
        """
        transaction = connection.get_transaction()
        if transaction is not None and transaction is self._transaction:
            # No state changes while a writing transaction lasts: who changes one holds the gate alone.
            return self._held
        states = dict(_states.run(connection, **_WANTED).fetchall())
        found = {round_id: self._hold(connection, round_id, state) for round_id, state in states.items()}
        self._held = {round_id: running for round_id, running in found.items() if running is not None}
        self._transaction = transaction
        return self._held

    def _hold(self, connection: Connection, round_id: bytes, state: str) -> Running | None:
        is_open = state == RoundState.OPEN
        held = self._held.get(round_id)
        if not self.secrets.has_salt(round_id):
            return None
        if held is not None:
            return held if held.open == is_open else replace(held, open=is_open)
        salt, receipt_key = self.secrets.salt(round_id), self.secrets.receipt_key(round_id)
        if salt is None or receipt_key is None:
            return None
        row = self.store.load(connection, round_id)
        keys = RoundKeys(self.secrets.intake_secret(), salt)
        return Running(row, is_open, keys, Sealer(row.public_key, round_id), receipt_key)


def _unlisted(row: RoundRow, secrets: Secrets) -> bool:
    """Whether people who stop could not be put on the skip list of a round that has a contact box."""
    return row.notification_key is not None and secrets.contact_key(row.id) is None


def check_secrets(store: RoundStore, secrets: Secrets) -> None:
    """Refuses to start where a running round's secrets are missing: its people would be met as strangers.

    Raises:
        StorageRefused: `no-secret`, `bad-secret`, `round-changed`.
    """
    BotKeys(secrets.intake_secret())
    for row in store.all():
        if (
            row.state in RUNNING
            and not secrets.destroyed(row.id)
            and (secrets.salt(row.id) is None or secrets.receipt_key(row.id) is None or _unlisted(row, secrets))
        ):
            raise StorageRefused("no-secret")
