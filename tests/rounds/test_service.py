"""A round from its making to its end, as the command line drives it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from nacl.bindings import crypto_box_keypair
from sqlalchemy import select, update

from privacy.keys import RoundPrivateKey, drill
from rounds import moving, service
from rounds.gate import GateClosed
from rounds.life import Role, WrongState
from storage.database import writing
from storage.envelope.ceremony import DrillProofFile, PublicFile
from storage.envelope.response import key_id
from storage.rounds import ControlRow, RoundRow, RoundState
from storage.sealing import SealingError
from storage.tables import recordings
from tests.rounds.records import SERVICES, entry, record
from tests.storage.asked import CONSULTATION
from tests.storage.world import World
from tests.support.examples import aloud

HERE = "http://127.0.0.1:8081"


def make(world: World) -> tuple[RoundRow, RoundPrivateKey]:
    """A new rehearsal and the private key that its custodians would hold."""
    public, secret = crypto_box_keypair()
    return service.new(world.rounds, CONSULTATION, file(public), rehearsal=True, control=ControlRow()), RoundPrivateKey(
        public, secret
    )


def file(public: bytes) -> PublicFile:
    """The public file of a key."""
    return PublicFile(
        format="sauti-round-public", version=1, key_id=key_id(public), public_key=public, shares=3, threshold=2
    )


def open_with(world: World, row: RoundRow, proof: DrillProofFile | None, url: str = HERE) -> RoundRow:
    """Tries to open a round."""
    return service.open_(
        world.rounds, world.secrets, world.rounds.get(row.id), proof=proof, bot_api_url=url, now=world.clock()
    )


def test_a_round_lives_from_new_to_closed(world: World) -> None:
    """New, challenged, proved, open, paused, open again without another drill, closed; weeks are noted."""
    row, key = make(world)
    proof = drill(service.challenge(world.rounds, row), key)
    opened = open_with(world, row, proof)
    paused = moving.pause(world.rounds, opened, by=Role.FACILITATOR)
    again = open_with(world, paused, None)
    closed = service.close(world.rounds, world.secrets, again, world.clock())

    states = [one.state for one in (row, opened, paused, again, closed)]
    assert states == [RoundState.DRAFTED, RoundState.OPEN, RoundState.PAUSED, RoundState.OPEN, RoundState.CLOSED]
    assert (closed.opened_week, closed.closed_week) == ("2026-W47", "2026-W47")
    assert world.secrets.salt(row.id) is None


def test_a_key_is_proved_not_declared(world: World) -> None:
    """Without a proof, with one for another challenge, round or key, a round stays shut; with its own it opens.

    Proves: O3
    """
    row, key = make(world)
    other, other_key = make(world)
    stale = drill(service.challenge(world.rounds, row), key)
    proof = drill(service.challenge(world.rounds, world.rounds.get(row.id)), key)
    foreign = drill(service.challenge(world.rounds, other), other_key)
    forged = proof.model_copy(update={"proof": bytes(32)})
    moved = foreign.model_copy(update={"round": row.id, "key_id": row.key_id})

    for wrong in (None, stale, foreign, forged, moved):
        with pytest.raises(GateClosed, match="key-not-proved"):
            open_with(world, row, wrong)
        assert world.secrets.salt(row.id) is None
    assert open_with(world, row, proof).state is RoundState.OPEN


def test_a_round_opens_with_the_recordings_it_was_made_with(world: World) -> None:
    """Each is looked into once more before anybody hears it; one that is gone or another keeps the round shut.

    Proves: O4, Q7
    """
    public, secret = crypto_box_keypair()
    row = service.new(world.rounds, aloud(), file(public), rehearsal=True, control=ControlRow())
    proof = drill(service.challenge(world.rounds, row), RoundPrivateKey(public, secret))
    with writing(world.engine) as connection:
        kept = connection.execute(select(recordings).limit(1)).one()
        connection.execute(update(recordings).where(recordings.c.digest == kept.digest).values(sound=b"another"))
    with pytest.raises(GateClosed, match="lint-audio-file"):
        open_with(world, row, proof)

    with writing(world.engine) as connection:
        connection.execute(update(recordings).where(recordings.c.digest == kept.digest).values(sound=kept.sound))
    assert open_with(world, row, proof).state is RoundState.OPEN


def test_a_rehearsal_opens_on_this_machine_only(world: World) -> None:
    """Opening refuses another Bot API, as every start of the bot does while a rehearsal runs."""
    row, key = make(world)
    proof = drill(service.challenge(world.rounds, row), key)
    with pytest.raises(GateClosed, match="rehearsal-outside"):
        open_with(world, row, proof, "https://api.telegram.org")

    assert open_with(world, row, proof).state is RoundState.OPEN


def test_acts_out_of_turn_are_refused(world: World) -> None:
    """What the round's state does not allow is refused, and changes nothing."""
    row, _ = make(world)
    with pytest.raises(WrongState):
        moving.pause(world.rounds, row, by=Role.OPERATOR)
    with pytest.raises(WrongState):
        service.close(world.rounds, world.secrets, row, world.clock())
    live = world.open_round()
    with pytest.raises(WrongState):
        service.challenge(world.rounds, live)

    assert world.rounds.get(row.id) == row


