"""The Invoices of PostgreSQL keep the port's contract, and find what they look for in an index."""

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from backends.postgres.database import Database, DatabaseRole
from backends.postgres.embedded import EmbeddedServer
from backends.postgres.invoice_page import query_for
from backends.postgres.invoices import BY_END_OF_NUMBER, BY_NUMBER, PostgresInvoices
from backends.postgres.migrations import migrate
from backends.postgres.mirror import Mirror
from backends.rows import InvoiceRow, LineRow
from billing.errors import Malformed
from billing.invoice import InvoiceId, Position, Show, Sort, Turn, Wanted
from tests import databases, rows
from tests.contract.invoices import Holding, InvoicesContract, scattered
from tests.make import CONTOSO, TODAY, guid

MANY = 20_000
SORTED_BY = {
    Sort.NUMBER: "invoices_number",
    Sort.BILLED: "invoices_newest",
    Sort.TOTAL: "invoices_largest",
    Sort.BALANCE: "invoices_owed_most",
}
"""The index behind each order of a list but that by due date."""


class TestPostgresInvoices(InvoicesContract):
    @pytest.fixture
    def holding(self, database: Database, mirror: Mirror) -> Holding:
        async def hold(invoices: Sequence[InvoiceRow], lines: Sequence[LineRow]) -> PostgresInvoices:
            await rows.put_invoices(mirror, *invoices, lines=lines)
            return PostgresInvoices(database)

        return hold


class TestQueryFor:
    @pytest.mark.parametrize(
        ("sort", "key"),
        [(Sort.TOTAL, "much"), (Sort.BALANCE, "1.5 USD"), (Sort.TOTAL, "1"), (Sort.BILLED, "2026-11-30"), (Sort.BILLED, "")],
    )
    def test_refuses_a_position_that_makes_no_sense_before_a_plan_may_overlook_it(self, sort: Sort, key: str) -> None:
        position = Position(key, InvoiceId(guid("INV-1")))

        with pytest.raises(Malformed):
            query_for(Wanted(Show.ALL, TODAY, 8, None, position, sort=sort))

    @pytest.mark.parametrize(
        ("sort", "key"),
        [(Sort.TOTAL, "-12345000 USD"), (Sort.BALANCE, "9000000000000000000 EUR"), (Sort.BILLED, "-738000"), (Sort.NUMBER, "")],
    )
    def test_takes_what_a_list_has_for_a_position(self, sort: Sort, key: str) -> None:
        _, parameters = query_for(Wanted(Show.ALL, TODAY, 8, None, Position(key, InvoiceId(guid("INV-1"))), sort=sort))

        assert key in parameters


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


