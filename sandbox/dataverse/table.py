"""Rows with what a database keeps beside them: versions, indexes, and the ids of what was deleted."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

from sandbox.dataverse.columns import Column, Definition, Kind, Row, Value
from sandbox.site import Site

Sortable = Any
"""A value among its like in a sorted list."""

Key = tuple[Sortable, ...]

_LOWEST: dict[Kind, Sortable] = {
    Kind.DATE: date.min,
    Kind.DATETIME: datetime.min.replace(tzinfo=UTC),
    Kind.STRING: "",
    Kind.MEMO: "",
    Kind.GUID: "",
    Kind.LOOKUP: "",
    Kind.CUSTOMER: "",
}
"""What null sorts as: before everything else."""


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by."""

    column: Column
    descending: bool = False

    def key(self, value: Value) -> Sortable:
        """Return what stands for *value* in a sorted list."""
        key = comparable(self.column, value)
        return _Descending(key) if self.descending else key


@dataclass(frozen=True, slots=True)
class _Descending:
    key: Sortable

    def __lt__(self, other: "_Descending") -> bool:
        return other.key < self.key


def comparable(column: Column, value: Value) -> Sortable:
    """Return *value* so that values of its column can be compared: text without case, null below all."""
    if value is None:
        return _LOWEST.get(column.kind, Decimal("-Infinity"))
    return value.casefold() if isinstance(value, str) else value


class Index:
    """The table's rows in one order, and within one value of *leading* where that is given."""

    def __init__(self, leading: Column | None, orders: Sequence[Order], key: str) -> None:
        self._leading = [Order(leading)] if leading else []
        self._orders = tuple(orders)
        self._columns = [(order.column.name, order.key) for order in (*self._leading, *self._orders)]
        self._id = key
        self.entries: list[Key] = []

    def key(self, row: Row) -> Key:
        """Return the row's place."""
        return (*(key(row.get(name)) for name, key in self._columns), row[self._id])

    def add(self, row: Row) -> None:
        """Enter a row."""
        insort(self.entries, self.key(row))

    def drop(self, row: Row) -> None:
        """Take a row out."""
        key = self.key(row)
        place = bisect_left(self.entries, key)
        if self.entries[place : place + 1] != [key]:
            raise ValueError(f"row {row[self._id]} was changed behind the table's back: use Table.change")
        del self.entries[place]

    def places(self, leading: Sequence[Value] | None, least: Value, after: Key | None) -> Iterator[Key]:
        """Return keys in order; the last member of each is the row's id.

        leading  values that the leading column must have; None without one
        least    lowest value of the first column of the order; None for all
        after    start behind this place (without the leading value)
        """
        if leading is None:
            return self._span((), len(self.entries), least, after)
        heads = {self._leading[0].key(value) for value in leading}
        spans = [self._span((head,), bisect_right(self.entries, head, key=itemgetter(0)), least, after) for head in heads]
        return spans[0] if len(spans) == 1 else iter(sorted(chain(*spans), key=itemgetter(slice(1, None))))

    def _span(self, head: Key, end: int, least: Value, after: Key | None) -> Iterator[Key]:
        start = bisect_left(self.entries, (*head, self._orders[0].key(least)) if least is not None else head)
        if after is not None:
            start = max(start, bisect_right(self.entries, head + after))
        return (self.entries[position] for position in range(start, end))


class Versions:
    """Numbers every change in the environment, upwards.

    last  the newest number given out
    """

    def __init__(self) -> None:
        self.last = 1_000_000

    def next(self) -> int:
        """Return a new number."""
        self.last += 1
        return self.last


class Table(dict[str, Row]):
    """A table: rows by id, read like any dict and changed through ``put``, ``change`` and ``remove`` alone.

    forbidden  privileges that the application user lacks here: ``"Read"``, ``"Write"``, ``"Create"``, ``"Delete"``
    removed    version and id of every deleted row, oldest first
    """

    def __init__(self, definition: Definition, site: Site, versions: Versions) -> None:
        super().__init__()
        self.definition = definition
        self.forbidden: set[str] = set()
        self.removed: list[tuple[int, str]] = []
        self._site = site
        self._versions = versions
        self._indexes: dict[tuple[Column | None, tuple[Order, ...]], Index] = {}

    def put(self, row: Row) -> Row:
        """Insert or replace a row; created and modified now unless the row says otherwise. ValueError for an unknown column."""
        key = self.definition.key
        known = self.get(row[key], {})
        if strange := row.keys() - self.definition.columns.keys() - known.keys():
            raise ValueError(f"{self.definition.plural} has no {', '.join(sorted(strange))}")
        now = self._site.clock()
        kept = {"createdon": known.get("createdon", now), "modifiedon": now, **row, "versionnumber": self._versions.next()}
        self._replace(row[key], known, kept)
        return kept

    def change(self, row_id: str, /, **values: Value) -> Row:
        """Change some columns of a row and return it. KeyError where there is none."""
        return self.put({**self[row_id], "modifiedon": self._site.clock(), **values})

    def remove(self, row_id: str) -> None:
        """Delete a row. KeyError where there is none."""
        self._replace(row_id, self[row_id], {})
        self.removed.append((self._versions.next(), row_id))

    def find(self, column: str, value: Value) -> list[Row]:
        """Return the rows in which *column* is *value* (text is compared without case), in order of id."""
        index = self.index(self.definition.columns[column], ())
        return [self[place[-1]] for place in index.places([value], None, None)]

    def index(self, leading: Column | None, orders: Sequence[Order]) -> Index:
        """Return the index for that order, built when it is first asked for and kept up to date from then on."""
        key = self.definition.key
        orders = tuple(orders) or (Order(self.definition.columns[key]),)
        shape = (leading, orders)
        if shape not in self._indexes:
            made = self._indexes[shape] = Index(leading, orders, key)
            made.entries = sorted(made.key(row) for row in self.values())
        return self._indexes[shape]

    def _replace(self, row_id: str, old: Row, new: Row) -> None:
        for index in self._indexes.values():
            if old:
                index.drop(old)
            if new:
                index.add(new)
        if new:
            self[row_id] = new
        else:
            del self[row_id]
