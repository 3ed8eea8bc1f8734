"""Rows for tests of Dataverse."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sandbox.dataverse import Environment
from sandbox.people import stable_id

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def invoice(tables: Environment, number: str, **changes: Any) -> dict[str, Any]:
    """Put an invoice of 1,234.50 into the table and return its row."""
    row = {
        "invoiceid": stable_id(number),
        "invoicenumber": number,
        "name": "Microsoft 365",
        "duedate": date(2026, 11, 30),
        "totalamount": Decimal("1234.5000"),
        "statecode": 0,
        "statuscode": 4,
        "modifiedon": NOON,
    }
    return tables.table("invoices").put(row | changes)


def account(tables: Environment, name: str) -> str:
    """Put an account into the table and return its id."""
    return tables.table("accounts").put({"accountid": stable_id(name), "name": name})["accountid"]


def contact(tables: Environment, name: str, *roles: str) -> str:
    """Put a contact with web roles into the tables and return its id."""
    row = tables.table("contacts").put({"contactid": stable_id(name), "fullname": name})
    for role in roles:
        role_id = tables.table("adx_webroles").put({"adx_webroleid": stable_id(role), "adx_name": role})["adx_webroleid"]
        tie = {"adx_webrole_contactid": stable_id(name + role), "contactid": row["contactid"], "adx_webroleid": role_id}
        tables.table("adx_webrole_contactset").put(tie)
    return row["contactid"]
