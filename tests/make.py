"""Builders: every argument has a default, so that a test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from billing.access import AccountId, Caller, Company, Person, PersonId, Role, TenantId
from billing.invoice import Charge, Contract, ContractId, Details, Invoice, InvoiceId, Line, Page, Show, State, Total, Wanted
from billing.money import Money

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TODAY = NOW.date()


def guid(name: str) -> str:
    """Return the same GUID for the same name."""
    return str(uuid5(NAMESPACE_DNS, name))


CONTOSO = Company(AccountId(guid("contoso")), "Contoso Ltd")
FABRIKAM = Company(AccountId(guid("fabrikam")), "Fabrikam, Inc.")
ADA = Person(TenantId(guid("tenant.contoso")), PersonId(guid("ada")))


def caller(*roles: Role, company: Company = CONTOSO, person: Person = ADA) -> Caller:
    """Return a caller of *company*, a finance manager unless told otherwise."""
    held = frozenset(roles) or frozenset({Role.FINANCE_MANAGER})
    return Caller(person, "Ada Lindqvist", company, (company,), held, NOW)


def money(amount: str | int, currency: str = "USD", digits: int = 2) -> Money:
    """Return an exact amount."""
    return Money(Decimal(amount), currency, digits)


def invoice(number: str = "INV-10421", *, total: str = "1234.50", currency: str = "USD", digits: int = 2, **changes: Any) -> Invoice:
    """Return an open invoice of 1,234.50 USD due in a week."""
    amount = money(total, currency, digits)
    state = changes.get("state", State.BILLED)
    charged = changes.pop("charged", amount if state is State.COMPLETE else amount.zero())
    owed = amount.zero() if state is State.COMPLETE else Money(amount.amount - charged.amount, currency, digits)
    made = Invoice(
        id=InvoiceId(guid(number)),
        number=number,
        name="Microsoft 365, November",
        state=State.BILLED,
        due=date(2026, 11, 30),
        billed=date(2026, 10, 31),
        paid=None,
        total=amount,
        tax=money("0", currency, digits),
        charged=charged,
        balance=owed,
        contract=Contract(ContractId(guid("contract")), "Main contract"),
        purchase_order="PO-7",
        terms="Net 30",
        bill_to="Contoso Ltd\n1 Main Street\nSeattle",
        charge=Charge.NONE,
        pay_link="https://pay.example/i/1",
        pay_expires=None,
        changed=NOW,
    )
    return replace(made, **changes)


def line(position: int = 1, product: str = "Microsoft 365 E5", **changes: Any) -> Line:
    """Return a line of 10 licences at 57.00 USD."""
    made = Line(position, product, "Monthly subscription", Decimal(10), money("57.00"), money("0"), money("570.00"))
    return replace(made, **changes)


def details(of: Invoice | None = None, *lines: Line, **changes: Any) -> Details:
    """Return an invoice with one line."""
    made = Details(of or invoice(), lines or (line(),), "Contoso Ltd", "1 Main Street\nSeattle")
    return replace(made, **changes)


def page(*invoices: Invoice, show: Show = Show.OPEN, **changes: Any) -> Page:
    """Return a page that holds the whole list, with its true totals."""
    wanted = changes.pop("wanted", Wanted(show, TODAY, 8))
    made = Page(wanted, invoices, totals(*invoices), 1 if invoices else 0, None, None)
    return replace(made, **changes)


def totals(*invoices: Invoice) -> tuple[Total, ...]:
    """Return what each currency comes to."""
    found: list[Total] = []
    for currency in sorted({each.total.currency for each in invoices}):
        mine = [each for each in invoices if each.total.currency == currency]
        nothing = mine[0].total.zero()
        owed = sum((each.balance for each in mine if each.is_open), nothing)
        late = sum((each.balance for each in mine if each.is_overdue(TODAY)), nothing)
        credit = sum((each.balance for each in mine if each.is_open and each.balance.amount < 0), nothing)
        found.append(Total(len(mine), owed, late, credit, sum((each.total for each in mine), nothing)))
    return tuple(found)
