"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _blob(name: str, *more: sa.ForeignKey, primary_key: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, *more, nullable=False, primary_key=primary_key)


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sqlite_with_rowid=False)


def _of_round(*, primary_key: bool = False) -> sa.Column[bytes]:
    return _blob("round", sa.ForeignKey("rounds.id"), primary_key=primary_key)


def upgrade() -> None:
    _table(
        "rounds",
        _blob("id", primary_key=True),
        sa.Column("code", sa.String, nullable=False, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        _blob("consultation"),
        _blob("consultation_hash"),
        _blob("public_key"),
        _blob("key_id"),
        sa.Column("shares", sa.Integer, nullable=False),
        sa.Column("threshold", sa.Integer, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("control_t", sa.Integer, nullable=False),
        sa.Column("control_s", sa.Integer, nullable=False),
        _blob("terms"),
        sa.Column("proof", sa.LargeBinary),
        sa.Column("proved", sa.Boolean, nullable=False),
        sa.Column("opened_week", sa.String),
        sa.Column("closed_week", sa.String),
        sa.Column("bundled", sa.Integer, nullable=False),
    )

    _table("update_tags", _blob("tag", primary_key=True), sa.Column("expires", sa.Integer, nullable=False))
    op.create_index("ix_update_tags_expires", "update_tags", ["expires"])
    _table(
        "drafts",
        _blob("key", primary_key=True),
        _of_round(),
        _blob("body"),
        sa.Column("expires", sa.Integer, nullable=False),
    )
    op.create_index("ix_drafts_expires", "drafts", ["expires"])
    _table(
        "chunks",
        _blob("draft", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _blob("chunk"),
    )
    _table("links", _blob("key", primary_key=True), _of_round(), _blob("body"))
    _table(
        "sweep",
        _blob("id", primary_key=True),
        _blob("body"),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("expires", sa.Integer, nullable=False),
    )
    op.create_index("ix_sweep_expires", "sweep", ["expires"])
    _table("mailbag", _blob("response_id", primary_key=True), _of_round(), _blob("blob"), _blob("receipt"))
    op.create_index("ix_mailbag_round", "mailbag", ["round"])
    op.create_index("ix_mailbag_receipt", "mailbag", ["receipt"], unique=True)
    _table(
        "responses",
        _blob("response_id", primary_key=True),
        _of_round(),
        _blob("blob"),
        _blob("receipt"),
        _blob("digest"),
        sa.Column("week", sa.String, nullable=False),
    )
    op.create_index("ix_responses_digest", "responses", ["round", "digest"])
    op.create_index("ix_responses_receipt", "responses", ["receipt"], unique=True)
    _table("tombstones", _blob("response_id", primary_key=True), _of_round())
    _table(
        "participation",
        _of_round(primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tens", sa.Integer, nullable=False),
    )
