"""Introduces the pages on which invoices are seen, kept and paid."""

from dataclasses import dataclass
from datetime import timedelta

from assembly.backends import Backends
from assembly.paying import pay_rule
from assembly.people import People
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.shown import PostgresShown
from backends.work365.usage import UsageLines
from billing.allowance import CLICKS, Allowance
from billing.payment_watch import Changed, PaymentWatch
from billing.payments import Payments
from billing.queries import InvoiceQueries
from billing.usage import UsageQueries
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
from pages.routes import Route
from pages.session import Visits
from pages.start import StartPage
from pages.usage import UsagePages
from settings import Settings


@dataclass(frozen=True, slots=True)
class InvoiceSide:
    """Everything about invoices that opens in a browser."""

    routes: tuple[Route, ...]
    watch: PaymentWatch

    @classmethod
    def of(cls, backends: Backends, people: People, pages: Pages, readers: Readers, visits: Visits, changed: Changed) -> "InvoiceSide":
        """Build it; *changed* is told when the mirror knows more of a payment than chats show."""
        settings, clock, rows = backends.settings, backends.clock, backends.rows
        mirrored, work365 = PostgresInvoices(rows), backends.work365
        queries = InvoiceQueries(mirrored)
        watch = PaymentWatch(work365.fresh, work365.one, changed)
        desk = Desk(visits, queries, pages, readers, people.audit, Slots(), pay_rule(backends), clock)
        usage = UsageQueries(mirrored, UsageLines(backends.dataverse, work365.schema) if backends.mapping.usage else None)
        reseller = reseller_of(settings)
        dated_after = timedelta(seconds=2 * settings.sync_interval_s)
        invoices = InvoicePages(desk, queries, work365.details, dated_after=dated_after, has_usage=usage.is_on)
        payments = Payments(mirrored, work365.fresh, Allowance(CLICKS, clock), people.audit, PostgresShown(rows, clock), watch, clock)
        pdf = PdfPages(desk, work365.details, reseller, Press(reseller.logo))
        legal = LegalPages(pages, readers, reseller, settings.privacy_text, settings.terms_text)
        files = ResellerFiles(reseller)
        routes: tuple[Route, ...] = (
            ("GET", "/", StartPage(pages, readers).start),
            ("GET", "/invoices", invoices.list),
            ("GET", "/invoices.csv", invoices.list_file),
            ("GET", "/invoices/{id}", invoices.invoice),
            ("GET", "/invoices/{id}/invoice.pdf", pdf.pdf),
            ("GET", "/invoices/{id}/usage.csv", UsagePages(desk, usage).usage),
            ("GET", "/invoices/{id}/pay", PayPages(desk, payments).pay),
            ("GET", "/privacy", legal.privacy),
            ("GET", "/terms", legal.terms),
            ("GET", "/reseller.css", files.style),
            ("GET", "/reseller-logo", files.logo),
        )
        return cls(routes, watch)


def reseller_of(settings: Settings) -> Reseller:
    """Return who sells; without a name where the operator has set none."""
    name = settings.reseller_name if "reseller_name" in settings.model_fields_set else ""
    return Reseller(name, settings.reseller_address, settings.reseller_contact, settings.reseller_logo, settings.reseller_color)
