"""Recordings of rounds, and where a messenger keeps them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("round", sa.LargeBinary, sa.ForeignKey("rounds.id"), primary_key=True, nullable=False),
        sa.Column("digest", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("sound", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "uploads",
        sa.Column("bot", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("digest", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("file_id", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
