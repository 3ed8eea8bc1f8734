"""Roles, and the mirror of Work 365 with its walls between companies."""

from typing import LiteralString

from alembic import op

revision = "r0001"
down_revision = None

_ROLES = ("my_invoices_app", "my_invoices_sync", "my_invoices_directory")
"""Roles belong to the whole server, and other databases may be migrated at this moment: each step tolerates having been done."""

_MAKE_ROLE: LiteralString = """
do $do$ begin
    create role {role} nologin nosuperuser nobypassrls noinherit;
exception when duplicate_object or unique_violation then null;
end $do$
"""

_JOIN_ROLE: LiteralString = """
do $do$ begin
    if not pg_has_role(session_user, '{role}', 'set') then
        execute format('grant {role} to %I with inherit false, set true', session_user);
    end if;
exception when unique_violation then null;
end $do$
"""

_PEOPLE: LiteralString = """
create table mirror.accounts (
    id uuid primary key, name text not null, address text not null);
create table mirror.provider_accounts (
    id uuid primary key, tenant text not null, account uuid not null);
create index on mirror.provider_accounts (tenant, account);
create table mirror.contacts (
    id uuid primary key, name text not null, email text not null, account uuid, active boolean not null);
create index on mirror.contacts (lower(email collate "C"));
create table mirror.external_identities (
    id uuid primary key, contact uuid not null, username text not null);
create index on mirror.external_identities (lower(username collate "C"));
create table mirror.contact_roles (
    holder uuid, name text, primary key (holder, name));
create table mirror.account_roles (
    holder uuid, name text, primary key (holder, name));
create table mirror.contracts (
    id uuid primary key, name text not null);
create table mirror.currencies (
    id uuid primary key, code text not null, digits smallint not null);
create table mirror.sync_state (
    name text primary key, watermark text not null default '', as_of timestamptz)
"""

# ``soonest`` and ``latest`` order a list ascending in either direction, undated invoices last, so that a page starts
# by one comparison of rows. Row-level security lets an index serve a condition only where its operator is leakproof:
# comparisons of integer, uuid and text are, lower() and LIKE are not; hence the stored keys of the number.
_INVOICES: LiteralString = """
create table mirror.invoices (
    id uuid primary key, account uuid not null, number text not null, name text not null,
    state text not null check (state in ('billed', 'partial', 'complete')),
    due date, billed date, paid date,
    total numeric not null, tax numeric not null, charged numeric not null, balance numeric not null,
    currency text not null, digits smallint not null, contract uuid,
    purchase_order text not null, terms text not null, bill_to text not null,
    charge text not null check (charge in ('none', 'pending', 'failed', 'succeeded')),
    pay_link text, pay_expires timestamptz, changed timestamptz not null,
    number_key text collate "C" not null, number_reversed text collate "C" not null,
    soonest integer not null, latest integer not null);
create index invoices_open on mirror.invoices (account, soonest, id) where state <> 'complete';
create index invoices_paid on mirror.invoices (account, latest, id) where state = 'complete';
create index invoices_all on mirror.invoices (account, latest, id);
create index invoices_number on mirror.invoices (account, number_key);
create index invoices_suffix on mirror.invoices (account, number_reversed);
create index invoices_contract on mirror.invoices (account, contract);
create table mirror.lines (
    id uuid primary key, invoice uuid not null, position integer not null,
    product text not null, description text not null, quantity numeric not null,
    unit_price numeric not null, tax numeric not null, amount numeric not null);
create index on mirror.lines (invoice)
"""

# Totals and places in a list are read from sums over 64 days of due dates, and from the invoices of the one span in question:
# a company with a hundred thousand invoices waits no longer than one with ten.
# Kinds: 0 paid, 1 open with nothing left to pay, 2 open with something left.
_SUMS: LiteralString = """
create table mirror.sums (
    account uuid not null, kind smallint not null, span integer not null, currency text not null, digits smallint not null,
    contract uuid, invoices bigint not null, balance numeric not null, total numeric not null,
    unique nulls not distinct (account, kind, span, currency, digits, contract));
create index on mirror.sums (account) where invoices = 0
"""

_ADD_UP: LiteralString = """
create function mirror.add_up() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
    if tg_op <> 'DELETE' then
        {add_new};
    end if;
    if tg_op <> 'INSERT' then
        {add_old};
        delete from mirror.sums where invoices = 0;
    end if;
    return null;
end $body$
"""

_ADD: LiteralString = """
        insert into mirror.sums as s
        select account, case when state = 'complete' then 0 when balance > 0 then 2 else 1 end as kind, soonest / 64 as span,
            currency, digits, contract, {sign}count(*), {sign}sum(balance), {sign}sum(total)
        from {rows} group by account, kind, span, currency, digits, contract
        on conflict (account, kind, span, currency, digits, contract) do update
        set invoices = s.invoices + excluded.invoices, balance = s.balance + excluded.balance, total = s.total + excluded.total
"""

