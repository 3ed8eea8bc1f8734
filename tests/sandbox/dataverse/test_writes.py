"""Tests: creating, changing and deleting rows."""

import pytest

from sandbox.dataverse import Environment
from sandbox.people import stable_id
from tests.sandbox.dataverse import rows
from tests.sandbox.dataverse_client import DataverseClient

ONE = stable_id("INV-1")


class TestChange:
    async def test_moves_version_and_modifiedon(self, client: DataverseClient, tables: Environment) -> None:
        before = rows.invoice(tables, "INV-1")

        answer = await client.send("PATCH", f"invoices({ONE})", json={"statecode": 2, "statuscode": 100001, "totalamount": 12.5})
        after = tables.table("invoices")[ONE]

        assert answer.status == 204
        assert (after["statecode"], after["statuscode"], str(after["totalamount"])) == (2, 100001, "12.5")
        assert after["versionnumber"] > before["versionnumber"]
        assert after["modifiedon"] > before["modifiedon"]

    async def test_keeps_what_it_does_not_name(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")

        await client.send("PATCH", f"invoices({ONE})", json={"duedate": "2027-01-31"})

        assert (await client.get(f"invoices({ONE})")).json["invoicenumber"] == "INV-1"
        assert (await client.get(f"invoices({ONE})")).json["duedate"] == "2027-01-31"

    async def test_binds_lookups(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")
        account = rows.account(tables, "Contoso")

        await client.send("PATCH", f"invoices({ONE})", json={"customerid_account@odata.bind": f"/accounts({account})"})

        assert tables.table("invoices")[ONE]["_customerid_value"] == account

    async def test_creates_a_row_that_was_not_there(self, client: DataverseClient, tables: Environment) -> None:
        await client.send("PATCH", f"invoices({ONE})", json={"invoicenumber": "INV-1"})

        assert tables.table("invoices")[ONE]["invoicenumber"] == "INV-1"

    async def test_creates_nothing_where_if_match_forbids(self, client: DataverseClient, tables: Environment) -> None:
        answer = await client.send("PATCH", f"invoices({ONE})", json={"invoicenumber": "INV-1"}, If_Match="*")

        assert answer.status == 404
        assert ONE not in tables.table("invoices")

    async def test_refuses_an_old_version(self, client: DataverseClient, tables: Environment) -> None:
        etag = f'W/"{rows.invoice(tables, "INV-1")["versionnumber"]}"'
        tables.table("invoices").change(ONE, statuscode=7)

        answer = await client.send("PATCH", f"invoices({ONE})", json={"statuscode": 4}, If_Match=etag)

        assert (answer.status, answer.code) == (412, "0x80060882")
        assert tables.table("invoices")[ONE]["statuscode"] == 7

    @pytest.mark.parametrize(
        "body",
        [
            {"nosuch": 1},
            {"statecode": "2"},
            {"totalamount": True},
            {"duedate": "soon"},
            {"name": 7},
            {"_customerid_value": ONE},
            {"customerid_account@odata.bind": "nonsense"},
            {"customerid_account@odata.bind": f"/contacts({ONE})"},
            [1],
        ],
    )
    async def test_refuses_a_bad_payload(self, client: DataverseClient, tables: Environment, body: object) -> None:
        before = rows.invoice(tables, "INV-1")

        answer = await client.send("PATCH", f"invoices({ONE})", json=body)

        assert (answer.status, answer.code) == (400, "0x80048d19")
        assert tables.table("invoices")[ONE] == before


class TestCreate:
    async def test_tells_the_new_address(self, client: DataverseClient, tables: Environment) -> None:
        answer = await client.send("POST", "accounts", json={"name": "Contoso"})

        (row,) = tables.table("accounts").values()
        assert answer.status == 204
        assert answer.headers["OData-EntityId"].endswith(f"/accounts({row['accountid']})")

    async def test_returns_the_row_where_preferred(self, client: DataverseClient) -> None:
        answer = await client.send("POST", "accounts", prefer="return=representation", json={"name": "Contoso"})

        assert (answer.status, answer.json["name"]) == (201, "Contoso")

    async def test_needs_the_privilege(self, client: DataverseClient, tables: Environment) -> None:
        tables.table("accounts").forbidden.add("Create")

        answer = await client.send("POST", "accounts", json={"name": "Contoso"})

        assert (answer.status, answer.code) == (403, "0x80040220")
        assert not tables.table("accounts")


class TestDelete:
    async def test_leaves_no_trace(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")

        answer = await client.send("DELETE", f"invoices({ONE})")

        assert answer.status == 204
        assert (await client.get("invoices")).rows == []
        assert (await client.get(f"invoices({ONE})")).status == 404

    async def test_finds_nothing_to_delete(self, client: DataverseClient) -> None:
        assert (await client.send("DELETE", f"invoices({ONE})")).status == 404
