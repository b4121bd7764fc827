"""What an operator does with a round and only an operator can, because it needs secrets, keys or answers' rows.

Each act is checked against the round's life (`rounds.life`). What needs the database alone is `rounds.moving`.
"""

import hmac
from dataclasses import replace
from datetime import datetime

from flows.model import Consultation
from flows.prompts import Taken
from locales.catalog import languages
from rounds import invented, moving, record
from rounds.deployment import Deployment
from rounds.gap import Gap
from rounds.gate import GateClosed, address_gaps, unspoken
from rounds.life import Act, Role, WrongState, after
from rounds.results import Changes, changes
from storage import destroying
from storage.broadcasts import box_keys
from storage.closing import close_round
from storage.database import reading
from storage.envelope.ceremony import ChallengeFile, DrillProofFile, NotificationFile, PublicFile, pack_custody
from storage.errors import StorageRefused
from storage.results import Results
from storage.rounds import NO_RECORD, RUNNING, ControlRow, Gone, Record, RoundRow, RoundState, RoundStore
from storage.sealing import new_challenge, seal
from storage.secrets import Secrets
from storage.settling import unsettled
from storage.times import iso_week


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
    kept = replace(kept, custody=pack_custody([public] if notification is None else [public, notification]))
    return store.add(consultation, public, rehearsal=rehearsal, control=control, record=kept, sounds=sounds)


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


def witnessed(store: RoundStore, row: RoundRow, act: Act) -> RoundRow:
    """Moves a round on because of what happened at the desk: `Act.ANALYSED` or `Act.RELEASED`, already proved there.

    The desk has no line to the server, so somebody brings the signed file; who calls this has checked it.

    Raises:
        WrongState: the round is not closed.
        StorageRefused: `state-moved-on`; `not-settled`: it is still being closed.
    """
    state = after(row.state, act)
    with reading(store.engine) as connection:
        if row.id in unsettled(connection):
            raise StorageRefused("not-settled")
    store.set_state(row, state)
    return store.get(row.id)


def proved(store: RoundStore, gone: Gone, proof: bytes) -> None:
    """Moves a round on from *destruction pending*, with the proof; who calls this has judged it.

    Raises WrongState, or StorageRefused `state-moved-on`.
    """
    after(gone.state, Act.DESTROYED)
    store.set_proof(gone, proof)


def check_broadcast(secrets: Secrets, row: RoundRow, bot_api_url: str) -> None:
    """Refuses what stands in the way of telling people that there are results, before any custodian is asked.

    Raises:
        WrongState: the round is not closed.
        GateClosed: a rehearsal, and the Bot API is not on this machine.
        StorageRefused: `no-results`, `no-contact-box`, `box-destroyed`, `no-secret`, `not-settled`.
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
        WrongState: the round has been checked before.
        StorageRefused: `state-moved-on`.
    """
    if row.state is not RoundState.DRAFTED:
        raise WrongState(row.state, Act.CHECK)
    file, proof = new_challenge(row.public_key, row.id)
    store.set_challenge(row, proof)
    return file


def lacking(row: RoundRow, now: datetime) -> tuple[Gap, ...]:
    """What a new round still lacks in its record and its languages, told before anybody is asked to prove the key."""
    return (
        *record.gaps(row, record.of(row), now.date()),
        *unspoken(row.consultation, languages("participant"), languages("reports")),
    )


def check(
    store: RoundStore, secrets: Secrets, row: RoundRow, *, proof: DrillProofFile | None, bot_api_url: str, now: datetime
) -> RoundRow:  # fmt: skip
    """Finds whether anything keeps a drafted round shut; where nothing does, makes its secrets: it can be opened.

    Raises:
        GateClosed: everything that is missing.
        WrongState: the round has been checked before.
        StorageRefused: `state-moved-on`, `round-destroyed`.
    """
    state = after(row.state, Act.CHECK)
    found = moving.missing(store, row, bot_api_url, now, proved=meets(row, proof))
    if found:
        raise GateClosed(found)
    secrets.make_round(row.id)
    if row.notification_key is not None:
        secrets.make_contact_key(row.id)
    store.set_state(row, state, proved=True)
    return store.get(row.id)


def open_(
    store: RoundStore, secrets: Secrets, row: RoundRow, *, proof: DrillProofFile | None, bot_api_url: str, now: datetime
) -> RoundRow:  # fmt: skip
    """Opens a round, which is checked first where it has not been.

    Raises:
        GateClosed: everything that is missing.
        WrongState: the round is open already, or closed.
        StorageRefused: `state-moved-on`.
    """
    if row.state is RoundState.DRAFTED:
        row = check(store, secrets, row, proof=proof, bot_api_url=bot_api_url, now=now)
    return moving.open_(store, row, by=Role.OPERATOR, bot_api_url=bot_api_url, now=now)


def meets(row: RoundRow, proof: DrillProofFile | None) -> bool:
    """Whether a drill's proof answers this round's last challenge (O3), compared in constant time."""
    if proof is None or row.proof is None or (proof.round, proof.key_id) != (row.id, row.key_id):
        return False
    return hmac.compare_digest(row.proof, proof.proof)


def close(store: RoundStore, secrets: Secrets, row: RoundRow, now: datetime) -> RoundRow:
    """Ends a round for good, to the end (`storage.closing`), also one whose state alone was changed by others.

    Raises WrongState, or StorageRefused `state-moved-on`.
    """
    with reading(store.engine) as connection:
        half = row.id in unsettled(connection)
    if not half:
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
