"""The Outbox port. What several drains ask for at the same time is one transaction, so that a commit serves them all."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import LiteralString

from backends.postgres.database import Database
from backends.postgres.ledger_claim import claimed, write
from backends.postgres.ledger_oversight import NOTE_ENDED
from backends.postgres.together import Together
from billing import correlation
from billing.access import Caller, Person, PersonId, TenantId
from billing.due import Why
from billing.ports import Clock
from billing.reminding import Ended, Parcel, Rule

_TENANTS: LiteralString = """
    select distinct tenant from bot.reminder_ledger l where state = 'planned' and not_before <= $1
        and not exists (select from bot.reminder_tenants t where t.tenant = l.tenant and t.paused_until > $1)
"""

# Looks at the next rows only: the people behind them are few enough, however many rows wait.
_WAITING: LiteralString = """
    select asked.tenant, waits.person from unnest($1::text[]) as asked (tenant) cross join lateral (
        select person from (
            select person from bot.reminder_ledger l where l.tenant = asked.tenant and state = 'planned' and not_before <= $2
                and not exists (select from bot.reminder_tenants t where t.tenant = asked.tenant and t.paused_until > $2)
            order by not_before limit $3 * 20) as next
        group by person limit $3) as waits
"""

# Written down a second time, it is the same end: no second line for the audit.
_END: LiteralString = f"""
    with ended as (
        update bot.reminder_ledger l set state = e.state, reason = e.reason
        from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as e (id, state, reason, correlation)
        where l.message = e.id and l.state in ('sending', 'uncertain') and (l.state, l.reason) <> (e.state, e.reason)
        returning l.tenant, l.person, l.invoice, concat_ws(': ', e.state, nullif(e.reason, '')) as outcome, e.correlation)
    {NOTE_ENDED}
"""  # noqa: S608 - literals

_AGAIN: LiteralString = """
    update bot.reminder_ledger l set state = 'planned', message = null, reason = e.reason, not_before = e.at
    from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as e (id, reason, at)
    where l.message = e.id and l.state in ('sending', 'uncertain')
"""

_CLOSE: LiteralString = """
    delete from bot.reminder_messages m where m.id = any($1::bigint[])
        and not exists (select from bot.reminder_ledger l where l.message = m.id)
"""

# Teams does not always tell that the app was removed: this is where it shows, and where the time to forget the person begins.
_LOST: LiteralString = """
    update bot.conversations c set unreachable = e.reason,
        removed = coalesce(c.removed, case when e.reason = 'uninstalled' then e.at end)
    from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as e (id, reason, at) join bot.reminder_messages m on m.id = e.id
    where c.tenant = m.tenant and c.person = m.person
"""

# In order, so that two processes wait for each other and not in a circle.
_RECOVERED: LiteralString = """
    update bot.reminder_tenants set failures = 0 where tenant in (
        select tenant from bot.reminder_tenants
        where failures > 0 and tenant in (select tenant from bot.reminder_messages where id = any($1::bigint[]))
        order by tenant for update)
"""

_PAUSE: LiteralString = """
    insert into bot.reminder_tenants (tenant, paused_until, failures) values ($1, $2, 1)
    on conflict (tenant) do update set failures = least(reminder_tenants.failures + 1, 100) returning failures
"""

_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE = timedelta(minutes=5)
_LONGEST_ASKED = timedelta(hours=1)


class PostgresOutbox:
    """Needs a Database whose role is SYNC. *clock* is everybody's, and not the one that a rehearsal goes by."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting = Together(self._waiting_all)
        self._claim = Together(self._claim_all)
        self._end = Together(self._end_all)

    async def tenants(self, now: datetime) -> Sequence[TenantId]:
        """Return the tenants that have something to send now and are not paused."""
        async with self._database.shared() as connection:
            return [TenantId(row[0]) for row in await connection.fetch(_TENANTS, now)]

    async def waiting(self, tenant: TenantId, now: datetime, limit: int) -> Sequence[Person]:
        """Return at most *limit* people of a tenant for whom something waits; none while the tenant is paused."""
        return (await self._waiting((tenant, now, limit)))[:limit]

    async def claim(self, callers: Mapping[Person, Caller | Why], rule: Rule) -> Sequence[Parcel]:
        """Take what may be sent to people whose rights were confirmed just now; suppress it for those with a reason against."""
        return await self._claim((callers, rule))

    async def end(self, attempt: Ended) -> None:
        """Record what became of a claimed message, and note it in the audit: all of it, or nothing."""
        await self._end((attempt, correlation.current.get()))

    async def pause(self, tenant: TenantId, now: datetime, retry_after: timedelta | None) -> timedelta:
        """Keep a tenant from sending: as long as the channel asked for, else longer at each failure in a row; return how long."""
        async with self._database.transaction() as connection:
            failures = await connection.fetchval(_PAUSE, tenant, now)
            pause = _backoff(failures) if retry_after is None else min(retry_after, _LONGEST_ASKED)
            await connection.execute("update bot.reminder_tenants set paused_until = $2 where tenant = $1", tenant, now + pause)
        return pause

    async def _waiting_all(self, asked: Sequence[tuple[TenantId, datetime, int]]) -> Sequence[Sequence[Person]]:
        tenants = {tenant: list[Person]() for tenant, _, _ in asked}
        now, limit = max(each[1] for each in asked), max(each[2] for each in asked)
        async with self._database.shared() as connection:
            for row in await connection.fetch(_WAITING, list(tenants), now, limit):
                tenants[row["tenant"]].append(Person(row["tenant"], PersonId(row["person"])))
        return [tenants[tenant] for tenant, _, _ in asked]

    async def _claim_all(self, asked: Sequence[tuple[Mapping[Person, Caller | Why], Rule]]) -> Sequence[Sequence[Parcel]]:
        callers = {person: rights for each, _ in asked for person, rights in each.items()}
        async with self._database.transaction() as connection:
            parcels = await claimed(connection, callers, max((rule for _, rule in asked), key=lambda rule: rule.now))
        of = {parcel.to.conversation.person: parcel for parcel in parcels}
        return [[of.pop(person) for person in each if person in of] for each, _ in asked]

    async def _end_all(self, told: Sequence[tuple[Ended, str]]) -> Sequence[None]:
        attempts = [each for each, _ in told]
        again = [each for each in attempts if each.state == "planned"]
        lost = [(each.id, each.reason, self._clock()) for each in attempts if each.is_lost]
        async with self._database.transaction() as connection:
            await write(connection, _END, [(each.id, each.state, each.reason, cause) for each, cause in told if each.state != "planned"])
            await write(connection, _AGAIN, [(each.id, each.reason, each.not_before) for each in again])
            await write(connection, _CLOSE, [(each.id,) for each in again])
            await write(connection, _LOST, lost)
            await write(connection, _RECOVERED, [(each.id,) for each in attempts if each.state == "sent"])
        return [None] * len(attempts)


def _backoff(failures: int) -> timedelta:
    """Return a pause that doubles with each failure in a row, with jitter, up to five minutes."""
    seconds = min(_FIRST_PAUSE_S * 2 ** min(failures - 1, 10), _LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - jitter
