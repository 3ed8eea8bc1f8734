"""``/invoices`` and ``/invoices/{id}``: the company's list of bills, and one of them with everything about it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from billing.access import Caller
from billing.details import CurrentDetails
from billing.errors import NotFound
from billing.invoice import Invoice, Page, Show, Sort
from billing.ports import MOST_FOUND
from billing.queries import InvoiceQueries
from pages.desk import VIEW, Desk
from pages.download import Format, disposition, send, wanted_format
from pages.place import Listing, Place
from pages.sheet import address, description_words, facts, sums
from pages.tables import CSV, Cell, csv_chunks, invoice_cells, invoice_header
from pages.workbook import XLSX, workbook_chunks
from words.reader import Reader
from words.status import unpayable_words

ROWS: Final = 25
_ROWS_AT_ONCE: Final = 500


class InvoicePages:
    """Shows invoices.

    has_usage    whether there is usage to offer
    dated_after  data older than this is dated
    """

    def __init__(self, desk: Desk, queries: InvoiceQueries, details: CurrentDetails, *, dated_after: timedelta, has_usage: bool) -> None:
        self._desk = desk
        self._queries = queries
        self._details = details
        self._dated_after = dated_after
        self._has_usage = has_usage

    async def list(self, request: web.Request) -> web.Response:
        """Return the list of invoices."""
        place = Place.read(request)
        visit, reader = await self._desk.receive(request)
        page = await self._page(visit.caller, place, reader)
        await self._desk.audit.note(visit.caller.person, VIEW, "ok", place.noted)
        return self._desk.pages.invoice_page(
            "invoices.html",
            visit,
            reader,
            place=place,
            listing=Listing.of(page, place),
            totals=page.totals,
            contracts=page.contracts,
            shows=list(Show),
            sort=Sort,
            is_cut=bool(place.number) and len(page.invoices) >= MOST_FOUND,
            payable=self._desk.rule_for(request, visit.caller.person).payable(page.invoices, self._desk.clock()),
            as_of=self._dated(visit.caller),
        )

    async def list_file(self, request: web.Request) -> web.StreamResponse:
        """Return a whole list as CSV; ``?format=xlsx`` as a workbook, which Excel opens rightly in every language."""
        place, wanted = Place.read(request).everything(), wanted_format(request)
        visit, reader = await self._desk.receive(request)
        person = visit.caller.person
        with self._desk.slots.taken(person):
            header, pages = invoice_header(reader), self._whole(visit.caller, place, reader)

            def cells(invoice: Invoice) -> Sequence[Cell]:
                return invoice_cells(invoice, reader)

            if wanted is Format.XLSX:
                chunks, kind = workbook_chunks(reader.say("Invoices"), header, pages, cells), XLSX
            else:
                chunks, kind = csv_chunks(header, pages, cells), CSV
            name = disposition("attachment", f"invoices-{place.show}", f"{reader.today.isoformat()}.{wanted}")
            return await send(request, chunks, kind, name, lambda: self._desk.note_download(person), self._desk.slots.stalled_s)

    async def invoice(self, request: web.Request) -> web.Response:
        """Return one invoice, also in print."""
        visit, reader, wanted = await self._desk.invoice(request)
        person = visit.caller.person
        async with self._desk.noting(VIEW, person, wanted):
            read = await self._details.read(visit.caller, wanted)
        invoice = read.details.invoice
        await self._desk.audit.note(person, VIEW, "ok", invoice.id)
        unpayable = self._desk.rule_for(request, person).against(invoice, self._desk.clock())
        return self._desk.pages.invoice_page(
            "invoice.html",
            visit,
            reader,
            details=read.details,
            invoice=invoice,
            address=address(read.details),
            facts=facts(invoice, reader),
            sums=sums(read.details, reader),
            description_words=description_words,
            payable=unpayable is None,
            why_not=unpayable_words(unpayable, reader) if unpayable and invoice.is_owing else "",
            has_usage=self._has_usage,
            as_of=read.as_of,
        )

    async def _page(self, caller: Caller, place: Place, reader: Reader, limit: int = ROWS) -> Page:
        """Return the page at *place*; one that was searched for holds what was found, and the contracts."""
        page = await self._queries.page(caller, place.wanted(reader.today, limit))
        if not place.number:
            return page
        try:
            only = replace(caller, companies=(caller.company,))  # the page says whose invoices it shows
            found = tuple(await self._queries.find(only, place.number))
        except NotFound:
            found = ()
        return replace(page, invoices=found, totals=(), first=1 if found else 0, back=None, further=None)

    async def _whole(self, caller: Caller, place: Place, reader: Reader) -> AsyncGenerator[Sequence[Invoice]]:
        following: Place | None = place
        while following:
            page = await self._page(caller, following, reader, _ROWS_AT_ONCE)
            listing = Listing.of(page, following)
            yield listing.invoices
            following = listing.further

    def _dated(self, caller: Caller) -> datetime | None:
        """Return the age to show, if the data is old enough for that."""
        return caller.as_of if self._desk.clock() - caller.as_of > self._dated_after else None
