"""The BrowserSessions port."""

from datetime import datetime
from typing import LiteralString

from backends.postgres.database import Database
from billing.access import Person, PersonId, TenantId
from billing.errors import NotSignedIn
from billing.people import BrowserSession

_OPEN: LiteralString = """
    insert into bot.browser_sessions (id, tenant, person, csrf, opened, seen) values ($1, $2, $3, $4, $5, $5)
"""
_SEEN: LiteralString = """
    update bot.browser_sessions set seen = $2 where id = $1 and seen > $3 returning tenant, person, csrf
"""


class PostgresBrowserSessions:
    """One row a browser, found by the hash of its cookie."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, session: BrowserSession) -> None:
        """Begin a session."""
        person = session.person
        async with self._database.shared() as connection:
            await connection.execute(_OPEN, session.id, person.tenant, person.id, session.csrf, session.seen)

    async def seen(self, session_id: bytes, now: datetime, idle_since: datetime) -> BrowserSession:
        """Return a session that was used after *idle_since*, and note that it is used *now*. Raises NotSignedIn."""
        async with self._database.shared() as connection:
            row = await connection.fetchrow(_SEEN, session_id, now, idle_since)
        if row is None:
            raise NotSignedIn(browser="unknown or idle")
        return BrowserSession(session_id, Person(TenantId(row["tenant"]), PersonId(row["person"])), row["csrf"], now)

    async def close(self, session_id: bytes) -> None:
        """End one session; nothing happens where there is none."""
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.browser_sessions where id = $1", session_id)

    async def close_all(self, person: Person) -> None:
        """End every session of a person."""
        async with self._database.shared() as connection:
            await connection.execute("delete from bot.browser_sessions where tenant = $1 and person = $2", person.tenant, person.id)
