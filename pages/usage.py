"""``/invoices/{id}/usage.csv``: what stands behind an invoice, as CSV or as an Excel workbook, however long it is."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from aiohttp import web

from billing.errors import NoUsage, SourceDown
from billing.usage import UsageQueries, UsageRow
from pages.desk import DOWNLOAD, Desk
from pages.download import Format, disposition, send, wanted_format
from pages.tables import CSV, csv_chunks, usage_cells, usage_header
from pages.workbook import XLSX, workbook_chunks

FIRST_WITHIN_S: Final = 10.0
"""How long a browser waits for the first rows before it is told to come back later."""


class UsagePages:
    """Sends usage while it is being read."""

    def __init__(self, desk: Desk, usage: UsageQueries, first_within_s: float = FIRST_WITHIN_S) -> None:
        self._desk = desk
        self._usage = usage
        self._first_within_s = first_within_s

    async def usage(self, request: web.Request) -> web.StreamResponse:
        """Return the usage behind an invoice; ``?format=xlsx`` as a workbook."""
        wanted = wanted_format(request)
        visit, reader, invoice = await self._desk.invoice(request)
        person = visit.caller.person
        with self._desk.slots.taken(person):
            async with self._desk.noting(DOWNLOAD, person, invoice):
                held, pages = await self._usage.rows(visit.caller, invoice)
                header, rows = usage_header(reader), _some(pages, self._first_within_s)
                if wanted is Format.XLSX:
                    chunks, kind, ending = workbook_chunks(reader.say("Usage"), header, rows, usage_cells), XLSX, "usage.xlsx"
                else:
                    chunks, kind, ending = csv_chunks(header, rows, usage_cells), CSV, "usage.csv"
                name = disposition("attachment", held.invoice.number, ending)
                return await send(
                    request, chunks, kind, name, lambda: self._desk.note_download(person, invoice), self._desk.slots.stalled_s
                )


async def _some(pages: AsyncGenerator[Sequence[UsageRow]], first_within_s: float) -> AsyncGenerator[Sequence[UsageRow]]:
    """Yield *pages*, none of them empty. Raises NoUsage where there is nothing at all, SourceDown where nothing comes in time."""
    deadline: float | None = asyncio.get_running_loop().time() + first_within_s
    async with aclosing(pages):
        while (rows := await _next(pages, deadline)) is not None:
            if rows:
                deadline = None
                handed = [rows]
                del rows  # while a slow reader is waited for, nobody keeps the rows
                yield handed.pop()
    if deadline is not None:
        raise NoUsage


async def _next(pages: AsyncGenerator[Sequence[UsageRow]], deadline: float | None) -> Sequence[UsageRow] | None:
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(pages, None)
    except TimeoutError as error:
        raise SourceDown(source="usage", first="late") from error
