"""Rows with the related rows that were asked for along with them, as JSON."""

from collections.abc import Iterator
from itertools import islice

from sandbox.dataverse.columns import Row
from sandbox.dataverse.environment import Environment
from sandbox.dataverse.filters import predicate
from sandbox.dataverse.query import Expand, Query
from sandbox.dataverse.wire import Shape, quoted


class RowWriter:
    """Writes the rows of one query."""

    def __init__(self, environment: Environment, query: Query, *, annotated: bool) -> None:
        self._environment = environment
        self._key = query.table.definition.key
        self._shape = Shape(environment, query.columns, annotated=annotated)
        self._expands = [(each, RowWriter(environment, each.query, annotated=annotated)) for each in query.expands]

    def text(self, row: Row) -> str:
        """Return a row as a JSON object."""
        return self._shape.open(row) + "".join(self._expanded(row)) + "}"

    def _expanded(self, row: Row) -> Iterator[str]:
        for expand, writer in self._expands:
            texts = [writer.text(each) for each in related(self._environment, expand, row, self._key)]
            value = f"[{','.join(texts)}]" if expand.navigation.many else next(iter(texts), "null")
            yield f",{quoted(expand.name)}:{value}"


def related(environment: Environment, expand: Expand, row: Row, own_key: str) -> Iterator[Row]:
    """Yield the rows that *row* is related to: at most one for a lookup."""
    rows = _found(environment, expand, row, own_key)
    if expand.query.condition:
        rows = list(filter(predicate(expand.query.condition), rows))
    for order in reversed(expand.query.orders):
        rows.sort(key=lambda each: order.key(each.get(order.column.name)))
    return islice(rows, expand.query.top)


def _found(environment: Environment, expand: Expand, row: Row, own_key: str) -> list[Row]:
    navigation, target = expand.navigation, expand.query.table
    if not navigation.many:
        lookup = row.get(navigation.column) or ""
        return [target[lookup]] if lookup in target else []
    if not navigation.through:
        return target.find(navigation.column, row[own_key])
    ties = environment.table(navigation.through).find(navigation.column, row[own_key])
    return [target[tie[navigation.far]] for tie in ties if tie[navigation.far] in target]
