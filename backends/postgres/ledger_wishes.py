"""The Choosing port: a person's wishes and snoozes. No company's data, so chat may write them."""

from typing import LiteralString
from uuid import UUID

from backends.postgres.database import Database
from backends.postgres.ledger_people import wishes_in
from billing.access import AccountId, Person
from billing.due import Wishes
from billing.reminding import Snoozes

_WISHES: LiteralString = """
    select is_on, hour, days, business_days, silent from bot.reminder_wishes where tenant = $1 and person = $2
"""

_WISH: LiteralString = """
    insert into bot.reminder_wishes (tenant, person, is_on, hour, days, business_days, silent) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, person) do update set is_on = excluded.is_on, hour = excluded.hour, days = excluded.days,
        business_days = excluded.business_days, silent = excluded.silent
"""

_SNOOZE: LiteralString = """
    insert into bot.reminder_snoozes (tenant, person, invoice, until) select $1, $2, * from unnest($3::uuid[], $4::date[])
    on conflict (tenant, person, invoice) do update set until = excluded.until
"""


class PostgresChoosing:
    """One row a person, and one for each invoice that is silent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wishes(self, person: Person) -> Wishes:
        """Return what a person has chosen; the default where nothing."""
        async with self._database.shared() as connection:
            row = await connection.fetchrow(_WISHES, person.tenant, person.id)
        return Wishes() if row is None else wishes_in(row)

    async def stages(self, account: AccountId) -> tuple[int, ...] | None:
        """Return a company's own stages, in days relative to the due date; None where it has none."""
        async with self._database.shared() as connection:
            days = await connection.fetchval("select days from bot.reminder_companies where account = $1", account)
        return None if days is None else tuple(days)

    async def wish(self, person: Person, wishes: Wishes) -> None:
        """Keep what a person has chosen. It counts from the next message on."""
        days = None if wishes.days is None else list(wishes.days)
        silent = sorted(each.value for each in wishes.silent)
        kept = (person.tenant, person.id, wishes.is_on, wishes.hour, days, wishes.business_days, silent)
        async with self._database.shared() as connection:
            await connection.execute(_WISH, *kept)

    async def snooze(self, person: Person, snoozes: Snoozes) -> None:
        """Keep invoices silent, each until its date."""
        async with self._database.shared() as connection:
            await connection.execute(_SNOOZE, person.tenant, person.id, [UUID(each) for each in snoozes], list(snoozes.values()))
