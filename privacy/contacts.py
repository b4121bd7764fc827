"""Opening a contact box: from sealed entries to the chats whose owners allowed a message about results.

The third home of a private key, and of another one than answers need: what is opened here leads to chats and to nothing
that anybody said. Imported by the one command that sends (`sauti broadcast`), which holds what comes out in memory, for
one broadcast, and writes none of it anywhere.
"""

from collections.abc import Iterable, Iterator

from nacl.bindings import crypto_box_seal_open
from nacl.exceptions import CryptoError

from privacy.consent import Consents, Contactable, NotUsable
from privacy.keys import RoundPrivateKey
from storage.envelope import contact
from storage.envelope.errors import NotAContact


def contactable(
    key: RoundPrivateKey, round_id: bytes, consents: Consents, sealed: Iterable[bytes]
) -> tuple[Contactable, ...]:
    """Everybody in a box who may be written to, each chat once; entries of nobody and of strangers to it are left out.

    Whoever answered more than once has several entries, of which nobody can tell that they are one person's until they
    are open. She gets one message, in one of the languages that she read.
    """
    found: dict[int, Contactable] = {}
    for chat_id, permission in _opened(key, round_id, sealed):
        try:
            one = consents.contactable(chat_id, permission)
        except NotUsable:
            continue
        found.setdefault(one.chat_id, one)
    return tuple(found.values())


def _opened(key: RoundPrivateKey, round_id: bytes, sealed: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Chat and permission of the entries that lead to anybody."""
    for body in sealed:
        try:
            chat_id, permission = contact.read(crypto_box_seal_open(body, key.public_key, key.secret), round_id)
        except (CryptoError, NotAContact):
            continue
        if chat_id != contact.NOBODY:
            yield chat_id, permission
