"""The Shown port."""

from datetime import timedelta
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person
from billing.invoice import InvoiceId
from billing.ports import Clock

KEPT = timedelta(days=1)
"""A payment that is watched for ends within minutes; older cards are drawn anew by their buttons."""

_NOTE: LiteralString = """
    insert into bot.shown (tenant, person, invoice, activity, shown) values ($1, $2, $3, $4, $5)
    on conflict (tenant, person, invoice) do update set activity = excluded.activity, shown = excluded.shown
"""
_LAST: LiteralString = "select activity from bot.shown where tenant = $1 and person = $2 and invoice = $3 and shown > $4"


class PostgresShown:
    """One row for each invoice that a person has lately opened in the chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, person: Person, invoice: InvoiceId, activity: str) -> None:
        """Keep which message shows the invoice, and drop what is too old to matter."""
        now = self._clock()
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.shown where shown <= $1", now - KEPT)
            await connection.execute(_NOTE, person.tenant, person.id, invoice, activity, now)

    async def last(self, person: Person, invoice: InvoiceId) -> str | None:
        """Return the message that shows the invoice; None where there is none."""
        async with self._database.shared() as connection:
            found = await connection.fetchval(_LAST, person.tenant, person.id, invoice, self._clock() - KEPT)
        return None if found is None else str(found)
