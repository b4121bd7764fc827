"""Who is answered what: strangers nothing, staff what their role allows, and nothing moves without a fresh code."""

import pytest

from bot.staff.desk import GUESSES, HOUR, Guesses
from bot.staff.incoming import Incoming
from bot.staff.papers import PaperRefused
from bot.staff.texts import LANGUAGES
from storage import staff_offers
from storage.invitation_codes import hashed
from storage.results import Results
from storage.rounds import Record, RoundRow, RoundState
from storage.staff import TRIES
from storage.tables import new_invitations
from storage.watching import noticed
from tests.rounds.records import SERVICES, entry, record
from tests.staff.phone import Phone, PlainPapers
from tests.storage.world import World


def state(world: World, row: RoundRow) -> RoundState:
    """Where the round is in its life."""
    return world.rounds.get(row.id).state


def label(row: RoundRow) -> str:
    """What the round is called in a chat."""
    return row.id.hex()[:4]


@pytest.mark.parametrize("typed", ["/start", "/rounds", "hello", "", "000000", "AAAA-BBBB-CCCC-DDDD", "/start AAAA"])
def test_a_stranger_is_answered_nothing(world: World, row: RoundRow, typed: str) -> None:
    """Whatever somebody who is not linked types or presses, there is no answer, and nothing is kept of it.

    Proves: F1
    """
    phone = Phone.stranger(world)
    phone.say(typed)

    assert phone.reply is None
    assert phone.desk.answer(Incoming(phone.user, 3, pressed="x", press_id="1")) is None
    assert row.state is RoundState.OPEN


def test_guessing_codes_gets_nobody_in(world: World) -> None:
    """After five guesses within an hour even the right code is not looked at; an hour later it is.

    Proves: F1
    """
    code = staff_offers.offer(world.engine, "north-1", "operator", world.clock(), 120).code
    phone = Phone.stranger(world)
    for _ in range(GUESSES):
        phone.say("AAAA-BBBB-CCCC-DDDD")

    early = phone.say(code)
    world.clock.pass_(seconds=HOUR)
    late = phone.say(code)

    assert early == ""
    assert "north-1" in late


def test_all_strangers_together_guess_no_more_than_so_often() -> None:
    """A crowd of accounts does not get around the limit of each."""
    guesses = Guesses()
    allowed = sum(guesses.allow(user, 0.0) for user in range(1_000))

    assert allowed == 40 * GUESSES
    assert guesses.allow(5_000, HOUR + 1.0)


def test_a_facilitator_rests_and_starts_a_round_from_a_phone(phone: Phone, row: RoundRow) -> None:
    """Pressed, confirmed by a fresh code, done: and only then.

    Proves: F1
    """
    phone.press(label(row))
    asked = phone.press("Rest")
    before = state(phone.world, row)
    done = phone.say(phone.code())

    assert "Rest: " in asked
    assert before is RoundState.OPEN
    assert state(phone.world, row) is RoundState.PAUSED
    assert "Done" in done
    phone.world.clock.pass_(seconds=60)
    phone.press(label(row))
    phone.press("Start")
    phone.say(phone.code())
    assert state(phone.world, row) is RoundState.OPEN


def test_a_code_that_was_used_moves_nothing(phone: Phone, row: RoundRow) -> None:
    """Whoever has looked over a shoulder and types the same code again within its half minute gets nowhere.

    Proves: F2
    """
    phone.press(label(row))
    phone.press("Rest")
    code = phone.code()
    phone.say(code)
    phone.press(label(row))
    phone.press("End for good")

    said = phone.say(code)

    assert state(phone.world, row) is RoundState.PAUSED
    assert "were used before" in said


