"""The mirror's writing side: what the sync may do to it. Needs a Database whose role is SYNC."""

import json
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from backends.postgres.comparison import Comparison
from backends.postgres.database import Connection, Database
from backends.postgres.upsert import Target, count
from backends.rows import (
    AccountRow,
    ContactRow,
    ContractRow,
    CurrencyRow,
    IdentityRow,
    InvoiceRow,
    LineRow,
    ProviderAccountRow,
    RoleRow,
    Table,
)

_ALONE = 0x73796E63  # any constant, the same in every process
_WRITING = 0x77726974
_COMPLETE = "complete"
_FINDINGS = "findings"
_INDEX_TIMEOUT_S = 3600.0

_ACCOUNTS = Target("accounts", "id uuid, name text, address text")
_PROVIDER_ACCOUNTS = Target("provider_accounts", "id uuid, tenant text, account uuid")
_CONTACTS = Target("contacts", "id uuid, name text, email text, account uuid, active boolean")
_IDENTITIES = Target("external_identities", "id uuid, contact uuid, username text")
_CONTACT_ROLES = Target("contact_roles", "holder uuid, name text", key=("holder", "name"))
_ACCOUNT_ROLES = Target("account_roles", "holder uuid, name text", key=("holder", "name"))
_CONTRACTS = Target("contracts", "id uuid, name text")
_CURRENCIES = Target("currencies", "id uuid, code text, digits smallint")
_INVOICES = Target(
    "invoices",
    "id uuid, account uuid, number text, name text, state text, due date, billed date, paid date, "
    "total numeric, tax numeric, charged numeric, balance numeric, currency text, digits smallint, contract uuid, "
    "purchase_order text, terms text, bill_to text, charge text, pay_link text, pay_expires timestamptz, changed timestamptz, "
    "number_key text, number_reversed text, soonest integer, latest integer",
)
_LINES = Target(
    "lines",
    "id uuid, invoice uuid, position integer, product text, description text, "
    "quantity numeric, unit_price numeric, tax numeric, amount numeric",
)

_REMOVE: dict[Table, LiteralString] = {
    Table.ACCOUNTS: "delete from mirror.accounts where id = any($1::uuid[])",
    Table.CONTACTS: "delete from mirror.contacts where id = any($1::uuid[])",
    Table.CONTRACTS: "delete from mirror.contracts where id = any($1::uuid[])",
    Table.CURRENCIES: "delete from mirror.currencies where id = any($1::uuid[])",
    Table.INVOICES: "delete from mirror.invoices where id = any($1::uuid[])",
    Table.LINES: "delete from mirror.lines where id = any($1::uuid[])",
}
_BESIDES: LiteralString = """
    select id from mirror.contacts c where not exists (select from unnest($1::uuid[]) as given (id) where given.id = c.id)
"""
_LATER: LiteralString = """
    select id from mirror.invoices kept join unnest($1::uuid[], $2::timestamptz[]) as given (id, changed) using (id)
    where kept.changed > given.changed
"""
_REMOVE_LINES: LiteralString = "delete from mirror.lines where invoice = any($1::uuid[])"


