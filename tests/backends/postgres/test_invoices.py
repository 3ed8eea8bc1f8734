"""The Invoices of PostgreSQL keep the port's contract, and find what they look for in an index."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from backends.postgres.database import Database
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.invoice_page import query_for
from backends.postgres.invoices import BY_END_OF_NUMBER, BY_NUMBER, PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.rows import InvoiceRow, LineRow
from billing.invoice import InvoiceId, Position, Show, Turn, Wanted
from tests import databases, rows
from tests.contract.invoices import Holding, InvoicesContract, scattered
from tests.make import CONTOSO, TODAY, guid

MANY = 20_000


class TestPostgresInvoices(InvoicesContract):
    @pytest.fixture
    def holding(self, database: Database, mirror: Mirror) -> Holding:
        async def hold(invoices: Sequence[InvoiceRow], lines: Sequence[LineRow]) -> PostgresInvoices:
            await rows.put_invoices(mirror, *invoices, lines=lines)
            return PostgresInvoices(database)

        return hold


class TestWhileRowsAreMissing:
    """The sync brings tables in any order: what points at nothing yet is left out."""

    async def test_shows_an_invoice_without_its_contract_and_account(self, database: Database, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.put_invoices([rows.invoice()])

        details = await PostgresInvoices(database).details(CONTOSO.id, InvoiceId(rows.invoice().id))

        assert (details.invoice.contract, details.customer, details.address, details.lines) == (None, "", "", ())


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every node of a plan."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """Yield each scan of a plan: its kind, and its index or table."""
    for each in nodes(plan):
        if "Scan" in each["Node Type"]:
            yield f"{each['Node Type']} {each.get('Index Name') or each.get('Relation Name')}"


class TestPlans:
    @pytest.fixture
    async def many(self, database: Database, mirror: Mirror, postgres: EmbeddedServer, database_url: str) -> Database:
        held = scattered(MANY)
        companies = [*(guid(f"company {number}") for number in range(49)), CONTOSO.id]
        for begin in range(0, MANY, 5000):
            batch = held[begin : begin + 5000]
            await rows.put_invoices(mirror, *(replace(row, account=companies[place % 50]) for place, row in enumerate(batch)))
        async with databases.superuser(postgres, database_url) as admin:
            await admin.execute("vacuum analyze mirror.invoices, mirror.sums")
        return database

    async def test_read_an_index_and_never_the_table(self, many: Database) -> None:
        place = Position(TODAY, InvoiceId(guid("INV-77")))
        found: dict[Show, set[str]] = {}

        for show in Show:
            for position, turn in ((None, Turn.AFTER), (place, Turn.AFTER), (place, Turn.BEFORE)):
                query, parameters = query_for(Wanted(show, TODAY, 8, None, position, turn))
                async with many.of(CONTOSO.id) as connection:
                    explained = await connection.fetchval(f"explain (format json) {query}", CONTOSO.id, *parameters)
                found.setdefault(show, set()).update(each for each in scans(json.loads(explained)[0]["Plan"]) if "contract" not in each)

        assert not [each for each in set[str]().union(*found.values()) if each.startswith("Seq Scan")]
        assert {show: {each.split()[-1] for each in used if "invoices_" in each} for show, used in found.items()} == {
            Show.OPEN: {"invoices_open"},
            Show.OVERDUE: {"invoices_open"},
            Show.PAID: {"invoices_paid"},
            Show.ALL: {"invoices_all", "invoices_open"},
        }

    async def test_start_at_the_position_and_not_at_the_beginning(self, many: Database) -> None:
        place = Position(TODAY, InvoiceId(guid("INV-77")))
        query, parameters = query_for(Wanted(Show.ALL, TODAY, 8, None, place))
        async with many.of(CONTOSO.id) as connection:
            explained = await connection.fetchval(f"explain (analyze, format json) {query}", CONTOSO.id, *parameters)

        scans_ = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each["Node Type"] == "Index Scan"]
        scan = next(each for each in scans_ if "contract" not in each["Index Name"])
        assert scan["Index Name"] == "invoices_all"
        assert "ROW(latest, id) >" in scan["Index Cond"]
        assert scan.get("Rows Removed by Filter", 0) == 0

    async def test_find_a_number_in_an_index_of_its_own(self, many: Database) -> None:
        async with many.of(CONTOSO.id) as connection:
            whole = await connection.fetchval(f"explain (format json) {BY_NUMBER}", CONTOSO.id, "inv-777", 8)
            end = await connection.fetchval(f"explain (format json) {BY_END_OF_NUMBER}", CONTOSO.id, "777", "777\U0010ffff", 8)

        for explained, index, key in ((whole, "invoices_number", "number_key"), (end, "invoices_suffix", "number_reversed")):
            used = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each.get("Index Name") == index]
            assert [key in each["Index Cond"] for each in used] == [True]
