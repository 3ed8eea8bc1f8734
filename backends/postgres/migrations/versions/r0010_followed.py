"""What a card in a chat shows, and what somebody who pressed Pay now was told last, so that both follow Work 365."""

from typing import LiteralString

from alembic import op

revision = "r0010"
down_revision = "r0009"

_TABLES: LiteralString = """
alter table bot.shown add state text, add charge text, add charged numeric, add balance numeric, add changed timestamptz,
    add taken timestamptz;
create table bot.payers (
    tenant text, person text, invoice uuid, clicked timestamptz not null, state text not null, charge text not null,
    charged numeric not null, balance numeric not null, changed timestamptz not null, primary key (tenant, person, invoice));
create index on bot.payers (clicked);
grant select, insert, update, delete on bot.payers to my_invoices_app
"""


def upgrade() -> None:
    """Add the columns and the table."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
