"""How long the page "open invoices" takes, by how much is mirrored: ``python -m bench.lists --most 1000000``."""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from operator import itemgetter
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import asyncpg

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.invoice_page import query_for
from backends.postgres.invoices import PostgresInvoices
from bench.database import empty
from bench.people import COMPANIES, guid
from bench.tables import Row, show
from billing.access import AccountId
from billing.invoice import Show, Wanted

ROWS: Final = 8
WARM_UP: Final = 100
ASKED: Final = 600
EXPLAINED: Final = 5
BIG: Final = 100_000
"""Invoices of the one company that has many."""

# A third is open, and due dates reach from four months ago to one month ahead.
_FILL = """
    insert into mirror.invoices
    select gen_random_uuid(), ($3::uuid[])[1 + n % cardinality($3)], 'INV-' || n, 'Microsoft 365, November', state, due, due - 30, null,
        total, 0, case state when 'complete' then total else 0 end, case state when 'complete' then 0 else total end, 'USD', 2,
        ($3::uuid[])[1 + n % cardinality($3)], 'PO-7', 'Net 30', 'Accounts payable', 'none', null, null, now(), 'inv-' || n,
        reverse('inv-' || n), due - '0001-01-01'::date + 1, '0001-01-01'::date - due - 1
    from (select n, current_date - 120 + (n / 100) % 150 as due, (n * 7919::bigint % 200000)::numeric / 100 + 1 as total,
        case when n % 3 > 0 then 'complete' else 'billed' end as state
        from generate_series($1::int, $2::int - 1) n) as made
"""


@dataclass(frozen=True, slots=True)
class _Bench:
    """A mirror that grows, and the product's own way to read it."""

    admin: asyncpg.Connection
    database: Database

    async def grow(self, first: int, end: int, accounts: Sequence[str]) -> None:
        """Add invoices by number; the companies take turns."""
        await self.admin.execute(_FILL, first, end, [UUID(each) for each in accounts], timeout=1800)
        await self.admin.execute("vacuum analyze mirror.invoices, mirror.sums", timeout=1800)
        await self.admin.execute("checkpoint", timeout=1800)  # lest it runs while we measure

    async def measure(self, mirrored: int, accounts: Sequence[str]) -> Row:
        """Ask for pages of *accounts* in turn."""
        invoices, wanted = PostgresInvoices(self.database), Wanted(Show.OPEN, datetime.now(UTC).date(), ROWS)
        took: list[float] = []
        for account in islice(cycle(map(AccountId, accounts)), WARM_UP + ASKED):
            started = perf_counter()
            await invoices.page(account, wanted)
            took.append((perf_counter() - started) * 1000)
        return {
            "mirrored": mirrored,
            "open_in_company": (await invoices.page(AccountId(accounts[0]), wanted)).count,
            "p50_ms": round(median(took[WARM_UP:]), 2),
            "p99_ms": round(quantiles(took[WARM_UP:], n=100)[98], 2),
            **await self._plan(AccountId(accounts[0]), wanted),
        }

    async def _plan(self, account: AccountId, wanted: Wanted) -> Row:
        """Return what PostgreSQL does for it: milliseconds, pages of 8 KB, invoices and sums looked at, and by which indexes."""
        query, parameters = query_for(wanted)
        async with self.database.of(account) as connection:
            explained = [
                json.loads(await connection.fetchval(f"explain (analyze, buffers, format json) {query}", account, *parameters))[0]
                for _ in range(EXPLAINED)
            ]
        best = min(explained, key=itemgetter("Execution Time"))
        scans = [each for each in _nodes(best["Plan"]) if "Relation Name" in each]
        looked_at = {table: sum(_rows(each) for each in scans if each["Relation Name"] == table) for table in ("invoices", "sums")}
        return {
            "postgres_ms": round(best["Execution Time"], 2),
            "pages": best["Plan"]["Shared Hit Blocks"] + best["Plan"]["Shared Read Blocks"],
            **looked_at,
            "indexes": ", ".join(sorted({each.get("Index Name", "none") for each in scans if each["Relation Name"] == "invoices"})),
        }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _rows(scan: dict[str, Any]) -> int:
    return round((scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"])


async def measured(most: int) -> list[Row]:
    """Return a row for each power of ten from a thousand to *most*, and one for a company that has many invoices."""
    companies, big = [guid(f"account.{number}") for number in range(COMPANIES)], guid("account.big")
    found: list[Row] = []
    with TemporaryDirectory() as folder:
        async with empty(Path(folder) / "postgres") as (url, admin_url):
            bench = _Bench(await asyncpg.connect(admin_url), await Database.open(url, DatabaseRole.APP))
            try:
                mirrored = 0
                while (size := max(mirrored * 10, 1000)) <= most:
                    await bench.grow(mirrored, size, companies)
                    mirrored = size
                    found.append(await bench.measure(mirrored, companies))
                await bench.grow(mirrored, mirrored + BIG, [big])
                found.append(await bench.measure(mirrored + BIG, [big]))
            finally:
                await bench.database.close()
                await bench.admin.close()
    return [{**row, "ratio": round(float(str(row["p50_ms"])) / float(str(found[0]["p50_ms"])), 2)} for row in found]


def main() -> None:
    """Print a table, and keep it as JSON."""
    parser = argparse.ArgumentParser(prog="bench.lists", description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="invoices in the biggest mirror")
    show("lists", asyncio.run(measured(parser.parse_args().most)))


if __name__ == "__main__":
    main()
