"""Questions to Dataverse, built so that no value can change their meaning and no forbidden column can be asked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType
from urllib.parse import quote
from uuid import UUID

Filter = NewType("Filter", str)
"""A ``$filter`` expression, made by the functions of this module only."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNESCAPED = "$(),=;':"
_PARTNER_ONLY = (
    "cost",
    "margin",
    "markup",
    "profit",
    "partner",
    "reseller",
    "wholesale",
    "commission",
    "rebate",
    "buyprice",
    "buyrate",
    "purchaseprice",
    "vendorprice",
    "distributor",
)


def is_name(name: str) -> bool:
    """Whether *name* can name a table, a column or a navigation property."""
    return _NAME.fullmatch(name) is not None


def is_partner_only(column: str) -> bool:
    """Whether a column's name speaks of the partner's cost, margin or terms, which customers must never see."""
    plain = column.replace("_", "").casefold()
    return any(word in plain for word in _PARTNER_ONLY)


@dataclass(frozen=True, slots=True)
class Expand:
    """Columns of rows that a navigation property leads to."""

    path: str
    select: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_allowed((self.path,), self.select)

    def __str__(self) -> str:
        """Write it as OData does."""
        return f"{self.path}($select={','.join(self.select)})"


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of one table. ValueError where a name is none, or belongs to the partner alone.

    table   entity set name (``invoices``)
    select  the columns, at least one: without any, Dataverse would send all
    order   columns to sort by, ascending
    expand  a many-to-many one stands alone: Dataverse combines it with no other, docs "Join tables using OData"
    """

    table: str
    select: tuple[str, ...]
    where: Filter | None = None
    order: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()

    def __post_init__(self) -> None:
        _require_allowed((self.table, *self.order), self.select)

    def __str__(self) -> str:
        """Write it as the last part of an address, fully escaped."""
        options = {
            "$select": ",".join(self.select),
            "$filter": self.where,
            "$orderby": ",".join(self.order),
            "$expand": ",".join(map(str, self.expand)),
        }
        return self.table + "?" + "&".join(f"{name}={quote(text, _UNESCAPED)}" for name, text in options.items() if text)


def _require_allowed(names: tuple[str, ...], select: tuple[str, ...]) -> None:
    if not select:
        raise ValueError(f"{names[0]}: no column is selected")
    for name in names + select:
        if not is_name(name):
            raise ValueError(f"{name!r} is no name of a table or column")
        if is_partner_only(name):
            raise ValueError(f"{name} belongs to the partner alone and is never read")


def logical_name(column: str) -> str:
    """Return what metadata call a column: ``customerid`` for the lookup ``_customerid_value``."""
    return column[1 : -len("_value")] if column.startswith("_") and column.endswith("_value") else column


def guid(text: object) -> str:
    """Return an id in lower case without braces. ValueError when *text* is no GUID."""
    return text if isinstance(text, str) and _GUID.fullmatch(text) else str(UUID(str(text)))


def has_id(column: str, row_id: str) -> Filter:
    """Match rows whose *column* holds that id. ValueError when it is no GUID."""
    return Filter(f"{_named(column)} eq {guid(row_id)}")


def has_number(column: str, number: int) -> Filter:
    """Match rows whose *column* holds that number or choice."""
    return Filter(f"{_named(column)} eq {number}")


def has_text(column: str, text: str) -> Filter:
    """Match rows whose *column* holds exactly that text."""
    quoted = text.replace("'", "''")
    return Filter(f"{_named(column)} eq '{quoted}'")


def since(column: str, instant: datetime) -> Filter:
    """Match rows whose *column* lies at or after an aware instant."""
    return Filter(f"{_named(column)} ge {instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def is_in(column: str, ids: Iterable[str]) -> Filter:
    """Match rows whose *column* holds one of those ids. ValueError when one is no GUID."""
    values = ",".join(f"'{guid(each)}'" for each in ids)
    return Filter(f"Microsoft.Dynamics.CRM.In(PropertyName='{logical_name(_named(column))}',PropertyValues=[{values}])")


def both(first: Filter, second: Filter) -> Filter:
    """Match rows that match both."""
    return Filter(f"({first}) and ({second})")


def either(*filters: Filter) -> Filter:
    """Match rows that match one of *filters*."""
    return Filter(" or ".join(f"({each})" for each in filters))


def neither(*filters: Filter) -> Filter:
    """Match rows that match none of *filters*."""
    return Filter(f"not ({either(*filters)})")


def _named(column: str) -> str:
    _require_allowed((), (column,))
    return column