@pytest.mark.asyncio(loop_scope="class")
class TestPlans:
    @pytest_asyncio.fixture(scope="class", loop_scope="class")
    @classmethod
    async def many(cls, postgres: EmbeddedServer) -> AsyncGenerator[Database]:
        """Return one full database for all: they only read."""
        held = scattered(MANY)
        companies = [*(guid(f"company {number}") for number in range(49)), CONTOSO.id]
        async with databases.empty(postgres) as url:
            await migrate(url)
            async with databases.connected(url, DatabaseRole.SYNC) as writing:
                for begin in range(0, MANY, 5000):
                    batch = [replace(row, account=companies[place % 50]) for place, row in enumerate(held[begin : begin + 5000])]
                    await rows.put_invoices(Mirror(writing), *batch)
            async with databases.superuser(postgres, url) as admin:
                await admin.execute("vacuum analyze mirror.invoices, mirror.sums")
            async with databases.connected(url, DatabaseRole.APP) as reading:
                yield reading

    async def test_read_an_index_and_never_the_table(self, many: Database) -> None:
        place = Position(TODAY.isoformat(), InvoiceId(guid("INV-77")))
        found: dict[Show, set[str]] = {}

        for show in Show:
            for position, turn in ((None, Turn.AFTER), (place, Turn.AFTER), (place, Turn.BEFORE)):
                query, parameters = query_for(Wanted(show, TODAY, 8, None, position, turn))
                async with many.of(CONTOSO.id) as connection:
                    explained = await connection.fetchval(f"explain (generic_plan, format json) {query}", CONTOSO.id, *parameters)
                found.setdefault(show, set()).update(each for each in scans(json.loads(explained)[0]["Plan"]) if "contract" not in each)

        assert not [each for each in set[str]().union(*found.values()) if each.startswith("Seq Scan")]
        assert {show: {each.split()[-1] for each in used if "invoices_" in each} for show, used in found.items()} == {
            Show.OPEN: {"invoices_open"},
            Show.OVERDUE: {"invoices_open"},
            Show.PAID: {"invoices_paid"},
            Show.ALL: {"invoices_all"},
        }

    @pytest.mark.parametrize("show", Show)
    async def test_look_at_no_more_invoices_than_the_first_page_shows(self, many: Database, show: Show) -> None:
        query, parameters = query_for(Wanted(show, TODAY, 8))
        async with many.of(CONTOSO.id) as connection:
            explained = await connection.fetchval(f"explain (analyze, format json) {query}", CONTOSO.id, *parameters)

        looked_at = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each.get("Relation Name") == "invoices"]
        for_the_page = [each for each in looked_at if "contract" not in each.get("Index Name", "")]
        assert [each["Actual Rows"] + each.get("Rows Removed by Filter", 0) for each in for_the_page] == [8]

    async def test_start_at_the_position_and_not_at_the_beginning(self, many: Database) -> None:
        place = Position(TODAY.isoformat(), InvoiceId(guid("INV-77")))
        query, parameters = query_for(Wanted(Show.ALL, TODAY, 8, None, place))
        async with many.of(CONTOSO.id) as connection:
            explained = await connection.fetchval(f"explain (analyze, format json) {query}", CONTOSO.id, *parameters)

        scans_ = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each["Node Type"] == "Index Scan"]
        scan = next(each for each in scans_ if "contract" not in each["Index Name"])
        assert scan["Index Name"] == "invoices_all"
        assert "ROW(latest, id) >" in scan["Index Cond"]
        assert scan.get("Rows Removed by Filter", 0) == 0

    @pytest.mark.parametrize("turn", Turn)
    async def test_look_at_few_invoices_however_the_list_is_sorted(self, many: Database, turn: Turn) -> None:
        for sort, index in SORTED_BY.items():
            wanted = Wanted(Show.ALL, TODAY, 8, turn=turn, sort=sort)
            first = await PostgresInvoices(many).page(CONTOSO.id, wanted)

            for position in (None, first.further if turn is Turn.AFTER else first.back):
                (scan,) = await self.looked_at(many, replace(wanted, position=position))
                assert (scan["Node Type"], scan["Index Name"]) == ("Index Scan", index)
                assert (index.removeprefix("invoices_") in scan["Index Cond"]) == (position is not None)
                assert 9 <= scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) <= 12

    async def test_never_read_the_table_however_a_list_is_sorted(self, many: Database) -> None:
        for show in Show:
            for sort in SORTED_BY:
                (scan,) = await self.looked_at(many, Wanted(show, TODAY, 8, sort=sort))
                assert scan["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}

    async def looked_at(self, database: Database, wanted: Wanted) -> list[dict[str, Any]]:
        """Return how the rows of a page are found."""
        query, parameters = query_for(wanted)
        async with database.of(CONTOSO.id) as connection:
            explained = await connection.fetchval(f"explain (analyze, format json) {query}", CONTOSO.id, *parameters)
        found = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each.get("Relation Name") == "invoices"]
        return [each for each in found if "contract" not in each.get("Index Name", "")]

    async def test_find_a_number_in_an_index_of_its_own(self, many: Database) -> None:
        async with many.of(CONTOSO.id) as connection:
            whole = await connection.fetchval(f"explain (format json) {BY_NUMBER}", CONTOSO.id, "inv-777", 8)
            end = await connection.fetchval(f"explain (format json) {BY_END_OF_NUMBER}", CONTOSO.id, "777", "777\U0010ffff", 8)

        for explained, index, key in ((whole, "invoices_number", "number_key"), (end, "invoices_suffix", "number_reversed")):
            used = [each for each in nodes(json.loads(explained)[0]["Plan"]) if each.get("Index Name") == index]
            assert [key in each["Index Cond"] for each in used] == [True]
