"""The Directory port over the mirror."""

from collections.abc import Sequence
from typing import LiteralString

from backends.postgres.database import Database, Record
from backends.postgres.together import Together
from billing.access import AccountId, ContactId, Person
from billing.people import Membership, Standing

_STANDING: LiteralString = """
    select asked.place, s.* from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (tenant, person, email, place)
    cross join lateral mirror.standing(asked.tenant, asked.person, asked.email) s
"""


class PostgresDirectory:
    """Asks one function of the database: the app's role may not read contacts and identities themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standing = Together(self._standing_all)

    async def standing(self, person: Person, email: str | None) -> Standing:
        """Return the person's contacts within the tenant's accounts, and the rights that hang on them."""
        return await self._standing((person, email))

    async def _standing_all(self, asked: Sequence[tuple[Person, str | None]]) -> Sequence[Standing]:
        people, emails = zip(*asked, strict=True)
        async with self._database.shared() as connection:
            rows = await connection.fetch(_STANDING, [each.tenant for each in people], [each.id for each in people], emails)
        found: list[list[Record]] = [[] for _ in asked]
        for row in rows:
            place: int = row["place"]
            found[place - 1].append(row)
        return [Standing(each[0]["accounts"], _memberships(each), each[0]["as_of"]) for each in found]


def _memberships(rows: Sequence[Record]) -> tuple[Membership, ...]:
    return tuple(
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
