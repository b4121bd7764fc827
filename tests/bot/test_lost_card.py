"""A card that has gone from the chat: the one that takes its place is the one she is at from now on."""

from tests.bot.line import refused
from tests.bot.talk import Talk
from tests.bot.test_speaker import outcome, speaking


async def test_the_card_in_place_of_a_lost_one_is_remembered() -> None:
    """A card that is known costs nothing to edit; where it is gone, the new message is remembered.

    So the next card stands where she looks, and the sweep at the end finds this one too. Proves: S1.
    """
    async with speaking() as (telegram, say, cards, _):
        await say.say(outcome(edit=5, remember=b"r", known=True))
        telegram.script["editMessageText"].append(refused(400, "Bad Request: message to edit not found"))
        await say.say(outcome(edit=5, remember=b"r", known=True))

    assert telegram.names() == ["editMessageText"] * 2 + ["sendMessage"]
    assert cards.told == [1001]


async def test_every_card_of_a_conversation_can_be_remembered(talk: Talk) -> None:
    """Whichever message a card ends up in, its round is named with it. Proves: S1."""
    await talk.begin()
    assert all(said.remember for said in talk.said)
    assert [said.known for said in talk.said] == [False, True, True, True]
