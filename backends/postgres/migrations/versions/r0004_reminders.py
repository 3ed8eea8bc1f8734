"""Reminders: what people wish, the ledger of what is said to whom, and the tables of the job engine."""

from typing import LiteralString

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.settings import DBSettings

revision = "r0004"
down_revision = "r0003"

# A ledger row is one thing to say; a message carries all that one person gets on one of their days. A message exists from the
# moment in which it may have been sent; ``claimed`` is the database's own time, for the lease. Tables that know a person are
# in the schema ``bot`` and name them as all its tables do, so that ``bot.forget`` finds them.
_TABLES: LiteralString = """
create table bot.reminder_wishes (
    tenant text, person text, is_on boolean not null, hour smallint, days smallint[], business_days boolean not null,
    silent text[] not null, primary key (tenant, person));
create table bot.reminder_snoozes (
    tenant text, person text, invoice uuid, until date not null, primary key (tenant, person, invoice));
create table bot.reminder_companies (
    account uuid primary key, days smallint[] not null);
create table bot.reminder_tenants (
    tenant text primary key, paused_until timestamptz not null, failures smallint not null);
create table bot.reminder_messages (
    id bigint generated always as identity primary key, tenant text not null, person text not null, day date not null,
    claimed timestamptz not null default now(), unique (tenant, person, day));
create table bot.reminder_ledger (
    id bigint generated always as identity primary key, tenant text not null, person text not null,
    account uuid not null, invoice uuid not null, stage text not null,
    state text not null default 'planned'
        check (state in ('planned', 'sending', 'sent', 'failed', 'uncertain', 'suppressed')),
    reason text not null default '', planned timestamptz not null, not_before timestamptz not null,
    message bigint references bot.reminder_messages on delete cascade,
    unique (tenant, person, invoice, stage),
    check ((message is null) = (state in ('planned', 'suppressed'))));
create index reminder_ledger_waiting on bot.reminder_ledger (tenant, not_before) where state = 'planned';
create index reminder_ledger_unsettled on bot.reminder_ledger (state, message) where state in ('sending', 'uncertain');
create index reminder_ledger_message on bot.reminder_ledger (message) where message is not null;
create index reminder_ledger_planned on bot.reminder_ledger (planned);
create index invoices_changed on mirror.invoices (account, changed);
alter table bot.conversations add column created timestamptz not null default now();
alter table bot.conversations add column unreachable text
"""

_RIGHTS: LiteralString = """
grant select on bot.reminder_companies to my_invoices_app;
grant select, insert, update, delete on bot.reminder_wishes, bot.reminder_snoozes to my_invoices_app;
grant select, insert, update, delete on bot.reminder_wishes, bot.reminder_snoozes, bot.reminder_companies, bot.reminder_tenants,
    bot.reminder_messages, bot.reminder_ledger to my_invoices_sync;
grant usage on schema queue to my_invoices_sync;
grant select, insert, update, delete on all tables in schema queue to my_invoices_sync;
grant usage on all sequences in schema queue to my_invoices_sync
"""


def upgrade() -> None:
    """Create our tables and those of PGQueuer, and hand out the rights."""
    _run(_TABLES)
    install = QueryBuilderEnvironment(DBSettings(db_schema="queue")).build_install_query()
    op.execute(f"do $install$ begin execute $script${install}$script$; end $install$")
    _run(_RIGHTS)


def _run(script: LiteralString) -> None:
    """Run one statement after the other: the driver takes one at a time."""
    for statement in script.split(";"):
        op.execute(statement)
