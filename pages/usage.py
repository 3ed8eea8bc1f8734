"""``/invoices/{id}/usage.csv``: what stands behind an invoice, as CSV or as an Excel workbook, however long it is."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from aiohttp import web

from billing.errors import NoUsage
from billing.usage import UsageQueries, UsageRow
from pages.desk import DOWNLOAD, Desk
from pages.download import disposition, send
from pages.tables import CSV, csv_chunks, usage_cells, usage_header
from pages.workbook import XLSX, workbook_chunks


class UsagePages:
    """Sends usage while it is being read."""

    def __init__(self, desk: Desk, usage: UsageQueries) -> None:
        self._desk = desk
        self._usage = usage

    async def usage(self, request: web.Request) -> web.StreamResponse:
        """Return the usage behind an invoice; ``?format=xlsx`` as a workbook."""
        visit, reader, invoice = await self._desk.invoice(request)
        person = visit.caller.person
        with self._desk.slots.taken(person):
            async with self._desk.noting(DOWNLOAD, person, invoice):
                held, pages = await self._usage.rows(visit.caller, invoice)
                header = usage_header(reader)
                if request.query.get("format") == "xlsx":
                    chunks, kind, ending = workbook_chunks(reader.say("Usage"), header, _some(pages), usage_cells), XLSX, "usage.xlsx"
                else:
                    chunks, kind, ending = csv_chunks(header, _some(pages), usage_cells), CSV, "usage.csv"
                name = disposition("attachment", held.invoice.number, ending)
                return await send(request, chunks, kind, name, lambda: self._desk.note_download(person, invoice))


async def _some(pages: AsyncGenerator[Sequence[UsageRow]]) -> AsyncGenerator[Sequence[UsageRow]]:
    """Yield *pages*, none of them empty. Raises NoUsage where there is nothing at all."""
    is_empty = True
    async with aclosing(pages):
        async for rows in pages:
            if rows:
                is_empty = False
                handed = [rows]
                del rows  # while a slow reader is waited for, nobody keeps the rows
                yield handed.pop()
    if is_empty:
        raise NoUsage
