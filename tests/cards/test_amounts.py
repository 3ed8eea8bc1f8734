"""Totals, a currency at a time."""

from datetime import date

import pytest

from billing.invoice import Invoice, Show, State
from cards import kit
from cards.amounts import amounts
from tests import make
from tests.cards.reading import values
from tests.cards.samples import reader

LATE = make.invoice("INV-1", total="100", due=date(2026, 11, 1))
SOON = make.invoice("INV-2", total="40")
CREDIT = make.invoice("INV-4", total="-15")
DUST = make.invoice("INV-5", total="15")
SMALL = make.invoice("INV-6", total="10")
PAID = make.invoice("INV-3", total="7", state=State.COMPLETE)


class TestAmounts:
    @pytest.mark.parametrize(
        ("show", "invoices", "said"),
        [
            (Show.OPEN, (LATE, SOON), ["Left to pay", "$140.00", "$100.00 overdue"]),
            (Show.OPEN, (SOON,), ["Left to pay", "$40.00"]),
            (Show.OPEN, (SOON, CREDIT), ["Left to pay", "$25.00", "includes $15.00 credit"]),
            (Show.OPEN, (CREDIT,), ["$15.00", "credit in your favor"]),
            (Show.OPEN, (DUST, CREDIT), ["$0.00", "nothing to pay", "includes $15.00 credit"]),
            (Show.ALL, (SOON, CREDIT), ["Billed", "$25.00", "$25.00 left to pay", "includes $15.00 credit"]),
            (Show.ALL, (CREDIT, PAID, SMALL), ["Billed", "$2.00", "$5.00 credit in your favor"]),
            (Show.OVERDUE, (LATE,), ["Overdue", "$100.00"]),
            (Show.PAID, (PAID,), ["Paid", "$7.00"]),
            (Show.ALL, (LATE, SOON, PAID), ["Billed", "$147.00", "$100.00 overdue", "$140.00 left to pay"]),
        ],
    )
    def test_says_what_the_list_is_about(self, show: Show, invoices: tuple[Invoice, ...], said: list[str]) -> None:
        totals = make.totals(*(each for each in (LATE, SOON, CREDIT, PAID, DUST, SMALL) if each in invoices))

        assert values(kit.card([amounts(totals, show, reader())], fallback_text="x")) == said

    def test_begins_with_the_currencies_in_which_something_is_late(self) -> None:
        totals = make.totals(make.invoice("INV-7", total="1", currency="AUD"), LATE)

        assert values(kit.card([amounts(totals, Show.OPEN, reader())], fallback_text="x")) == [
            "Left to pay",
            "$100.00",
            "$100.00 overdue",
            "A$1.00",
        ]
