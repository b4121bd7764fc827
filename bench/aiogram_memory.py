"""Peer: a bare aiogram bot. The place in the dialogue lives in aiogram's MemoryStorage; answers are kept nowhere."""

from aiogram import Dispatcher, F, Router
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message

from bench.aiogram_cards import DONE, Pick, keyboard, serve
from bench.dialogue import CARDS, LAST_WORDS

router = Router()


class Asking(StatesGroup):
    """What the bot waits for."""

    tap = State()
    words = State()


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
async def tapped(query: CallbackQuery, callback_data: Pick, state: FSMContext) -> None:
    """A person tapped: one more tick, or the next card."""
    await query.answer()
    data = await state.get_data()
    if not isinstance(query.message, Message) or callback_data.place != data["place"]:
        return
    card = CARDS[data["place"]]
    if card.several and callback_data.option != DONE:
        chosen = [*data["chosen"], callback_data.option]
        await state.update_data(chosen=chosen)
        await query.message.edit_reply_markup(reply_markup=keyboard(card, data["place"], chosen))
        return
    await show(query.message, state, data["place"] + 1, in_place=True)


@router.message(Asking.words, F.text)
async def typed(message: Message, state: FSMContext) -> None:
    """A person answered in words."""
    data = await state.get_data()
    await show(message, state, data["place"] + 1, in_place=False)


if __name__ == "__main__":
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    serve(dispatcher)
