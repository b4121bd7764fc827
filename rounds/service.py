"""What an operator does with a round, each act checked against its life and, before it opens, against the gate."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from flows.model import Consultation
from flows.prompts import Taken
from locales import catalog
from rounds import invented, record
from rounds.deployment import Deployment
from rounds.gap import Gap
from rounds.gate import GateClosed, Interface, Opening, address_gaps, gaps
from rounds.life import Act, WrongState, after
from rounds.results import Changes, changes
from storage import destroying, recordings
from storage.broadcasts import box_keys
from storage.closing import close_round
from storage.database import reading
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, NotificationFile, PublicFile
from storage.errors import StorageRefused
from storage.participation import shown
from storage.referrals import Referral
from storage.results import Results
from storage.rounds import NO_RECORD, RUNNING, ControlRow, Gone, Record, RoundRow, RoundState, RoundStore
from storage.sealing import new_challenge, seal
from storage.secrets import Secrets
from storage.times import iso_week


@dataclass(frozen=True, slots=True)
class Status:
    """What may be known of a round while it is open."""

    id: bytes
    code: str
    state: RoundState
    rehearsal: bool
    proved: bool
    languages: tuple[str, ...]
    opened_week: str | None
    closed_week: str | None
    participation: int
    """Responses sent, rounded down to ten and at least 24 hours old."""
    stale_referrals: int
    """Entries of the referral list that nobody has tried within 30 days; 0 in a rehearsal, whose list is invented."""


def new(  # noqa: PLR0913 - each of these is frozen into the round; a bundle of them would only have a name
    store: RoundStore,
    asked: Consultation | Taken,
    public: PublicFile,
    *,
    rehearsal: bool,
    control: ControlRow,
    deployment: Deployment | None = None,
    notification: NotificationFile | None = None,
) -> RoundRow:
    """A new round of this consultation under this key, frozen from now on, with its recordings, not open.

    A rehearsal without a deployment record takes an invented one; a live round without one is made and never opens.

    Raises:
        SealingError: `bad-public-key`.
        StorageRefused: `same-key`, one key cannot hold answers and chats apart.
        StorageRefused: `no-such-recording`: the consultation names one that was not taken along.
    """
    seal(public.public_key, b"")
    consultation, sounds = asked if isinstance(asked, Taken) else Taken(asked, {})
    if deployment is None and rehearsal:
        deployment = invented.record(consultation)
    kept = NO_RECORD
    if deployment is not None:
        kept = Record(deployment.frozen, deployment.referrals, deployment.draft_minutes)
    if notification is not None:
        seal(notification.public_key, b"")
        if notification.public_key == public.public_key:
            raise StorageRefused("same-key")
        kept = replace(kept, notification_key=notification.public_key)
    return store.add(consultation, public, rehearsal=rehearsal, control=control, record=kept, sounds=sounds)


def renew_referrals(store: RoundStore, row: RoundRow, referrals: tuple[Referral, ...], now: datetime) -> RoundRow:
    """Replaces where help can be found, for everybody who asks from now on.

    Raises:
        GateClosed: in an open round, what the new list would lack; the old one stays.
        WrongState: the round is closed.
        StorageRefused: `state-moved-on`.
    """
    after(row.state, Act.REFERRALS)
    if row.state in RUNNING:
        found = tuple(record.of_help(replace(row, referrals=referrals), now.date()))
        if found:
            raise GateClosed(found)
    store.set_referrals(row, referrals)
    return store.get(row.id)


def publish(store: RoundStore, row: RoundRow, results: Results) -> Changes:
    """Gives `/results` its answer, or a newer one; what is different now.

    A live round has to be closed: what is told while others still answer changes what they say, and two summaries that
    a few answers lie between tell what those were. A rehearsal may try it out while it runs.

    Raises:
        WrongState: the round is still to be closed, or gone.
        StorageRefused: `state-moved-on`.
    """
    if not (row.rehearsal and row.state in RUNNING):
        after(row.state, Act.RESULTS)
    store.set_results(row, results)
    return changes(row.results, results)


def check_broadcast(secrets: Secrets, row: RoundRow, bot_api_url: str) -> None:
    """Refuses what stands in the way of telling people that there are results, before any custodian is asked.

    Raises:
        WrongState: the round is not closed.
        GateClosed: a rehearsal, and the Bot API is not on this machine.
        StorageRefused: `no-results`, `no-contact-box`, `box-destroyed`, `no-secret`.
    """
    after(row.state, Act.BROADCAST)
    if row.rehearsal and (found := address_gaps(bot_api_url)):
        raise GateClosed(found)
    box_keys(secrets, row)
    if row.results is None:
        raise StorageRefused("no-results")


def challenge(store: RoundStore, row: RoundRow) -> ChallengeFile:
    """A challenge that only the custodians can meet; a new one makes the last one worthless.

    Raises:
        WrongState: the round has been opened before.
        StorageRefused: `state-moved-on`.
    """
    if row.state is not RoundState.DRAFTED:
        raise WrongState(row.state, Act.OPEN)
    file, proof = new_challenge(row.public_key, row.id)
    store.set_challenge(row, proof)
    return file


def lacking(row: RoundRow, now: datetime) -> tuple[Gap, ...]:
    """What the deployment record of a new round still lacks, told before anybody is asked to prove the key."""
    return tuple(record.gaps(row, record.of(row), now.date()))


def open_(
    store: RoundStore, secrets: Secrets, row: RoundRow, *, proof: DrillProofFile | None, bot_api_url: str, now: datetime
) -> RoundRow:  # fmt: skip
    """Opens a drafted round, or a paused one again, which has been proved before.

    Raises:
        GateClosed: everything that is missing.
        WrongState: the round is open already, or closed.
        StorageRefused: `state-moved-on`.
    """
    state = after(row.state, Act.OPEN)
    proved = row.proved or meets(row, proof)
    sounds = recordings.of_round(store.engine, row.id)
    found = gaps(row, Opening(proved, bot_api_url, interface(), now.date(), sounds))
    if found:
        raise GateClosed(found)
    secrets.make_round(row.id)
    if row.notification_key is not None:
        secrets.make_contact_key(row.id)
    store.set_state(row, state, proved=True, opened_week=row.opened_week or iso_week(now))
    return store.get(row.id)


def interface() -> Interface:
    """What the catalogues say of the languages in which the bot can speak."""
    spoken = frozenset(catalog.languages())
    return Interface(spoken, frozenset(one for one in spoken if catalog.reviewed(one, "participant")))


def meets(row: RoundRow, proof: DrillProofFile | None) -> bool:
    """Whether a drill's proof answers this round's last challenge (O3), compared in constant time."""
    if proof is None or row.proof is None or (proof.round, proof.key_id) != (row.id, row.key_id):
        return False
    return hmac.compare_digest(row.proof, proof.proof)


def pause(store: RoundStore, row: RoundRow) -> RoundRow:
    """Lets all conversations of a round rest. Raises WrongState, or StorageRefused `state-moved-on`."""
    store.set_state(row, after(row.state, Act.PAUSE))
    return store.get(row.id)


def close(store: RoundStore, secrets: Secrets, row: RoundRow, now: datetime) -> RoundRow:
    """Ends a round for good: see storage.closing. Raises WrongState, or StorageRefused `state-moved-on`."""
    after(row.state, Act.CLOSE)
    close_round(store, secrets, row, now)
    return store.get(row.id)


def destroy(store: RoundStore, secrets: Secrets, name: str, now: datetime) -> Gone:
    """Destroys what is held here of a round, in whatever state or condition; without any key, again if need be (D5).

    Raises:
        StorageRefused: `no-such-round`, `ambiguous-round`.
        StorageUnavailable: its secrets are gone; run it again for the rest.
    """
    return destroying.destroy(store, secrets, store.doomed(name, iso_week(now)))


def status(store: RoundStore, row: RoundRow, now: datetime) -> Status:
    """A round as it may be shown to anyone who runs it (F3)."""
    with reading(store.engine) as connection:
        participation = shown(connection, row.id, now)
    return Status(
        row.id, row.code, row.state, row.rehearsal, row.proved, row.consultation.languages,
        row.opened_week, row.closed_week, participation, row.stale_referrals(now.date()),
    )  # fmt: skip
