"""The lines of a bill: products, quantities that stay much the same from month to month, exact sums."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from sandbox.demo.bills import Bill
from sandbox.demo.companies import Currency
from sandbox.demo.products import CATALOGUE, HOSTILE, HOSTILE_PRODUCT, Product

_REGIONS = ("East US", "West Europe", "North Europe", "Japan East", "UAE North")
_FOUR = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Amounts have the currency's precision; the unit price may be finer."""

    position: int
    product: Product
    name: str
    description: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """Amount with tax."""
        return self.amount + self.tax


@lru_cache(maxsize=512)
def lines(bill: Bill) -> Sequence[Line]:
    """Return the bill's lines; the same on every run."""
    chosen = list(_chosen(bill))
    ordered = [_line(bill, position, product, quantity) for position, (product, quantity) in enumerate(chosen, 1)]
    return (*ordered, *_hostile(bill, len(chosen)))


def _chosen(bill: Bill) -> Iterator[tuple[Product, Decimal]]:
    """Yield products and quantities: a contract orders the same things every month, a little more each year."""
    month = random.Random(bill.key)  # noqa: S311 - demo, not security
    shelf = CATALOGUE[bill.sells]
    for number in range(bill.lines):
        product = shelf[number % len(shelf)]
        habit = random.Random(f"{bill.contract.key}.{product.name}").uniform(0.35, 1)  # noqa: S311
        usual = product.most * habit * month.uniform(0.93, 1.07) / max(1, bill.lines // len(shelf))
        yield product, -Decimal(month.randint(1, 4)) if bill.is_credit else Decimal(max(1, round(usual)))


def _line(bill: Bill, position: int, product: Product, quantity: Decimal) -> Line:
    description = product.description
    if bill.lines > len(CATALOGUE[bill.sells]):
        description = f"{description}, {_REGIONS[position % len(_REGIONS)]}, cost centre {4100 + position}"
    if bill.is_credit:
        description = f"Credit: licences returned in the middle of the month ({product.description.lower()})"
    return _priced(bill, position, product, product.name, description, quantity)


def _hostile(bill: Bill, after: int) -> Iterator[Line]:
    product = CATALOGUE[bill.sells][0]
    for number, text in enumerate(HOSTILE if bill.is_hostile else (), after + 1):
        name = HOSTILE_PRODUCT if number == after + 1 else f"Marketplace offer {number}"
        yield _priced(bill, number, product, name, text, Decimal(number))


def _priced(bill: Bill, position: int, product: Product, name: str, description: str, quantity: Decimal) -> Line:
    currency = bill.contract.currency
    price = local_price(product, currency)
    amount = to_precision(quantity * price, currency)
    return Line(position, product, name, description, quantity, price, amount, to_precision(amount * bill.contract.tax, currency))


def local_price(product: Product, currency: Currency) -> Decimal:
    """Return the unit price in *currency*, to four places."""
    return (product.price * currency.rate).quantize(_FOUR, ROUND_HALF_UP)


def to_precision(amount: Decimal, currency: Currency) -> Decimal:
    """Return *amount* at the currency's own precision."""
    return amount.quantize(Decimal(1).scaleb(-currency.digits), ROUND_HALF_UP)
