"""Deployment records, referral lists, and what is left of a round that has been destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("deployment", sa.LargeBinary))
    op.add_column("rounds", sa.Column("referrals", sa.LargeBinary))
    op.create_table(
        "destroyed",
        sa.Column("id", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("code", sa.String, nullable=False, unique=True),
        sa.Column("week", sa.String, nullable=False),
        sa.Column("shares", sa.Integer, nullable=False),
        sa.Column("threshold", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
