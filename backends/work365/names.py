"""The tables of Work 365 and what their columns are called in one environment.

A ``str`` is a column that nothing works without; ``str | None`` and tuples are optional: None and empty switch off what they feed.
"""

from dataclasses import dataclass, fields

OWN = frozenset({"entity_set", "logical_name"})
"""Fields that name the table and not a column of it."""


@dataclass(frozen=True, slots=True)
class Names:
    """One table: entity set in addresses, logical name in metadata, primary key."""

    entity_set: str
    logical_name: str
    id: str

    @property
    def by_field(self) -> dict[str, tuple[str, ...]]:
        """The columns behind each field."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in OWN}
        return {name: columns if isinstance(columns, tuple) else (columns,) for name, columns in found.items() if columns}

    @property
    def necessary(self) -> frozenset[str]:
        """The fields that nothing works without."""
        return frozenset(field.name for field in fields(self) if field.type is str)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, once: the allow-list of what is read."""
        return tuple(dict.fromkeys(column for columns in self.by_field.values() for column in columns))


@dataclass(frozen=True, slots=True)
class AccountNames(Names):
    """Customer companies."""

    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class ContactNames(Names):
    """People at customers."""

    name: str
    email: str | None
    account: str
    state: str


@dataclass(frozen=True, slots=True)
class ProviderAccountNames(Names):
    """Which Entra tenant belongs to which account."""

    tenant: str
    account: str
    state: str | None


@dataclass(frozen=True, slots=True)
class IdentityNames(Names):
    """Which Entra person is which contact."""

    username: str
    contact: str
    state: str | None


@dataclass(frozen=True, slots=True)
class CurrencyNames(Names):
    """Currencies: ISO code and decimal places."""

    code: str
    digits: str


@dataclass(frozen=True, slots=True)
class ContractNames(Names):
    """Billing contracts."""

    name: str


@dataclass(frozen=True, slots=True)
class InvoiceNames(Names):
    """Invoices."""

    number: str
    customer: str
    state: str
    status: str
    total: str
    charged: str
    currency: str
    due: str
    modified: str
    name: str | None
    billed: str | None
    paid: str | None
    tax: str | None
    contract: str | None
    purchase_order: str | None
    terms: str | None
    bill_to: str | None
    charge: str | None
    pay_link: str | None
    pay_expires: str | None


@dataclass(frozen=True, slots=True)
class LineNames(Names):
    """Lines of invoices.

    product      the first of these that is not empty is shown
    description  all of these that are not empty are shown
    """

    invoice: str
    quantity: str
    unit_price: str
    amount: str
    modified: str
    position: str | None
    tax: str | None
    product: tuple[str, ...]
    description: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsageNames(Names):
    """What was consumed, in the customer's terms."""

    invoice: str
    subscription: str | None
    date: str | None
    service: str | None
    resource: str | None
    region: str | None
    quantity: str | None
    unit: str | None
    unit_price: str | None
    total: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class RoleNames:
    """Navigation properties that lead to web roles, and the column with the role's name."""

    contact: str
    account: str | None
    name: str