class Mirror:
    """The copy of Work 365. One sync runs at a time (``alone``); it and single invoices are written in small transactions (``writing``)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[bool]:
        """Say whether this process may sync now: True for one at a time, on all machines together."""
        async with self._database.session() as connection:
            yield await connection.fetchval("select pg_try_advisory_lock($1)", _ALONE)

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator["Batch"]:
        """Open a transaction: all of the block happens, or nothing. Others wait: nobody meets a deadlock or a half-added sum."""
        async with self._database.transaction() as connection:
            await connection.execute("select pg_advisory_xact_lock($1)", _WRITING)
            yield Batch(connection)

    @asynccontextmanager
    async def loading(self) -> AsyncGenerator[None]:
        """Write all invoices in the block: their indexes are for readers, whom nothing is shown yet, and are built at its end.

        Where the block does not end well, the next one does it: no index is forgotten.
        """
        async with self.writing() as batch:
            await batch.set_indexes_aside()
        yield
        is_missing = True
        while is_missing:
            async with self.writing() as batch:
                is_missing = await batch.restore_index()

    @asynccontextmanager
    async def comparing(self, table: Table) -> AsyncGenerator[Comparison]:
        """Compare the ids of *table* with the source's, page by page and outside any transaction."""
        async with self._database.session() as connection:
            comparison = Comparison(connection, table)
            await comparison.begin()
            yield comparison

    async def watermarks(self) -> Mapping[str, str]:
        """Return what ``save_watermark`` has kept, by name."""
        async with self._database.shared() as connection:
            rows = await connection.fetch("select name, watermark from mirror.sync_state where watermark <> ''")
            return {row["name"]: row["watermark"] for row in rows}

    async def as_of(self) -> datetime | None:
        """Return when the mirror was last complete (aware, UTC); None before the first sync."""
        async with self._database.shared() as connection:
            return await connection.fetchval("select as_of from mirror.sync_state where name = $1", _COMPLETE)

    async def contacts_besides(self, ids: Sequence[str]) -> Sequence[str]:
        """Return the contacts that the mirror has besides *ids*."""
        async with self._database.shared() as connection:
            return [str(row[0]) for row in await connection.fetch(_BESIDES, ids)]

    async def has_account_roles(self) -> bool:
        """Whether a web role hangs on any account."""
        async with self._database.shared() as connection:
            return await connection.fetchval("select exists (select from mirror.account_roles)")

    async def findings(self) -> Mapping[str, int]:
        """Return what ``save_findings`` has kept: how many rows, by what is the matter with them."""
        return json.loads((await self.watermarks()).get(_FINDINGS, "{}"))

    async def currencies(self) -> Sequence[CurrencyRow]:
        """Return the currencies that invoices are written in."""
        async with self._database.shared() as connection:
            rows = await connection.fetch("select id::text, code, digits from mirror.currencies")
            return [CurrencyRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that are committed together. Each method returns how many rows it changed; rows that are the same cost nothing.

    A row replaces the one with its id; where an id occurs twice, the last row counts.
    """

    _connection: Connection

    async def put_accounts(self, rows: Sequence[AccountRow]) -> int:
        """Insert or update companies."""
        return await _ACCOUNTS.put(self._connection, rows)

    async def put_contacts(self, rows: Sequence[ContactRow]) -> int:
        """Insert or update people."""
        return await _CONTACTS.put(self._connection, rows)

    async def put_contracts(self, rows: Sequence[ContractRow]) -> int:
        """Insert or update billing contracts."""
        return await _CONTRACTS.put(self._connection, rows)

    async def put_currencies(self, rows: Sequence[CurrencyRow]) -> int:
        """Insert or update currencies; invoices keep the code and digits that they were put with."""
        return await _CURRENCIES.put(self._connection, rows)

    async def later(self, changed: Mapping[str, datetime]) -> frozenset[str]:
        """Return those of *changed* that the mirror has in a later version than the one that was changed then, by id."""
        rows = await self._connection.fetch(_LATER, list(changed), list(changed.values()))
        return frozenset(str(row[0]) for row in rows)

    async def put_invoices(self, rows: Sequence[InvoiceRow]) -> int:
        """Insert or update invoices; 5,000 at once are fine."""
        return await _INVOICES.put(self._connection, rows)

    async def put_lines(self, rows: Sequence[LineRow]) -> int:
        """Insert or update lines, whatever else their invoices have."""
        return await _LINES.put(self._connection, rows)

    async def replace_lines(self, invoices: Collection[str], lines: Sequence[LineRow]) -> int:
        """Let *lines* be all the lines of *invoices*."""
        gone = await self._connection.execute(
            "delete from mirror.lines where invoice = any($1::uuid[]) and id <> all($2::uuid[])",
            list(invoices),
            [line.id for line in lines],
        )
        return count(gone) + await self.put_lines(lines)

    async def replace_provider_accounts(self, rows: Sequence[ProviderAccountRow]) -> int:
        """Let *rows* be all ties between tenants and accounts."""
        return await _PROVIDER_ACCOUNTS.replace(self._connection, rows)

    async def replace_identities(self, rows: Sequence[IdentityRow]) -> int:
        """Let *rows* be all external identities."""
        return await _IDENTITIES.replace(self._connection, rows)

    async def replace_contact_roles(self, rows: Sequence[RoleRow]) -> int:
        """Let *rows* be all web roles that hang on contacts."""
        return await _CONTACT_ROLES.replace(self._connection, rows)

    async def replace_account_roles(self, rows: Sequence[RoleRow]) -> int:
        """Let *rows* be all web roles that hang on accounts."""
        return await _ACCOUNT_ROLES.replace(self._connection, rows)

    async def remove(self, table: Table, ids: Collection[str]) -> int:
        """Delete rows; an invoice takes its lines along. Unknown ids do no harm."""
        if table is Table.INVOICES:
            await self._connection.execute(_REMOVE_LINES, list(ids))
        return count(await self._connection.execute(_REMOVE[table], list(ids)))

    async def set_indexes_aside(self) -> None:
        """Drop the indexes of invoices, and keep how they are made."""
        await self._connection.execute("select mirror.set_indexes_aside()")

    async def restore_index(self) -> bool:
        """Make one of the indexes that were set aside, which may take minutes; False when all are there."""
        return await self._connection.fetchval("select mirror.restore_index()", timeout=_INDEX_TIMEOUT_S)

    async def save_watermark(self, name: str, watermark: str) -> None:
        """Keep how far the sync has come with *name*, in the transaction of the rows that it stands for."""
        await self._connection.execute(
            "insert into mirror.sync_state (name, watermark) values ($1, $2) on conflict (name) do update set watermark = $2",
            name,
            watermark,
        )

    async def save_findings(self, found: Mapping[str, int]) -> None:
        """Keep what somebody should look at in Work 365, in place of what was kept before."""
        await self.save_watermark(_FINDINGS, json.dumps(found) if found else "")

    async def mark_complete(self, as_of: datetime) -> None:
        """Note that the mirror holds everything that Work 365 held at *as_of* (aware): when the pass began, not when it ended."""
        await self._connection.execute(
            "insert into mirror.sync_state (name, as_of) values ($1, $2) on conflict (name) do update set as_of = $2",
            _COMPLETE,
            as_of,
        )
