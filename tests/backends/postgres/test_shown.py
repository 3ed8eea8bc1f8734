"""Which message shows an invoice."""

from datetime import timedelta

from backends.postgres.database import Database
from backends.postgres.shown import PostgresShown
from billing.access import Person, TenantId
from billing.invoice import InvoiceId
from tests.clock import ChosenClock
from tests.make import ADA, guid

INVOICE = InvoiceId(guid("INV-1"))


class TestPostgresShown:
    async def test_returns_the_newest_message(self, database: Database) -> None:
        shown = PostgresShown(database, ChosenClock())

        await shown.note(ADA, INVOICE, "1")
        await shown.note(ADA, INVOICE, "2")

        assert await shown.last(ADA, INVOICE) == "2"

    async def test_knows_nothing_of_other_people(self, database: Database) -> None:
        shown = PostgresShown(database, ChosenClock())

        await shown.note(ADA, INVOICE, "1")

        assert await shown.last(Person(TenantId(guid("elsewhere")), ADA.id), INVOICE) is None

    async def test_forgets_after_a_day(self, database: Database) -> None:
        clock = ChosenClock()
        shown = PostgresShown(database, clock)
        await shown.note(ADA, INVOICE, "1")

        clock.advance(timedelta(days=1))

        assert await shown.last(ADA, INVOICE) is None
