"""``/invoices/{id}/invoice.pdf``: the invoice as a file to keep."""

from aiohttp import web

from billing.details import CurrentDetails
from pages.desk import DOWNLOAD, Desk
from pages.download import disposition
from pages.press import Press
from pages.render import PRIVATE
from pages.reseller import Reseller
from pages.sheet import sheet


class PdfPages:
    """Sends invoices as PDF files."""

    def __init__(self, desk: Desk, details: CurrentDetails, reseller: Reseller, press: Press) -> None:
        self._desk = desk
        self._details = details
        self._reseller = reseller
        self._press = press

    async def pdf(self, request: web.Request) -> web.Response:
        """Return an invoice as a PDF file, to be shown by the browser."""
        visit, reader, invoice = await self._desk.invoice(request)
        person = visit.caller.person
        async with self._desk.noting(DOWNLOAD, person, invoice):
            details = (await self._details.read(visit.caller, invoice)).details
        with self._desk.slots.taken(person):
            body = await self._press.pdf(sheet(details, self._reseller, reader))
        await self._desk.note_download(person, invoice)
        guard = {"Content-Security-Policy": "frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin"}
        name = {"Content-Disposition": disposition("inline", details.invoice.number, "invoice.pdf")}
        return web.Response(body=body, content_type="application/pdf", headers={**PRIVATE, **guard, **name})
