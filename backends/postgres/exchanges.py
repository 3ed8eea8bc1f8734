"""The Exchanges port."""

from datetime import timedelta
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person
from billing.people import Exchange
from billing.ports import Clock

KEPT = timedelta(hours=1)
ABANDONED_AFTER = timedelta(seconds=30)

_BEGIN: LiteralString = """
    insert into bot.exchanges (tenant, person, id, taken) values ($1, $2, $3, $4)
    on conflict (tenant, person, id) do update set taken = excluded.taken
    where not exchanges.is_done and exchanges.taken <= $5
    returning true
"""
_IS_DONE: LiteralString = "select is_done from bot.exchanges where tenant = $1 and person = $2 and id = $3"
_DONE: LiteralString = "update bot.exchanges set is_done = true where tenant = $1 and person = $2 and id = $3"
_GIVE_BACK: LiteralString = "delete from bot.exchanges where tenant = $1 and person = $2 and id = $3"


class PostgresExchanges:
    """A row is a claim; one whose process died is free again after half a minute."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, person: Person, exchange: str) -> Exchange:
        """Claim an exchange: OURS to run, BUSY elsewhere, or DONE before."""
        now = self._clock()
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.exchanges where taken <= $1", now - KEPT)
            if await connection.fetchval(_BEGIN, person.tenant, person.id, exchange, now, now - ABANDONED_AFTER):
                return Exchange.OURS
            is_done = await connection.fetchval(_IS_DONE, person.tenant, person.id, exchange)
        return Exchange.DONE if is_done else Exchange.BUSY

    async def finish(self, person: Person, exchange: str, *, is_done: bool) -> None:
        """Note that it succeeded; otherwise give it back, so that it can be tried again."""
        async with self._database.shared() as connection:
            await connection.execute(_DONE if is_done else _GIVE_BACK, person.tenant, person.id, exchange)
