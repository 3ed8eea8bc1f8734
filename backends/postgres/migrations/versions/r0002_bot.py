"""What the bot itself keeps: incoming activities, chats, sign-ins, sessions. No company's data."""

from typing import LiteralString

from alembic import op

revision = "r0002"
down_revision = "r0001"

# JSON is kept as json, not jsonb: nobody looks inside, and jsonb refuses what people can type (NUL, half a surrogate pair).
_TABLES: LiteralString = """
create schema bot;
create table bot.inbox (
    id bytea primary key, body bytea, accepted timestamptz not null, taken timestamptz not null, attempts smallint not null default 0);
create index on bot.inbox (accepted);
create index on bot.inbox (taken) where body is not null;
create table bot.conversations (
    tenant text, person text, id text not null, reference json not null, locale text not null, zone text not null,
    primary key (tenant, person));
create table bot.sign_in_requests (
    id text primary key, tenant text not null, person text not null, conversation text not null, question json,
    expires timestamptz not null);
create index on bot.sign_in_requests (expires);
create table bot.browser_flows (
    state text primary key, browser bytea not null, flow json not null, request text, next text not null,
    expires timestamptz not null);
create index on bot.browser_flows (expires);
create table bot.sessions (
    tenant text, person text, upn text not null, name text not null, confirmed timestamptz not null, tokens bytea not null,
    primary key (tenant, person));
revoke all on all tables in schema bot from public;
grant usage on schema bot to my_invoices_app, my_invoices_sync;
grant select, insert, update, delete on all tables in schema bot to my_invoices_app;
grant select on bot.conversations to my_invoices_sync
"""


def upgrade() -> None:
    """Make the schema."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