def test_a_wrong_or_late_code_moves_nothing(phone: Phone, row: RoundRow) -> None:
    """Wrong digits, words, and right digits after two minutes or after another press leave the round as it is.

    Proves: F2
    """
    for typed, seconds, again in (("000000", 0, ""), ("yes", 0, ""), (None, 121, ""), (None, 0, "◂ Back")):
        phone.press(label(row))
        phone.press("Rest")
        phone.world.clock.pass_(seconds=seconds)
        if again:
            phone.press(again)
        phone.say(phone.code() if typed is None else typed)

    assert state(phone.world, row) is RoundState.OPEN


def test_after_five_wrong_codes_not_even_the_right_one_counts(phone: Phone, row: RoundRow) -> None:
    """Who finds the phone cannot try a million codes: five wrong ones, and an hour of rest.

    Proves: F2
    """
    for _ in range(TRIES):
        phone.press(label(row))
        phone.press("Rest")
        phone.say("000000")
    phone.press(label(row))
    phone.press("Rest")
    phone.say(phone.code())
    early = state(phone.world, row)
    phone.world.clock.pass_(hours=2)
    phone.press(label(row))
    phone.press("Rest")
    phone.say(phone.code())

    assert (early, state(phone.world, row)) == (RoundState.OPEN, RoundState.PAUSED)


@pytest.mark.parametrize("role", ["translator", "analyst", "reviewer", "releasing-officer", "custodian"])
def test_who_runs_no_round_can_only_look(world: World, row: RoundRow, role: str) -> None:
    """Other roles see the list and the number, and no button that moves anything.

    Proves: F1
    """
    phone = Phone.linked(world, role)
    phone.press(label(row))

    assert set(phone.tokens) == {"◂ Back", "Hide"}


def test_an_old_button_does_nothing(phone: Phone, row: RoundRow) -> None:
    """A token of an earlier card, of another process or of nobody draws the list, and nothing waits for a code."""
    phone.press(label(row))
    old = phone.tokens["Rest"]
    phone.press("◂ Back")

    for token in (old, "", "x" * 64):
        phone.press_token(token)
        phone.say(phone.code())

    assert state(phone.world, row) is RoundState.OPEN


def test_a_round_that_moved_on_is_said_to_have(phone: Phone, row: RoundRow) -> None:
    """Between the press and the code somebody else has ended it: that is said, and nothing is done twice."""
    phone.press(label(row))
    phone.press("Rest")
    phone.world.close(row)

    assert "not possible any more" in phone.say(phone.code())
    assert state(phone.world, row) is RoundState.CLOSED


def test_a_round_that_lacks_something_stays_shut_and_why_is_said(world: World) -> None:
    """The gate looks once more when a round is started from a phone: stale help keeps it shut, and its code is told.

    Proves: O2
    """
    old = [entry(one, verified_on="2026-10-01") for one in SERVICES]
    made = record(referrals=old)
    row = world.open_round(rehearsal=False, record=Record(made.frozen, made.referrals))
    world.move(row, RoundState.PAUSED)
    phone = Phone.linked(world)
    phone.press(label(row))
    phone.press("Start")

    said = phone.say(phone.code())

    assert "Not done (" in said
    assert state(world, row) is RoundState.PAUSED


def test_help_is_tried_entry_by_entry(world: World) -> None:
    """Each entry that was not tried lately is shown and judged; right ones hold for another month, wrong ones alarm.

    Proves: O2
    """
    old = [entry(one, verified_on="2026-10-01") for one in SERVICES[:3]] + [entry(one) for one in SERVICES[3:]]
    made = record(referrals=old)
    row = world.open_round(rehearsal=False, record=Record(made.frozen, made.referrals))
    phone = Phone.linked(world)
    home = phone.say("/rounds")
    phone.press(label(row))
    first = phone.press("Still right?")
    phone.press("Still right")
    phone.press("Not right")
    last = phone.press("Still right")

    renewed = world.rounds.get(row.id).referrals
    assert "To be checked: 3" in home
    assert "House of health" in first
    assert "all are checked" in last
    assert [one.verified_by for one in renewed[:3]] == ["north-1", "A. Caller", "north-1"]
    assert [str(one.verified_on) for one in renewed[:3]] == ["2026-11-21", "2026-10-01", "2026-11-21"]
    assert set(noticed(world.engine)) == {"wrong"}
    assert world.rounds.get(row.id).stale_referrals(world.clock().date()) == 1


