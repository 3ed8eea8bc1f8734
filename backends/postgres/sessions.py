"""The Sessions port."""

from collections.abc import Sequence
from typing import LiteralString

from backends.postgres.database import Database, Record
from backends.postgres.together import Together
from billing.access import Person
from billing.errors import NotSignedIn
from billing.people import Session

_SAVE: LiteralString = """
    with back as (delete from bot.left_by_choice where tenant = $1 and person = $2)
    insert into bot.sessions (tenant, person, upn, name, confirmed, app_roles, tokens) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (tenant, person) do update
    set upn = excluded.upn, name = excluded.name, confirmed = excluded.confirmed, app_roles = excluded.app_roles, tokens = excluded.tokens
"""
# Only where nobody has signed out or been forgotten since, and neither a sign-in nor another process was faster.
_RENEW: LiteralString = """
    update bot.sessions set upn = $3, name = $4, confirmed = $5, app_roles = $6, tokens = $7
    where tenant = $1 and person = $2 and confirmed = $8 returning true
"""
_LEAVE: LiteralString = """
    with gone as (delete from bot.sessions where tenant = $1 and person = $2)
    insert into bot.left_by_choice (tenant, person) values ($1, $2) on conflict do nothing
"""
_HAS_LEFT: LiteralString = "select exists (select from bot.left_by_choice where tenant = $1 and person = $2)"
_GET: LiteralString = """
    select tenant, person, upn, name, confirmed, app_roles, tokens from bot.sessions
    where (tenant, person) in (select * from unnest($1::text[], $2::text[]))
"""


class PostgresSessions:
    """One row a person: a new sign-in takes the place of the old one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._get = Together(self._get_all)

    async def get(self, person: Person) -> Session:
        """Return the person's session. Raises NotSignedIn."""
        session = await self._get(person)
        if session is None:
            raise NotSignedIn(person=person.hashed)
        return session

    async def _get_all(self, people: Sequence[Person]) -> Sequence[Session | None]:
        async with self._database.shared() as connection:
            rows = await connection.fetch(_GET, [each.tenant for each in people], [each.id for each in people])
        kept = {(row["tenant"], row["person"]): row for row in rows}
        return [_session(each, kept.get((each.tenant, each.id))) for each in people]

    async def save(self, session: Session, *, renews: Session | None = None) -> None:
        """Begin a session; or renew exactly *renews*. Raises NotSignedIn where that one is no longer there."""
        person, app_roles = session.person, sorted(session.app_roles)
        kept = (person.tenant, person.id, session.upn, session.name, session.confirmed, app_roles, session.tokens)
        async with self._database.shared() as connection:
            if renews is None:
                await connection.execute(_SAVE, *kept)
            elif not await connection.fetchval(_RENEW, *kept, renews.confirmed):
                raise NotSignedIn(person=person.hashed, reason="ended meanwhile")

    async def end(self, person: Person) -> None:
        """Delete the session and its tokens."""
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.sessions where tenant = $1 and person = $2", person.tenant, person.id)

    async def leave(self, person: Person) -> None:
        """Sign out: end the session, and note that the person wanted it."""
        async with self._database.shared() as connection:
            await connection.execute(_LEAVE, person.tenant, person.id)

    async def has_left(self, person: Person) -> bool:
        """Whether the person has signed out, and not in again since."""
        async with self._database.shared() as connection:
            return bool(await connection.fetchval(_HAS_LEFT, person.tenant, person.id))


def _session(person: Person, row: Record | None) -> Session | None:
    if row is None:
        return None
    return Session(person, row["upn"], row["name"], row["confirmed"], frozenset(row["app_roles"]), row["tokens"])
