"""What the sync hands to the mirror: Work 365's rows, already in our words.

Ids are GUIDs in lower case. A row may name another that the mirror does not have (yet): the order of arrival does not matter.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from billing.invoice import Charge, State
from billing.money import Money

_UNDATED = 2**31 - 1


def number_key(number: str) -> str:
    """Return what an invoice number is compared by: neither case nor outer blanks count."""
    return number.strip().casefold()


def soonest_first(due: date | None) -> int:
    """Return a number to sort by: the sooner due the smaller, undated last."""
    return _UNDATED if due is None else due.toordinal()


def latest_first(due: date | None) -> int:
    """Return a number to sort by: the later due the smaller, undated last."""
    return _UNDATED if due is None else -due.toordinal()


class Table(StrEnum):
    """The mirrored tables whose rows come and go one by one; roles, identities and tenants are replaced as a whole."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    CONTRACTS = "contracts"
    CURRENCIES = "currencies"
    INVOICES = "invoices"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A customer company."""

    id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ProviderAccountRow:
    """The tie between an Entra tenant (``tid`` in lower case) and an account; a tenant may have several."""

    id: str
    tenant: str
    account: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a customer.

    email    as Work 365 spells it; empty where there is none
    account  the parent account; None where there is none, or where it is no account
    active   whether the contact's statecode says so: only active ones may see anything
    """

    id: str
    name: str
    email: str
    account: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """An external identity: ``username`` is the Entra object id (``oid``) in any case, or some other provider's name."""

    id: str
    contact: str
    username: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A web role, as Work 365 spells it, on a contact or on an account: ``holder`` is that one's id."""

    holder: str
    name: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A billing contract."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """A currency: ISO 4217 code in upper case, and its decimal places."""

    id: str
    code: str
    digits: int


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice that its customer may see. Drafts, cancelled ones and unknown states have no such row: remove them instead.

    currency  ISO 4217 code in upper case, already looked up; empty where Work 365 names none
    digits    decimal places of that currency
    contract  id of the billing contract
    """

    id: str
    account: str
    number: str
    name: str
    state: State
    due: date | None
    billed: date | None
    paid: date | None
    total: Decimal
    tax: Decimal
    charged: Decimal
    currency: str
    digits: int
    contract: str | None
    purchase_order: str
    terms: str
    bill_to: str
    charge: Charge
    pay_link: str | None
    pay_expires: datetime | None
    changed: datetime

    @property
    def balance(self) -> Decimal:
        """What is left to pay: nothing once Complete, whatever was charged, and no rest that the currency has no coin for."""
        rest = Money(self.total - self.charged, self.currency, self.digits)
        return Decimal(0) if self.state is State.COMPLETE or not rest.rounded() else rest.amount

    @property
    def number_key(self) -> str:
        """What the number is found by."""
        return number_key(self.number)

    @property
    def number_reversed(self) -> str:
        """What the end of the number is found by."""
        return self.number_key[::-1]

    @property
    def soonest(self) -> int:
        """Its place in a list of what is due next."""
        return soonest_first(self.due)

    @property
    def latest(self) -> int:
        """Its place in a list of what was due last."""
        return latest_first(self.due)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the invoice with the id ``invoice``; amounts are in that invoice's currency, ``amount`` includes tax."""

    id: str
    invoice: str
    position: int
    product: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax: Decimal
    amount: Decimal
