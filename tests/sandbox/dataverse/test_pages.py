"""Tests: paging and counting."""

from datetime import timedelta
from time import process_time

from sandbox.dataverse import Environment
from sandbox.people import stable_id
from tests.sandbox.dataverse import rows
from tests.sandbox.dataverse_client import DataverseClient


def many(tables: Environment, count: int) -> None:
    for number in range(count):
        rows.invoice(tables, f"INV-{number:05}", modifiedon=rows.NOON + timedelta(seconds=number // 3), name=None if number % 2 else "b")


def numbers(pages: list[list[dict[str, str]]]) -> list[str]:
    return [row["invoicenumber"] for page in pages for row in page]


class TestPages:
    async def test_have_the_size_that_the_client_prefers(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 7)

        answer = await client.get("invoices?$select=name", prefer="odata.maxpagesize=3")

        assert answer.headers["Preference-Applied"] == "odata.maxpagesize=3"
        assert [len(page) for page in await client.pages("invoices?$select=name", 3)] == [3, 3, 1]

    async def test_hold_no_more_than_5000_rows(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 5001)

        assert [len(page) for page in await client.pages("invoices?$select=invoicenumber", 9000)] == [5000, 1]

    async def test_keep_the_order_across_ties_and_nulls(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 20)

        for order in ("modifiedon", "modifiedon desc", "name,invoicenumber desc", "name desc,modifiedon"):
            pages = await client.pages(f"invoices?$select=invoicenumber,name,modifiedon&$orderby={order}", 3)
            whole = await client.get(f"invoices?$select=invoicenumber&$orderby={order}")

            assert numbers(pages) == [row["invoicenumber"] for row in whole.rows]
            assert len(set(numbers(pages))) == 20

    async def test_sort_null_first(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 4)

        answer = await client.get("invoices?$select=name,invoicenumber&$orderby=name,invoicenumber desc")

        assert [row["name"] for row in answer.rows] == [None, None, "b", "b"]
        assert [row["invoicenumber"] for row in answer.rows] == ["INV-00003", "INV-00001", "INV-00002", "INV-00000"]

    async def test_do_not_shift_when_rows_come_and_go(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 9)
        path = "invoices?$select=invoicenumber&$orderby=invoicenumber"
        first = await client.get(path, prefer="odata.maxpagesize=4")

        rows.invoice(tables, "INV-00000a")
        tables.table("invoices").remove(stable_id("INV-00003"))
        rest = await client.pages(first.json["@odata.nextLink"], 4)

        assert numbers([first.rows, *rest]) == [f"INV-{number:05}" for number in range(9)]

    async def test_keep_filter_and_columns(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 9)

        pages = await client.pages("invoices?$select=invoicenumber&$filter=name eq 'b' and contains(invoicenumber,'INV')", 2)

        assert sorted(numbers(pages)) == [f"INV-{number:05}" for number in range(0, 9, 2)]
        assert "name" not in pages[-1][-1]

    async def test_begin_where_modifiedon_says(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 9)

        pages = await client.pages(
            "invoices?$select=invoicenumber&$orderby=modifiedon&$filter=modifiedon ge 2026-11-23T12:00:01Z and statecode eq 0", 4
        )

        assert sorted(numbers(pages)) == [f"INV-{number:05}" for number in range(3, 9)]

    async def test_of_several_values_come_in_one_order(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 9)
        wanted = [stable_id(f"INV-{number:05}") for number in (7, 1, 4)]
        values = ",".join(f"'{each}'" for each in wanted)

        pages = await client.pages(
            "invoices?$select=invoicenumber&$orderby=invoicenumber desc"
            f"&$filter=Microsoft.Dynamics.CRM.In(PropertyName='invoiceid',PropertyValues=[{values}])",
            2,
        )

        assert numbers(pages) == ["INV-00007", "INV-00004", "INV-00001"]

    async def test_follow_rows_that_moved_in_the_index(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 4)
        await client.get("invoices?$orderby=modifiedon")

        tables.table("invoices").change(stable_id("INV-00000"), modifiedon=rows.NOON + timedelta(hours=1))
        answer = await client.get("invoices?$orderby=modifiedon desc&$top=1")

        assert answer.rows[0]["invoicenumber"] == "INV-00000"

    async def test_refuse_a_changed_cookie(self, client: DataverseClient) -> None:
        assert (await client.get("invoices?$skiptoken=%3Ccookie%20/%3E")).status == 400

    async def test_are_quick(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 20_000)
        path = "invoices?$select=invoicenumber,name,duedate,totalamount,statecode,statuscode,modifiedon&$orderby=modifiedon"
        link = (await client.get(path)).json["@odata.nextLink"]

        began = process_time()
        answer = await client.get(link)
        took = process_time() - began

        assert len(answer.rows) == 5000
        assert took < 0.5


class TestTop:
    async def test_limits_the_rows(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 5)

        answer = await client.get("invoices?$top=2")

        assert len(answer.rows) == 2
        assert "@odata.nextLink" not in answer.json


class TestCount:
    async def test_counts_what_matches(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 5)

        answer = await client.get("invoices?$select=name&$count=true&$filter=name eq 'b'", prefer="odata.maxpagesize=1")

        assert answer.json["@odata.count"] == 3
        assert len(answer.rows) == 1

    async def test_stops_at_5000(self, client: DataverseClient, tables: Environment) -> None:
        many(tables, 5003)

        asked = await client.get("invoices?$select=name&$count=true&$top=1", prefer="odata.include-annotations=*")

        assert asked.json["@odata.count"] == 5000
        assert asked.json["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"] is True
        assert (await client.get("invoices/$count")).text == "5000"
