"""Copy soon what somebody says has changed: a push from Work 365, or a fresh read that differs from the mirror."""

import asyncio
import logging
from contextlib import suppress
from itertools import islice

from backends.dataverse.query import guid
from backends.work365.bills import INVOICES, LINES
from backends.work365.mapping import Work365Mapping
from backends.work365.one import OneInvoice
from backends.work365.work import IDS
from billing.errors import Malformed, Problem
from billing.invoice import InvoiceId

log = logging.getLogger(__name__)

MOST = 5_000
"""Hints that wait at once. What finds no place, the next pass of the sync finds."""


class Hints:
    """The Hints port: a queue in which every row stands once, worked off by many rows at a time.

    It dies with its process. Nothing is lost by that: the sync asks Work 365 what has changed, and needs no hints.
    """

    def __init__(self, one: OneInvoice, mapping: Work365Mapping, most: int = MOST) -> None:
        self._one = one
        self._most = most
        self._kinds = {
            name: kind
            for kind, names in ((INVOICES, mapping.invoices), (LINES, mapping.lines))
            for name in (names.entity_set, names.logical_name)
        }
        self._waiting: dict[tuple[str, str], None] = {}
        self._working: asyncio.Task[None] | None = None

    def row(self, table: str, row_id: str) -> bool:
        """Have the invoice copied that a row is, or belongs to; False where too many wait.

        Raises Malformed for any table but the two, by entity set or logical name, and for an id that is no GUID.
        """
        try:
            return self._enter(self._kinds[table], guid(row_id))
        except (KeyError, ValueError) as error:
            raise Malformed(table=table[:100], row_id=row_id[:100]) from error

    def invoice(self, invoice: InvoiceId) -> None:
        """Have an invoice copied."""
        self._enter(INVOICES, invoice)

    async def settled(self) -> None:
        """Wait until nothing waits."""
        if self._working is not None:
            await self._working

    async def close(self) -> None:
        """Stop, and forget what waits."""
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    def _enter(self, kind: str, row_id: str) -> bool:
        if (kind, row_id) not in self._waiting and len(self._waiting) >= self._most:
            log.warning("hints.full")
            return False
        self._waiting[kind, row_id] = None
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return True

    async def _work(self) -> None:
        while self._waiting:
            taken = list(islice(self._waiting, IDS))
            for each in taken:  # before it is read: what changes meanwhile may be entered again
                del self._waiting[each]
            invoices, lines = ([row_id for each, row_id in taken if each == kind] for kind in (INVOICES, LINES))
            try:
                await self._one.copy_all(invoices, lines)
            except Problem as problem:
                log.info("hints.missed", extra={"rows": len(taken), "problem": type(problem).__name__, "facts": problem.facts})