def test_hiding_leaves_nothing(phone: Phone, row: RoundRow) -> None:
    """The button, the command, and the word in each language wipe the chat; buttons of before mean nothing then."""
    phone.press(label(row))
    rest = phone.tokens["Rest"]
    wipes = []
    for word in ("/hide", "Hide", "CACHER", "ocultar", "إخفاء"):
        phone.say(word)
        wipes.append(phone.reply is not None and phone.reply.wipe and phone.reply.screen is None)
    phone.press_token(rest)
    phone.say(phone.code())

    assert wipes == [True] * 5
    assert state(phone.world, row) is RoundState.OPEN


def test_an_operator_ends_the_access_of_a_lost_phone(world: World, row: RoundRow) -> None:
    """From another phone, with a code: from then on the lost one is a stranger's."""
    lost, other = Phone.linked(world), Phone.linked(world, "operator", "office-1", 8)
    other.press("End access")
    other.press("north-1")
    other.say(other.code())
    lost.press_token("anything")

    assert lost.reply is None
    assert row.state is RoundState.OPEN
    assert "End access" not in Phone.linked(world, "facilitator", "north-2", 9).tokens


def test_each_language_is_spoken(phone: Phone) -> None:
    """Whoever chooses a language finds the card in it, and stays in it."""
    seen = []
    for name in ("Français", "Español", "العربية", "English"):
        languages = next(one for one in ("Language", "Langue", "Idioma", "اللغة") if one in phone.tokens)
        phone.press(languages)
        seen.append(phone.press(name).splitlines()[0])

    assert seen == ["Votre liste :", "Su lista:", "قائمتك:", "Your list:"]
    assert len(LANGUAGES) == 4


def test_papers_come_with_the_card(phone: Phone, row: RoundRow) -> None:
    """A sheet is made for one of the sizes, in a language of the round; its code lets in half as many more.

    Proves: F4
    """
    phone.press(label(row))
    phone.press("Sheet")
    sizes = [one for one in phone.tokens if one.isdecimal()]
    phone.press("20")
    phone.press("العربية")

    assert phone.reply is not None
    assert [file.name for file in phone.reply.files] == ["list.png", "list.pdf"]
    code, language, people = phone.reply.files[1].content.decode().split()
    assert (language, people) == ("ar", "20")
    assert phone.world.rows(new_invitations) == [(hashed(code), row.id, 30)]
    assert min(map(int, sizes)) >= 20


def test_a_sheet_that_could_not_be_made_lets_nobody_in(
    phone: Phone, row: RoundRow, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Where the typesetter refuses, no code is handed in: there are none without a paper. Proves: F4."""

    def refused(*_given: object) -> None:
        raise PaperRefused("font-missing", "install it")

    monkeypatch.setattr(PlainPapers, "sheet", refused)
    phone.press(label(row))
    phone.press("Sheet")
    phone.press("20")
    phone.press("English")

    assert phone.world.rows(new_invitations) == []


def test_what_was_published_comes_as_a_document(phone: Phone, row: RoundRow) -> None:
    """Nothing before it is published; then a document in the language of whoever asks."""
    phone.press(label(row))
    before = "Document" in phone.tokens
    summary = Results(summary={"en": "What came of it.", "ar": "ما نتج"})
    phone.world.rounds.set_results(phone.world.rounds.get(row.id), summary)
    phone.press("◂ Back")
    phone.press(label(row))
    phone.press("Document")

    assert not before
    assert phone.reply is not None
    assert [file.content for file in phone.reply.files] == [b"What came of it."]
