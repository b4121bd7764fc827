"""What came of a round is told in every language: to anybody, or to whoever has its code (W4)."""

from datetime import date
from functools import partial

import pytest

from bot.participant import results, texts
from bot.participant.app import LiveRounds
from bot.participant.conversation import Conversation
from bot.participant.outcome import Outcome
from bot.participant.results import WHOLE
from flows.answers import Chosen, Said
from flows.model import Texts
from locales.catalog import catalogue, catalogues
from rounds import service
from rounds.results import DATED, ROOM
from storage.results import Happening, Results
from storage.rounds import Record, RoundRow
from tests.bot.talk import Talk, conversation
from tests.rounds.records import record
from tests.storage.world import World

SUMMARY = Texts({"en": "Thank you. In short: more roads.", "ar": "شكرًا. باختصار: طرق أكثر."})
READ_OUT = Happening(date=date(2026, 11, 20), text=Texts({"en": "It was read out.", "ar": "قُرئ."}))
PUBLIC = Record(record(existence_public=True).frozen)


def published(world: World, row: RoundRow, *happened: Happening, summary: Texts = SUMMARY) -> RoundRow:
    """The round with results."""
    service.publish(world.rounds, world.rounds.get(row.id), Results(summary=summary, happened=happened))
    return world.rounds.get(row.id)


def long(length: int) -> Texts:
    """A text of so many characters in both languages."""
    return Texts({"en": "x" * length, "ar": "ش" * length})


def text_of(outcome: Outcome) -> str:
    """What stands on the card."""
    assert outcome.card is not None
    return outcome.card.text


@pytest.mark.parametrize(("label", "language"), [("English", "en"), ("العربية", "ar")])
async def test_the_code_leads_to_the_summary_in_every_language(
    talk: Talk, row: RoundRow, label: str, language: str
) -> None:
    """After the code, and a choice of language, the summary stands in the chat, and that nothing has happened yet.

    Proves: W4
    """
    published(talk.world, row)
    asked = await talk.type(f"/results {row.code.lower()} ")
    told = await talk.press(label)

    assert asked.delete == (talk.last,), "the code does not stay in the chat"
    assert texts.CHOOSE_LANGUAGE.text in text_of(asked)
    assert SUMMARY[language] in text_of(told)
    assert catalogue(language, texts.DOMAIN).text(*texts.NOTHING_YET) in text_of(told)
    assert len(talk.standing) == 1


async def test_what_happened_is_told_with_its_day(talk: Talk, row: RoundRow) -> None:
    """Entries stand below the summary with their days as the language writes them, the newest first.

    Proves: W4, Q7
    """
    published(talk.world, row, READ_OUT, READ_OUT.model_copy(update={"date": date(2026, 11, 1)}))
    await talk.type(f"/results {row.code}")
    english = text_of(await talk.press("English"))
    await talk.type(f"/results {row.code}")
    arabic = text_of(await talk.press("العربية"))

    assert english.index("20\u00a0November 2026\nIt was read out.") < english.index("1\u00a0November 2026\n")
    assert texts.HAPPENED.text in english
    assert texts.NOTHING_YET.text not in english
    assert f"{catalogue('ar', texts.DOMAIN).date(date(2026, 11, 20))}\n\u200fقُرئ." in arabic


