"""What stands behind a button: 24 characters that mean nothing to anybody but this bot and this account.

    token = base64url(name 8 ‖ masked action 2 ‖ tag 8)

*Skip* and *back* hold where their card stood, so that they still mean it when the card is gone.
The name is the nonce of the card, so that a button of an earlier card is known for what it is; where a press rests on
marks that stand on the card, it is a keyed hash of nonce and marks. The tag is a keyed hash of name
and action, and the mask is a keyed hash of name and tag (a synthetic IV), both under a key of this account: nobody can
read an action, forge a token, or use another person's. Nothing is stored, so that *stop* works from any old card, after
a restart and after the conversation is gone. 64 bits of tag are enough, because every guess is an update to the bot.
"""

import binascii
import hmac
import itertools
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from flows.events import PLACED, Action, Control, Pick

NONCE = 8
_TAG, _CODE = 8, 2
_PICKS, _PLACED = 256, 49_152
"""Action codes below are controls, then places of picks, then *skip* and *back* with the position of their card."""
PICKS = _PLACED - _PICKS
"""Picks that have a code of their own; one more would mean *back*."""

_CONTROLS = {int(control): control for control in Control}


class Opened(NamedTuple):
    """What callback data says: name of the card, action and, of *skip* and *back*, where their card stood."""

    name: bytes
    action: Action
    position: int | None = None


def code_of(action: Action, position: int | None = None) -> int:
    """The number of an action, below 65,536; that of *skip* and *back* holds the position of their card.

    Raises:
        ValueError: a pick beyond the last that has a code: its button would mean something else.
    """
    if position is not None and action in PLACED:
        return _PLACED + 2 * position + (action is Control.SKIP)
    if isinstance(action, Pick) and action.index >= PICKS:
        raise ValueError("a pick without a code")
    return _PICKS + action.index if isinstance(action, Pick) else int(action)


def action_of(code: int) -> Action | None:
    """The action of a number; None for a control that this version does not know."""
    if code >= _PLACED:
        return Control.SKIP if code % 2 else Control.BACK
    if code >= _PICKS:
        return Pick(code - _PICKS)
    return _CONTROLS.get(code)


def token(key: bytes, nonce: bytes, action: Action) -> str:
    """The callback data of one button."""
    return keyboard(key, nonce, (action,))[0]


Marks = tuple[str, ...]
"""What of the marks on a card a press rests on (`flows.card.rests_on`)."""


def named(key: bytes, nonce: bytes, marks: Marks) -> bytes:
    """The name of the card in the token of a button that rests on `marks`: the nonce itself where it rests on none."""
    if not marks:
        return nonce
    return blake2b(nonce + "\n".join(marks).encode(), digest_size=NONCE, key=key, person=b"sauti card marks").digest()


def keyboard(
    key: bytes, nonce: bytes, actions: Iterable[Action], marks: Iterable[Marks] = itertools.repeat(()),
    position: int | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """The callback data of all buttons of a card: both hashes take in key and name once, and go on from there."""
    bare = _tagging(key, nonce), _masking(key, nonce)
    made = []
    for action, rests_on in zip(actions, marks, strict=False):
        name = nonce
        tagging, masking = bare
        if rests_on:
            name = named(key, nonce, rests_on)
            tagging, masking = _tagging(key, name), _masking(key, name)
        code = code_of(action, position).to_bytes(2, "big")
        tag = _digest(tagging, code)
        made.append(urlsafe_b64encode(name + _xor(code, _digest(masking, tag)) + tag).decode())
    return tuple(made)


def opened(key: bytes, data: str) -> Opened | None:
    """What callback data says; None for anything this bot did not give to this account."""
    try:
        raw = urlsafe_b64decode(data.encode("ascii"))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != NONCE + 2 + _TAG:
        return None
    name, masked, tag = raw[:NONCE], raw[NONCE : NONCE + 2], raw[NONCE + 2 :]
    code = _xor(masked, _digest(_masking(key, name), tag))
    if not hmac.compare_digest(tag, _digest(_tagging(key, name), code)):
        return None
    number = int.from_bytes(code, "big")
    action = action_of(number)
    return None if action is None else Opened(name, action, (number - _PLACED) // 2 if number >= _PLACED else None)


def _tagging(key: bytes, name: bytes) -> blake2b:
    return blake2b(name, digest_size=_TAG, key=key, person=b"sauti button tag")


def _masking(key: bytes, name: bytes) -> blake2b:
    return blake2b(name, digest_size=_CODE, key=key, person=b"sauti buttonmask")


def _digest(begun: blake2b, rest: bytes) -> bytes:
    hashing = begun.copy()
    hashing.update(rest)
    return hashing.digest()


def _xor(code: bytes, mask: bytes) -> bytes:
    return bytes((code[0] ^ mask[0], code[1] ^ mask[1]))
