"""The participant's door into storage: what one update changes, and what time does.

Everything runs on the writer thread; the coroutines here only wait. When one returns, what it tells is on the disk;
when one raises StorageUnavailable, the same update may be given again and will not count twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy import Connection

from storage import housekeeping, playing, recordings, reminders, sweep, uploads
from storage.batch import Batch
from storage.database import checkpoint
from storage.drafts import StoredDraft
from storage.finding import Finder
from storage.intake_keys import BotKeys, RoundKeys
from storage.reminders import Reminder
from storage.rounds import RoundStore
from storage.running import RunningRounds
from storage.secrets import Secrets
from storage.streams import StreamCache
from storage.times import HOUR
from storage.turns import Request, Tools, Turn
from storage.values import OUTSIDE, Card, Decide, Draft, Expired, Fate, Resting, SweepItem, Turned, Verdict
from storage.writer import Writer

__all__ = ["Card", "Decide", "Draft", "Expired", "Fate", "Intake", "Resting", "SweepItem", "Turned", "Verdict"]

R = TypeVar("R")


class _Tries(Generic[R]):
    """One turn on its way to the disk, tried as often as the writer has to."""

    def __init__(self, tools: Tools, request: Request, kind: Callable[[Turn], R]) -> None:
        self._tools, self._request, self._kind = tools, request, kind
        self._turn: Turn | None = None

    def ahead(self, batch: Batch) -> None:
        """A new try: with it, what the one before has pushed is forgotten."""
        self._turn = Turn(self._tools, self._request, batch)

    def run(self, batch: Batch) -> R:
        """The turn, as a part of the batch that `ahead` was given."""
        turn = self._turn or Turn(self._tools, self._request, batch)
        return self._kind(turn)

    def stored(self) -> None:
        """Returns the stream state to memory, now that its chunk is on the disk; any other is never used again."""
        if self._turn is not None and self._turn.segment is not None:
            self._tools.streams.put(self._turn.segment)


class _AtDraft(Generic[R]):
    """Something small done to the conversation that goes on in one round, if there is one."""

    def __init__(
        self, tools: Tools, user_id: int, round_id: bytes, act: Callable[[Batch, StoredDraft | None], R]
    ) -> None:  # fmt: skip
        self._tools, self._user_id, self._round_id, self._act = tools, user_id, round_id, act

    def ahead(self, batch: Batch) -> None:
        """Asks for this account's drafts in the round."""
        self._names(batch)

    def run(self, batch: Batch) -> R:
        """Does it to the one that goes on."""
        return self._act(batch, max(batch.load(self._names(batch)), key=lambda one: one.turn, default=None))

    def stored(self) -> None:
        """Nothing follows from it."""

    def _names(self, batch: Batch) -> tuple[bytes, ...]:
        running = self._tools.running.read(batch.connection).get(self._round_id)
        return () if running is None else batch.expect(running.keys, self._user_id)


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
        self.uploads = uploads.Uploads(writer, bot_id)
        self._finder = Finder(partial(sweep.of_chats, writer.engine, keys.sweep))

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
        tag = self._tools.keys.update_tag(self._tools.bot_id, update_id)
        return await self._try(Request(chat_id, user_id, update_id, message_ids, decide, round_id, tag), Turn.run)

    async def resting(self) -> tuple[Resting, ...]:
        """Conversations in which nothing has happened for five minutes (support) or thirty; `rest` looks again."""

        def work(connection: Connection) -> dict[bytes, RoundKeys]:
            return {round_id: one.keys for round_id, one in self._tools.running.read(connection).items()}

        keys = await self._writer.do(work)
        found = housekeeping.resting(self._writer.engine, keys, self._tools.clock())
        return await asyncio.to_thread(tuple, found)

    async def rest(self, one: Resting, decide: Decide) -> Turned | None:
        """What time changes in a conversation at rest; None, and nothing changed, where somebody came back meanwhile.

        It is a turn without an update: `decide` sees the draft, and its verdict is carried out in one transaction, but
        it is no word from her, so the draft lives no longer for it. Raises as `turn` does.
        """
        # In a private chat, the chat's number is the person's (Bot API, Chat.id).
        return await self._try(Request(one.chat_id, one.chat_id, 0, (), decide, one.round_id), Turn.rest)

    async def reminders(self) -> tuple[Reminder, ...]:
        """Those that are due where it is day; `remind` looks again."""
        now = self._tools.clock()

        def work(connection: Connection) -> dict[bytes, RoundKeys]:
            running = self._tools.running.read(connection)
            return {
                name: one.keys for name, one in running.items() if one.open and not one.row.conditions.quiet(now)
            }  # fmt: skip

        awake = await self._writer.do(work)
        return await asyncio.to_thread(tuple, reminders.passed(self._writer.engine, awake, now))

    async def remind(self, one: Reminder, decide: Decide) -> Turned | None:
        """The draft of a reminder that goes out now, and is noted as done; None, and nothing changed, where none may.

        Whoever gets the draft sends the message, and nobody ever gets it again for this conversation: what is lost
        between here and the chat stays lost, because twice is worse. Raises as `turn` does.
        """
        request = Request(one.chat_id, one.chat_id, 0, (), decide, None)
        return await self._try(request, lambda turn: turn.remind(one.due))

    async def _try(self, request: Request, kind: Callable[[Turn], R]) -> R:
        lock = partial(self._tools.keys.person, request.user_id)
        return await self._writer.share(_Tries(self._tools, request, kind), lock)

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> int | None:
        """Remembers which message the card on screen is; the card that it replaces, if that is another message.

        Where there is no draft any more, there must be no card: the message goes to the sweep box, due now.
        """

        def act(batch: Batch, draft: StoredDraft | None) -> int | None:
            now = self._tools.clock()
            if draft is None:
                # In a private chat, the chat's number is the person's (Bot API, Chat.id).
                sweep.put(batch.connection, self._tools.keys.sweep, user_id, (message_id,), now=now)
                return None
            card, before_it = draft.card, draft.card.message_id if draft.card else None
            if card is not None and before_it != message_id:
                card = Card(message_id, card.nonce, int(now.timestamp()) // HOUR * HOUR)
            batch.save(draft.but(card=card).with_messages([message_id]))
            return before_it if before_it != message_id else None

        return await self._at_draft(user_id, round_id, act)

    async def standing(self, *, user_id: int, round_id: bytes) -> Draft | None:
        """The conversation as it is now, whichever process made it so. Raises StorageUnavailable."""

        def act(_batch: Batch, draft: StoredDraft | None) -> Draft | None:
            return None if draft is None else draft.view

        return await self._writer.share(_AtDraft(self._tools, user_id, round_id, act))

    async def _at_draft(self, user_id: int, round_id: bytes, act: Callable[[Batch, StoredDraft | None], R]) -> R:
        work = _AtDraft(self._tools, user_id, round_id, act)
        return await self._writer.share(work, partial(self._tools.keys.person, user_id))

    def voice(self, chat_id: int) -> bytes:
        """The lock of whoever speaks in a chat (`storage.voices`)."""
        # In a private chat, the chat's number is the person's (Bot API, Chat.id).
        return self._tools.keys.person(chat_id)

    async def recording_wanted(self, *, user_id: int, round_id: bytes, nonce: bytes) -> bool:
        """Whether a recording is still waited for below the card `nonce`: she may have moved on, or hidden it all."""

        def act(_batch: Batch, draft: StoredDraft | None) -> bool:
            return draft is not None and playing.arrived(draft, nonce, None) is not None

        return await self._at_draft(user_id, round_id, act)

    async def recording_sent(self, *, user_id: int, round_id: bytes, nonce: bytes, message_id: int | None) -> bool:
        """Remembers which message the recording below the card `nonce` is; None for one that could not be sent.

        False where it must not stand there: she has moved on, or nobody asked. Then it is in the sweep box, due now.
        """

        def act(batch: Batch, draft: StoredDraft | None) -> bool:
            now = self._tools.clock()
            kept = None if draft is None else playing.arrived(draft, nonce, message_id)
            if kept is not None:
                batch.save(kept)
                return True
            if message_id is not None:
                # In a private chat, the chat's number is the person's (Bot API, Chat.id).
                sweep.put(batch.connection, self._tools.keys.sweep, user_id, (message_id,), now=now)
            return False

        return await self._at_draft(user_id, round_id, act)

    async def recording(self, round_id: bytes, digest: bytes) -> bytes:
        """What is to be heard. Raises StorageRefused `no-such-recording`."""
        return await asyncio.to_thread(recordings.get, self._writer.engine, round_id, digest)

    async def line_sent(self, *, chat_id: int, message_id: int, later: timedelta = OUTSIDE) -> None:
        """Remembers a message that belongs to no conversation, to be deleted after `later` or by hiding."""

        def work(connection: Connection) -> None:
            now = self._tools.clock()
            sweep.put(connection, self._tools.keys.sweep, chat_id, (message_id,), now=now, later=later)

        await self._writer.do(work)

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        """At most `limit` groups of messages to delete now; they come again until `swept` names them, or 48 hours.

        A group without messages asks for a whole chat to be wiped, because somebody died while doing so.
        """
        keys, now = self._tools.keys, self._tools.clock()
        return await asyncio.to_thread(sweep.due, self._writer.engine, keys.sweep, now, limit)

    async def of_chat(self, chat_id: int) -> tuple[SweepItem, ...]:
        """Everything the sweep box holds of a chat, due or not (P3); takes a second where a great many rows wait."""
        return await self._finder.find(chat_id)

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Forgets groups whose messages Telegram has deleted, or never will."""
        await self._writer.do(partial(sweep.remove, rows=tuple(ids)))

    async def housekeeping(self) -> tuple[Expired, ...]:
        """Ends conversations whose time is over, forgets what is old, destroys the salts of closed rounds.

        To be called every few minutes, by every process; what one has done, the next does not find. At most 500
        conversations end in one call; the messages of those that are returned are in the sweep box already.
        """
        work = partial(housekeeping.keep_house, tools=self._tools)
        kept = await self._writer.do(work, alone=True)
        for round_id in kept.settled:
            self._secrets.destroy_salt(round_id)
        await asyncio.to_thread(checkpoint, self._writer.engine)
        return kept.expired