_WATCH: LiteralString = """
create trigger inserted after insert on mirror.invoices
    referencing new table as new_rows for each statement execute function mirror.add_up();
create trigger updated after update on mirror.invoices
    referencing new table as new_rows old table as old_rows for each statement execute function mirror.add_up();
create trigger deleted after delete on mirror.invoices
    referencing old table as old_rows for each statement execute function mirror.add_up()
"""

_ACCOUNT: LiteralString = "nullif(current_setting('app.account', true), '')::uuid"

# What the app role may see of a table. Lines and contracts follow their invoices, whose own policy applies inside.
_APP_SEES: dict[LiteralString, LiteralString] = {
    "accounts": f"id = {_ACCOUNT}",
    "invoices": f"account = {_ACCOUNT}",
    "sums": f"account = {_ACCOUNT}",
    "lines": "(select true from mirror.invoices i where i.id = lines.invoice)",
    "contracts": "(select true from mirror.invoices i where i.contract = contracts.id limit 1)",
}

_PRIVATE: tuple[LiteralString, ...] = ("provider_accounts", "contacts", "external_identities", "contact_roles", "account_roles")

# The one way from an Entra identity to a company. It returns at least one row, without a contact where nobody is known.
# Case is ignored in ASCII only: Unicode would let one address pass for another (the Kelvin sign lowers to "k").
_STANDING: LiteralString = """
create function mirror.standing(tenant text, oid text, email text)
returns table (accounts bigint, as_of timestamptz, account uuid, account_name text, contact uuid, contact_name text, roles text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $body$
    with bound as (
        select a.id, a.name from mirror.accounts a
        where a.id in (select p.account from mirror.provider_accounts p where p.tenant = lower($1 collate "C"))
    ), known as (
        select e.contact as id from mirror.external_identities e where lower(e.username collate "C") = lower($2 collate "C")
        union
        select c.id from mirror.contacts c where lower(c.email collate "C") = lower($3 collate "C") and c.email <> ''
    ), members as (
        select bound.id as account, bound.name as account_name, c.id as contact, c.name as contact_name,
            array(select r.name from mirror.contact_roles r where r.holder = c.id
                  union select r.name from mirror.account_roles r where r.holder = bound.id) as roles
        from known join mirror.contacts c using (id) join bound on bound.id = c.account
        where c.active
    )
    select (select count(*) from bound), (select s.as_of from mirror.sync_state s where s.name = 'complete'), members.*
    from (select) as always left join members on true
    order by members.account_name, members.account, members.contact
$body$
"""

_RIGHTS: LiteralString = """
revoke all on all tables in schema mirror from public;
revoke all on function mirror.standing, mirror.add_up from public;
grant usage on schema mirror to my_invoices_app, my_invoices_sync, my_invoices_directory;
grant select on mirror.accounts, mirror.invoices, mirror.sums, mirror.lines, mirror.contracts, mirror.sync_state to my_invoices_app;
grant select, insert, update, delete on all tables in schema mirror to my_invoices_sync;
grant select on all tables in schema mirror to my_invoices_directory;
grant execute on function mirror.standing to my_invoices_app, my_invoices_sync;
grant create on schema mirror to my_invoices_directory;
alter function mirror.standing owner to my_invoices_directory;
revoke create on schema mirror from my_invoices_directory
"""


def upgrade() -> None:
    """Make the roles, then the schema."""
    for role in _ROLES:
        op.execute(_MAKE_ROLE.format(role=role))
        op.execute(_JOIN_ROLE.format(role=role))
    op.execute("create schema mirror")
    _run(_PEOPLE)
    _run(_INVOICES)
    _run(_SUMS)
    op.execute(_ADD_UP.format(add_new=_ADD.format(sign="", rows="new_rows"), add_old=_ADD.format(sign="-", rows="old_rows")))
    _run(_WATCH)
    op.execute(_STANDING)
    for table in (*_APP_SEES, *_PRIVATE):
        _wall(table)
    for table, seen in _APP_SEES.items():
        op.execute(f"create policy app on mirror.{table} for select to my_invoices_app using ({seen})")
    _run(_RIGHTS)


def _run(script: LiteralString) -> None:
    """Run one statement after the other: the driver takes one at a time."""
    for statement in script.split(";"):
        op.execute(statement)


def _wall(table: LiteralString) -> None:
    """Close a table to everybody, its owner too, but the sync and the directory."""
    op.execute(f"alter table mirror.{table} enable row level security")
    op.execute(f"alter table mirror.{table} force row level security")
    op.execute(f"create policy sync on mirror.{table} to my_invoices_sync using (true) with check (true)")
    op.execute(f"create policy directory on mirror.{table} for select to my_invoices_directory using (true)")
