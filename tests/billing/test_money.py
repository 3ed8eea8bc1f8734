"""Exact amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money, totals
from tests.make import money

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)


class TestRounded:
    @pytest.mark.parametrize(
        ("amount", "digits", "rounded"),
        [
            ("1234.5", 2, "1234.50"),
            ("0.005", 2, "0.01"),
            ("-0.005", 2, "-0.01"),
            ("0.0049", 2, "0.00"),
            ("2.675", 2, "2.68"),
            ("150.5", 0, "151"),
            ("-150.5", 0, "-151"),
            ("1.2345", 3, "1.235"),
            ("999999999999.995", 2, "1000000000000.00"),
        ],
    )
    def test_follows_the_currency_and_takes_halves_away_from_zero(self, amount: str, digits: int, rounded: str) -> None:
        assert str(money(amount, digits=digits).rounded()) == rounded

    @given(AMOUNTS, st.integers(0, 3))
    def test_is_off_by_half_a_unit_at_most(self, amount: Decimal, digits: int) -> None:
        assert abs(Money(amount, "USD", digits).rounded() - amount) <= Decimal("0.5").scaleb(-digits)


class TestAdd:
    def test_is_exact(self) -> None:
        assert money("0.1") + money("0.2") == money("0.3")

    def test_keeps_the_finer_precision(self) -> None:
        assert (money("1", "KWD", 3) + money("1", "KWD", 2)).digits == 3

    def test_refuses_two_currencies(self) -> None:
        with pytest.raises(ValueError, match="EUR and USD"):
            _ = money("1", "EUR") + money("1", "USD")


class TestZero:
    def test_is_nothing_in_the_same_currency(self) -> None:
        assert money("12", "JPY", 0).zero() == money("0", "JPY", 0)


class TestTotals:
    def test_sums_each_currency_by_itself(self) -> None:
        found = totals([money("1.10"), money("300", "JPY", 0), money("2.20"), money("-5", "EUR")])

        assert found == (money("-5", "EUR"), money("300", "JPY", 0), money("3.30"))

    def test_of_nothing_are_none(self) -> None:
        assert totals([]) == ()

    @given(st.lists(st.builds(Money, AMOUNTS, st.sampled_from(["USD", "EUR", "JPY"]))))
    def test_lose_nothing_and_repeat_no_currency(self, amounts: list[Money]) -> None:
        found = totals(amounts)

        assert len({each.currency for each in found}) == len(found)
        assert sum(each.amount for each in found) == sum(each.amount for each in amounts)
