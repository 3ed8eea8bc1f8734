"""The words and numbers of a bill's page and PDF file."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from backends.rows import InvoiceRow, LineRow
from backends.work365.mapping import load
from backends.work365.translate import Translator
from billing.invoice import Details, Line
from pages.sheet import sheet
from sandbox.demo import fill
from sandbox.world import World
from tests import make
from tests.make import NOW, money
from tests.pages.room import RESELLER, reader


def shown(details: Details) -> Any:
    """Return what the PDF file shows of a bill, in English."""
    return sheet(details, RESELLER, reader())


def amount(text: str) -> Decimal:
    """Return the number in an amount."""
    return Decimal(re.sub(r"[^0-9.-]", "", text) or 0)


def demo_bills() -> Iterable[Details]:
    """Yield every bill of the demo companies that customers see, with its lines as they come out of Work 365."""
    world, translate = World(lambda: NOW), Translator(load())
    world.base_url = "http://127.0.0.1:4365"
    fill(world)
    currencies = {each.id: each for each in map(translate.currency, world.tables["transactioncurrencies"].values())}
    lines: defaultdict[str, list[LineRow]] = defaultdict(list)
    for row in map(translate.line, world.tables["invoicedetails"].values()):
        lines[row.invoice].append(row)
    for found in (translate.invoice(row, currencies) for row in world.tables["invoices"].values()):
        if isinstance(found, InvoiceRow):
            yield _bill(found, lines[found.id])


def _bill(row: InvoiceRow, lines: Iterable[LineRow]) -> Details:
    of = row.currency, row.digits
    made = make.invoice(row.number, total=str(row.total), currency=row.currency, digits=row.digits, tax=make.Money(row.tax, *of))
    return make.details(
        made,
        *(
            Line(
                each.position,
                each.product,
                "",
                each.quantity,
                *(make.Money(each_, *of) for each_ in (each.unit_price, each.tax, each.amount)),
            )
            for each in lines
        ),
    )


class TestSums:
    def test_are_what_the_columns_come_to_on_every_demo_bill(self) -> None:
        bills = list(demo_bills())

        for bill in bills:
            said = shown(bill)
            sums = dict(said["sums"])
            assert sum(amount(line["amount"]) for line in said["lines"]) == amount(sums["Subtotal"]), bill.invoice.number
            assert sum(amount(line["tax"]) for line in said["lines"]) == amount(sums["Tax"]), bill.invoice.number
            assert amount(sums["Subtotal"]) + amount(sums["Tax"]) == amount(sums["Total"]), bill.invoice.number
        assert len(bills) > 200

    def test_claim_nothing_where_a_discount_stands_in_no_line(self) -> None:
        bill = make.details(make.invoice(total="109", tax=money("19")), make.line(tax=money("19"), amount=money("119")))

        assert shown(bill)["sums"][:3] == [("Total without tax", "$90.00"), ("Tax", "$19.00"), ("Total", "$109.00")]
        assert [(line["tax"], line["amount"]) for line in shown(bill)["lines"]] == [("$19.00", "$100.00")]
