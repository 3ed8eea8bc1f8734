"""From a record of the mirror to an Invoice, and from an untrusted id to one that can be asked for."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from backends.postgres.database import Record
from billing.invoice import Charge, Contract, ContractId, Invoice, InvoiceId, Line, State
from billing.money import Money

NOWHERE = UUID(int=0)
"""An id that nothing has."""

_STATES, _CHARGES = {each.value: each for each in State}, {each.value: each for each in Charge}
"""An enum's own search takes ten times as long, and a list has eight rows."""

INVOICE_COLUMNS: LiteralString = """
    i.id, i.number, i.name, i.state, i.due, i.billed, i.paid, i.total, i.tax, i.charged, i.balance, i.currency, i.digits,
    c.id as contract, c.name as contract_name, i.purchase_order, i.terms, i.bill_to, i.charge, i.pay_link, i.pay_expires, i.changed
"""
"""What ``invoice_in`` needs of ``mirror.invoices i left join mirror.contracts c``."""


def as_uuid(text: str) -> UUID | None:
    """Return the GUID in *text*; None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def invoice_in(row: Record) -> Invoice:
    """Return the invoice in a record of INVOICE_COLUMNS; its contract is None while the mirror has no such contract."""
    currency, digits = row["currency"], row["digits"]
    return Invoice(
        id=InvoiceId(str(row["id"])),
        number=row["number"],
        name=row["name"],
        state=_STATES[row["state"]],
        due=row["due"],
        billed=row["billed"],
        paid=row["paid"],
        total=Money(row["total"], currency, digits),
        tax=Money(row["tax"], currency, digits),
        charged=Money(row["charged"], currency, digits),
        balance=Money(row["balance"], currency, digits),
        contract=Contract(ContractId(str(row["contract"])), row["contract_name"]) if row["contract"] else None,
        purchase_order=row["purchase_order"],
        terms=row["terms"],
        bill_to=row["bill_to"],
        charge=_CHARGES[row["charge"]],
        pay_link=row["pay_link"],
        pay_expires=row["pay_expires"],
        changed=row["changed"],
    )


def line_in(record: Sequence[Any], like: Money) -> Line:
    """Return the line in a record (position, product, description, quantity, price, tax, amount), in the currency of *like*."""
    position, product, description, quantity, *amounts = record
    unit_price, tax, amount = (Money(each, like.currency, like.digits) for each in amounts)
    return Line(position, product, description, quantity, unit_price, tax, amount)
