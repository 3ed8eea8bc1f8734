"""What a company consumed: the rows behind an invoice, too many to keep."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from billing.access import BILLING, AccountId, Caller
from billing.errors import UsageOff
from billing.invoice import Details, InvoiceId
from billing.ports import Invoices


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One line of usage; empty or None where Work 365 has nothing.

    currency  as Work 365 spells it; not always the invoice's
    """

    day: date | None
    subscription: str
    service: str
    resource: str
    region: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    total: Decimal | None
    currency: str


class Usage(Protocol):
    """Where usage comes from."""

    def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield the invoice's usage, some thousand rows at a time; close the generator to stop early.

        Raises NotFound, also when the invoice exists in another account, and SourceDown, also in the middle.
        """
        ...


class UsageQueries:
    """Answers what a company consumed.

    usage  None where this environment has none to download
    """

    def __init__(self, invoices: Invoices, usage: Usage | None) -> None:
        self._invoices = invoices
        self._usage = usage

    @property
    def is_on(self) -> bool:
        """Whether there is anything to offer."""
        return self._usage is not None

    async def rows(self, caller: Caller, invoice: InvoiceId) -> tuple[Details, AsyncGenerator[Sequence[UsageRow]]]:
        """Return one of the caller's invoices and its usage, not yet begun to be read; close the generator in any case.

        Raises UsageOff, NotFound also when it is another account's. The generator raises SourceDown, also in the middle.
        """
        caller.require(BILLING)
        if self._usage is None:
            raise UsageOff
        held = await self._invoices.details(caller.account, invoice)
        return held, self._usage.rows(caller.account, invoice)
