"""Tests: rows, related rows and changes, as they are on the wire."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.dataverse import Environment
from sandbox.people import stable_id
from sandbox.world import World
from tests.sandbox.dataverse import rows
from tests.sandbox.dataverse_client import Answer, DataverseClient, connected

ONE = stable_id("INV-1")


class TestRow:
    async def test_is_written_as_dataverse_writes_it(self, world: World, client: DataverseClient, tables: Environment) -> None:
        row = rows.invoice(tables, "INV-1", _customerid_value=rows.account(tables, "Contoso"))

        answer = await client.get(
            f"invoices({ONE})?$select=invoicenumber,duedate,totalamount,totaltax,statuscode,modifiedon,_customerid_value"
        )

        assert answer.text == (
            f'{{"@odata.context":"{world.dataverse_url}/api/data/v9.2/$metadata#invoices(invoicenumber,duedate,totalamount,'
            f'totaltax,statuscode,modifiedon,_customerid_value)/$entity","@odata.etag":"W/\\"{row["versionnumber"]}\\"",'
            '"invoicenumber":"INV-1","duedate":"2026-11-30","totalamount":1234.5000,"totaltax":null,"statuscode":4,'
            f'"modifiedon":"2026-11-23T12:00:00Z","_customerid_value":"{stable_id("Contoso")}","invoiceid":"{ONE}"}}'
        )
        assert answer.headers["ETag"] == f'W/"{row["versionnumber"]}"'

    async def test_is_annotated_when_asked(self, client: DataverseClient, tables: Environment) -> None:
        currency = {"transactioncurrencyid": stable_id("EUR"), "isocurrencycode": "EUR", "currencyname": "Euro"}
        tables.table("transactioncurrencies").put({**currency, "currencysymbol": "€", "currencyprecision": 2})
        links = {"_customerid_value": rows.account(tables, "Contoso"), "_transactioncurrencyid_value": stable_id("EUR")}
        rows.invoice(tables, "INV-1", **links)

        found = (await client.get(f"invoices({ONE})", prefer='odata.include-annotations="*"')).json

        formatted = "OData.Community.Display.V1.FormattedValue"
        assert found[f"_customerid_value@{formatted}"] == "Contoso"
        assert found["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"
        assert found["_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"] == "customerid_account"
        assert found[f"statuscode@{formatted}"] == "Billed"
        assert found[f"totalamount@{formatted}"] == "€1,234.50"
        assert found[f"duedate@{formatted}"] == "11/30/2026"
        assert found[f"modifiedon@{formatted}"] == "11/23/2026 12:00 PM"
        assert "totaltax@" not in str(found)

    async def test_survives_hostile_text(self, client: DataverseClient, tables: Environment) -> None:
        text = 'quote " backslash \\ newline \n nul \x00 lone \ud800 emoji 🧾 \u202e'
        rows.invoice(tables, "INV-1", name=text)

        assert (await client.get(f"invoices({ONE})?$select=name")).json["name"] == text

    async def test_is_missing(self, client: DataverseClient) -> None:
        answer = await client.get(f"invoices({ONE})")

        assert (answer.status, answer.code) == (404, "0x80040217")
        assert ONE in answer.message


class TestRows:
    async def test_lack_a_renamed_column(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")
        del tables.table("invoices").definition.columns["duedate"]

        answer = await client.get("invoices?$select=invoicenumber,duedate")

        assert (answer.status, answer.code) == (400, "0x80060888")
        assert answer.message == "Could not find a property named 'duedate' on type 'Microsoft.Dynamics.CRM.invoice'."

    async def test_lack_a_removed_table(self, client: DataverseClient, tables: Environment) -> None:
        del tables["work365_usagelines"]

        answer = await client.get("work365_usagelines")

        assert (answer.status, answer.code) == (404, "0x8006088a")

    async def test_have_every_column_without_a_select(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")

        (found,) = (await client.get("invoices")).rows

        assert found["totalamount"] == Decimal("1234.5000")
        assert found.keys() - {"@odata.etag"} == tables.table("invoices").definition.columns.keys()

    @pytest.mark.parametrize("options", ["$skip=5", "$search=x", "$top=-1", "$orderby=name sideways", "$orderby=nosuch", "$expand=nosuch"])
    async def test_refuse_what_dataverse_refuses(self, client: DataverseClient, options: str) -> None:
        answer = await client.get(f"invoices?{options}")

        assert (answer.status, answer.code) == (400, "0x80060888")

    async def test_say_that_skip_is_not_supported(self, client: DataverseClient) -> None:
        assert (await client.get("invoices?$skip=5")).message == "Skip Clause is not supported in CRM"


class TestExpand:
    async def test_brings_a_contacts_web_roles(self, client: DataverseClient, tables: Environment) -> None:
        rows.contact(tables, "Ada", "Work 365 Administrator", "Authenticated Users")
        rows.contact(tables, "Nora")

        answer = await client.get("contacts?$select=fullname&$expand=adx_webrole_contact($select=adx_name)&$orderby=fullname")

        ada, nora = answer.rows
        assert sorted(role["adx_name"] for role in ada["adx_webrole_contact"]) == ["Authenticated Users", "Work 365 Administrator"]
        assert nora["adx_webrole_contact"] == []
        assert answer.json["@odata.context"].endswith("#contacts(fullname,adx_webrole_contact(adx_name))")

    async def test_filters_and_orders_what_it_brings(self, client: DataverseClient, tables: Environment) -> None:
        ada = rows.contact(tables, "Ada", "B", "C", "A")

        answer = await client.get(
            f"contacts({ada})?$expand=adx_webrole_contact($select=adx_name;$filter=adx_name ne 'B';$orderby=adx_name desc)"
        )

        assert [role["adx_name"] for role in answer.json["adx_webrole_contact"]] == ["C", "A"]

    async def test_brings_a_lookups_row(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1", _customerid_value=rows.account(tables, "Contoso"))
        rows.invoice(tables, "INV-2")

        answer = await client.get("invoices?$select=name&$orderby=invoicenumber&$expand=customerid_account($select=name)")

        assert [row["customerid_account"] and row["customerid_account"]["name"] for row in answer.rows] == ["Contoso", None]

    async def test_brings_an_invoices_lines(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")
        tables.table("invoicedetails").put({"invoicedetailid": stable_id("a"), "_invoiceid_value": ONE, "productname": "E5"})

        answer = await client.get(f"invoices({ONE})?$select=name&$expand=invoice_details($select=productname)")

        assert [line["productname"] for line in answer.json["invoice_details"]] == ["E5"]

    async def test_of_many_to_many_stands_alone(self, client: DataverseClient) -> None:
        answer = await client.get("contacts?$expand=adx_webrole_contact($select=adx_name),parentcustomerid_account($select=name)")

        assert (answer.status, answer.code) == (400, "0x80060888")

    async def test_can_be_asked_as_a_path(self, client: DataverseClient, tables: Environment) -> None:
        ada = rows.contact(tables, "Ada", "Work 365 Administrator")

        answer = await client.get(f"contacts({ada})/adx_webrole_contact?$select=adx_name")

        assert [role["adx_name"] for role in answer.rows] == ["Work 365 Administrator"]


class TestChanges:
    async def test_follow_from_a_delta_link(self, client: DataverseClient, tables: Environment) -> None:
        for number in (1, 2, 3):
            rows.invoice(tables, f"INV-{number}")
        first = await client.get("invoices?$select=invoicenumber", prefer="odata.track-changes")

        tables.table("invoices").change(stable_id("INV-2"), statuscode=100002)
        tables.table("invoices").remove(ONE)
        rows.invoice(tables, "INV-4")
        then = await client.get(first.json["@odata.deltaLink"])
        last = await client.get(then.json["@odata.deltaLink"])

        assert len(first.rows) == 3
        assert [row.get("invoicenumber") for row in then.rows] == ["INV-2", None, "INV-4"]
        assert then.rows[1]["id"] == ONE
        assert then.rows[1]["reason"] == "deleted"
        assert then.rows[1]["@odata.context"].endswith("$metadata#invoices/$deletedEntity")
        assert then.json["@odata.context"].endswith("$metadata#invoices(invoicenumber)/$delta")
        assert last.rows == []

    async def test_include_what_happened_while_the_first_load_was_paged(self, client: DataverseClient, tables: Environment) -> None:
        for number in (1, 2, 3):
            rows.invoice(tables, f"INV-{number}")
        tracked = "odata.track-changes,odata.maxpagesize=2"
        first = await client.get("invoices?$select=invoicenumber", prefer=tracked)
        seen = first.rows[0]["invoiceid"]

        tables.table("invoices").change(seen, name="changed")
        second = await client.get(first.json["@odata.nextLink"], prefer=tracked)
        changes = await client.get(second.json["@odata.deltaLink"])

        assert "@odata.deltaLink" not in first.json
        assert [row["invoiceid"] for row in changes.rows] == [seen]

    async def test_come_in_pages(self, client: DataverseClient, tables: Environment) -> None:
        start = await client.get("invoices", prefer="odata.track-changes")
        for number in range(5):
            rows.invoice(tables, f"INV-{number}")

        pages = await client.pages(start.json["@odata.deltaLink"], 2)

        assert [row["invoicenumber"] for page in pages for row in page] == [f"INV-{number}" for number in range(5)]
        assert [len(page) for page in pages] == [2, 2, 1]

    async def test_are_forgotten_after_seven_days(self, world: World, client: DataverseClient) -> None:
        link = (await client.get("invoices", prefer="odata.track-changes")).json["@odata.deltaLink"]

        assert (await later(world, link, timedelta(days=6, hours=23))).status == 200
        expired = await later(world, link, timedelta(days=7, minutes=1))
        assert (expired.status, expired.code) == (400, "0x80044352")
        assert "perform a full sync" in expired.message

    async def test_take_no_filter(self, client: DataverseClient) -> None:
        answer = await client.get("invoices?$filter=statecode eq 0", prefer="odata.track-changes")

        assert answer.status == 400

    async def test_start_from_a_token_of_ours(self, client: DataverseClient) -> None:
        assert (await client.get("invoices?$deltatoken=yesterday")).status == 400


class TestDates:
    async def test_are_not_shifted(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1", duedate=date(2026, 3, 1))

        assert '"duedate":"2026-03-01"' in (await client.get("invoices?$select=duedate")).text


async def later(world: World, link: str, wait: timedelta) -> Answer:
    world.site.clock = lambda: datetime.now(UTC) + wait
    async with connected(world) as client:
        return await client.get(link)
