"""The Oversight port: what became of everything, and the doubts that a person has to settle."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.upsert import count
from billing import correlation
from billing.access import TenantId
from billing.due import CATCH_UP
from billing.reminding import Doubt, MessageId

# A message tells of an invoice once, whatever it says of it. The ledger forgets people and time; the audit keeps both, in its own way.
NOTE_ENDED: LiteralString = """
    insert into bot.audit (at, tenant, person, what, invoice, outcome, correlation)
    select distinct now(), tenant, person, 'reminder', invoice::text, outcome, correlation from ended
"""
"""Notes in the audit what has ended: rows of *ended*, with tenant, person, invoice, outcome and correlation."""

# The database's own time on both sides: no clock of ours decides that a process is dead.
_EXPIRE: LiteralString = f"""
    with ended as (
        update bot.reminder_ledger l set state = 'uncertain', reason = 'the process died while sending'
        from bot.reminder_messages m
        where l.state = 'sending' and m.id = l.message and m.claimed <= now() - $1::interval
        returning l.message, l.tenant, l.person, l.invoice, 'uncertain: ' || l.reason as outcome, $2::text as correlation),
    noted as ({NOTE_ENDED})
    select count(distinct message) from ended
"""  # noqa: S608 - literals

_DOUBTS: LiteralString = """
    select m.id, m.tenant, m.person, m.day, count(*) as rows, min(l.reason) as reason
    from bot.reminder_ledger l join bot.reminder_messages m on m.id = l.message
    where l.state = 'uncertain' group by m.id order by m.id
"""

_ARRIVED: LiteralString = f"""
    with ended as (
        update bot.reminder_ledger set state = 'sent', reason = 'settled' where message = $1 and state = 'uncertain'
        returning tenant, person, invoice, 'settled: sent' as outcome, $2::text as correlation)
    {NOTE_ENDED}
"""  # noqa: S608 - literals

_RESEND: LiteralString = f"""
    with ended as (
        update bot.reminder_ledger set state = 'planned', message = null, reason = 'settled', not_before = planned
        where message = $1 and state = 'uncertain'
        returning tenant, person, invoice, 'settled: resend' as outcome, $2::text as correlation)
    {NOTE_ENDED}
"""  # noqa: S608 - literals

_COUNTS: LiteralString = """
    select tenant, state, reason, count(*) from bot.reminder_ledger where planned >= coalesce($1, '-infinity'::timestamptz)
    group by 1, 2, 3 order by 1, 2, 3
"""

# Two conditions, so that each is answered by its partial index.
_OPEN: LiteralString = """
    select state, count(*) from bot.reminder_ledger where state = 'planned' group by 1
    union all
    select state, count(*) from bot.reminder_ledger where state in ('sending', 'uncertain') group by 1
"""

_TIDY: LiteralString = "delete from bot.reminder_ledger where planned < $1 and state not in ('planned', 'sending')"

_TIDY_MESSAGES: LiteralString = """
    delete from bot.reminder_messages m where m.claimed < $1 and not exists (select from bot.reminder_ledger l where l.message = m.id)
"""

# The end of a snooze is a stage for a week.
_TIDY_SNOOZES: LiteralString = "delete from bot.reminder_snoozes where until < $1"

_ZONES = timedelta(days=1)
"""How far a person's date may be behind ours."""


class PostgresOversight:
    """Needs a Database whose role is SYNC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expire(self, lease: timedelta) -> int:
        """Mark uncertain what has been under way for longer than *lease*: its process died; return how many messages."""
        async with self._database.shared() as connection:
            return int(await connection.fetchval(_EXPIRE, lease, correlation.current.get()))

    async def doubts(self) -> Sequence[Doubt]:
        """Return the messages of which nobody knows whether they arrived, oldest first."""
        async with self._database.shared() as connection:
            return [Doubt(MessageId(row[0]), *row[1:]) for row in await connection.fetch(_DOUBTS)]

    async def settle(self, message: MessageId, *, resend: bool) -> bool:
        """End a doubt: it arrived, or it is to be sent again; False where there is no such doubt."""
        async with self._database.transaction() as connection:
            settled = count(await connection.execute(_RESEND if resend else _ARRIVED, message, correlation.current.get()))
            if settled and resend:
                await connection.execute("delete from bot.reminder_messages where id = $1", message)
        return settled > 0

    async def counts(self, since: datetime | None = None) -> Mapping[tuple[TenantId, str, str], int]:
        """Return how many rows there are by tenant, state and reason, of those planned at *since* or later; None for all."""
        async with self._database.shared() as connection:
            rows = await connection.fetch(_COUNTS, since)
        return {(TenantId(row[0]), row[1], row[2]): row[3] for row in rows}

    async def open(self) -> Mapping[str, int]:
        """Return how many rows have not come to an end, by state; the ledger's length does not matter."""
        async with self._database.shared() as connection:
            rows = await connection.fetch(_OPEN)
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        return {state: found.get(state, 0) for state in ("planned", "sending", "uncertain")}

    async def tidy(self, before: datetime, now: datetime) -> int:
        """Delete rows that were planned before *before* and have ended, and snoozes that are without effect *now*; return how many rows."""
        async with self._database.transaction() as connection:
            deleted = count(await connection.execute(_TIDY, before))
            await connection.execute(_TIDY_MESSAGES, before)
            await connection.execute(_TIDY_SNOOZES, now.date() - CATCH_UP - _ZONES)
        return deleted
