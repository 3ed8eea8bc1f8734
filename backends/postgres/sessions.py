"""The Sessions port."""

from collections.abc import Sequence
from typing import LiteralString

from backends.postgres.database import Database, Record
from backends.postgres.together import Together
from billing.access import Person
from billing.errors import NotSignedIn
from billing.people import Session

_INSERT: LiteralString = "insert into bot.sessions (tenant, person, upn, name, confirmed, app_roles, tokens)"
_REPLACE: LiteralString = """
    on conflict (tenant, person) do update
    set upn = excluded.upn, name = excluded.name, confirmed = excluded.confirmed, app_roles = excluded.app_roles, tokens = excluded.tokens
    returning true
"""
_SAVE: LiteralString = f"""
    with back as (delete from bot.left_by_choice where tenant = $1 and person = $2)
    {_INSERT} values ($1, $2, $3, $4, $5, $6, $7) {_REPLACE}
"""  # noqa: S608 - literals
_SAVE_UNLESS_LEFT: LiteralString = f"""
    {_INSERT} select $1, $2, $3, $4, $5, $6, $7
    where not exists (select from bot.left_by_choice where tenant = $1 and person = $2) {_REPLACE}
"""  # noqa: S608 - literals
# Whoever signs out, and whoever is signed in without a click: one after the other, and the second sees what the first has done.
_IN_TURN: LiteralString = "select pg_advisory_xact_lock(hashtextextended('session ' || $1 || ' ' || $2, 0))"
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

    async def save(self, session: Session, *, renews: Session | None = None, is_asked: bool = True) -> None:
        """Begin a session; or renew exactly *renews*.

        Raises NotSignedIn where that one is no longer there, or where nobody has asked and the person has signed out.
        """
        if renews is None and not is_asked:
            await self._save_unless_left(session)
            return
        async with self._database.shared() as connection:
            if renews is None:
                await connection.execute(_SAVE, *_columns(session))
            elif not await connection.fetchval(_RENEW, *_columns(session), renews.confirmed):
                raise NotSignedIn(person=session.person.hashed, reason="ended meanwhile")

    async def _save_unless_left(self, session: Session) -> None:
        person = session.person
        async with self._database.transaction() as connection:
            await connection.execute(_IN_TURN, person.tenant, person.id)
            if not await connection.fetchval(_SAVE_UNLESS_LEFT, *_columns(session)):
                raise NotSignedIn(person=person.hashed, reason="signed out")

    async def end(self, person: Person) -> None:
        """Delete the session and its tokens."""
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.sessions where tenant = $1 and person = $2", person.tenant, person.id)

    async def leave(self, person: Person) -> None:
        """Sign out: end the session, and note that the person wanted it."""
        async with self._database.transaction() as connection:
            await connection.execute(_IN_TURN, person.tenant, person.id)
            await connection.execute(_LEAVE, person.tenant, person.id)

    async def has_left(self, person: Person) -> bool:
        """Whether the person has signed out, and not in again since."""
        async with self._database.shared() as connection:
            return bool(await connection.fetchval(_HAS_LEFT, person.tenant, person.id))


def _columns(session: Session) -> tuple[object, ...]:
    person, app_roles = session.person, sorted(session.app_roles)
    return person.tenant, person.id, session.upn, session.name, session.confirmed, app_roles, session.tokens


def _session(person: Person, row: Record | None) -> Session | None:
    if row is None:
        return None
    return Session(person, row["upn"], row["name"], row["confirmed"], frozenset(row["app_roles"]), row["tokens"])
