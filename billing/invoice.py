"""Invoices as the customer sees them: state, balance, lines, and how a list of them is asked for."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from billing.money import Money

InvoiceId = NewType("InvoiceId", str)
"""A Dataverse invoice id: a GUID in lower case."""

ContractId = NewType("ContractId", str)
"""A Work 365 billing contract id: a GUID in lower case."""


class State(StrEnum):
    """What Work 365's portal calls an invoice. Drafts and cancelled ones never reach this type."""

    BILLED = "billed"
    PARTIAL = "partial"
    COMPLETE = "complete"


class Charge(StrEnum):
    """How the last attempt to charge the customer ended."""

    NONE = "none"
    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class Show(StrEnum):
    """Which invoices a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    ALL = "all"


class Sort(StrEnum):
    """What a list is sorted by."""

    DUE = "due"
    NUMBER = "number"
    BILLED = "billed"
    TOTAL = "total"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Contract:
    """A billing contract; a company may have several, each with its own currency."""

    id: ContractId
    name: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """How far a bill is settled: what a payment changes of it, and the version that says so. Amounts are in the bill's currency."""

    state: State
    charge: Charge
    charged: Decimal
    balance: Decimal
    changed: datetime


@dataclass(frozen=True, slots=True)
class Invoice:
    """One bill, without its lines.

    number     what people call it (``INV-10421``); not unique across companies
    due        calendar date, never shifted by a time zone; None where Work 365 has none
    charged    what has been paid so far
    balance    what is left to pay: 0 when Complete, negative for a credit
    pay_link   hosted payment page as Work 365 stored it, unchecked
    changed    version of the source row (aware, UTC)
    """

    id: InvoiceId
    number: str
    name: str
    state: State
    due: date | None
    billed: date | None
    paid: date | None
    total: Money
    tax: Money
    charged: Money
    balance: Money
    contract: Contract | None
    purchase_order: str
    terms: str
    bill_to: str
    charge: Charge
    pay_link: str | None
    pay_expires: datetime | None
    changed: datetime

    def __hash__(self) -> int:
        """Tell invoices apart by id and version, which is a tenth of the work of all fields; equal ones are equal in both."""
        return hash((self.id, self.changed))

    @property
    def subtotal(self) -> Money:
        """The total without tax."""
        return self.total + Money(-self.tax.amount, self.tax.currency, self.tax.digits)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for payment: Billed or Partial."""
        return self.state is not State.COMPLETE

    @property
    def is_owing(self) -> bool:
        """Whether something is left to pay, so that the due date matters."""
        return self.is_open and self.balance.amount > 0

    @property
    def was_paid(self) -> bool:
        """Whether a customer has paid it in full: nobody pays a credit, or a bill of nothing."""
        return not self.is_open and self.total.amount > 0

    @property
    def received(self) -> Money:
        """What has been paid: all of it once it was paid in full, also where Work 365 does not say what was charged."""
        return self.total if self.was_paid else self.charged

    @property
    def settlement(self) -> Settlement:
        """How far it is settled."""
        return Settlement(self.state, self.charge, self.charged.amount, self.balance.amount, self.changed)

    def is_overdue(self, today: date) -> bool:
        """Whether it is open, has something left to pay, and its due date lies before *today*."""
        return self.is_owing and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill. ``position`` orders them; ``amount`` includes tax."""

    position: int
    product: str
    description: str
    quantity: Decimal
    unit_price: Money
    tax: Money
    amount: Money

    @property
    def net(self) -> Money:
        """``amount`` without tax."""
        return self.amount + Money(-self.tax.amount, self.tax.currency, self.tax.digits)


@dataclass(frozen=True, slots=True)
class Details:
    """A bill with everything that its page shows."""

    invoice: Invoice
    lines: tuple[Line, ...]
    customer: str
    address: str

    @property
    def adds_up(self) -> bool:
        """Whether the lines come to the bill's subtotal as people read them; a discount or freight stands in no line."""
        subtotal = self.invoice.subtotal
        return sum((line.net.rounded() for line in self.lines), Decimal(0)) == subtotal.rounded()


class Turn(StrEnum):
    """Which way a list is leafed through from a position."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows of a list: what that row is sorted by, and its id. It grants nothing.

    key  the due date as in ISO 8601, empty where there is none; in a list sorted otherwise, a word of the store's
    """

    key: str
    id: InvoiceId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of which list.

    today      the reader's calendar date: what Overdue is measured against
    contract   only this contract's invoices; None for all
    position   start next to this row; None for the first page, or with BEFORE for the last
    """

    show: Show
    today: date
    limit: int
    contract: ContractId | None = None
    position: Position | None = None
    turn: Turn = Turn.AFTER
    sort: Sort = Sort.DUE


@dataclass(frozen=True, slots=True)
class Total:
    """What one currency comes to over *all* pages of a list.

    count    invoices in this currency
    balance  left to pay
    overdue  the part of ``balance`` whose due date has passed
    credit   the part of ``balance`` that is in the customer's favor: 0 or negative
    total    billed
    """

    count: int
    balance: Money
    overdue: Money
    credit: Money
    total: Money

    @property
    def taken_off(self) -> Money:
        """The credit as people say it: an amount above 0 that ``balance`` is smaller by."""
        return replace(self.credit, amount=-self.credit.amount)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    first      1-based place of the first row in the whole list; 0 where there is none, and unless it is sorted by due date
    back       turn BEFORE this position for the page before; None on the first page
    further    turn AFTER this position for the next page; None on the last
    contracts  what the list can be narrowed to: the account's billing contracts in order of name
    """

    wanted: Wanted
    invoices: tuple[Invoice, ...]
    totals: tuple[Total, ...]
    first: int
    back: Position | None
    further: Position | None
    contracts: tuple[Contract, ...] = ()

    @property
    def count(self) -> int:
        """Invoices in the whole list."""
        return sum(total.count for total in self.totals)
