"""Demo customers and two years of their bills. Deterministic; dates are relative to the world's clock."""

from collections.abc import Iterator

from sandbox.dataverse import environment
from sandbox.dataverse.environment import Home
from sandbox.demo.bills import COMPLETE, Bill, bill_id, bills
from sandbox.demo.customers import Put, contact_id, customer_rows, role_id
from sandbox.demo.invoices import FIRST_NUMBER, invoice_rows, pay_token
from sandbox.demo.partner import PARTNER_ONLY
from sandbox.demo.products import FORMULAS, HOSTILE, HOSTILE_PRODUCT
from sandbox.demo.usage import usage

__all__ = ["FORMULAS", "HOSTILE", "HOSTILE_PRODUCT", "PARTNER_ONLY", "bill_id", "contact_id", "fill", "pay_token", "role_id"]


def fill(world: Home, *, enhanced: bool = False) -> None:
    """Put the demo customers and their bills into the world's Dataverse.

    Call it once the sandbox listens: payment links hold its address. With *enhanced* the web roles are in the enhanced data
    model of Power Pages. ValueError before the address is known.
    """
    if not world.site.base_url:
        raise ValueError("fill the demo once the sandbox listens: payment links need its address")
    tables = environment(world)
    for put in [*customer_rows(enhanced=enhanced), *_bill_rows(world)]:
        tables.table(put.plural).put(put.row)


def _bill_rows(world: Home) -> Iterator[Put]:
    now = world.site.clock()
    for number, bill in enumerate(bills(now.date()), FIRST_NUMBER):
        invoice, details = invoice_rows(bill, number, world.site.base_url, now)
        yield Put("invoices", invoice)
        yield from (Put("invoicedetails", row) for row in details)
        yield from (Put("work365_usagelines", row) for row in usage(bill, _usage_count(bill)))


def _usage_count(bill: Bill) -> int:
    if bill.sells != "Azure plan":
        return 0
    if bill.key == "contoso.tomorrow":
        return 1500
    return 30 if bill.state == COMPLETE else 150
