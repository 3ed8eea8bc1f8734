"""Deleting what is kept of people: on their word, on an operator's, after an uninstall, or when its time is over."""

from datetime import timedelta
from typing import LiteralString

from backends.postgres.database import Connection, Database
from backends.postgres.shown import KEPT
from backends.postgres.stragglers import forget_stragglers
from billing.access import PersonId, TenantId
from billing.ports import Clock

SESSIONS_KEPT = timedelta(days=90)
"""Entra lets a refresh token die that nobody has used for this long. Source: "Refresh tokens", Microsoft Learn."""

_FORGET: LiteralString = "select bot.forget($1, $2)"
_UNSAY: LiteralString = "update bot.inbox set body = null where position(convert_to($1, 'UTF8') in body) > 0"
_RESUME: LiteralString = "delete from bot.reminder_tenants where tenant = $1"
_GONE: LiteralString = "select tenant, person from bot.conversations where removed <= $1 order by removed"
_EXPIRED: tuple[tuple[LiteralString, timedelta], ...] = (
    ("delete from bot.sessions where confirmed <= $1", SESSIONS_KEPT),
    ("delete from bot.browser_sessions where seen <= $1", timedelta(days=1)),
    ("delete from bot.sign_in_requests where expires <= $1", timedelta(0)),
    ("delete from bot.browser_flows where expires <= $1", timedelta(0)),
    ("delete from bot.exchanges where taken <= $1", timedelta(hours=1)),
    ("delete from bot.shown where shown <= $1", KEPT),
    ("delete from bot.payers where clicked <= $1", KEPT),
)
"""What has died of age. Exchanges and payers, whose stores would go by an old row, are deleted there at once besides."""

_OLD_ENTRIES: LiteralString = """
    delete from bot.audit where ctid = any(array(select ctid from bot.audit where at <= $1 limit $2)) returning null
"""
AT_ONCE = 5000
"""Entries of the audit: so many die within a statement's time, however many there are once AUDIT_DAYS is lowered."""


class Forgetting:
    """Works with the sync role, since the app's role may not touch the audit."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def forget(self, tenant: TenantId, person: PersonId | None = None) -> int:
        """Delete everything about a person, or about everybody of a tenant; return how many rows that were."""
        async with self._database.transaction() as connection:
            forgotten = await _forget(connection, tenant, person)
            if person is None:
                await connection.execute(_RESUME, tenant)  # last: whoever ends a message takes the tenant's row last, too
            return forgotten

    async def clean_up(self, grace: timedelta, audit_kept: timedelta) -> int:
        """Forget who removed the app longer than *grace* ago, audit entries older than *audit_kept*, what has expired, and stragglers.

        Each person and each kind is done on its own: what fails does not bring the others back. Returns how many people that were.
        """
        now = self._clock()
        async with self._database.shared() as connection:
            gone = await connection.fetch(_GONE, now - grace)
            for row in gone:
                async with connection.transaction():
                    await _forget(connection, row["tenant"], row["person"])
            for statement, kept in _EXPIRED:
                await connection.execute(statement, now - kept)
            while await connection.fetch(_OLD_ENTRIES, now - audit_kept, AT_ONCE):
                pass
            await forget_stragglers(connection, now)
        return len(gone)


async def _forget(connection: Connection, tenant: str, person: str | None) -> int:
    """Delete the rows, and empty what is still waiting to be answered: an activity names its author."""
    await connection.execute(_UNSAY, person or tenant)
    return int(await connection.fetchval(_FORGET, tenant, person))
