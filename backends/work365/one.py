"""Copy single invoices, for moments in which the next pass of the sync is too far away."""

from collections.abc import Collection
from contextlib import aclosing

from backends.dataverse.client import Dataverse
from backends.postgres.mirror import Mirror
from backends.work365.bills import Bills
from backends.work365.schema import Schema
from backends.work365.translate import row_id
from backends.work365.work import Work
from billing.invoice import InvoiceId


class OneInvoice:
    """The MirroredOne port. It waits for no pass under way, only for its turn to write.

    Of two versions the later one stays, whoever comes last. What a pass has taken out meanwhile has no version to compare with:
    written again, it stays until the sync compares.
    """

    def __init__(self, dataverse: Dataverse, schema: Schema, mirror: Mirror) -> None:
        self._dataverse = dataverse
        self._schema = schema
        self._mirror = mirror

    async def copy(self, invoice: InvoiceId) -> None:
        """Bring one invoice with its lines up to date, or take it out where customers may no longer see it.

        One that Work 365 has deleted stays until the sync compares. Raises SourceDown.
        """
        await self.copy_all([invoice])

    async def copy_all(self, invoices: Collection[str], lines: Collection[str] = ()) -> None:
        """Do the same for some invoices at once, and for those that *lines* belong to; all are ids, 120 of each at most."""
        work = Work(self._dataverse, self._mirror, await self._schema.names())
        await Bills(work).read({*invoices, *(await _owners(work, lines))})


async def _owners(work: Work, lines: Collection[str]) -> set[str]:
    """Return the invoices that *lines* belong to."""
    if not lines:
        return set()
    async with aclosing(work.read(work.ask.owners_of(lines), lambda row: row_id(row, work.names.lines.invoice))) as pages:
        return {invoice async for page in pages for invoice in page}
