"""Conversations that rest, rounds that say how long a draft lives, messages found quickly when they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("idle", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE drafts SET idle = expires")
    op.create_index("ix_drafts_idle", "drafts", ["idle"])
    op.add_column("rounds", sa.Column("draft_minutes", sa.Integer, nullable=False, server_default="1440"))
    op.create_index("ix_sweep_due", "sweep", ["due"])
