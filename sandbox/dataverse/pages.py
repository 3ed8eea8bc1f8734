"""Pages of rows: found through an index, continued behind the last row so that inserted rows shift nothing."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sandbox.dataverse.columns import Row, Value
from sandbox.dataverse.filters import Check, conjuncts, predicate, read
from sandbox.dataverse.problems import bad_query
from sandbox.dataverse.query import Query
from sandbox.dataverse.table import Key, Order

MOST = 5000
"""No page holds more rows, and ``$count`` does not count beyond."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """Where the next page begins.

    number   of the page, from 1
    after    values of the order's columns and id of the row before; empty on the first page
    version  newest version when the first page was read, for change tracking
    """

    number: int = 1
    after: tuple[str | None, ...] = ()
    version: int = 0

    def written(self) -> str:
        """Return it as a ``$skiptoken``."""
        place = base64.urlsafe_b64encode(json.dumps([self.after, self.version]).encode()).decode()
        return f'<cookie pagenumber="{self.number}" pagingcookie="{place}" istracking="{self.version > 0}" />'

    @staticmethod
    def read(text: str) -> "Cookie":
        """Return the cookie in a ``$skiptoken``. Raises ApiProblem for one that was changed."""
        found = re.fullmatch(r'<cookie pagenumber="(\d+)" pagingcookie="([\w=-]*)" istracking="(?:True|False)" />', text)
        try:
            number, place = found.groups() if found else ("", "")
            after, version = json.loads(base64.urlsafe_b64decode(place))
            return Cookie(int(number), tuple(after), version)
        except ValueError as e:
            raise bad_query("Malformed XML in the Paging Cookie") from e


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and whether others follow."""

    rows: list[Row]
    more: bool


def page(query: Query, size: int, cookie: Cookie) -> Page:
    """Return the page of at most *size* rows that begins at *cookie*."""
    rows = list(islice(_matching(query, _place(query, cookie)), size + 1))
    return Page(rows[:size], len(rows) > size)


def continued(query: Query, last: Row, cookie: Cookie) -> Cookie:
    """Return the cookie of the page behind *last*."""
    after = [_text(last.get(order.column.name)) for order in query.orders]
    return Cookie(cookie.number + 1, (*after, last[query.table.definition.key]), cookie.version)


def count(query: Query) -> int:
    """Return how many rows match, at most 5,000."""
    return sum(1 for _ in islice(_matching(query, None), MOST))


def _matching(query: Query, after: Key | None) -> Iterator[Row]:
    table = query.table
    checks = list(conjuncts(query.condition))
    leading = next(filter(_may_lead, checks), None)
    index = table.index(leading.column if leading else None, query.orders)
    first = query.orders[0] if query.orders else Order(table.definition.columns[table.definition.key])
    least = next((check.values[0] for check in checks if _bounds(check, first)), None)
    places = index.places(leading.values if leading else None, least, after)
    rows = (table[place[-1]] for place in places)
    return filter(predicate(query.condition), rows) if query.condition else rows


def _may_lead(check: Check) -> bool:
    kind = check.column.kind
    return check.operator in {"eq", "in"} and (kind.is_id or kind.is_text) and None not in check.values


def _bounds(check: Check, first: Order) -> bool:
    return check.operator in {"ge", "gt"} and check.column == first.column and not first.descending


def _place(query: Query, cookie: Cookie) -> Key | None:
    if not cookie.after:
        return None
    key = query.table.definition.columns[query.table.definition.key]
    orders = query.orders or (Order(key),)
    *values, row_id = cookie.after
    texts = values or [row_id]
    return (*(_key(order, text) for order, text in zip(orders, texts, strict=True)), row_id)


def _key(order: Order, text: str | None) -> object:
    return order.key(None if text is None else read(order.column, text))


def _text(value: Value) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
