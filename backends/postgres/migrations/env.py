"""Run by Alembic: upgrade over the connection, and in the transaction, of ``migrate``."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="public")
with context.begin_transaction():
    context.run_migrations()
