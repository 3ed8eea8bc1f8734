"""A mirror of any size, written straight into the tables: companies, people who have signed in, invoices with lines."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from backends.postgres.embedded import EmbeddedServer
from backends.postgres.migrations import migrate
from bench.people import COMPANIES, BenchPerson, guid

LINES = 3
CONTRACTS = 2
_AHEAD = timedelta(days=1)
"""The mirror looks as if it had been complete this far in the future, so that no run is long enough for it to grow old."""

# A third is open, due dates reach from four months ago to one month ahead, and the companies take turns.
_INVOICES = """
    insert into mirror.invoices
    select gen_random_uuid(), ($2::uuid[])[1 + n % $3::int], 'INV-' || n, 'Microsoft 365, November', state, due, due - 30, null,
        total, 0, case state when 'complete' then total when 'partial' then total / 2 else 0 end,
        case state when 'complete' then 0 when 'partial' then total / 2 else total end, 'USD', 2,
        ($4::uuid[])[1 + n % $3::int + $3::int * (n / $3::int % 2)], 'PO-7', 'Net 30', E'Accounts payable\\n1 Main Street', 'none',
        'https://127.0.0.1/pay/' || n, null, now(), 'inv-' || n, reverse('inv-' || n),
        due - '0001-01-01'::date + 1, '0001-01-01'::date - due - 1
    from (select n, current_date - 120 + (n / $3::int) % 150 as due, (n * 7919::bigint % 200000)::numeric / 100 + 1 as total,
        case when n % 3 > 0 then 'complete' when n % 2 = 0 then 'partial' else 'billed' end as state
        from generate_series(0, $1::int - 1) n) as made
"""
_LINES = """
    insert into mirror.lines
    select gen_random_uuid(), i.id, p, 'Microsoft 365 E5', 'Monthly subscription', 10, 57, 0, 570
    from mirror.invoices i, generate_series(1, $1::int) p
"""


@asynccontextmanager
async def mirror(folder: Path, invoices: int, people: Iterable[BenchPerson]) -> AsyncGenerator[str]:
    """Run PostgreSQL in *folder* with a new database that holds *invoices*; return its address."""
    server = await EmbeddedServer.start(folder)
    try:
        admin = await asyncpg.connect(server.admin_url)
        await admin.execute("drop database if exists bench with (force)")
        await admin.execute("create database bench owner my_invoices")
        await admin.close()
        url = _of(server.url)
        await migrate(url)
        await _fill(_of(server.admin_url), invoices, list(people))
        yield url
    finally:
        await server.stop()


def _of(url: str) -> str:
    return urlsplit(url)._replace(path="/bench").geturl()


async def _fill(url: str, invoices: int, people: list[BenchPerson]) -> None:
    connection = await asyncpg.connect(url)
    accounts = [UUID(guid(f"account.{number}")) for number in range(COMPANIES)]
    contracts = [UUID(guid(f"contract.{number}")) for number in range(CONTRACTS * COMPANIES)]
    try:
        async with connection.transaction():
            await _copy(connection, "mirror.accounts", ((each, f"Company {n}", "1 Main Street") for n, each in enumerate(accounts)))
            ties = ((UUID(guid(f"tie.{n}")), guid(f"tenant.{n}"), each) for n, each in enumerate(accounts))
            await _copy(connection, "mirror.provider_accounts", ties)
            await _copy(connection, "mirror.contracts", ((each, f"Contract {n}") for n, each in enumerate(contracts)))
            await _put_people(connection, people, accounts)
            await connection.execute(_INVOICES, invoices, accounts, COMPANIES, contracts, timeout=900)
            await connection.execute(_LINES, LINES, timeout=900)
        await connection.execute("vacuum analyze", timeout=900)
        await connection.execute("checkpoint", timeout=300)
    finally:
        await connection.close()


async def confirm(url: str) -> None:
    """Let Entra have confirmed everybody this moment: for an hour, and what lies in the future counts for nothing."""
    connection = await asyncpg.connect(url)
    await connection.execute("update bot.sessions set confirmed = now()")
    await connection.close()


async def _put_people(connection: asyncpg.Connection, people: list[BenchPerson], accounts: list[UUID]) -> None:
    now = datetime.now(UTC)
    contacts = [UUID(guid(f"contact.{each.number}")) for each in people]
    rows = list(zip(contacts, people, strict=True))
    await _copy(
        connection, "mirror.contacts", ((id_, each.name, f"{each.oid}@bench.example", accounts[each.company], True) for id_, each in rows)
    )
    await _copy(connection, "mirror.external_identities", ((UUID(guid(f"identity.{each.number}")), id_, each.oid) for id_, each in rows))
    await _copy(connection, "mirror.contact_roles", ((id_, "Work365 Finance Manager") for id_ in contacts))
    await connection.execute("insert into mirror.sync_state (name, as_of) values ('complete', $1)", now + _AHEAD)
    kept = ((each.tenant, each.oid, "", each.name, now, b"") for each in people)
    await _copy(connection, "bot.sessions", kept, ["tenant", "person", "upn", "name", "confirmed", "tokens"])


async def _copy(connection: asyncpg.Connection, table: str, rows: Iterable[tuple[object, ...]], columns: list[str] | None = None) -> None:
    schema, _, name = table.partition(".")
    await connection.copy_records_to_table(name, schema_name=schema, records=rows, columns=columns)
