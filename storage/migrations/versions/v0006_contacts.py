"""The contact box, its skip list, and how far a broadcast has come."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _table(name: str, *more: sa.Column[bytes]) -> None:
    op.create_table(
        name,
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("round", sa.LargeBinary, sa.ForeignKey("rounds.id"), nullable=False),
        *more,
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_round", name, ["round"])


def upgrade() -> None:
    op.add_column("rounds", sa.Column("notification_key", sa.LargeBinary))
    op.add_column("rounds", sa.Column("broadcasts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("rounds", sa.Column("telling", sa.Boolean, nullable=False, server_default=sa.false()))
    _table("contact_bag", sa.Column("body", sa.LargeBinary, nullable=False))
    _table("contacts", sa.Column("body", sa.LargeBinary, nullable=False))
    _table("skips")
    _table("told")
