"""The Directory port over the mirror."""

from backends.postgres.database import Database
from billing.access import AccountId, ContactId, Person
from billing.people import Membership, Standing


class PostgresDirectory:
    """Asks one function of the database: the app's role may not read contacts and identities themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, person: Person, email: str | None) -> Standing:
        """Return the person's contacts within the tenant's accounts, and the rights that hang on them."""
        async with self._database.shared() as connection:
            rows = await connection.fetch("select * from mirror.standing($1, $2, $3)", person.tenant, person.id, email)
        members = tuple(
            Membership(
                AccountId(str(row["account"])),
                row["account_name"],
                ContactId(str(row["contact"])),
                row["contact_name"],
                frozenset(row["roles"]),
            )
            for row in rows
            if row["account"]
        )
        return Standing(rows[0]["accounts"], members, rows[0]["as_of"])
