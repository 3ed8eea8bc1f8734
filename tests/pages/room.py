"""The pages over real HTTP, with working objects in place of what stands behind them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from billing.access import AccountId, Caller, Person
from billing.allowance import CLICKS, READS, Allowance
from billing.details import CurrentDetails
from billing.errors import NotFound, NotSignedIn, SourceDown
from billing.invoice import Contract, Details, Invoice, InvoiceId, Page, Show, Wanted
from billing.pay import PayRule
from billing.payments import Payments
from billing.people import BrowserSession, Conversation
from billing.queries import InvoiceQueries
from billing.usage import Usage, UsageQueries, UsageRow
from pages.desk import Desk
from pages.download import Slots
from pages.invoices import InvoicePages
from pages.legal import LegalPages
from pages.pay import PayPages
from pages.pdf import PdfPages
from pages.press import Press
from pages.readers import Readers
from pages.render import Pages
from pages.reseller import Reseller, ResellerFiles
from pages.routes import Routes
from pages.session import Visit, tab_query
from pages.start import StartPage
from pages.usage import UsagePages
from tests import make
from tests.make import NOW
from words.reader import Reader

RULE = PayRule(frozenset({"pay.example"}))
USED = UsageRow(
    date(2026, 10, 3), "Prod", "VM", "vm-01", "EU West", Decimal("1.5"), "1 Hour", Decimal("-0.2304"), Decimal("-0.3456"), "USD"
)
RESELLER = Reseller("Northwind Cloud", "1 Reseller Road\nPortland, OR 97201", "billing@northwind.example")


def reader(locale: str = "en-US") -> Reader:
    """Return a reader in UTC."""
    return Reader(locale, ZoneInfo("UTC"), NOW)


class HeldInvoices:
    """The Invoices and FreshInvoices ports over values; what is Fabrikam's is nobody else's."""

    def __init__(self, *held: Details, account: AccountId = make.CONTOSO.id) -> None:
        self.held = {each.invoice.id: each for each in held}
        self.account = account
        self.is_down = False
        self.asked = 0
        self.wanted: list[Wanted] = []
        self.contracts: tuple[Contract, ...] = ()

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return everything on one page."""
        self.wanted.append(wanted)
        shown = [each.invoice for each in self.held.values() if account == self.account and _is_shown(each.invoice, wanted.show)]
        return make.page(*shown, show=wanted.show, wanted=wanted, contracts=self.contracts)

    async def details(self, account: AccountId, invoice: InvoiceId) -> Details:
        """Return one. Raises NotFound, SourceDown while told to be down."""
        self.asked += 1
        if self.is_down:
            raise SourceDown(source="test")
        if account != self.account or invoice not in self.held:
            raise NotFound(invoice=invoice)
        return self.held[invoice]

    async def now(self, account: AccountId, held: Details) -> Details:
        """Return what there is of *held*. Raises NotFound, SourceDown while told to be down."""
        return await self.details(account, held.invoice.id)

    async def find(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Return those with that number."""
        return [each.invoice for each in self.held.values() if account == self.account and each.invoice.number == number]


class HeldUsage:
    """The Usage port over pages of rows."""

    def __init__(self, *pages: Sequence[UsageRow]) -> None:
        self.pages = pages
        self.is_closed = False

    async def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield the pages."""
        del account, invoice
        try:
            for page in self.pages:
                yield page
        finally:
            self.is_closed = True


class Notes:
    """The Audit port as a list."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str]] = []

    async def note(self, person: Person, what: str, outcome: str, invoice: str = "") -> None:
        """Keep an entry."""
        del person
        self.entries.append((what, outcome, invoice))


class NoChats:
    """Where nobody ever wrote."""

    async def get(self, person: Person) -> Conversation:
        """Find nothing."""
        raise NotFound(person=person.hashed)


class NoBrowsers:
    """Where no browser has a session."""

    async def known(self, cookie: str) -> BrowserSession:
        """Find nothing."""
        raise NotSignedIn(browser=bool(cookie))


READERS = Readers(NoChats(), NoBrowsers(), lambda: NOW)
"""Everybody reads as their browser asks."""


class Watched:
    """The Watch and Clicks ports as lists."""

    def __init__(self) -> None:
        self.begun: list[InvoiceId] = []
        self.payers: set[Person] = set()
        self.refusals: list[InvoiceId] = []
        self.refreshed: list[InvoiceId] = []

    async def pays(self, person: Person, invoice: Invoice) -> None:
        """Keep the person."""
        del invoice
        self.payers.add(person)

    async def refused(self, person: Person, invoice: InvoiceId) -> None:
        """Keep the invoice."""
        del person
        self.refusals.append(invoice)

    def refresh(self, invoice: InvoiceId) -> None:
        """Keep the invoice."""
        self.refreshed.append(invoice)

    def begin(self, caller: Caller, before: Details) -> None:
        """Keep the invoice."""
        del caller
        self.begun.append(before.invoice.id)


class Visitors:
    """Stands in for the browser's session: everybody is *caller*, or nobody."""

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller

    async def visit(self, request: web.Request) -> Visit:
        """Return the visit. Raises NotSignedIn."""
        if self.caller is None:
            raise NotSignedIn
        return Visit(self.caller, "form-token", tab_query(request))


@dataclass
class Room:
    """The pages and what stands behind them."""

    mirrored: HeldInvoices
    fresh: HeldInvoices
    visitors: Visitors = field(default_factory=lambda: Visitors(make.caller()))
    usage: Usage | None = field(default_factory=HeldUsage)
    reseller: Reseller = RESELLER
    rule: PayRule = RULE
    slots: Slots = field(default_factory=Slots)
    notes: Notes = field(default_factory=Notes)
    watched: Watched = field(default_factory=Watched)
    reads: Allowance = field(default_factory=lambda: Allowance(READS, lambda: NOW))
    clicks: Allowance = field(default_factory=lambda: Allowance(CLICKS, lambda: NOW))
    root: str = ""
    usage_within_s: float = 10

    @classmethod
    def of(cls, *held: Details, **more: object) -> "Room":
        """Return a room in which mirror and Work 365 hold the same."""
        return cls(HeldInvoices(*held), HeldInvoices(*held), **more)  # pyright: ignore[reportArgumentType]

    def application(self) -> web.Application:
        """Return the addresses."""
        pages = Pages(self.reseller, self.root)
        queries = InvoiceQueries(self.mirrored)
        desk = Desk(self.visitors, queries, pages, READERS, self.notes, self.slots, self.rule, lambda: NOW)
        details, usage = CurrentDetails(self.mirrored, self.fresh, self.reads), UsageQueries(self.mirrored, self.usage)
        invoices = InvoicePages(desk, queries, details, dated_after=timedelta(minutes=2), has_usage=usage.is_on)
        legal, files = LegalPages(pages, READERS, self.reseller, "", ""), ResellerFiles(self.reseller)
        payments = Payments(self.mirrored, self.fresh, self.clicks, self.notes, self.watched, self.watched, lambda: NOW)
        application = web.Application()
        Routes(pages, READERS).add(
            application,
            ("GET", "/", StartPage(pages, READERS).start),
            ("GET", "/invoices", invoices.list),
            ("GET", "/invoices.csv", invoices.list_file),
            ("GET", "/invoices/{id}", invoices.invoice),
            ("GET", "/invoices/{id}/invoice.pdf", PdfPages(desk, details, self.reseller, Press(self.reseller.logo)).pdf),
            ("GET", "/invoices/{id}/usage.csv", UsagePages(desk, usage, self.usage_within_s).usage),
            ("GET", "/invoices/{id}/pay", PayPages(desk, payments).pay),
            ("GET", "/privacy", legal.privacy),
            ("GET", "/terms", legal.terms),
            ("GET", "/reseller.css", files.style),
            ("GET", "/reseller-logo", files.logo),
        )
        return application


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@asynccontextmanager
async def served(room: Room) -> AsyncGenerator[str]:
    """Serve the pages on loopback, and return the address without a slash at the end."""
    async with TestServer(room.application()) as server:
        yield str(server.make_url("")).rstrip("/")


async def get(room: Room, path: str, **headers: str) -> Answer:
    """Get one address, without following where it leads."""
    async with (
        served(room) as address,
        ClientSession() as session,
        session.get(f"{address}{path}", headers=headers, allow_redirects=False) as response,
    ):
        return Answer(response.status, dict(response.headers), await response.read())


def logo(folder: Path) -> Path:
    """Write a picture and return where it is."""
    path = folder / "logo.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#c00"/></svg>')
    return path


def _is_shown(invoice: Invoice, show: Show) -> bool:
    match show:
        case Show.OPEN:
            return invoice.is_open
        case Show.OVERDUE:
            return invoice.is_overdue(NOW.date())
        case Show.PAID:
            return not invoice.is_open
        case Show.ALL:
            return True
