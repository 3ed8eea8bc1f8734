"""Which message of a chat shows an invoice in full, so that it can follow a payment."""

from typing import LiteralString

from alembic import op

revision = "r0005"
down_revision = "r0004"

_TABLES: LiteralString = """
create table bot.shown (
    tenant text, person text, invoice text, activity text not null, shown timestamptz not null, primary key (tenant, person, invoice));
create index on bot.shown (shown);
grant select, insert, update, delete on bot.shown to my_invoices_app
"""


def upgrade() -> None:
    """Create the table."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
