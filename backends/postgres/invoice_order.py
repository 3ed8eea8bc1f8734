"""What lists of invoices are sorted by, as columns of the mirror, and how a place in one is written and found again."""

import re
from dataclasses import dataclass
from typing import Final, LiteralString

from billing.invoice import Show, Sort, Turn

SOONEST_FIRST = frozenset({Show.OPEN, Show.OVERDUE})


@dataclass(frozen=True, slots=True)
class Order:
    """Ascending by columns, then by id, as an index has it. None of them is null or numeric: see the migrations.

    columns  of mirror.invoices
    at       the same of a position, whose key is $5
    key      what makes it the key of ``mirror.invoices i``
    form     what every such key looks like; PostgreSQL may answer without a look at one that makes no sense
    """

    columns: tuple[LiteralString, ...]
    at: LiteralString = "$5"
    key: LiteralString = "i.due"
    form: re.Pattern[str] = re.compile(r".*", re.DOTALL)

    def past(self, turn: Turn) -> LiteralString:
        """Return the condition that a row lies on that side of the position $5, $6."""
        return f"({', '.join(self.columns)}, id) {'>' if turn is Turn.AFTER else '<'} ({self.at}, $6)"

    def by(self, turn: Turn, of: LiteralString = "") -> LiteralString:
        """Return what to sort by, away from a position; *of* goes before each column."""
        down = " desc" if turn is Turn.BEFORE else ""
        return ", ".join(f"{of}{column}{down}" for column in (*self.columns, "id"))


_DUE_FIRST, _DUE_LAST = Order(("soonest",)), Order(("latest",))
_SUM: Final = re.compile(r"-?[0-9]{1,19} [^\n]+")
_AMOUNT: LiteralString = "substr($5::text, strpos($5, ' ') + 1), split_part($5, ' ', 1)::bigint"
_OTHERS: dict[Sort, Order] = {
    Sort.NUMBER: Order(("number_key",), "$5::text", "i.number_key"),
    Sort.BILLED: Order(("newest",), "$5::text::integer", "i.newest", re.compile(r"-?[0-9]{1,10}")),
    Sort.TOTAL: Order(("currency", "largest"), _AMOUNT, "i.largest || ' ' || i.currency", _SUM),
    Sort.BALANCE: Order(("currency", "owed_most"), _AMOUNT, "i.owed_most || ' ' || i.currency", _SUM),
}


def order_of(show: Show, sort: Sort) -> Order:
    """Return how a list is sorted while nobody turns it around."""
    if sort is not Sort.DUE:
        return _OTHERS[sort]
    return _DUE_FIRST if show in SOONEST_FIRST else _DUE_LAST
