"""The participant's door into storage: what one update changes, and what time does.

Everything runs on the writer thread; the coroutines here only wait. When one returns, what it tells is on the disk;
when one raises StorageUnavailable, the same update may be given again and will not count twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from storage import drafts, housekeeping, sweep
from storage.database import checkpoint
from storage.intake_keys import BotKeys
from storage.rounds import RoundStore
from storage.running import RunningRounds
from storage.sealing import Segment
from storage.secrets import Secrets
from storage.streams import StreamCache
from storage.turns import Request, Tools, Turn
from storage.values import Card, Decide, Draft, Expired, Fate, SweepItem, Turned, Verdict
from storage.writer import Writer

__all__ = ["Card", "Decide", "Draft", "Expired", "Fate", "Intake", "SweepItem", "Turned", "Verdict"]


class Intake:
    """Conversations of one bot. Any number of processes may have one on the same database and the same secrets."""

    def __init__(
        self, writer: Writer, secrets: Secrets, rounds: RoundStore, *, bot_id: int, clock: Callable[[], datetime]
    ) -> None:
        """`clock` gives the time in UTC. Raises StorageRefused `bad-secret`."""
        self._writer = writer
        self._secrets = secrets
        keys = BotKeys(secrets.intake_secret())
        self._tools = Tools(bot_id, keys, RunningRounds(rounds, secrets), StreamCache(), clock)

    def button_key(self, user_id: int) -> bytes:
        """Key of the tokens on this account's buttons, 32 bytes; the same before, during and after a conversation."""
        return self._tools.keys.button(user_id)

    async def turn(
        self,
        *,
        chat_id: int,
        user_id: int,
        update_id: int,
        message_ids: tuple[int, ...],
        decide: Decide,
        round_id: bytes | None,
    ) -> Turned:
        """Everything one update changes, in one transaction.

        Args:
            chat_id: where to delete messages later.
            user_id: whose conversation it is.
            update_id: counts once in 48 hours for this bot.
            message_ids: messages of either side that this update brought, to be swept at the end.
            decide: what the engine makes of the draft. Pure, because it is called again when an update comes again
                after a failure. It sees None where there is no draft or its round is not open.
            round_id: the round that `/start` named, where a draft may begin; None for the conversation that goes on.

        Raises:
            StorageUnavailable: not stored, or nobody knows; give the update again.
            StorageRefused: the verdict is impossible, by its code: `nothing-to-send`, `nothing-to-seal-into`,
                `no-consent`, `no-session`, `begun-twice`, `response-full`.
        """
        request = Request(chat_id, user_id, update_id, message_ids, decide, round_id)
        pushed: list[Segment] = []

        def work(connection: Connection) -> Turned:
            turn = Turn(self._tools, request, connection)
            turned = turn.run()
            if turn.segment is not None:
                pushed.append(turn.segment)
            return turned

        future = self._writer.submit(work, self._tools.keys.person(user_id))
        future.add_done_callback(partial(self._give_back, pushed))
        return await asyncio.wrap_future(future)

    def _give_back(self, pushed: Sequence[Segment], done: Future[Turned]) -> None:
        """Returns stream states to memory, after a commit only; otherwise they are dropped and never used again."""
        if not done.cancelled() and done.exception() is None:
            for segment in pushed:
                self._tools.streams.put(segment)

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> None:
        """Remembers which message the card on screen is. Without a draft there is nothing to remember it in."""

        def work(connection: Connection) -> None:
            running = self._tools.running.read(connection).get(round_id)
            if running is None:
                return
            found = drafts.load(connection, {running.keys.pseudonym(user_id): running.keys})
            for draft in found:
                card = Card(message_id, draft.card.nonce) if draft.card else None
                drafts.save(connection, running.keys, replace(draft, card=card).with_messages([message_id]))

        await asyncio.wrap_future(self._writer.submit(work, self._tools.keys.person(user_id)))

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        """At most `limit` groups of messages to delete now; they come again until `swept` names them, or 48 hours."""

        def work(connection: Connection) -> tuple[SweepItem, ...]:
            return sweep.due(connection, self._tools.keys.sweep, self._tools.clock(), limit)

        return await asyncio.wrap_future(self._writer.submit(work))

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Forgets groups whose messages Telegram has deleted, or never will."""
        await asyncio.wrap_future(self._writer.submit(partial(sweep.remove, rows=tuple(ids))))

    async def housekeeping(self) -> tuple[Expired, ...]:
        """Ends conversations whose time is over, forgets what is old, destroys the salts of closed rounds.

        To be called every few minutes, by every process; what one has done, the next does not find. At most 500
        conversations end in one call; the messages of those that are returned are in the sweep box already.
        """
        work = partial(housekeeping.keep_house, tools=self._tools)
        kept = await asyncio.wrap_future(self._writer.submit(work, alone=True))
        for round_id in kept.settled:
            self._secrets.destroy_salt(round_id)
        await asyncio.to_thread(checkpoint, self._writer.engine)
        return kept.expired
