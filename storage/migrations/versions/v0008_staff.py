"""Accounts of staff, and what they may see of participation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SHOWN = "CREATE VIEW staff_participation AS SELECT round, day, tens FROM participation WHERE day <= {today} - 2"
_TODAY = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) / 86400",
    "postgresql": "CAST(floor(extract(epoch from now()) / 86400) AS INTEGER)",
}


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("fails", sa.Integer, nullable=False, server_default="0"),
        sa.Column("shut", sa.Integer, nullable=False, server_default="0"),
        sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_offers",
        sa.Column("code", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("expires", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_messages",
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("message", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("due", sa.Integer, nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_sent",
        sa.Column("key", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("what", sa.String, primary_key=True, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watched",
        sa.Column("what", sa.String, primary_key=True, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(_SHOWN.format(today=_TODAY[op.get_bind().dialect.name]))
