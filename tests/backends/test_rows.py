"""What the mirror is given."""

from decimal import Decimal

import pytest

from billing.invoice import State
from tests import rows


class TestBalance:
    @pytest.mark.parametrize(
        ("total", "charged", "digits", "balance"),
        [
            ("100", "40", 2, "60"),
            ("10.0040", "10", 2, "0"),
            ("10", "10.0040", 2, "0"),
            ("10.0050", "10", 2, "0.0050"),
            ("1000.4", "1000", 0, "0"),
            ("1000.4", "1000", 3, "0.4"),
            ("-5", "0", 2, "-5"),
        ],
    )
    def test_is_what_is_left_that_the_currency_has_a_coin_for(self, total: str, charged: str, digits: int, balance: str) -> None:
        row = rows.invoice(total=Decimal(total), charged=Decimal(charged), digits=digits)

        assert row.balance == Decimal(balance)

    def test_is_nothing_once_complete(self) -> None:
        assert rows.invoice(state=State.COMPLETE, total=Decimal(5), charged=Decimal(0)).balance == 0
