"""The Choices port."""

from typing import LiteralString

from backends.postgres.database import Database
from billing.access import AccountId, Person

_CHOOSE: LiteralString = """
    insert into bot.choices (tenant, person, account) values ($1, $2, $3)
    on conflict (tenant, person) do update set account = excluded.account
"""


class PostgresChoices:
    """One row for a person who has chosen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, person: Person) -> AccountId | None:
        """Return the chosen account; None where none has been chosen."""
        async with self._database.shared() as connection:
            chosen = await connection.fetchval(
                "select account from bot.choices where tenant = $1 and person = $2", person.tenant, person.id
            )
        return None if chosen is None else AccountId(chosen)

    async def choose(self, person: Person, account: AccountId) -> None:
        """Keep the choice."""
        async with self._database.shared() as connection:
            await connection.execute(_CHOOSE, person.tenant, person.id, account)
