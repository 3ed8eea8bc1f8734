"""Tests: ``$filter``."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote

import pytest

from sandbox.dataverse import Environment
from sandbox.people import stable_id
from tests.sandbox.dataverse import rows
from tests.sandbox.dataverse_client import DataverseClient


@pytest.fixture(autouse=True)
def three_invoices(tables: Environment) -> None:
    rows.invoice(tables, "INV-1", totalamount=Decimal("-5.00"), duedate=None, modifiedon=datetime(2026, 11, 1, tzinfo=UTC))
    rows.invoice(tables, "INV-2", name="O'Brien's plan", statuscode=100002, statecode=2)
    rows.invoice(tables, "INV-3", duedate=date(2026, 12, 24), _customerid_value=stable_id("contoso"))


ONE, TWO, THREE = stable_id("INV-1"), stable_id("INV-2"), stable_id("INV-3")


class TestFilter:
    @pytest.mark.parametrize(
        ("condition", "numbers"),
        [
            ("statuscode eq 4", "1 3"),
            ("statuscode ne 4", "2"),
            ("totalamount lt 0", "1"),
            ("totalamount ge 1234.50", "2 3"),
            ("totalamount gt -5", "2 3"),
            ("duedate eq null", "1"),
            ("duedate ne null", "2 3"),
            ("duedate eq 2026-12-24", "3"),
            ("duedate le 2026-11-30", "2"),
            ("modifiedon lt 2026-11-23T12:00:00Z", "1"),
            ("modifiedon ge 2026-11-23T13:00:00+01:00", "2 3"),
            ("modifiedon ge 2026-11-23", "2 3"),
            ("name eq 'o''brien''s PLAN'", "2"),
            ("contains(name,'BRIEN')", "2"),
            ("startswith(name,'Micro')", "1 3"),
            ("endswith(invoicenumber,'-3')", "3"),
            (f"invoiceid eq {TWO.upper()}", "2"),
            (f"_customerid_value eq {stable_id('contoso')}", "3"),
            ("_customerid_value eq null", "1 2"),
            ("not contains(name,'brien') and statecode eq 0", "1 3"),
            ("statecode eq 2 or duedate eq null", "1 2"),
            ("statecode eq 0 and (duedate eq null or totalamount gt 0)", "1 3"),
            ("not (statecode eq 2 or duedate eq null)", "3"),
            ("statecode eq 2 or statecode eq 0 and duedate eq null", "1 2"),
            ("Microsoft.Dynamics.CRM.In(PropertyName='statuscode',PropertyValues=['4','7'])", "1 3"),
            (f"Microsoft.Dynamics.CRM.In(PropertyName='invoiceid',PropertyValues=['{ONE}','{THREE}'])", "1 3"),
            (f"Microsoft.Dynamics.CRM.In(PropertyName='customerid',PropertyValues=['{stable_id('contoso')}'])", "3"),
        ],
    )
    async def test_finds(self, client: DataverseClient, condition: str, numbers: str) -> None:
        answer = await client.get(f"invoices?$select=invoicenumber&$filter={quote(condition)}")

        assert sorted(row["invoicenumber"] for row in answer.rows) == [f"INV-{number}" for number in numbers.split()]

    @pytest.mark.parametrize(
        ("condition", "said"),
        [
            ("nosuch eq 1", "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.invoice'."),
            ("customerid eq null", "named 'customerid'"),
            ("statecode eq", "incompatible types"),
            ("invoiceid eq", "incompatible types"),
            ("_customerid_value eq 5", "incompatible types"),
            ("statecode is 4", "operator 'is'"),
            ("statecode eq 4 and", "Syntax error"),
            ("(statecode eq 4", "Syntax error"),
            ("name eq 4", "incompatible types"),
            ("duedate gt 'soon'", "incompatible types"),
            ("contains(statecode,'4')", "No function signature"),
            ("statecode eq 4; drop", "Syntax error"),
        ],
    )
    async def test_refuses(self, client: DataverseClient, condition: str, said: str) -> None:
        answer = await client.get(f"invoices?$filter={quote(condition)}")

        assert (answer.status, answer.code) == (400, "0x80060888")
        assert said in answer.message

    async def test_finds_booleans(self, client: DataverseClient, tables: Environment) -> None:
        contact = tables.table("contacts").put({"contactid": stable_id("ada"), "fullname": "Ada", "donotemail": True})

        answer = await client.get("contacts?$filter=donotemail eq true")

        assert [row["contactid"] for row in answer.rows] == [contact["contactid"]]