async def test_what_does_not_fit_on_one_card_is_two_with_a_way_back(talk: Talk, row: RoundRow) -> None:
    """The longest summary and the longest entries are two cards within Telegram's bounds, each leading to the other.

    Proves: W4, T6
    """
    entry = Happening(date=date(2026, 9, 30), text=long(ROOM - DATED))
    published(talk.world, row, entry, summary=long(ROOM))
    await talk.type(f"/results {row.code}")
    first = text_of(await talk.press("العربية"))
    second = text_of(await talk.press("ما نتج عن ذلك"))
    again = text_of(await talk.press("رجوع"))

    assert first == again
    assert "ش" * ROOM in first
    assert "ش" * (ROOM - DATED) in second
    assert all(len(text.encode("utf-16-le")) // 2 <= 4_096 for text in (first, second))


def test_a_day_has_room_in_every_language() -> None:
    """No language writes a day, or the lines around it, longer than the bound that files are checked against."""
    for words in catalogues(texts.DOMAIN):
        days = [words.date(date(2026, month, 28)) for month in range(1, 13)]
        assert max(map(len, days)) + 4 <= DATED
        assert len(words.text(*texts.HAPPENED)) + len(words.text(*texts.REHEARSAL)) + ROOM + 10 <= 4_096
    assert WHOLE <= 4_096


async def test_strangers_are_told_only_of_rounds_that_are_public(talk: Talk, row: RoundRow) -> None:
    """Without a code, only a round whose existence may be public is told of: of several, the one that closed last.

    Proves: W4
    """
    world = talk.world
    published(world, row)
    asked = [text_of(await talk.type(words)) for words in ("/results", "results", "Résultats!")]
    assert all(texts.HARMLESS.text in text for text in asked)

    older = world.close(world.open_round(record=PUBLIC))
    published(world, older, summary=long(5))
    world.clock.pass_(days=10)
    newer = world.close(world.open_round(record=PUBLIC))
    assert texts.HARMLESS.text not in text_of(await talk.type("/results"))
    assert "xxxxx" in text_of(await talk.press("English"))
    published(world, newer)
    await talk.type("results")
    assert SUMMARY["en"] in text_of(await talk.press("English"))


async def test_what_is_not_there_has_one_answer(talk: Talk, row: RoundRow) -> None:
    """An unknown code, a round without results, one that was destroyed, and no code are answered alike.

    Proves: W4, P12
    """
    world = talk.world
    gone = published(world, world.close(world.open_round()))
    await talk.type(f"/results {gone.code}")
    old = talk.card.data("English")
    service.destroy(world.rounds, world.secrets, gone.code, world.clock())
    said = [await talk.type(f"/results {code}") for code in ("AAAAAAAA", row.code, gone.code, "x y")]
    said.append(await talk.type("/results"))
    pressed = await talk.take(talk.pressing(old))

    assert len({(text_of(one), one.keyboard, one.edit) for one in said}) == 1
    assert texts.HARMLESS.text in text_of(said[0])
    assert pressed.card is None
    assert pressed.toast is not None
    assert texts.HARMLESS.text in pressed.toast


async def test_in_a_conversation_her_own_round_answers_and_the_card_stays(talk: Talk, row: RoundRow) -> None:
    """Inside a session no code is needed; the answer is a message of its own, and the word alone is still an answer.

    Proves: W4
    """
    await talk.begin()
    await talk.consent()
    nothing = text_of(await talk.type("/results"))
    published(talk.world, row)
    told = await talk.type("/results")
    assert (told.edit, told.remember) == (None, None)
    assert talk.last in told.delete
    card = next(number for number, one in talk.standing.items() if "north" in " ".join(one.labels))
    await talk.take(talk.pressing(talk.standing[card].data("north"), card))
    await talk.type("results")
    await talk.take(talk.pressing(talk.standing[card].data("Send"), card))

    assert texts.NO_RESULTS.text in nothing
    assert SUMMARY["en"] in text_of(told)
    assert talk.world.opened(row) == [(False, (0, Chosen(("north",))), (1, Said("results")))]


async def test_the_link_of_a_closed_round_leads_to_what_came_of_it(talk: Talk, row: RoundRow) -> None:
    """While a round is open its link begins a conversation; once it is closed, the same link shows its results.

    Proves: W4
    """
    published(talk.world, row)
    assert SUMMARY["en"] not in text_of(await talk.type(f"/start {row.code}"))
    await talk.type("/hide")
    talk.world.close(row)
    await talk.type(f"/start {row.code}")

    assert SUMMARY["en"] in text_of(await talk.press("English"))


async def test_hiding_takes_results_out_of_the_chat(talk: Talk, row: RoundRow) -> None:
    """What was read stands in the sweep box like any line, and goes when the chat is hidden.

    Proves: W4, P3
    """
    published(talk.world, row)
    await talk.type(f"/results {row.code}")
    await talk.press("English")
    assert len(talk.standing) == 1
    await talk.type("/hide")

    assert talk.standing == {}


async def test_rehearsals_say_so_and_real_people_never_hear_of_them(talk: Talk, row: RoundRow) -> None:
    """Results of a rehearsal are marked, and a bot that real people can reach does not know them.

    Proves: W4
    """
    world = talk.world
    published(world, row)
    await talk.type(f"/results {row.code}")
    assert texts.REHEARSAL.text in text_of(await talk.press("English"))
    talk.conversation = Conversation(world.intake, LiveRounds(world.rounds), world.clock)

    assert texts.HARMLESS.text in text_of(await talk.type(f"/results {row.code}"))


async def test_a_button_is_a_page_of_one_round_only(talk: Talk, row: RoundRow) -> None:
    """After a restart an old button still leads to its round's page; nobody else's account can use it.

    Proves: W4, T3
    """
    published(talk.world, row)
    await talk.type(f"/results {row.code}")
    old = talk.card.data("English")
    talk.conversation = conversation(talk.world)
    other = Talk(talk.world, conversation(talk.world), user=78)
    await other.type("hello")

    assert SUMMARY["en"] in text_of(await talk.take(talk.pressing(old)))
    assert (await other.take(other.pressing(old))).card is None
    found = partial(results.reply, talk.world.rounds.all(), own=None, language=None)
    assert found(asking=results.Asking(nonce=results.name_of(row.id), page=99)) is None
