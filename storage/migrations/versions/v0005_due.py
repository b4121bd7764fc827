"""What is to be done when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "due",
        sa.Column("job", sa.String, primary_key=True, nullable=False),
        sa.Column("subject", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_due_slot", "due", ["slot"])
