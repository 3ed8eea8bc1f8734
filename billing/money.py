"""Exact amounts, never added across currencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency.

    amount    Decimal in major units (``Decimal("1234.50")``); never a float
    currency  ISO 4217 code in upper case (``"USD"``)
    digits    decimal places of that currency (JPY 0, USD 2, KWD 3)
    """

    amount: Decimal
    currency: str
    digits: int = 2

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency; ValueError for another one, since that is a mistake in our code."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount + other.amount, self.currency, max(self.digits, other.digits))

    def __abs__(self) -> "Money":
        """Return how much it is, in whosever favor."""
        return Money(abs(self.amount), self.currency, self.digits)

    def rounded(self) -> Decimal:
        """Return the amount at the currency's precision, halves away from zero, as Work 365 prints it."""
        return self.amount.quantize(Decimal(1).scaleb(-self.digits), rounding=ROUND_HALF_UP)

    def zero(self) -> "Money":
        """Return nothing, in the same currency."""
        return Money(Decimal(0), self.currency, self.digits)


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Return one sum for each currency, in order of the currency's code."""
    sums: dict[str, Money] = {}
    for money in amounts:
        sums[money.currency] = sums[money.currency] + money if money.currency in sums else money
    return tuple(sums[currency] for currency in sorted(sums))
