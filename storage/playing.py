"""The recording that stands below a card: at most one, and never longer than its card.

It is written down that a recording is on its way before it is sent, so that a second press sends no second one, and it
is remembered once it stands there. Between the two a process can die; then nobody knows the number of that message.
So it carries a button of its own: whoever presses it tells which message it is. What is on its way for longer than
a minute is taken for lost, and may be asked for again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.drafts import StoredDraft
from storage.values import Card, Playing, Verdict

ON_ITS_WAY = timedelta(minutes=1)


def after(
    draft: StoredDraft, card: Card | None, verdict: Verdict, now: datetime
) -> tuple[Playing | None, tuple[int, ...]]:
    """What can be heard once `card` is on the screen of `draft`; messages that go, as their card has gone."""
    moved = card is None or draft.card is None or card.nonce != draft.card.nonce
    gone: tuple[int, ...] = ()
    heard = draft.playing
    if heard is not None and moved:
        gone, heard = (() if heard.message_id is None else (heard.message_id,)), None
    if verdict.play is not None and (heard is None or _lost(heard, now)):
        heard = Playing(None, int(now.timestamp()))
    return heard, gone


def begun(before: StoredDraft | None, draft: StoredDraft | None) -> bool:
    """Whether a recording is on its way that was not before this turn."""
    if before is None or draft is None or draft.playing is None:
        return False
    return draft.playing.message_id is None and draft.playing != before.playing


def _lost(heard: Playing, now: datetime) -> bool:
    return heard.message_id is None and now.timestamp() - heard.asked > ON_ITS_WAY.total_seconds()


def arrived(draft: StoredDraft, nonce: bytes, message_id: int | None) -> StoredDraft | None:
    """The draft once a recording stands below the card `nonce`, or could not be sent (None).

    None where she has moved on meanwhile, so that it must not stand there.
    """
    heard = draft.playing
    if heard is None or heard.message_id is not None or draft.card is None or draft.card.nonce != nonce:
        return None
    if message_id is None:
        return draft.but(playing=None)
    return draft.but(playing=replace(heard, message_id=message_id)).with_messages([message_id])
