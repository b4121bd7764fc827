"""Where help is: on the support card, at the age gate and behind /help, and always the list of today."""

import pytest

from bot.participant import render, texts
from bot.participant.referring import at_end, complaint, on_card
from flows.events import Control
from flows.model import Consultation
from flows.screens import Screen, ScreenKind
from flows.session import Session, State
from rounds.deployment import Deployment
from storage.referrals import ROOM
from storage.rounds import Record, RoundRow
from tests.bot.talk import Talk, conversation
from tests.rounds.records import SERVICES, entry, record
from tests.storage.asked import CONSULTATION
from tests.storage.world import World

REGIONS = [{"id": name, "text": {"en": name.title(), "ar": name}} for name in ("north", "south")]


def taken(deployment: Deployment) -> Record:
    """What a round takes over from a record."""
    return Record(deployment.frozen, deployment.referrals)


@pytest.fixture
def row(world: World) -> RoundRow:
    """An open round with a list."""
    return world.open_round(record=taken(record()))


async def begun(world: World, row: RoundRow, *labels: str) -> Talk:
    """Somebody who has come as far as these buttons lead."""
    talk = Talk(world, conversation(world))
    await talk.type(f"/start {row.code}")
    for label in labels:
        await talk.press(label)
    return talk


async def test_support_names_places_at_once(world: World, row: RoundRow) -> None:
    """Asking for support shows the places of her language at once, a neutral line first, and no other list's.

    Proves: P6
    """
    talk = await begun(world, row, "English")
    await talk.type("/support")
    shown = talk.card.text

    assert shown[:60].startswith(texts.SUPPORT.text)
    for service in ("health", "mental_health", "legal", "protection"):
        assert f"House of {service}\nRing +000 000\n09:00 - 17:00" in shown
    assert "House of complaint" not in shown
    assert "House of child" not in shown
    assert "ع" not in shown


async def test_before_a_language_is_chosen_every_language_has_its_places(world: World, row: RoundRow) -> None:
    """Who asks for support on the first card sees places in each language, within one message.

    Proves: P6
    """
    talk = await begun(world, row)
    await talk.type("/support")

    assert "House of health\n" in talk.card.text
    assert "House of health ع\n" in talk.card.text
    assert len(talk.card.text.encode("utf-16-le")) // 2 <= 4096


async def test_the_region_decides(world: World) -> None:
    """Where regions are offered, the card names what is near and what is everywhere, and nothing of another region.

    Proves: P6, O2
    """
    asked = Consultation.model_validate(CONSULTATION.model_dump(mode="json") | {"regions": REGIONS})
    near = [entry("health", region=name, name={"en": f"House in {name}", "ar": name}) for name in ("north", "south")]
    others = [entry(one) for one in SERVICES if one != "health"]
    row = world.open_round(asked, record=taken(record(referrals=[*near, *others])))
    talk = await begun(world, row, "English")
    await talk.type("/support")
    choosing = talk.card
    await talk.press("South")

    assert {"North", "South"} <= set(choosing.labels)
    assert "House" not in choosing.text
    assert "House in south" in talk.card.text
    assert "House in north" not in talk.card.text
    assert "House of legal" in talk.card.text


async def test_a_renewed_list_is_shown_from_the_next_tap_on(world: World, row: RoundRow) -> None:
    """A list that is renewed while people are in the middle of it reaches the very next support card.

    Proves: O2, P6
    """
    talk = await begun(world, row, "English")
    await talk.type("/support")
    assert "House of health" in talk.card.text
    renewed = record(referrals=[entry("health", name={"en": "New house", "ar": "x"})]).referrals
    world.rounds.set_referrals(world.rounds.get(row.id), renewed)
    await talk.type("/support")

    assert "New house" in talk.card.text
    assert "House of health" not in talk.card.text


async def test_children_are_sent_to_people_for_children(world: World, row: RoundRow) -> None:
    """Who is under 18 is told kindly where children are helped, and nothing is kept.

    Proves: C1
    """
    talk = await begun(world, row, "English", "Yes", texts.CONTROLS[Control.UNDER_AGE].text)

    assert texts.UNDER_AGE.text.splitlines()[0] in talk.card.text
    assert "House of child\nRing +000 000" in talk.card.text
    assert "House of health" not in talk.card.text
    assert not talk.card.labels


async def test_help_says_where_to_complain(world: World, row: RoundRow) -> None:
    """In a conversation /help names the route for complaints outside, in her language.

    Proves: W6
    """
    talk = await begun(world, row, "العربية")
    await talk.type("/help")

    assert "Ring +000 111, which is not us ع" in talk.card.text
    assert complaint(row, "en") == "Ring +000 111, which is not us"
    assert complaint(row, None) is complaint(row, "fr") is None


async def test_outside_a_conversation_nothing_is_named(world: World, row: RoundRow) -> None:
    """A stranger's /support and /help tell neither places nor that there is a round.

    Proves: P9, P12
    """
    assert row.referrals
    talk = Talk(world, conversation(world))
    for command in ("/support", "/help"):
        await talk.type(command)
        assert "House" not in talk.card.text
        assert "+000" not in talk.card.text


def test_the_longest_list_fits_one_message() -> None:
    """As many entries as the gate lets through go out in one message, also in a language written from the right."""
    long = [entry("health", how={"en": "x" * 200, "ar": "ع" * 200}) for _ in range(12)]
    deployment = record(referrals=long)
    screen = Screen(ScreenKind.SUPPORT, "ar")

    class Known:
        consultation = CONSULTATION
        referrals = deployment.referrals
        conditions = deployment

    places = on_card(Known(), screen)
    card = render.card(CONSULTATION, screen, rehearsal=True, places=places)
    assert ROOM < len(card.text.encode("utf-16-le")) // 2 <= 4096
    assert at_end(Known(), Session(State.STOPPED, "en")) == ()
