"""What stands behind a button: 24 characters that mean nothing to anybody but this bot and this account.

    token = base64url(nonce 8 ‖ masked action 2 ‖ tag 8)

The nonce names the card, so that a button of an earlier card is known for what it is. The tag is a keyed hash of nonce
and action, and the mask is a keyed hash of nonce and tag (a synthetic IV), both under a key of this account: nobody can
read an action, forge a token, or use another person's. Nothing is stored, so that *stop* works from any old card, after
a restart and after the conversation is gone. 64 bits of tag are enough, because every guess is an update to the bot.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from flows.events import Action, Control, Pick

NONCE = 8
_TAG = 8
_PICKS = 256
"""Action codes below are controls, from here on places of picks."""

_CONTROLS = {int(control): control for control in Control}


def code_of(action: Action) -> int:
    """The number of an action, below 65,536."""
    return _PICKS + action.index if isinstance(action, Pick) else int(action)


def action_of(code: int) -> Action | None:
    """The action of a number; None for a control that this version does not know."""
    if code >= _PICKS:
        return Pick(code - _PICKS)
    return _CONTROLS.get(code)


def token(key: bytes, nonce: bytes, action: Action) -> str:
    """The callback data of one button."""
    code = code_of(action).to_bytes(2, "big")
    tag = _tag(key, nonce, code)
    return urlsafe_b64encode(nonce + _masked(key, nonce, tag, code) + tag).decode()


def opened(key: bytes, data: str) -> tuple[bytes, Action] | None:
    """(nonce of the card, action) of callback data; None for anything this bot did not give to this account."""
    try:
        raw = urlsafe_b64decode(data.encode("ascii"))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != NONCE + 2 + _TAG:
        return None
    nonce, masked, tag = raw[:NONCE], raw[NONCE : NONCE + 2], raw[NONCE + 2 :]
    code = _masked(key, nonce, tag, masked)
    if not hmac.compare_digest(tag, _tag(key, nonce, code)):
        return None
    action = action_of(int.from_bytes(code, "big"))
    return None if action is None else (nonce, action)


def _tag(key: bytes, nonce: bytes, code: bytes) -> bytes:
    return blake2b(nonce + code, digest_size=_TAG, key=key, person=b"sauti button tag").digest()


def _masked(key: bytes, nonce: bytes, tag: bytes, code: bytes) -> bytes:
    mask = blake2b(nonce + tag, digest_size=2, key=key, person=b"sauti buttonmask").digest()
    return bytes(left ^ right for left, right in zip(code, mask, strict=True))
