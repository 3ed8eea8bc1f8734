"""What a Dataverse table is made of: columns with their types, and the navigation properties that lead to other tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

Value = str | int | Decimal | bool | date | datetime | None
"""A cell. Dates without a time are ``date``; instants are aware ``datetime`` in UTC; money is Decimal."""

Row = dict[str, Any]
"""A row by property name, each value a Value; a missing key means null."""


class Kind(StrEnum):
    """Column types, as ``AttributeType`` spells them; DATE is a DateTime whose behaviour is DateOnly."""

    GUID = "Uniqueidentifier"
    STRING = "String"
    MEMO = "Memo"
    MONEY = "Money"
    DECIMAL = "Decimal"
    INTEGER = "Integer"
    BIGINT = "BigInt"
    BOOLEAN = "Boolean"
    DATE = "DateOnly"
    DATETIME = "DateTime"
    PICKLIST = "Picklist"
    STATE = "State"
    STATUS = "Status"
    LOOKUP = "Lookup"
    CUSTOMER = "Customer"

    @property
    def attribute_type(self) -> str:
        """The type as the metadata state it."""
        return "DateTime" if self is Kind.DATE else self.value

    @property
    def is_text(self) -> bool:
        """Whether values are compared as text."""
        return self in {Kind.STRING, Kind.MEMO}

    @property
    def is_id(self) -> bool:
        """Whether values are GUIDs."""
        return self in {Kind.GUID, Kind.LOOKUP, Kind.CUSTOMER}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    name     property name in the Web API (``_customerid_value`` for a lookup)
    targets  entity sets that a lookup may point to
    labels   what a choice's numbers mean
    """

    name: str
    kind: Kind
    targets: tuple[str, ...] = ()
    labels: Mapping[int, str] = field(default_factory=dict[int, str], compare=False)

    @property
    def logical(self) -> str:
        """Logical name: ``customerid`` where the property is ``_customerid_value``."""
        return self.name[1 : -len("_value")] if self.targets else self.name


@dataclass(frozen=True, slots=True)
class Navigation:
    """A property that leads to another table.

    target   entity set at the other end
    column   this table's lookup; or, when *many*, the lookup of *target* (or of *through*) that points back here
    through  entity set of the rows that tie an N:N relationship together
    far      column of *through* that holds the other end's id
    """

    target: str
    column: str
    many: bool = False
    through: str = ""
    far: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A table. ``columns`` and ``navigations`` may be changed while it is in use: a column taken out is a column renamed.

    logical  logical name (``invoice``)
    plural   entity set name (``invoices``)
    key      primary key
    title    primary name column: what a lookup shows
    """

    logical: str
    plural: str
    key: str
    title: str
    columns: dict[str, Column]
    navigations: dict[str, Navigation]


def define(
    names: str,
    title: str,
    kinds: Mapping[Kind, str],
    lookups: Mapping[str, tuple[str, ...]] | None = None,
    *,
    navigations: Mapping[str, Navigation] | None = None,
    labels: Mapping[str, Mapping[int, str]] | None = None,
) -> Definition:
    """Return a table with the columns that every table has, and these.

    names    logical name, entity set name and primary key, parted by spaces
    kinds    column names by type, parted by spaces
    lookups  targets by logical name of the lookup
    labels   meaning of choices by column name
    """
    logical, plural, key = names.split()
    always = {Kind.GUID: key, Kind.DATETIME: "createdon modifiedon", Kind.BIGINT: "versionnumber"}
    columns = [Column(name, kind) for kind, several in always.items() for name in several.split()]
    columns += [Column(name, kind, (), (labels or {}).get(name, {})) for kind, several in kinds.items() for name in several.split()]
    columns += [_lookup(name, targets) for name, targets in (lookups or {}).items()]
    return Definition(logical, plural, key, title, {column.name: column for column in columns}, dict(navigations or {}))


def _lookup(name: str, targets: tuple[str, ...]) -> Column:
    return Column(f"_{name}_value", Kind.CUSTOMER if len(targets) > 1 else Kind.LOOKUP, targets)
