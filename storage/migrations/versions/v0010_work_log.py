"""What staff and the clock did: lines that the database lets nobody change or delete."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_END = (
    "CREATE VIEW work_log_end AS SELECT {today} AS day, COALESCE((SELECT max(number) FROM work_log), 0) AS number, "
    "(SELECT hash FROM work_log ORDER BY number DESC LIMIT 1) AS hash"
)
_TODAY = {"sqlite": "date('now')", "postgresql": "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')"}
_REFUSALS = {
    "sqlite": (
        "CREATE TRIGGER work_log_stays BEFORE UPDATE ON work_log BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        "CREATE TRIGGER work_log_is_kept BEFORE DELETE ON work_log BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION work_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
        "CREATE TRIGGER work_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON work_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION work_log_refuse()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "work_log",
        sa.Column("number", sa.Integer, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    dialect = op.get_bind().dialect.name
    op.execute(_END.format(today=_TODAY[dialect]))
    for statement in _REFUSALS[dialect]:
        op.execute(statement)
