"""Invitations with a code for each batch, or for each person."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_EVERYBODY = 1_000_000
_ALIVE = ("drafted", "checked", "scheduled", "open", "paused")


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("round", sa.LargeBinary, sa.ForeignKey("rounds.id"), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_round", "invitations", ["round"])
    op.create_table(
        "new_invitations",
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("round", sa.LargeBinary, sa.ForeignKey("rounds.id"), nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_new_invitations_round", "new_invitations", ["round"])
    _still_invited()


def _still_invited() -> None:
    """Slips of live rounds carry the round's own code, and are in people's hands: they keep letting everybody in."""
    rounds = sa.table("rounds", sa.column("id"), sa.column("code"), sa.column("state"), sa.column("rehearsal"))
    new = sa.table("new_invitations", sa.column("key"), sa.column("round"), sa.column("places"))
    alive = sa.select(rounds.c.id, rounds.c.code).where(
        rounds.c.state.in_(_ALIVE), rounds.c.rehearsal == sa.false()
    )  # fmt: skip
    for round_id, code in op.get_bind().execute(alive).all():
        key = hashlib.blake2b(code.encode(), digest_size=32, person=b"sauti invitation").digest()
        op.get_bind().execute(sa.insert(new), {"key": key, "round": round_id, "places": _EVERYBODY})
