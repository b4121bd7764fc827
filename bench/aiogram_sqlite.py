"""Peer: an aiogram bot that stores each answer as a plaintext row, through SQLAlchemy's asyncio and SQLite.

One session an update, handed to handlers by a middleware, and one commit an answer, as tutorials for both show it.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Dispatcher, F, Router
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message, TelegramObject
from sqlalchemy import BigInteger
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.aiogram_cards import DONE, Pick, keyboard, serve
from bench.dialogue import CARDS, LAST_WORDS

router = Router()
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BENCH_FOLDER']}/answers.db")
new_session = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """The tables."""


class Answer(Base):
    """One answer of one person, as it was given."""

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    place: Mapped[int]
    value: Mapped[str]


class Asking(StatesGroup):
    """What the bot waits for."""

    tap = State()
    words = State()


class Sessions(BaseMiddleware):
    """Gives each handler a session of its own."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - aiogram's signature
        """Open a session around the handler."""
        async with new_session() as session:
            data["session"] = session
            return await handler(event, data)


async def keep(session: AsyncSession, user_id: int, place: int, value: str) -> None:
    """Store one answer."""
    session.add(Answer(user_id=user_id, place=place, value=value))
    await session.commit()


async def show(message: Message, state: FSMContext, place: int, *, in_place: bool) -> None:
    """Show a card: in place of the last one after a tap, below after a text."""
    if place == len(CARDS):
        await state.clear()
        await message.edit_text(LAST_WORDS)
        return
    card = CARDS[place]
    await state.set_state(Asking.tap if card.options else Asking.words)
    await state.update_data(place=place, chosen=[])
    say = message.edit_text if in_place else message.answer
    await say(card.text, reply_markup=keyboard(card, place, []))


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """A person begins."""
    await state.clear()
    await show(message, state, 0, in_place=False)


@router.callback_query(Asking.tap, Pick.filter())
async def tapped(query: CallbackQuery, callback_data: Pick, state: FSMContext, session: AsyncSession) -> None:
    """A person tapped: one more tick, or an answer and the next card."""
    await query.answer()
    data = await state.get_data()
    place: int = data["place"]
    if not isinstance(query.message, Message) or callback_data.place != place:
        return
    card = CARDS[place]
    if card.several and callback_data.option != DONE:
        chosen = [*data["chosen"], callback_data.option]
        await state.update_data(chosen=chosen)
        await query.message.edit_reply_markup(reply_markup=keyboard(card, place, chosen))
        return
    picked = data["chosen"] if card.several else [callback_data.option]
    await keep(session, query.from_user.id, place, ", ".join(card.options[option] for option in picked))
    await show(query.message, state, place + 1, in_place=True)


@router.message(Asking.words, F.text)
async def typed(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """A person answered in words."""
    data = await state.get_data()
    if message.from_user is not None and message.text is not None:
        await keep(session, message.from_user.id, data["place"], message.text)
    await show(message, state, data["place"] + 1, in_place=False)


async def make_tables() -> None:
    """Create the tables of a new file."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


if __name__ == "__main__":
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.startup.register(make_tables)
    dispatcher.update.middleware(Sessions())
    dispatcher.include_router(router)
    serve(dispatcher)
