"""The same bot without sealing and storing, to see what those cost: run as `python -m sauti.benching.unsealed`.

Conversations live in memory and answers go nowhere. The stand-in is put in from here, for invented people on this
machine; the bot itself has no such option and must never get one.
"""

import argparse
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from bot.participant import app
from bot.participant.settings import BotSettings
from flows.session import Session
from rounds.settings import SettingsError, is_loopback
from storage import receipts
from storage.intake import Intake
from storage.rounds import RoundStore
from storage.secrets import Secrets
from storage.times import HOUR
from storage.values import Card, Decide, Draft, Fate, Turned, Verdict
from storage.writer import Writer


class MemoryIntake(Intake):
    """The real one, but for the two acts of a conversation: they only touch a dictionary."""

    def __init__(
        self, writer: Writer, held: Secrets, rounds: RoundStore, *, bot_id: int, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(writer, held, rounds, bot_id=bot_id, clock=clock)
        self._drafts: dict[int, Draft] = {}
        self._clock = clock

    async def turn(
        self,
        *,
        chat_id: int,  # noqa: ARG002 - the interface of the real one
        user_id: int,
        update_id: int,  # noqa: ARG002 - as above
        message_ids: tuple[int, ...],
        decide: Decide,
        round_id: bytes | None,
    ) -> Turned:
        """One update: the engine's verdict on the draft in memory."""
        draft = self._drafts.get(user_id)
        verdict = decide(draft)
        if verdict.fate is Fate.NONE:
            return _turned(verdict, draft)
        if verdict.fate is Fate.KEEP:
            kept = _kept(draft, verdict, round_id, message_ids)
            if kept is not None:
                self._drafts[user_id] = kept
            return _turned(verdict, kept)
        ended = self._drafts.pop(user_id, None)
        card = ended.card.message_id if ended and ended.card else None
        swept = tuple(one for one in (*(ended.messages if ended else ()), *message_ids) if one != card)
        receipt = receipts.from_seed(secrets.token_bytes(32)) if verdict.fate is Fate.SEND else None
        return replace(_turned(verdict, None), receipt=receipt, sweep=swept)

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> None:  # noqa: ARG002 - as above
        """Remembers the card's message."""
        draft = self._drafts.get(user_id)
        if draft is not None and draft.card is not None:
            # The hour in which a card was sent decides whether it may still be edited.
            card = replace(draft.card, message_id=message_id, sent=int(self._clock().timestamp()) // HOUR * HOUR)
            self._drafts[user_id] = replace(draft, card=card, messages=_with(draft.messages, (message_id,)))


def _turned(verdict: Verdict, draft: Draft | None) -> Turned:
    return Turned(repeated=False, verdict=verdict, draft=draft, receipt=None, withdrawn=0, sweep=())


def _kept(draft: Draft | None, verdict: Verdict, round_id: bytes | None, messages: tuple[int, ...]) -> Draft | None:
    session: Session | None = verdict.session or (draft.session if draft else None)
    if session is None or (draft is None and round_id is None):
        return None
    begun = draft or Draft(round_id or b"", session, None, ())
    card = begun.card
    if verdict.card_nonce is not None:
        card = replace(card, nonce=verdict.card_nonce) if card else Card(None, verdict.card_nonce)
    return replace(begun, session=session, card=card, messages=_with(begun.messages, messages))


def _with(messages: tuple[int, ...], more: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*messages, *more)))


def main() -> None:
    """Serves as `sauti bot` does, for a server on this machine only. Raises SettingsError."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--webhook")
    if not is_loopback(BotSettings.read().bot_api_url):
        raise SettingsError("a bot that stores nothing is for measurements on this machine")
    with patch.object(app, "Intake", MemoryIntake):
        app.serve(parser.parse_args().webhook)


if __name__ == "__main__":
    main()
