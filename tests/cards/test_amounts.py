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
PAID = make.invoice("INV-3", total="7", state=State.COMPLETE)


class TestAmounts:
    @pytest.mark.parametrize(
        ("show", "invoices", "said"),
        [
            (Show.OPEN, (LATE, SOON), ["$140.00", "left to pay", "$100.00 overdue"]),
            (Show.OPEN, (SOON,), ["$40.00", "left to pay"]),
            (Show.OPEN, (SOON, CREDIT), ["$25.00", "left to pay", "includes $15.00 credit"]),
            (Show.ALL, (SOON, CREDIT), ["$25.00", "billed", "$25.00 left to pay", "includes $15.00 credit"]),
            (Show.OVERDUE, (LATE,), ["$100.00", "overdue"]),
            (Show.PAID, (PAID,), ["$7.00", "paid"]),
            (Show.ALL, (LATE, SOON, PAID), ["$147.00", "billed", "$140.00 left to pay", "$100.00 overdue"]),
        ],
    )
    def test_says_what_the_list_is_about(self, show: Show, invoices: tuple[Invoice, ...], said: list[str]) -> None:
        totals = make.totals(*(each for each in (LATE, SOON, CREDIT, PAID) if each in invoices))

        assert values(kit.card([amounts(totals, show, reader())], fallback_text="x")) == said
