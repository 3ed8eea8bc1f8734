"""People to whom it is noon and whose bills are due today, written straight into the database."""

from datetime import UTC, datetime
from typing import LiteralString

import asyncpg

from bench.people import COMPANIES, guid, people

_EMPTY: LiteralString = """
    truncate mirror.accounts, mirror.provider_accounts, mirror.contacts, mirror.external_identities, mirror.contact_roles,
        mirror.invoices, mirror.sync_state, bot.conversations, bot.sessions, bot.reminder_ledger, bot.reminder_messages,
        bot.reminder_tenants, queue.pgqueuer
"""
_COMPANIES: tuple[LiteralString, ...] = (
    "insert into mirror.accounts select id, 'Company', '' from unnest($1::uuid[], $2::text[]) as c (id, tenant)",
    "insert into mirror.provider_accounts select gen_random_uuid(), tenant, id from unnest($1::uuid[], $2::text[]) as c (id, tenant)",
)
_PEOPLE: tuple[LiteralString, ...] = (
    "create temporary table p as select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as p (account, tenant, oid, chat)",
    "insert into mirror.contacts select oid::uuid, 'Person', oid || '@bench.example', account, true from p",
    "insert into mirror.external_identities select gen_random_uuid(), oid::uuid, oid from p",
    "insert into mirror.contact_roles select oid::uuid, 'Work365 Finance Manager' from p",
    "insert into mirror.sync_state (name, as_of) values ('complete', now())",
    """insert into bot.sessions (tenant, person, upn, name, confirmed, tokens)
        select tenant, oid, oid || '@bench.example', 'Person', now(), '' from p""",
)
_CHATS: LiteralString = """
    insert into bot.conversations (tenant, person, id, reference, locale, zone)
    select tenant, oid, chat, json_build_object('serviceUrl', $1::text), 'en-US', $2 from p
"""
_BILLS: LiteralString = """
    insert into mirror.invoices (id, account, number, name, state, due, billed, total, tax, charged, balance, currency, digits,
        purchase_order, terms, bill_to, charge, changed, number_key, number_reversed, soonest, latest)
    select gen_random_uuid(), account, 'INV-' || b, 'Microsoft 365', 'billed', current_date, current_date - 30, 100, 0, 0, 100, 'USD', 2,
        '', '', '', 'none', now() - interval '60 days', 'inv-' || b, reverse('inv-' || b), day, -day
    from unnest($1::uuid[]) as account, generate_series(1, $2) as b, (select current_date - date '0001-01-01' + 1 as day) as today
"""


async def seed(admin_url: str, service_url: str, count: int, bills_each: int) -> None:
    """Let the database hold *count* people and *bills_each* for each of their companies, and nothing else."""
    everybody = people(count)
    accounts = [guid(f"account.{number}") for number in range(COMPANIES)]
    tenants = [each.tenant for each in people(COMPANIES)]
    zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    who = [each.oid for each in everybody], [each.conversation for each in everybody]
    where = [accounts[each.company] for each in everybody], [each.tenant for each in everybody]
    admin = await asyncpg.connect(admin_url)
    await admin.execute(_EMPTY)
    for statement in _COMPANIES:
        await admin.execute(statement, accounts, tenants)
    for statement in _PEOPLE:
        await admin.execute(statement, *((*where, *who) if "$1" in statement else ()))
    await admin.execute(_CHATS, service_url, zone)
    await admin.execute(_BILLS, accounts, bills_each)
    await admin.execute("vacuum analyze")
    await admin.close()


async def unsent(admin_url: str) -> None:
    """Forget everything that has been planned and sent."""
    admin = await asyncpg.connect(admin_url)
    await admin.execute("truncate bot.reminder_ledger, bot.reminder_messages, bot.reminder_tenants, queue.pgqueuer")
    await admin.close()
