"""The Shown and Clicks ports: what chats show of invoices, and who went off to pay."""

from datetime import timedelta
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person
from billing.invoice import Invoice, InvoiceId, Settlement
from billing.ports import Clock

KEPT = timedelta(days=30)
"""How long a card follows its invoice, and a click is remembered: a bank debit settles within two weeks, and may fail after that."""

_NOTE: LiteralString = """
    insert into bot.shown (tenant, person, invoice, activity, shown, state, charge, charged, balance, changed)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (tenant, person, invoice) do update set activity = excluded.activity, shown = excluded.shown, state = excluded.state,
        charge = excluded.charge, charged = excluded.charged, balance = excluded.balance, changed = excluded.changed, taken = null
"""
_COVERED: LiteralString = "delete from bot.shown where tenant = $1 and person = $2 and activity = $3 and invoice <> $4"

# What somebody was told last stays: a payment between two clicks is still to be told. Where nothing is, only later versions count.
_PAYS: LiteralString = """
    insert into bot.payers as p (tenant, person, invoice, clicked, state, charge, charged, balance, changed)
    values ($1, $2, $3::text::uuid, $4, $5, $6, $7, $8, $9)
    on conflict (tenant, person, invoice) do update set clicked = excluded.clicked, changed = case
        when (p.state, p.charge, p.charged, p.balance) = (excluded.state, excluded.charge, excluded.charged, excluded.balance)
        then greatest(p.changed, excluded.changed) else p.changed end
"""

# No state is like none in the mirror.
_REFUSED: LiteralString = "update bot.shown set state = null where tenant = $1 and person = $2 and invoice = $3"


class PostgresShown:
    """One row for each invoice that a person has opened in the chat, and for each that they went off to pay."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, person: Person, invoice: Invoice, activity: str) -> None:
        """Keep that a message shows the invoice as it is here, and nothing else any more; a newer message takes its place."""
        now = self._clock()
        async with self._database.shared() as connection:
            await connection.execute(_COVERED, person.tenant, person.id, activity, invoice.id)
            await connection.execute(_NOTE, person.tenant, person.id, invoice.id, activity, now, *columns(invoice.settlement))

    async def covered(self, person: Person, activity: str) -> None:
        """Note that a message shows something else now; nothing happens where it showed no invoice."""
        async with self._database.shared() as connection:
            await connection.execute(_COVERED, person.tenant, person.id, activity, "")

    async def pays(self, person: Person, invoice: Invoice) -> None:
        """Keep that somebody went off to pay what they saw so; what they still have to be told of a click before stays."""
        now = self._clock()
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.payers where clicked <= $1", now - KEPT)
            await connection.execute(_PAYS, person.tenant, person.id, invoice.id, now, *columns(invoice.settlement))

    async def refused(self, person: Person, invoice: InvoiceId) -> None:
        """Note that somebody could not pay what their card offers: it is behind, whatever it shows."""
        async with self._database.shared() as connection:
            await connection.execute(_REFUSED, person.tenant, person.id, invoice)


def columns(settlement: Settlement) -> tuple[object, ...]:
    """Return a settlement as both tables keep it."""
    return settlement.state.value, settlement.charge.value, settlement.charged, settlement.balance, settlement.changed
