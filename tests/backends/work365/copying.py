"""The sync, and what customers see of its work."""

from datetime import timedelta
from typing import Any

from backends.dataverse.client import Dataverse
from backends.postgres.database import Database
from backends.postgres.directory import PostgresDirectory
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.work365.changes import Changes
from backends.work365.mapping import load
from backends.work365.schema import Schema
from backends.work365.sync import Sync
from billing.errors import NotFound
from billing.invoice import Details, InvoiceId
from billing.people import Membership
from tests.make import ADA, CONTOSO, guid

AT_EVERY_PASS = timedelta(0)


class Copy:
    """The sync, and what a customer sees of its work."""

    def __init__(self, dataverse: Dataverse, mirror: Mirror, database: Database) -> None:
        self._dataverse = dataverse
        self._mirror = mirror
        self._invoices = PostgresInvoices(database)
        self._directory = PostgresDirectory(database)
        self.sync = self.another()

    def another(self, dataverse: Dataverse | None = None, **changes: Any) -> Sync:
        """Return another another's sync."""
        read = dataverse or self._dataverse
        return Sync(read, Schema(read, load()), self._mirror, **{"slow_every": AT_EVERY_PASS, "compare_every": timedelta(days=1)} | changes)

    async def run(self, *, full: bool = False) -> Changes:
        """Make a pass."""
        return await self.sync.run(full=full)

    async def details(self, number: str = "INV-1") -> Details:
        """Return an invoice of Contoso. Raises NotFound."""
        return await self._invoices.details(CONTOSO.id, InvoiceId(guid(number)))

    async def is_shown(self, number: str = "INV-1") -> bool:
        """Whether Contoso sees the invoice."""
        try:
            await self.details(number)
        except NotFound:
            return False
        return True

    async def memberships(self) -> tuple[Membership, ...]:
        """Return what Ada may do."""
        return (await self._directory.standing(ADA, None)).memberships
