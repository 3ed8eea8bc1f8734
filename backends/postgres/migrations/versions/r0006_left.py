"""Who has signed out by their own choice: they are not signed in again without a click."""

from typing import LiteralString

from alembic import op

revision = "r0006"
down_revision = "r0005"

_TABLES: LiteralString = """
create table bot.left_by_choice (tenant text, person text, primary key (tenant, person));
grant select, insert, update, delete on bot.left_by_choice to my_invoices_app
"""


def upgrade() -> None:
    """Create the table."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
