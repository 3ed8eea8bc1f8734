"""Bills and their lines as rows of Dataverse."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sandbox.dataverse.columns import Row, Value
from sandbox.demo.bills import COMPLETE, Bill, Link
from sandbox.demo.companies import Currency
from sandbox.demo.lines import Line, lines, to_precision
from sandbox.demo.partner import COST, MARGIN, MARGIN_PERCENT
from sandbox.people import stable_id

FIRST_NUMBER = 10198
"""Number of the oldest demo invoice; later ones count on from it."""

_STORED = Decimal("0.0001")
"""Dataverse keeps money to four places, whatever the currency."""


def invoice_rows(bill: Bill, number: int, base_url: str, now: datetime) -> tuple[Row, list[Row]]:
    """Return the invoice and its lines."""
    made = lines(bill)
    return _invoice(bill, number, made, base_url, now), [_detail(bill, line, now) for line in made]


def pay_token(bill_id: str) -> str:
    """Return the last part of a hosted payment link."""
    return stable_id(f"pay.{bill_id}").replace("-", "")


def _invoice(bill: Bill, number: int, made: Sequence[Line], base_url: str, now: datetime) -> Row:
    total = sum((line.total for line in made), Decimal(0))
    changed = min(_morning((_paid_on(bill) or bill.billed) + timedelta(1)), now)
    return {
        "invoiceid": bill.id,
        "invoicenumber": f"INV-{number}",
        "name": f"{bill.sells}, {bill.billed:%B %Y}",
        "_customerid_value": bill.company.id,
        "_work365_invoice_billingcontract_value": bill.contract.id,
        "_transactioncurrencyid_value": bill.contract.currency.id if bill.has_currency else None,
        "duedate": bill.due,
        "datedelivered": bill.billed,
        "work365_invoice_billingdate": bill.billed,
        "totalamount": _money(total),
        "totaltax": _money(sum((line.tax for line in made), Decimal(0))),
        "totallineitemamount": _money(sum((line.amount for line in made), Decimal(0))),
        "paymenttermscode": bill.company.terms,
        "billto_composite": f"{bill.company.name}\n{bill.company.address}",
        "statecode": bill.state[0],
        "statuscode": bill.state[1],
        "work365_invoice_ponumber": f"PO-{4500018000 + number % 900}" if number % 4 else None,
        "createdon": _morning(bill.billed),
        "modifiedon": changed,
        **_payment(bill, total, base_url, now),
    }


def _payment(bill: Bill, total: Decimal, base_url: str, now: datetime) -> dict[str, Value]:
    charged = None if bill.part is None else _money(_share(total, bill.part, bill.contract.currency))
    link = {Link.HOSTED: f"{base_url}/pay/{pay_token(bill.id)}", Link.EXPIRED: f"{base_url}/pay/{pay_token(bill.id)}", Link.MISSING: None}
    stored = link.get(bill.link, bill.link.value)
    ends = now - timedelta(days=2) if bill.link is Link.EXPIRED else _morning((bill.due or bill.billed) + timedelta(days=90))
    return {
        "work365_invoice_amountcharged": charged,
        "work365_invoice_paidondate": _paid_on(bill),
        "work365_invoice_paylink": stored,
        "work365_invoice_paymentexpirydate": ends.replace(microsecond=0) if stored else None,
        "work365_invoice_lastchargestatus": bill.charge,
    }


def _detail(bill: Bill, line: Line, now: datetime) -> Row:
    first = (bill.billed.replace(day=1) - timedelta(1)).replace(day=1)
    return {
        "invoicedetailid": stable_id(f"line.{bill.key}.{line.position}"),
        "_invoiceid_value": bill.id,
        "_transactioncurrencyid_value": bill.contract.currency.id if bill.has_currency else None,
        "productname": line.name,
        "productdescription": line.description,
        "description": line.description,
        "quantity": line.quantity.quantize(_STORED),
        "lineitemnumber": line.position,
        "priceperunit": line.price,
        "baseamount": _money(line.amount),
        "tax": _money(line.tax),
        "extendedamount": _money(line.total),
        "work365_invoiceproduct_line2": f"{first:%d %b %Y} - {bill.billed.replace(day=1) - timedelta(1):%d %b %Y}",
        "work365_invoiceproduct_costpriceperunit": COST,
        "work365_invoiceproduct_margin": MARGIN,
        "work365_invoiceproduct_marginpercent": MARGIN_PERCENT,
        "createdon": _morning(bill.billed),
        "modifiedon": min(_morning(bill.billed), now),
    }


def _paid_on(bill: Bill) -> date | None:
    """Return a day in the week before the due date, or a few days late for every fifth bill."""
    if bill.state != COMPLETE or not bill.due:
        return None
    chance = int(bill.id[:4], 16)
    return bill.due + timedelta(3 if chance % 5 == 0 else -(chance % 7))


def _share(total: Decimal, part: Decimal, currency: Currency) -> Decimal:
    return total if part == 1 else to_precision(total * part, currency)


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(_STORED)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(6, 30), UTC)
