"""Browser sessions, the company a person has chosen, token exchanges that run once, and the audit."""

from typing import LiteralString

from alembic import op

revision = "r0003"
down_revision = "r0002"

_TABLES: LiteralString = """
create table bot.browser_sessions (
    id bytea primary key, tenant text not null, person text not null, csrf text not null,
    opened timestamptz not null, seen timestamptz not null);
create index on bot.browser_sessions (tenant, person);
create index on bot.browser_sessions (seen);
create table bot.choices (tenant text, person text, account text not null, primary key (tenant, person));
create table bot.exchanges (
    tenant text, person text, id text, taken timestamptz not null, is_done boolean not null default false,
    primary key (tenant, person, id));
create index on bot.exchanges (taken);
create table bot.audit (
    entry bigint generated always as identity primary key, at timestamptz not null, tenant text not null, person text not null,
    what text not null, invoice text not null, outcome text not null, correlation text not null);
create index on bot.audit (tenant, person);
create index on bot.audit (at);
alter table bot.sessions add column app_roles text[] not null default '{}';
alter table bot.browser_flows add column is_silent boolean not null default false;
alter table bot.conversations add column removed timestamptz;
create index on bot.conversations (removed) where removed is not null;
create index on bot.conversations (id);
"""

# The audit is append-only for chat and pages: they may add a line, and neither read, change nor delete one.
_RIGHTS: LiteralString = """
grant select, insert, update, delete on bot.browser_sessions, bot.choices, bot.exchanges to my_invoices_app;
grant insert on bot.audit to my_invoices_app;
grant select, insert, update, delete on all tables in schema bot to my_invoices_sync;
alter default privileges in schema bot grant select, insert, update, delete on tables to my_invoices_sync;
"""

# Every table that knows a person names them in columns of these names; the audit keeps its entries under a pseudonym.
_FORGET: LiteralString = """
create function bot.forget(whose_tenant text, who text) returns bigint language plpgsql set search_path = pg_catalog as $$
declare
    each record;
    deleted bigint;
    total bigint := 0;
begin
    for each in
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'bot' and c.relkind = 'r' and c.relname <> 'audit'
            and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant', 'person')) = 2
    loop
        execute format('delete from bot.%I where tenant = $1 and ($2 is null or person = $2)', each.relname) using whose_tenant, who;
        get diagnostics deleted = row_count;
        total := total + deleted;
    end loop;
    update bot.audit set person = 'forgotten-' || left(encode(sha256(convert_to(tenant || '/' || person, 'UTF8')), 'hex'), 12)
        where tenant = whose_tenant and (who is null or person = who) and person not like 'forgotten-%';
    return total;
end $$
"""


def upgrade() -> None:
    """Create the tables and hand out the rights."""
    for statement in (_TABLES + _RIGHTS).strip().rstrip(";").split(";"):
        op.execute(statement)
    op.execute(_FORGET)
    op.execute("revoke execute on function bot.forget(text, text) from public")
    op.execute("grant execute on function bot.forget(text, text) to my_invoices_sync")
