"""Run by Alembic for each migration: uses the connection, and the transaction, that `migrate` hands it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