def test_a_bad_key_makes_no_round(world: World) -> None:
    """A public key to which nothing can be sealed safely is refused before a round exists."""
    with pytest.raises(SealingError):
        service.new(world.rounds, CONSULTATION, file(bytes(32)), rehearsal=True, control=ControlRow())

    assert world.rounds.all() == ()


async def test_status_shows_late_tens(world: World) -> None:
    """The operator sees a multiple of ten, and today's responses only after a day at least.

    Proves: F3
    """
    row = world.open_round()
    await world.sent_by(range(27), row)
    await world.keep_house()
    today = moving.status(world.rounds, row, world.clock())
    later = moving.status(world.rounds, row, world.clock() + timedelta(days=2))

    assert (today.participation, later.participation) == (0, 20)
    assert (today.code, today.state, today.languages) == (row.code, RoundState.OPEN, ("en", "ar"))
    assert "27" not in repr(replace(later, id=b"", code=""))


def test_a_rehearsal_without_a_record_invents_one_and_a_live_round_waits(world: World) -> None:
    """Trying things out needs no record; a live round without one is made and does not open.

    Proves: O1
    """
    row, key = make(world)
    public, secret = crypto_box_keypair()
    live = service.new(world.rounds, CONSULTATION, file(public), rehearsal=False, control=ControlRow())
    proof = drill(service.challenge(world.rounds, live), RoundPrivateKey(public, secret))

    assert open_with(world, row, drill(service.challenge(world.rounds, row), key)).state is RoundState.OPEN
    with pytest.raises(GateClosed, match="no-deployment"):
        open_with(world, live, proof)


def test_a_round_keeps_what_its_record_says(world: World) -> None:
    """What conversations depend on comes back from the database as the record said it.

    Proves: O4, P7
    """
    public, _ = crypto_box_keypair()
    said = record(draft_hours=0.5, existence_public=True)
    row = service.new(
        world.rounds, CONSULTATION, file(public), rehearsal=True, control=ControlRow(s=said.hostile), deployment=said
    )
    kept = world.rounds.get(row.id)

    assert (kept.draft_minutes, kept.control.s, kept.referrals) == (30, 5, said.referrals)
    assert kept.conditions.existence_public
    assert kept.conditions.time_zone == "Africa/Nairobi"


def test_a_list_that_would_leave_somebody_without_help_is_not_taken(world: World) -> None:
    """While a live round is open, a new list must be complete and fresh; the old one stays otherwise.

    Proves: O2
    """
    public, _ = crypto_box_keypair()
    row = service.new(
        world.rounds, CONSULTATION, file(public), rehearsal=False, control=ControlRow(), deployment=record()
    )
    drafted = moving.renew_referrals(world.rounds, row, record().referrals[:1], world.clock())
    world.rounds.set_state(drafted, RoundState.OPEN)
    opened = world.rounds.get(row.id)
    stale = record(referrals=[entry(one, verified_on="2026-09-01") for one in SERVICES]).referrals
    for wrong in (record().referrals[1:], stale):
        with pytest.raises(GateClosed, match=r"referral-stale|no-help"):
            moving.renew_referrals(world.rounds, opened, wrong, world.clock())
    renewed = moving.renew_referrals(world.rounds, opened, record().referrals, world.clock())

    assert renewed.referrals == record().referrals
    closed = service.close(world.rounds, world.secrets, renewed, world.clock())
    with pytest.raises(WrongState):
        moving.renew_referrals(world.rounds, closed, record().referrals, world.clock())
