"""One preview: the bot's own conversation, a phone of the simulator, and nobody in between.

What she does becomes an update as Telegram would send it; what the conversation answers is done in the chat by the very
calls the bot would make, in the same order as `bot.participant.speaker` makes them. Only the line is missing, and so is
everything that exists because lines fail.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from bot.participant import texts
from bot.participant.conversation import Conversation
from bot.participant.heard import Heard
from bot.participant.incoming import parse
from bot.participant.outcome import Keyboard, Outcome
from bot.participant.render import Card, line
from bot.participant.spoken import Spoken
from bot.preview.memory import Memory, OnlyRound, Practice
from bot.preview.record import Happened, did
from bot.preview.tongues import Tongues
from bot.simulator import files, methods
from bot.simulator.chats import Chat, Person
from bot.simulator.errors import Json, TelegramError
from bot.simulator.files import upload
from bot.simulator.methods import Call
from bot.simulator.people import Hands
from bot.simulator.world import Upload, World
from flows import ogg
from flows.prompts import Taken
from locales.catalog import autonym

_SILENT: Final = {"protect_content": True, "disable_notification": True}
Told = Callable[[int, Happened], object]


class Preview:
    """One consultation in one world; each person in it is one phone."""

    def __init__(self, asked: Taken, world: World, told: Told) -> None:
        """`told` is what happened, once it stands in the chat of the person with this number."""
        self.consultation, self._recordings, self._told = asked.consultation, asked.recordings, told
        self.world, self.bot = world, world.add_bot(name="Preview")
        self._memory = Memory()
        self.tongues = Tongues(self.consultation)
        rounds = OnlyRound(Practice(self.consultation))
        self._spoken = Spoken(rounds.all)
        self._conversation = Conversation(
            self._memory, rounds, lambda: datetime.fromtimestamp(world.now(), UTC), self._spoken
        )
        self._busy = asyncio.Lock()

    def person(self, language: str | None = None) -> Person:
        """Somebody who has not written yet; her phone is named after the language in which she is to read."""
        name = "Preview" if language is None else autonym(language)
        return self.world.add_person(name, None, None, language)

    def hands(self, person: Person) -> Hands:
        """What she can do."""
        return Hands(self.world, self.bot, person)

    def chat(self, person: Person) -> Chat:
        """What stands in her chat."""
        return self.world.chat_of(self.bot, person)

    async def begin(self, person: Person) -> None:
        """She opens the link, and chooses the language her phone is in, where it is one that is offered."""
        self.hands(person).start()
        await self.answer()
        if person.language_code in self.consultation.languages:
            self.hands(person).press(None, label=autonym(person.language_code), index=None, past=None)
            await self.answer()

    async def answer(self) -> None:
        """Lets the bot take everything that has been done, in order."""
        async with self._busy:
            for entry in list(self.bot.updates.waiting(self.world.now())):
                self.bot.updates.confirm(entry, self.world.now())
                incoming = parse(entry.body)
                if incoming is None:
                    continue
                deed = did(entry.body, self.bot.chats[entry.chat_id])
                said = await self._conversation.handle(incoming)
                if said.draft is not None:
                    self.tongues.choose(entry.chat_id, said.draft.session.language)
                if incoming.message_id is not None and incoming.callback_id is None:
                    self.tongues.stands(entry.chat_id, incoming.message_id, "")
                card = self._show(said)
                self._told(entry.chat_id, Happened(deed, said, card, own=incoming.message_id in said.delete))

    def _show(self, said: Outcome) -> Card | None:
        """Does what an outcome says: the card, what can be heard below it, what goes, and the line over the chat."""
        card = said.card
        if said.wipe:
            card = line(texts.WIPED, self._spoken.languages)
            self._wipe(said.chat_id, card)
        else:
            self._card(said)
            if said.heard is not None:
                self._play(said, said.heard)
            self._clear(said.chat_id, said.delete)
        if said.callback_id is not None:
            self._call(methods.answer_callback_query, callback_query_id=said.callback_id, text=said.toast or "")
        return card

    def _card(self, said: Outcome) -> None:
        if said.card is None:
            return
        message_id = self._put(said, said.card)
        if said.remember is None:
            return
        before = self._memory.card_stands(said.user_id, message_id, self.world.now())
        if before is not None:
            self._clear(said.chat_id, (before,))

    def _put(self, said: Outcome, card: Card) -> int:
        """The card in the message that it changes or, where that is gone, in a new one; the number of that message."""
        content = _content(card, said.keyboard)
        if said.edit is not None:
            self.tongues.stands(said.chat_id, said.edit, card.text)
            try:
                self._call(methods.edit_message_text, chat_id=said.chat_id, message_id=said.edit, **content)
            except TelegramError as refused:
                unchanged = refused.description.endswith(methods.NOT_MODIFIED)
            else:
                unchanged = True
            if unchanged:
                return said.edit
        return self._sent(said.chat_id, card, content)

    def _sent(self, chat_id: int, card: Card, content: Json) -> int:
        number = self._number(self._call(methods.send_message, chat_id=chat_id, **content, **_SILENT))
        self.tongues.stands(chat_id, number, card.text)
        return number

    def _play(self, said: Outcome, heard: Heard) -> None:
        sound = self._recordings[heard.digest]
        hide = [[{"text": heard.label, "callback_data": heard.token}]]
        sent = self._call(
            files.BEHAVIOURS["sendvoice"],
            {"voice": upload("voice.ogg", sound)},
            chat_id=said.chat_id,
            voice="attach://voice",
            duration=max(1, round(ogg.read(sound).seconds)),
            reply_markup={"inline_keyboard": hide},
            **_SILENT,
        )
        self.tongues.stands(said.chat_id, self._number(sent), "")
        self._memory.recording_stands(said.user_id, self._number(sent))

    def _wipe(self, chat_id: int, last: Card) -> None:
        """Everything goes, of both sides; then the line that says what hiding cannot remove."""
        self._clear(chat_id, tuple(message.id for message in self.bot.chats[chat_id].visible()))
        self._sent(chat_id, last, _content(last, ()))

    def _clear(self, chat_id: int, message_ids: tuple[int, ...]) -> None:
        for start in range(0, len(message_ids), methods.MAX_DELETED_AT_ONCE):
            some = list(message_ids[start : start + methods.MAX_DELETED_AT_ONCE])
            self._call(methods.delete_messages, chat_id=chat_id, message_ids=some)

    def _call(
        self, method: methods.Behaviour, uploads: Mapping[str, Upload] | None = None, /, **args: object
    ) -> object:
        return method(Call(self.world, self.bot, args, uploads or {}))

    @staticmethod
    def _number(sent: object) -> int:
        if not isinstance(sent, dict) or not isinstance(sent.get("message_id"), int):
            raise TypeError("a message without a number")
        number: int = sent["message_id"]
        return number


def _content(card: Card, keyboard: Keyboard) -> Json:
    """A card as the parameters of a call."""
    ranges = [{"type": one.type, "offset": one.offset, "length": one.length} for one in card.ranges]
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in keyboard]
    return {"text": card.text, "entities": ranges, "reply_markup": {"inline_keyboard": rows}}
