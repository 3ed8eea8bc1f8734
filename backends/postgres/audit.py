"""The Audit port: lines are added by a role that can neither read, change nor delete one."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.together import Together
from billing import correlation
from billing.access import Person
from billing.ports import Clock

_NOTE: LiteralString = """
    insert into bot.audit (at, tenant, person, what, invoice, outcome, correlation)
    select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
"""

_Entry = tuple[datetime, str, str, str, str, str, str]


class PostgresAudit:
    """One row an entry."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._note = Together(self._note_all)

    async def note(self, person: Person, what: str, outcome: str, invoice: str = "") -> None:
        """Add an entry."""
        await self._note((self._clock(), person.tenant, person.id, what, invoice, outcome, correlation.current.get()))

    async def _note_all(self, entries: Sequence[_Entry]) -> Sequence[None]:
        async with self._database.shared() as connection:
            await connection.execute(_NOTE, *zip(*entries, strict=True))
        return [None] * len(entries)
