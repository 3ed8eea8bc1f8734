"""One invoice, as up to date as can be."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from billing.access import BILLING, Caller
from billing.allowance import Allowance
from billing.errors import NotFound, SourceDown
from billing.invoice import Details, InvoiceId
from billing.ports import FreshInvoices, Invoices

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """An invoice and its age.

    as_of  when the mirror was last right; None for one that was read from Work 365 just now
    """

    details: Details
    as_of: datetime | None


class CurrentDetails:
    """Reads an invoice past the mirror, and in the mirror while Work 365 does not answer or the person has asked it too often.

    The mirror is asked first: an id that the caller has no right to costs Work 365 nothing, and takes as long as one that
    does not exist.

    allowance  how often a person may have Work 365 asked
    differs    told of an invoice that the mirror has wrong
    """

    def __init__(
        self,
        invoices: Invoices,
        fresh: FreshInvoices,
        allowance: Allowance,
        differs: Callable[[InvoiceId], object] = lambda _: None,
    ) -> None:
        self._invoices = invoices
        self._fresh = fresh
        self._allowance = allowance
        self._differs = differs

    async def read(self, caller: Caller, invoice: InvoiceId) -> Read:
        """Return one of the caller's invoices. Raises NotFound also when it is another account's, or was withdrawn just now."""
        caller.require(BILLING)
        held = await self._invoices.details(caller.account, invoice)
        if not self._allowance.take(caller.person):
            log.info("details.limited", extra={"caller": caller.person.hashed})
            return Read(held, caller.as_of)
        try:
            found = await self._fresh.now(caller.account, held)
        except SourceDown:
            return Read(held, caller.as_of)
        except NotFound:
            self._differs(invoice)
            raise
        if found != held:
            self._differs(invoice)
        return Read(found, None)
