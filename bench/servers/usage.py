"""The product's usage download over ROWS made-up rows; everybody is let in, and nothing else is there.

``/usage/{id}`` sends rows that are made ready, ``/work365/{id}`` what the product reads from Dataverse's answers.
"""

import json
import os
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from aiohttp import web

from backends.dataverse import client
from backends.dataverse.query import Query
from backends.work365.mapping import Work365Mapping, load
from backends.work365.usage import UsageLines
from billing.access import AccountId, Caller, Company, Person, PersonId, Role, TenantId
from billing.errors import NotSignedIn
from billing.invoice import Charge, Details, Invoice, InvoiceId, Page, State, Wanted
from billing.money import Money
from billing.pay import PayRule
from billing.people import BrowserSession, Conversation
from billing.ports import Json
from billing.queries import InvoiceQueries
from billing.usage import UsageQueries, UsageRow
from pages.desk import Desk
from pages.download import Slots
from pages.readers import Readers
from pages.render import Pages
from pages.routes import Routes
from pages.session import Visit
from pages.usage import UsagePages

if TYPE_CHECKING:
    from backends.work365.schema import Schema

PAGE: Final = 2_000
"""Rows that Work 365 is asked for at a time."""

_ID: Final = str(UUID(int=1))
_NOTHING: Final = Money(Decimal(0), "USD")
_NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)


def page_of_rows(first: int = 0) -> list[UsageRow]:
    """Return a page of usage, every row another one."""
    return [
        UsageRow(
            day=date(2026, 10, 1 + number % 28),
            subscription="Contoso Ltd Prod",
            service="Virtual Machines - D4s v5",
            resource=f"prod-billing-vm-{first + number:08}",
            region="EU West",
            quantity=Decimal(number % 2400) / 100 + Decimal("0.013579"),
            unit="1 Hour",
            unit_price=Decimal("0.2304"),
            total=Decimal(number % 2400) * Decimal("0.002304"),
            currency="USD",
        )
        for number in range(PAGE)
    ]


class Dataverse:
    """What the product's client makes of Dataverse's answers: JSON, page by page."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._names = load()

    async def names(self) -> Work365Mapping:
        """Return the mapping: everything is there."""
        return self._names

    async def row(self, query: Query, row_id: str, patience_s: float | None = None) -> Json:
        """Return whose an invoice is."""
        del query, row_id, patience_s
        names = self._names.invoices
        return {names.customer: _ID, names.state: 0, names.status: 4}

    async def pages(self, query: Query, size: int, patience_s: float | None = None) -> AsyncGenerator[client.Page]:
        """Yield usage as it is after it came over the wire."""
        del patience_s
        for first in range(0, self._rows, size):
            yield client.Page(_parsed(query.select, range(first, first + size)), _NOW)


def _parsed(columns: Sequence[str], numbers: Sequence[int]) -> list[Json]:
    text = json.dumps([dict(zip(columns, _line(number), strict=False)) for number in numbers])
    return json.loads(text, parse_float=Decimal)


def _line(number: int) -> tuple[object, ...]:
    day, resource = f"2026-10-{1 + number % 28:02}", f"prod-billing-vm-{number:08}"
    known = "Contoso Ltd Prod", day, "Virtual Machines - D4s v5", resource, "EU West", number % 2400 / 100, "1 Hour", 0.2304
    return (_ID, _ID, *known, number % 2400 * 0.002304, "USD")


class MadeUp:
    """The ports behind the download."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    async def visit(self, request: web.Request) -> Visit:
        """Let somebody in: another person for each ``who``."""
        company = Company(AccountId(_ID), "Contoso Ltd")
        person = Person(TenantId(_ID), PersonId(str(UUID(int=int(request.query.get("who", "1"))))))
        return Visit(Caller(person, "Ada", company, (company,), frozenset(Role), _NOW), "")

    async def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield all rows."""
        del account, invoice
        for first in range(0, self._rows, PAGE):
            yield page_of_rows(first)

    async def details(self, account: AccountId, invoice: InvoiceId) -> Details:
        """Return a bill."""
        del account
        nothing = (_NOTHING, _NOTHING, _NOTHING, _NOTHING)
        bill = Invoice(invoice, "INV-1", "", State.BILLED, None, None, None, *nothing, None, "", "", "", Charge.NONE, None, None, _NOW)
        return Details(bill, (), "", "")

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return nothing."""
        del account
        return Page(wanted, (), (), 0, None, None)

    async def find(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Find nothing."""
        del account, number
        return ()

    async def known(self, cookie: str) -> BrowserSession:
        """Know no browser."""
        raise NotSignedIn(browser=bool(cookie))

    async def get(self, person: Person) -> Conversation:
        """Return a chat."""
        return Conversation(person, "a:1", {}, "en-US", "UTC")

    async def note(self, person: Person, what: str, outcome: str, invoice: str = "") -> None:
        """Forget it."""


def main() -> None:
    """Serve until stopped."""
    held, dataverse = MadeUp(int(os.environ["ROWS"])), Dataverse(int(os.environ["ROWS"]))
    readers = Readers(held, held, lambda: _NOW)
    desk = Desk(held, InvoiceQueries(held), Pages(), readers, held, Slots(), PayRule(frozenset()), lambda: _NOW)
    lines = UsageLines(cast("client.Dataverse", dataverse), cast("Schema", dataverse))
    application = web.Application()
    Routes(Pages(), readers).add(
        application,
        ("GET", "/usage/{id}", UsagePages(desk, UsageQueries(held, held)).usage),
        ("GET", "/work365/{id}", UsagePages(desk, UsageQueries(held, lines)).usage),
    )
    web.run_app(application, host="127.0.0.1", port=int(os.environ["PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
