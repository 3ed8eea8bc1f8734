"""Forgetting somebody takes rows in the order in which the end of a message does, so that neither waits for the other in a circle."""

from typing import LiteralString

from alembic import op

revision = "r0012"
down_revision = "r0011"

_FORGET: LiteralString = """
create or replace function bot.forget(whose_tenant text, who text) returns bigint language plpgsql set search_path = pg_catalog as $$
declare
    each record;
    deleted bigint;
    total bigint := 0;
begin
    for each in
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'bot' and c.relkind = 'r' and c.relname <> 'audit'
            and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant', 'person')) = 2
        order by array_position(array['reminder_ledger', 'reminder_messages', 'conversations'], c.relname::text), c.relname
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
    """Replace the function; its rights stay."""
    op.execute(_FORGET)
