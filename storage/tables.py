"""Every table there is, as the newest migration leaves them.

All keys are random or keyed hashes, and SQLite's tables are WITHOUT ROWID: rows lie in the order of their keys, so that
no table remembers who came first (D3). Nothing is stored in the clear about a participant: `body` columns are
encrypted, `expires`, `due`, `idle` and `slot` are multiples of ten minutes (D2).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    false,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData()


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, metadata, *items, sqlite_with_rowid=False)


def _round(*, primary_key: bool = False) -> Column[bytes]:
    return Column("round", LargeBinary, ForeignKey("rounds.id"), nullable=False, primary_key=primary_key)


def _blob(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _key(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=True)


rounds = _table(
    "rounds",
    _key("id"),
    Column("code", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    _blob("consultation"),
    _blob("consultation_hash"),
    _blob("public_key"),
    _blob("key_id"),
    Column("shares", Integer, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("control_t", Integer, nullable=False),
    Column("control_s", Integer, nullable=False),
    _blob("terms"),
    Column("proof", LargeBinary),
    Column("proved", Boolean, nullable=False),
    Column("opened_week", String),
    Column("closed_week", String),
    Column("bundled", Integer, nullable=False),
    Column("draft_minutes", Integer, nullable=False, server_default="1440"),
    Column("deployment", LargeBinary),
    Column("referrals", LargeBinary),
    Column("results", LargeBinary),
    Column("notification_key", LargeBinary),
    Column("custody", LargeBinary),
    Column("broadcasts", Integer, nullable=False, server_default="0"),
    Column("telling", Boolean, nullable=False, server_default=false()),
)
"""`terms` seals all that opening freezes; `proof` is what a drill must bring; `bundled` counts the last snapshot;
`deployment` is the frozen record, `custody` who signs that shares are gone; `referrals` and `results` are what may
be renewed. `notification_key` seals the contact box; `broadcasts` have begun, and of the last one `telling` says
that it is not over."""

destroyed = _table(
    "destroyed",
    _key("id"),
    Column("code", String, nullable=False, unique=True),
    Column("week", String, nullable=False),
    Column("shares", Integer, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("custody", LargeBinary),
    Column("proof", LargeBinary),
)
"""All that is left here of a round that was destroyed, so that it can be named and never comes back; with `proof`, it
is destroyed elsewhere, too."""

exported = _table(
    "exported",
    Column("round", LargeBinary, primary_key=True, nullable=False),
    _key("bundle"),
    _key("holder"),
    Column("week", String, nullable=False),
)
"""Which bundles have left (`storage.register`); bound to no row of `rounds`, because it outlives that."""

update_tags = _table("update_tags", _key("tag"), Column("expires", Integer, nullable=False, index=True))

drafts = _table(
    "drafts",
    _key("key"),
    _round(),
    _blob("body"),
    Column("expires", Integer, nullable=False, index=True),
    Column("idle", Integer, nullable=False, index=True, server_default="0"),
)
"""`idle`: not before this moment may the conversation be at rest; the exact one is inside the body."""

chunks = _table("chunks", _key("draft"), Column("number", Integer, primary_key=True), _blob("chunk"))

links = _table("links", _key("key"), _round(), _blob("body"))

sweep = _table(
    "sweep",
    _key("id"),
    _blob("body"),
    Column("due", Integer, nullable=False, index=True),
    Column("expires", Integer, nullable=False, index=True),
)

mailbag = _table("mailbag", _key("response_id"), _round(), _blob("blob"), _blob("receipt"))
Index("ix_mailbag_round", mailbag.c.round)
Index("ix_mailbag_receipt", mailbag.c.receipt, unique=True)

responses = _table(
    "responses",
    _key("response_id"),
    _round(),
    _blob("blob"),
    _blob("receipt"),
    _blob("digest"),
    Column("week", String, nullable=False),
)
Index("ix_responses_digest", responses.c.round, responses.c.digest)
Index("ix_responses_receipt", responses.c.receipt, unique=True)

contact_bag = _table("contact_bag", _key("key"), _round(), _blob("body"))
Index("ix_contact_bag_round", contact_bag.c.round)

contacts = _table("contacts", _key("key"), _round(), _blob("body"))
Index("ix_contacts_round", contacts.c.round)
"""Sealed chats of one size (`storage.contacts`); nobody can tell which row came with which response."""

skips = _table("skips", _key("key"), _round())
Index("ix_skips_round", skips.c.round)
"""Keyed hashes of chats to which nothing may be sent unasked (`storage.skipping`)."""

told = _table("told", _key("key"), _round())
Index("ix_told_round", told.c.round)
"""Keyed hashes of chats that the present broadcast has been to, or is on its way to."""

invitations = _table("invitations", _key("key"), _round(), _blob("body"))
Index("ix_invitations_round", invitations.c.round)
"""Codes that let people in (`storage.invitations`), as keyed hashes; how many have come is sealed, at one size."""

new_invitations = _table("new_invitations", _key("key"), _round(), Column("places", Integer, nullable=False))
Index("ix_new_invitations_round", new_invitations.c.round)
"""Hashes of codes that were printed a moment ago, until a process that knows the round's salt takes them over."""

tombstones = _table("tombstones", _key("response_id"), _round())

participation = _table(
    "participation",
    _round(primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("tens", Integer, nullable=False),
)

due = _table(
    "due",
    Column("job", String, primary_key=True),
    _key("subject"),
    Column("slot", Integer, nullable=False, index=True),
)
"""What is to be done when (`storage.due`); `subject` is the key of the row that it is for, if there is one."""

recordings = _table("recordings", _round(primary_key=True), _key("digest"), _blob("sound"))
"""What can be heard in a round, by its SHA-256."""

uploads = _table(
    "uploads",
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    _key("digest"),
    Column("file_id", String, nullable=False),
)
"""What the messenger calls recordings it has been given; who has heard them is written nowhere."""

staff = _table(
    "staff",
    _key("key"),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("language", String, nullable=False),
    _blob("body"),
    Column("step", BigInteger, nullable=False, server_default="0"),
    Column("fails", Integer, nullable=False, server_default="0"),
    Column("shut", Integer, nullable=False, server_default="0"),
    Column("gone", Boolean, nullable=False, server_default=false()),
)
"""Accounts of staff (`storage.staff`): keyed hash, a label and no name of a person, chat and second factor encrypted.
`step` is that of the last step-up code, which never counts again; after too many wrong ones none counts until `shut`.
`gone` was unlinked, and waits for its chat to be wiped."""

staff_offers = _table(
    "staff_offers",
    _key("code"),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    _blob("body"),
    Column("expires", Integer, nullable=False),
)
"""One-time codes that were handed out and not used: hashed, and what waits behind each sealed under it."""

staff_messages = _table(
    "staff_messages",
    _key("key"),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("due", Integer, nullable=False, index=True),
)
"""What stands in the chats of staff, until it is deleted."""

staff_sent = _table(
    "staff_sent", _key("key"), Column("what", String, primary_key=True), Column("slot", Integer, nullable=False)
)  # fmt: skip
"""What an account was last told unasked, and for which day: told once, also by a process that starts anew."""

work_log = _table(
    "work_log",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    _blob("hash"),
)
"""What staff and the clock did (`storage.work_log`): rows are added, and neither changed nor deleted."""

watched = _table("watched", Column("what", String, primary_key=True), Column("slot", Integer, nullable=False))
"""What was noticed, and when, to ten minutes: that the participant bot lives, and what staff should hear of."""
