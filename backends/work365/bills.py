"""Copy invoices and their lines: those that changed, those that were missed, and all of them the first time."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime
from typing import cast

from backends.dataverse.query import Query, logical_name
from backends.postgres.mirror import Batch
from backends.rows import CurrencyRow, InvoiceRow, LineRow, Table
from backends.work365.names import Names
from backends.work365.parallel import ahead, together
from backends.work365.people import copy_currencies
from backends.work365.translate import Hidden, Unreadable, instant, row_id
from backends.work365.watermark import Watermark
from backends.work365.work import IDS, Work, parts
from billing.ports import Json

INVOICES = "invoices"
LINES = "lines"

AT_ONCE = 500
"""Rows that are written in one transaction, invoices with their lines: memory holds no more, and nobody waits for longer."""


class Bills:
    """The invoices of one pass.

    is_full  believe Work 365 also where the mirror has a later version: its clock or its database may have been set back
    """

    def __init__(self, work: Work, *, is_full: bool = False) -> None:
        self._work = work
        self._is_full = is_full
        self._currencies: dict[str, CurrencyRow] = {}
        self._looked_up = False
        self._taken: set[str] = set()
        self._told: set[str] = set()
        self._invoice_of_line = logical_name(work.names.lines.invoice)

    async def load(self, invoices: Watermark, lines: Watermark) -> None:
        """Copy all invoices and all lines side by side, going on where an earlier pass died.

        A whole page is one transaction, since nobody is shown anything before the end: that halves PostgreSQL's work.
        While it writes a page, we translate the next one, and the one after that is on its way.
        """
        async with self._work.mirror.loading(), together() as group:
            group.create_task(self._load_invoices(invoices))
            group.create_task(self._load_lines(lines))

    async def _load_invoices(self, read: Watermark) -> None:
        async with aclosing(ahead(self._sorted_pages(read.start))) as pages:
            async for rows, shown, hidden in pages:
                async with self._work.mirror.writing() as batch:
                    await self._write(batch, shown, hidden, read.after(rows))
                read.taken(rows)

    async def _load_lines(self, read: Watermark) -> None:
        async with aclosing(ahead(self._visible_lines(read.start))) as pages:
            async for rows, lines in pages:
                await self._write_lines(lines, read.after(rows))
                read.taken(rows)

    async def _sorted_pages(self, start: datetime | None) -> AsyncGenerator[tuple[list[Json], list[InvoiceRow], list[str]]]:
        """Yield the pages of all invoices: as they are, those to show, and the ids of those to hide."""
        async with aclosing(ahead(self._work.pages(self._work.ask.invoices(start)))) as pages:
            async for page in pages:
                await self._know_currencies(page.rows)
                shown: list[InvoiceRow] = []
                hidden: list[str] = []
                for rows in parts(page.rows, AT_ONCE):
                    some, others = self._sorted(rows)
                    shown += some
                    hidden += others
                    await asyncio.sleep(0)  # a page takes long enough for others to want a turn
                yield page.rows, shown, hidden

    async def _visible_lines(self, start: datetime | None) -> AsyncGenerator[tuple[list[Json], list[LineRow]]]:
        """Yield the pages of all lines: as they are, and those of invoices that customers may see."""
        table, translate = self._work.names.lines.entity_set, self._work.translate.line
        async with aclosing(ahead(self._work.pages(self._work.ask.lines(start)))) as pages:
            async for page in pages:
                lines: list[LineRow] = []
                for rows in parts(page.rows, AT_ONCE):
                    lines += self._work.readable(table, filter(self._is_visible, rows), translate)
                    await asyncio.sleep(0)
                yield page.rows, lines

    async def follow(self, invoices: Watermark, lines: Watermark) -> None:
        """Copy the invoices that changed with all their lines, and those whose lines alone changed."""
        async with aclosing(self._work.pages(self._work.ask.invoices(invoices.start))) as pages:
            async for page in pages:
                for rows in parts(invoices.fresh(page.rows), AT_ONCE):
                    await self._put(rows, invoices.after(rows))
                    invoices.taken(rows)
        async with aclosing(self._work.pages(self._work.ask.changed_lines(lines.start))) as pages:
            async for page in pages:
                fresh = lines.fresh(page.rows)
                await self.read(set(self._ids(fresh, self._work.names.lines, self._work.names.lines.invoice)) - self._taken)
                lines.taken(fresh)

    async def read(self, ids: Iterable[str]) -> None:
        """Copy some invoices with all their lines."""
        for part in parts(list(ids), IDS):
            async with aclosing(self._work.pages(self._work.ask.invoices_with(part))) as pages:
                async for page in pages:
                    await self._put(page.rows)

    async def find_unlisted(self) -> None:
        """Report invoices with a status of which the mapping does not speak: those that nobody touches are read no more."""
        async with aclosing(self._work.pages(self._work.ask.unlisted_invoices())) as pages:
            async for page in pages:
                for row in page.rows:
                    self._report(Hidden.UNKNOWN_STATUS, row)

    async def _put(self, rows: Sequence[Json], mark: datetime | None = None) -> None:
        """Write the invoices that customers may see with all their lines, and take out the others, in one transaction.

        Reading the lines takes its time: what somebody else has written meanwhile in a later version is left as it is.
        """
        await self._know_currencies(rows)
        shown, hidden = self._sorted(rows)
        ids = [invoice.id for invoice in shown]
        lines = await self._lines_of(ids)
        async with self._work.mirror.writing() as batch:
            late = frozenset[str]() if self._is_full else await batch.later(self._changes(rows))
            current = [invoice for invoice in shown if invoice.id not in late]
            await self._write(batch, current, [each for each in hidden if each not in late], mark)
            theirs = [line for line in lines if line.invoice not in late]
            self._work.tally.counts["lines"] += await batch.replace_lines([invoice.id for invoice in current], theirs)
        self._taken.update(ids, hidden)

    async def _write(self, batch: Batch, shown: Sequence[InvoiceRow], hidden: Sequence[str], mark: datetime | None) -> None:
        counts = self._work.tally.counts
        counts["invoices"] += await batch.put_invoices(shown)
        counts["hidden invoices"] += await batch.remove(Table.INVOICES, hidden)
        if mark is not None:
            await batch.save_watermark(INVOICES, mark.isoformat())

    def _changes(self, rows: Iterable[Json]) -> dict[str, datetime]:
        """Return when invoices were last changed, by id, as far as their rows say so."""
        names = self._work.names.invoices
        found: dict[str, datetime] = {}
        for row in rows:
            with suppress(Unreadable):
                if changed := instant(row, names.modified):
                    found[row_id(row, names.id)] = changed
        return found

    def _sorted(self, rows: Iterable[Json]) -> tuple[list[InvoiceRow], list[str]]:
        """Return the invoices to show, and the ids of those to hide; what hides them is reported, unless it is as it should be."""
        shown: list[InvoiceRow] = []
        hidden: list[str] = []
        for row in rows:
            invoice = self._translated(row)
            if isinstance(invoice, InvoiceRow):
                shown.append(invoice)
            else:
                hidden += self._ids([row], self._work.names.invoices, self._work.names.invoices.id)
                self._report(invoice, row)
        return shown, hidden

    def _ids(self, rows: Iterable[Json], table: Names, column: str) -> list[str]:
        return self._work.readable(table.entity_set, rows, lambda row: row_id(row, column))

    def _translated(self, row: Json) -> InvoiceRow | Hidden | Unreadable:
        try:
            return self._work.translate.invoice(row, self._currencies)
        except Unreadable as error:
            return error

    def _report(self, why: Hidden | Unreadable, row: Json) -> None:
        """Count what hides an invoice, once in a pass, however often it is read."""
        names = self._work.names.invoices
        named = str(row.get(names.id))
        if named in self._told or why is Hidden.STATUS:
            return
        self._told.add(named)
        if isinstance(why, Unreadable):
            self._work.tally.reported[f"unreadable in {names.entity_set}: {why}"] += 1
        elif why is Hidden.UNKNOWN_STATUS:
            self._work.tally.reported[f"{why.value} {row.get(names.state)}/{row.get(names.status)}"] += 1
        else:
            self._work.tally.reported[why.value] += 1

    async def _know_currencies(self, rows: Iterable[Json]) -> None:
        """Look currencies up, once in a pass, where an invoice names one that the mirror lacks."""
        column = self._work.names.invoices.currency
        named = {str(row[column]) for row in rows if row.get(column)}
        self._currencies = self._currencies or await self._mirrored()
        if not self._looked_up and not named <= self._currencies.keys():
            self._looked_up = True
            await copy_currencies(self._work)
            self._currencies = await self._mirrored()

    async def _mirrored(self) -> dict[str, CurrencyRow]:
        return {each.id: each for each in await self._work.mirror.currencies()}

    async def _lines_of(self, invoices: list[str]) -> list[LineRow]:
        async with together() as group:
            reads = [group.create_task(self._read_lines(self._work.ask.lines_of(part))) for part in parts(invoices, IDS)]
        return [line for read in reads for line in read.result()]

    async def _read_lines(self, query: Query) -> list[LineRow]:
        return await self._work.read_all(query, self._work.translate.line)

    async def _write_lines(self, lines: Sequence[LineRow], mark: datetime | None) -> None:
        async with self._work.mirror.writing() as batch:
            self._work.tally.counts["lines"] += await batch.put_lines(lines)
            if mark is not None:
                await batch.save_watermark(LINES, mark.isoformat())

    def _is_visible(self, line: Json) -> bool:
        names = self._work.names
        invoice = line.get(self._invoice_of_line)
        if not isinstance(invoice, dict):
            return False
        found = cast("Json", invoice)
        if not found.get(names.invoices.currency) and not names.missing_currency:
            return False
        return names.status.state(found.get(names.invoices.state), found.get(names.invoices.status)) is not None
