"""Many invoices: sums of what is open are kept by the day, and the first load builds indexes at its end.

What is overdue is added up without looking at an invoice. Rows that arrive in no order that an index knows touch a page of each
index each; built at once, the indexes cost a tenth.
"""

import re
from typing import LiteralString

from alembic import op

revision = "r0008"
down_revision = "r0007"

# A sum begins at ``soonest``: those of kinds 1 and 2 (open) reach over that one day, those of kind 0 (paid) over 64 days, since
# paid invoices of many years are many days. ``span`` is what the release before this one reads, and lists that begin with the latest.
_TABLE: LiteralString = """
truncate mirror.sums;
alter table mirror.sums drop column span, add column soonest integer not null;
alter table mirror.sums add column span integer not null generated always as (soonest / 64) stored;
alter table mirror.sums add unique nulls not distinct (account, kind, soonest, currency, digits, contract)
"""

_ADD: LiteralString = """
insert into mirror.sums as s (account, kind, soonest, currency, digits, contract, invoices, balance, total)
select account, kind, case kind when 0 then i.soonest / 64 * 64 else i.soonest end as begins, currency, digits, contract,
    sum(sign), sum(sign * balance), sum(sign * total)
from ({rows}) i, lateral (select case when state = 'complete' then 0 when balance > 0 then 2 else 1 end as kind) as known
group by account, kind, begins, currency, digits, contract
having (sum(sign), sum(sign * balance), sum(sign * total)) <> (0, 0, 0)
on conflict (account, kind, soonest, currency, digits, contract) do update
set invoices = s.invoices + excluded.invoices, balance = s.balance + excluded.balance, total = s.total + excluded.total
"""

_FUNCTION: LiteralString = """
create or replace function mirror.add_up() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
    case tg_op
        when 'INSERT' then {inserted};
        when 'UPDATE' then {updated};
        when 'DELETE' then {deleted};
    end case;
    if tg_op <> 'INSERT' then
        delete from mirror.sums where invoices = 0;
    end if;
    return null;
end $body$
"""

_ROWS: LiteralString = "select {sign} as sign, account, state, soonest, currency, digits, contract, balance, total from {table}"
_NEW, _OLD = _ROWS.format(sign="1", table="new_rows"), _ROWS.format(sign="-1", table="old_rows")

# Only an index's owner may drop it, so these run with the rights of the tables' owner. ``bot.set_aside`` says what is missing, so
# that a load that died loses no index; it is not in ``mirror``, whose rows a backup leaves out.
_SET_ASIDE: LiteralString = """
create table bot.set_aside (definition text primary key);
create function mirror.set_indexes_aside() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
declare
    each record;
begin
    for each in
        select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition from pg_index
        where indrelid = 'mirror.invoices'::regclass and not indisunique
    loop
        insert into bot.set_aside values (each.definition);
        execute format('drop index %s', each.name);
    end loop;
end $body$;
create function mirror.restore_index() returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
declare
    missing text;
begin
    delete from bot.set_aside where definition = (select min(definition) from bot.set_aside) returning definition into missing;
    if missing is null then
        analyze mirror.invoices, mirror.lines, mirror.sums;
        return false;
    end if;
    execute missing;
    return true;
end $body$;
revoke all on bot.set_aside from public, my_invoices_sync;
revoke all on function mirror.set_indexes_aside, mirror.restore_index from public;
grant execute on function mirror.set_indexes_aside, mirror.restore_index to my_invoices_sync
"""


def upgrade() -> None:
    """Change the table and what fills it, then add up what is there."""
    # In the order in which everybody else locks them: the release before goes on reading until this begins.
    op.execute("lock table mirror.invoices, mirror.sums in access exclusive mode")
    for statement in _TABLE.split(";"):
        op.execute(statement)
    added = (_ADD.format(rows=rows) for rows in (_NEW, f"{_NEW} union all {_OLD}", _OLD))
    op.execute(_FUNCTION.format(**dict(zip(("inserted", "updated", "deleted"), added, strict=True))))
    op.execute("set local role my_invoices_sync")  # the owner is no exception to row-level security
    op.execute(_ADD.format(rows=_ROWS.format(sign="1", table="mirror.invoices")))
    op.execute("reset role")
    for statement in re.split(r";\n(?=create|revoke|grant)", _SET_ASIDE):
        op.execute(statement)
