"""After a click on Pay now: look at that invoice every few seconds, and have the mirror know what has changed until it is paid."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from billing.access import Caller, Person
from billing.errors import NotFound, Problem
from billing.invoice import Details, InvoiceId
from billing.ports import FreshInvoices, MirroredOne

log = logging.getLogger(__name__)

EVERY_S = 5.0
LOOKS = 60
"""Five minutes: longer than a card payment takes; what takes days is the sync's to find."""

MOST = 40
EACH = 3
"""Payments that are watched at once: of everybody together, and of one person. Each is a request every few seconds, of which all
customers together have some 20 a second."""

Changed = Callable[[], object]
"""Told that the mirror knows something new, which chats are to follow."""


class Watch(Protocol):
    """What a click on Pay now sets off."""

    def begin(self, caller: Caller, before: Details) -> None:
        """Watch an invoice for this person from now on, as it was at the click; a second click starts the time anew."""
        ...

    def refresh(self, invoice: InvoiceId) -> None:
        """Bring mirror and chats up to date with an invoice that could not be paid after all."""
        ...


class PaymentWatch:
    """Watches invoices that people went off to pay.

    It lives in the process that saw the click and dies with it: what it would have found, the next sync finds, and tells as well.
    """

    def __init__(
        self, fresh: FreshInvoices, mirror: MirroredOne, changed: Changed, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._fresh = fresh
        self._mirror = mirror
        self._changed = changed
        self._sleep = sleep
        self._watching: dict[tuple[Person, InvoiceId], asyncio.Task[None]] = {}
        self._refreshing: dict[InvoiceId, asyncio.Task[None]] = {}

    def begin(self, caller: Caller, before: Details) -> None:
        """Watch an invoice for this person from now on, as it was at the click; a second click starts the time anew.

        Where there are too many of theirs, the one they clicked first is left.
        """
        key = (caller.person, before.invoice.id)
        others = [each for each in self._watching if each[0] == caller.person and each != key]
        for left in (key, *others[: 1 - EACH]):
            if left in self._watching:
                self._watching.pop(left).cancel()
        if len(self._watching) >= MOST:
            log.warning("payment.unwatched", extra={"invoice": before.invoice.id})
            return
        task = asyncio.create_task(self._watch(caller, before))
        self._watching[key] = task
        task.add_done_callback(lambda done: self._over(key, done))

    def refresh(self, invoice: InvoiceId) -> None:
        """Bring mirror and chats up to date with an invoice, unless somebody is at it; what is too many, the next sync finds."""
        if invoice not in self._refreshing and len(self._refreshing) < MOST:
            task = asyncio.create_task(self._refresh(invoice))
            self._refreshing[invoice] = task
            task.add_done_callback(lambda done: self._refreshed(invoice, done))

    async def close(self) -> None:
        """Stop watching."""
        for task in [*self._watching.values(), *self._refreshing.values()]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self, caller: Caller, before: Details) -> None:
        known: Details | None = before
        for _ in range(LOOKS):
            await self._sleep(EVERY_S)
            known = await self._known(caller, known)
            if known is None or not known.invoice.is_open:
                return

    async def _known(self, caller: Caller, before: Details) -> Details | None:
        """Return the invoice as the mirror knows it now: *before* too while somebody does not answer, None where it was withdrawn."""
        try:
            now = await self._look(caller, before)
            if now != before:
                await self._mirror.copy(before.invoice.id)
                self._changed()
        except Problem as problem:
            log.info("payment.unseen", extra={"problem": type(problem).__name__, "facts": problem.facts})
            return before
        return now

    async def _look(self, caller: Caller, before: Details) -> Details | None:
        """Return the invoice as it is now; None where it was withdrawn."""
        try:
            return await self._fresh.now(caller.account, before)
        except NotFound:
            return None

    async def _refresh(self, invoice: InvoiceId) -> None:
        try:
            await self._mirror.copy(invoice)
        except Problem as problem:
            log.info("payment.not_refreshed", extra={"problem": type(problem).__name__, "facts": problem.facts})
            return
        self._changed()

    def _refreshed(self, invoice: InvoiceId, done: asyncio.Task[None]) -> None:
        del self._refreshing[invoice]
        _tell(done)

    def _over(self, key: tuple[Person, InvoiceId], done: asyncio.Task[None]) -> None:
        if self._watching.get(key) is done:
            del self._watching[key]
        _tell(done)


def _tell(done: asyncio.Task[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("payment.watch_failed", exc_info=error)
