"""Whether a round that has been closed still holds what closing destroys or moves.

Whoever closes a round by changing its state alone (staff bot, clock) reaches neither drafts nor secrets. The rest is
done by whoever does (`storage.closing`), within a minute; until then nothing may be taken out of the round.
"""

from sqlalchemy import Connection, exists, or_, select

from storage.rounds import ENDED
from storage.tables import contact_bag, drafts, links, mailbag, rounds

_LEFT = or_(*(exists().where(table.c.round == rounds.c.id) for table in (drafts, links, mailbag, contact_bag)))
_unsettled = select(rounds.c.id).where(rounds.c.state.in_([state.value for state in ENDED]), _LEFT)


def unsettled(connection: Connection) -> tuple[bytes, ...]:
    """Ids of rounds that nobody can answer any more and that are not yet closed to the end."""
    return tuple(connection.execute(_unsettled).scalars())
