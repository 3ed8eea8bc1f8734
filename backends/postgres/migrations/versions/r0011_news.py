"""Planning of reminders finds what is news, not whatever has changed."""

from typing import LiteralString

from alembic import op

revision = "r0011"
down_revision = "r0010"

# One for each kind of news. By the time of the last change they would find every invoice that a mass edit in Work 365 has touched.
_INDEXES: LiteralString = """
create index invoices_issued on mirror.invoices (account, billed) where state <> 'complete';
create index invoices_settled on mirror.invoices (account, paid) where state = 'complete';
create index invoices_failed on mirror.invoices (account) where state <> 'complete' and charge = 'failed';
drop index if exists mirror.invoices_changed
"""


def upgrade() -> None:
    """Change the indexes."""
    for statement in _INDEXES.split(";"):
        op.execute(statement)
