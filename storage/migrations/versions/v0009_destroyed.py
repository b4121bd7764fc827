"""Who signs that shares are gone, which bundles have left, and the proof that a round was destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("custody", sa.LargeBinary))
    op.add_column("destroyed", sa.Column("custody", sa.LargeBinary))
    op.add_column("destroyed", sa.Column("proof", sa.LargeBinary))
    op.create_table(
        "exported",
        sa.Column("round", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("bundle", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("holder", sa.LargeBinary, primary_key=True, nullable=False),
        sa.Column("week", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
