"""The Followed port: what chats show, and payers know, against what the mirror holds. Needs a Database whose role is SYNC."""

from datetime import datetime, timedelta
from typing import LiteralString

from backends.postgres.database import Database, Record
from backends.postgres.shown import KEPT, columns
from backends.postgres.upsert import count
from billing.access import AccountId, Person, PersonId, TenantId
from billing.following import Payer, ShownCard
from billing.invoice import Charge, InvoiceId, Settlement, State

LEASE = timedelta(minutes=2)
"""How long a card may be in somebody's hands: the connector is patient for half a minute, and an attempt takes ten seconds."""

AT_THE_TILL = timedelta(minutes=10)
"""How long after a click a card may be declined: what fails later was a bank debit, which was pending before and looks different."""

# A mirror that is older than what the card shows, or the payer saw, has nothing to say. Cards of the release before this one have
# no version: nobody knows what they show.
_CARDS: LiteralString = """
    update bot.shown s set taken = $1 from (
        select k.tenant, k.person, k.invoice, i.account::text from bot.shown k left join mirror.invoices i on i.id = k.invoice::uuid
        where k.shown > $2 and (k.taken is null or k.taken <= $3) and k.changed is not null and (i.id is null or (
            i.changed >= k.changed
            and (k.state, k.charge, k.charged, k.balance) is distinct from (i.state, i.charge, i.charged, i.balance)))
        order by k.shown desc limit $4 for update of k skip locked) due
    where (s.tenant, s.person, s.invoice) = (due.tenant, due.person, due.invoice)
    returning s.tenant, s.person, s.invoice, s.activity, due.account
"""
_OURS: LiteralString = "tenant = $1 and person = $2 and invoice = $3 and activity = $4 and taken = $5"
_DRAWN: LiteralString = f"""
    update bot.shown set state = $6, charge = $7, charged = $8, balance = $9, changed = $10, taken = null where {_OURS}
"""  # noqa: S608 - literals
_FORGET: LiteralString = f"delete from bot.shown where {_OURS}"  # noqa: S608 - literals

# A payment that failed again looks as it did before: all that tells is that Work 365 has written the row anew so soon after a click.
_PAYERS: LiteralString = """
    select p.tenant, p.person, p.invoice::text, i.account::text, p.state, p.charge, p.charged, p.balance, p.changed
    from bot.payers p join mirror.invoices i on i.id = p.invoice
    where p.clicked > $1 and i.changed >= p.changed
        and ((p.state, p.charge, p.charged, p.balance) is distinct from (i.state, i.charge, i.charged, i.balance)
            or (i.charge = 'failed' and i.changed > p.changed and i.changed < p.clicked + $3::interval))
    order by p.clicked limit $2
"""
_TOLD: LiteralString = """
    update bot.payers set state = $9, charge = $10, charged = $11, balance = $12, changed = $13
    where tenant = $1 and person = $2 and invoice = $3::text::uuid and (state, charge, charged, balance, changed) = ($4, $5, $6, $7, $8)
"""


class PostgresFollowed:
    """Looks at what is so, and needs to be told of nothing: a process that dies leaves the rest to the next one that looks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cards(self, now: datetime, limit: int) -> list[ShownCard]:
        """Take cards that are behind, those shown last first. One that is not drawn within minutes is handed out again."""
        async with self._database.shared() as connection:
            rows = await connection.fetch(_CARDS, now, now - KEPT, now - LEASE, limit)
        return [
            ShownCard(_person(row), InvoiceId(row["invoice"]), row["activity"], row["account"] and AccountId(row["account"]), now)
            for row in rows
        ]

    async def drawn(self, card: ShownCard, settlement: Settlement | None) -> None:
        """Note what a card shows now; None: nothing that could be followed."""
        ours = card.person.tenant, card.person.id, card.invoice, card.activity, card.taken
        async with self._database.shared() as connection:
            if settlement is None:
                await connection.execute(_FORGET, *ours)
            else:
                await connection.execute(_DRAWN, *ours, *columns(settlement))

    async def payers(self, now: datetime, limit: int) -> list[Payer]:
        """Return people who have not been told yet, those who pressed first at the head."""
        async with self._database.shared() as connection:
            rows = await connection.fetch(_PAYERS, now - KEPT, limit, AT_THE_TILL)
        return [
            Payer(
                _person(row),
                InvoiceId(row["invoice"]),
                AccountId(row["account"]),
                Settlement(State(row["state"]), Charge(row["charge"]), row["charged"], row["balance"], row["changed"]),
            )
            for row in rows
        ]

    async def claim(self, payer: Payer, now: Settlement) -> bool:
        """Count somebody as told; False where another process has been faster."""
        return await self._turn(payer, payer.told, now)

    async def give_back(self, payer: Payer, now: Settlement) -> None:
        """Count somebody as not told after all."""
        await self._turn(payer, now, payer.told)

    async def _turn(self, payer: Payer, before: Settlement, after: Settlement) -> bool:
        whose = payer.person.tenant, payer.person.id, payer.invoice
        async with self._database.shared() as connection:
            return count(await connection.execute(_TOLD, *whose, *columns(before), *columns(after))) == 1


def _person(row: Record) -> Person:
    return Person(TenantId(row["tenant"]), PersonId(row["person"]))
