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
from bot.participant.settings import BotSettings, SettingsError, loopback
from flows.session import Session
from storage import receipts
from storage.intake_keys import BotKeys
from storage.rounds import RoundStore
from storage.secrets import Secrets
from storage.values import Card, Decide, Draft, Expired, Fate, SweepItem, Turned, Verdict
from storage.writer import Writer


class MemoryIntake:
    """What a conversation sees of `storage.intake.Intake`, over a dictionary."""

    def __init__(
        self,
        _writer: Writer,
        held: Secrets,
        _rounds: RoundStore,
        *,
        bot_id: int,  # noqa: ARG002 - the interface of the real one
        clock: Callable[[], datetime],  # noqa: ARG002 - as above
    ) -> None:
        self._keys = BotKeys(held.intake_secret())
        self._drafts: dict[int, Draft] = {}

    def button_key(self, user_id: int) -> bytes:
        """As the real one derives it."""
        return self._keys.button(user_id)

    async def turn(
        self,
        *,
        chat_id: int,  # noqa: ARG002 - as above
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
            card = Card(message_id, draft.card.nonce)
            self._drafts[user_id] = replace(draft, card=card, messages=_with(draft.messages, (message_id,)))

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:  # noqa: ARG002 - as above
        """Nothing waits."""
        return ()

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Nothing waits."""

    async def housekeeping(self) -> tuple[Expired, ...]:
        """Nothing ends by itself within a measurement."""
        return ()


def _turned(verdict: Verdict, draft: Draft | None) -> Turned:
    return Turned(repeated=False, verdict=verdict, draft=draft, receipt=None, withdrawn=0, sweep=())


def _kept(draft: Draft | None, verdict: Verdict, round_id: bytes | None, messages: tuple[int, ...]) -> Draft | None:
    session: Session | None = verdict.session or (draft.session if draft else None)
    if session is None or (draft is None and round_id is None):
        return None
    begun = draft or Draft(round_id or b"", session, None, ())
    known = begun.card.message_id if begun.card else None
    card = begun.card if verdict.card_nonce is None else Card(known, verdict.card_nonce)
    return replace(begun, session=session, card=card, messages=_with(begun.messages, messages))


def _with(messages: tuple[int, ...], more: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*messages, *more)))


def main() -> None:
    """Serves as `sauti bot` does, for a server on this machine only. Raises SettingsError."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--webhook")
    if not loopback(BotSettings.read().bot_api_url):
        raise SettingsError("a bot that stores nothing is for measurements on this machine")
    with patch.object(app, "Intake", MemoryIntake):
        app.serve(parser.parse_args().webhook)


if __name__ == "__main__":
    main()
