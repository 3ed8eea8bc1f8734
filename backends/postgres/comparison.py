"""Find what has vanished from the source without a trace: all its ids against all of ours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import LiteralString

from backends.postgres.database import Connection
from backends.rows import Table

_KEPT: dict[Table, LiteralString] = {
    Table.ACCOUNTS: "select id from mirror.accounts",
    Table.CONTACTS: "select id from mirror.contacts",
    Table.CONTRACTS: "select id from mirror.contracts",
    Table.CURRENCIES: "select id from mirror.currencies",
    Table.INVOICES: "select id from mirror.invoices",
    Table.LINES: "select id from mirror.lines",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One walk over the source's ids. They stay in a temporary table: memory does not grow."""

    _connection: Connection
    _table: Table

    async def begin(self) -> None:
        """Start with nothing seen."""
        await self._connection.execute("create temporary table seen (id uuid primary key)")

    async def see(self, ids: Collection[str]) -> Sequence[str]:
        """Note that the source has *ids*; return those that the mirror lacks."""
        await self._connection.execute("insert into seen select unnest($1::uuid[]) on conflict do nothing", list(ids))
        return await self._ids(f"select unnest($1::uuid[]) except ({_KEPT[self._table]} where id = any($1::uuid[]))", list(ids))

    async def unseen(self) -> Sequence[str]:
        """Return what no page has named: to be removed, once every page has been seen."""
        await self._connection.execute("analyze seen")
        return await self._ids(f"{_KEPT[self._table]} except select id from seen")  # noqa: S608 - literals

    async def _ids(self, query: LiteralString, *parameters: object) -> Sequence[str]:
        return [str(row[0]) for row in await self._connection.fetch(query, *parameters)]
