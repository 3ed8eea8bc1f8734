"""After a click on Pay now: look at that invoice every few seconds, and tell the chat once something has changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from billing.access import Caller, Person
from billing.errors import NotFound, Problem
from billing.invoice import Details, Invoice, InvoiceId
from billing.ports import FreshInvoices, MirroredOne

log = logging.getLogger(__name__)

EVERY_S = 5.0
LOOKS = 60
"""Five minutes: longer than a card payment takes; what takes days is the sync's to find."""

MOST = 200
"""People who are watched for at once; each costs Work 365 a read every few seconds, which all customers share."""

Paid = Callable[[Caller, Details], Awaitable[None]]
"""Told of an invoice that has changed after its payer's click: its state says whether it is paid in full or in part."""


class Watch(Protocol):
    """What a click on Pay now sets off."""

    def begin(self, caller: Caller, invoice: Invoice) -> None:
        """Watch the invoice for this person from now on; a second click starts the time anew."""
        ...


class PaymentWatch:
    """Watches invoices that people went off to pay.

    It lives in the process that saw the click and dies with it: what it would have found, the next sync finds.
    """

    def __init__(
        self, fresh: FreshInvoices, mirror: MirroredOne, paid: Paid, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._fresh = fresh
        self._mirror = mirror
        self._paid = paid
        self._sleep = sleep
        self._watching: dict[tuple[Person, InvoiceId], asyncio.Task[None]] = {}

    def begin(self, caller: Caller, invoice: Invoice) -> None:
        """Watch the invoice for this person from now on; a second click starts the time anew."""
        key = (caller.person, invoice.id)
        if key in self._watching:
            self._watching.pop(key).cancel()
        if len(self._watching) >= MOST:
            log.warning("payment.unwatched", extra={"invoice": invoice.id})
            return
        task = asyncio.create_task(self._watch(caller, invoice))
        self._watching[key] = task
        task.add_done_callback(lambda done: self._over(key, done))

    async def close(self) -> None:
        """Stop watching."""
        for task in list(self._watching.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self, caller: Caller, before: Invoice) -> None:
        for _ in range(LOOKS):
            await self._sleep(EVERY_S)
            if await self._has_settled(caller, before):
                return

    async def _has_settled(self, caller: Caller, before: Invoice) -> bool:
        """Whether something has changed, and everybody knows; False too while somebody does not answer."""
        try:
            now = await self._look(caller, before.id)
            if now is not None and _standing(now.invoice) == _standing(before):
                return False
            await self._mirror.copy(before.id)
            if now is not None:
                await self._paid(caller, now)
        except Problem as problem:
            log.info("payment.unseen", extra={"problem": type(problem).__name__, "facts": problem.facts})
            return False
        return True

    async def _look(self, caller: Caller, invoice: InvoiceId) -> Details | None:
        """Return the invoice as it is now; None where it was withdrawn."""
        try:
            return await self._fresh.details(caller.account, invoice)
        except NotFound:
            return None

    def _over(self, key: tuple[Person, InvoiceId], done: asyncio.Task[None]) -> None:
        if self._watching.get(key) is done:
            del self._watching[key]
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("payment.watch_failed", exc_info=error)


def _standing(invoice: Invoice) -> tuple[object, ...]:
    return invoice.state, invoice.charge, invoice.charged
