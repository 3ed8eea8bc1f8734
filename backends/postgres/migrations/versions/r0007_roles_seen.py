"""The audit notes roles that the sync has seen come and go."""

from typing import LiteralString

from alembic import op

revision = "r0007"
down_revision = "r0006"

# Before the mirror has been complete once, everything is new and nothing has changed.
_NOTE: LiteralString = """
create function mirror.note_roles() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    insert into bot.audit (at, tenant, person, what, invoice, outcome, correlation)
    select distinct clock_timestamp(), p.tenant, lower(e.username), 'role', '', tg_argv[0] || ' ' || r.name, 'sync'
    from touched r
        join mirror.contacts c on r.holder in (c.id, c.account)
        join mirror.external_identities e on e.contact = c.id
        join mirror.provider_accounts p on p.account = c.account
    where exists (select from mirror.sync_state s where s.name = 'complete');
    return null;
end $$
"""
_TRIGGERS: LiteralString = """
create trigger contact_roles_given after insert on mirror.contact_roles
    referencing new table as touched for each statement execute function mirror.note_roles('given');
create trigger contact_roles_taken after delete on mirror.contact_roles
    referencing old table as touched for each statement execute function mirror.note_roles('taken');
create trigger account_roles_given after insert on mirror.account_roles
    referencing new table as touched for each statement execute function mirror.note_roles('given');
create trigger account_roles_taken after delete on mirror.account_roles
    referencing old table as touched for each statement execute function mirror.note_roles('taken')
"""


def upgrade() -> None:
    """Create the function and what calls it."""
    op.execute(_NOTE)
    op.execute("revoke execute on function mirror.note_roles() from public")
    for statement in _TRIGGERS.split(";"):
        op.execute(statement)
