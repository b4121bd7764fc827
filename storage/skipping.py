"""The skip list: chats to which nothing may be sent unasked any more, as keyed hashes (W5).

Whoever stops, takes answers back or blocks the bot is put on the list of every round that has a contact box, whether or
not she took part in any: that a hash stands here says what somebody typed, and nothing of whether she was asked
something before (P12). A later yes does not take it off again: the refusal may be another person's who uses the same
phone, and results can be read without being told of them. The keys lie in the folder of secrets and die with the boxes.
"""

from sqlalchemy import Connection, bindparam, select

from storage.intake_keys import ContactKeys
from storage.secrets import Secrets
from storage.statements import Keep, Statement
from storage.tables import rounds, skips

_put = Keep(skips)
_rounds = select(rounds.c.id).where(rounds.c.notification_key.is_not(None))
_find = Statement(
    select(skips.c.key).where(skips.c.round == bindparam("of_round"), skips.c.key == bindparam("of_chat"))
)


def put(connection: Connection, secrets: Secrets, chat_id: int) -> None:
    """Nothing may be sent to this chat unasked any more, by whatever round."""
    for (round_id,) in connection.execute(_rounds).all():
        key = secrets.contact_key(round_id)
        if key is not None:
            _put(connection, key=ContactKeys(key).skip(chat_id), round=round_id)


def listed(connection: Connection, round_id: bytes, keys: ContactKeys, chat_id: int) -> bool:
    """Whether a chat must not be written to; asked in the transaction that lets a message go out."""
    return _find.run(connection, of_round=round_id, of_chat=keys.skip(chat_id)).fetchone() is not None
