"""Rows as Dataverse writes them in JSON: exact numbers, dates without a time, instants in whole seconds."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.dataverse.columns import Column, Kind, Row, Value
from sandbox.dataverse.environment import Environment

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOGICAL_NAME = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"

quoted: Callable[[str], str] = json.JSONEncoder().encode
"""Returns a JSON string, quotes included."""

_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    int: str,
    bool: lambda value: "true" if value else "false",
    Decimal: lambda value: format(value, "f"),
    date: lambda value: f'"{value.isoformat()}"',
    datetime: lambda value: f'"{value:%Y-%m-%dT%H:%M:%SZ}"',
    type(None): lambda _value: "null",
}


def written(value: Value) -> str:
    """Return a value as JSON."""
    return _WRITERS[type(value)](value)


class Shape:
    """Writes rows with the same columns."""

    def __init__(self, environment: Environment, columns: Sequence[Column], *, annotated: bool) -> None:
        self._environment = environment
        self._columns = columns
        self._names = [column.name for column in columns]
        members = ",".join(f"{quoted(name)}:%s" for name in self._names)
        self._template = r'{"@odata.etag":"W/\"%s\"",' + members
        self._annotated = annotated

    def open(self, row: Row) -> str:
        """Return the row as a JSON object whose last brace is missing, so that more members can follow."""
        if self._annotated:
            return self._with_annotations(row)
        found = row.get
        return self._template % (row["versionnumber"], *[_WRITERS[type(value)](value) for value in map(found, self._names)])

    def _with_annotations(self, row: Row) -> str:
        members = [rf'"@odata.etag":"W/\"{row["versionnumber"]}\""']
        for column in self._columns:
            value = row.get(column.name)
            said = () if value is None else self._annotations(column, row)
            members += [f"{quoted(f'{column.name}@{name}')}:{quoted(text)}" for name, text in said]
            members.append(f"{quoted(column.name)}:{written(value)}")
        return "{" + ",".join(members)

    def _annotations(self, column: Column, row: Row) -> Iterator[tuple[str, str]]:
        value = row[column.name]
        if column.targets:
            yield from self._of_lookup(column, value)
        elif shown := self._shown(column, row):
            yield FORMATTED, shown

    def _of_lookup(self, column: Column, value: str) -> Iterator[tuple[str, str]]:
        for plural in column.targets:
            target = self._environment.table(plural)
            if value in target:
                suffix = f"_{target.definition.logical}" if len(column.targets) > 1 else ""
                yield FORMATTED, str(target[value].get(target.definition.title) or "")
                yield NAVIGATION, column.logical + suffix
                yield LOGICAL_NAME, target.definition.logical

    def _shown(self, column: Column, row: Row) -> str:
        value = row[column.name]
        if column.labels:
            return column.labels.get(value, str(value))
        if column.kind is Kind.MONEY:
            currency = self._environment.table("transactioncurrencies").get(row.get("_transactioncurrencyid_value") or "", {})
            return f"{currency.get('currencysymbol', '')}{value:,.{currency.get('currencyprecision', 2)}f}"
        if isinstance(value, date):
            day = f"{value.month}/{value.day}/{value.year}"
            return f"{day} {value.hour % 12 or 12}:{value:%M %p}" if isinstance(value, datetime) else day
        return f"{value:,}" if isinstance(value, int | Decimal) else ""
