"""The Outbox port: a claim looks at everything again, and is committed before anything is sent."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

from backends.postgres.database import Connection, Database
from backends.postgres.ledger_people import RECIPIENT, SUBJECT, Credits, Snoozed, recipient_in, subject_in
from billing.access import Caller, Person, PersonId, TenantId
from billing.due import Notice, Why
from billing.reminding import Ended, MessageId, Parcel, Recipient, Rule, Subject, Told

_TENANTS: LiteralString = """
    select distinct tenant from bot.reminder_ledger l where state = 'planned' and not_before <= $1
        and not exists (select from bot.reminder_tenants t where t.tenant = l.tenant and t.paused_until > $1)
"""

# Looks at the next rows only: the people behind them are few enough, however many rows wait.
_WAITING: LiteralString = """
    select person from (
        select person from bot.reminder_ledger where tenant = $1 and state = 'planned' and not_before <= $2
            and not exists (select from bot.reminder_tenants t where t.tenant = $1 and t.paused_until > $2)
        order by not_before limit $3 * 20) as next
    group by person limit $3
"""

_TAKE: LiteralString = """
    select id, tenant, person, account::text, invoice::text, stage from bot.reminder_ledger
    where tenant = any($1) and person = any($2) and state = 'planned' and not_before <= $3
    order by id for update skip locked
"""

_PEOPLE: LiteralString = f"{RECIPIENT} where c.tenant = any($1) and c.person = any($2)"

_INVOICES: LiteralString = f"{SUBJECT} where i.id = any($1::uuid[])"

_OPEN: LiteralString = """
    insert into bot.reminder_messages (tenant, person, day) select * from unnest($1::text[], $2::text[], $3::date[])
    on conflict (tenant, person, day) do nothing returning id, tenant, person
"""

_SENDING: LiteralString = """
    update bot.reminder_ledger l set state = 'sending', message = m.message from unnest($1::bigint[], $2::bigint[]) as m (id, message)
    where l.id = m.id
"""

_SUPPRESS: LiteralString = """
    update bot.reminder_ledger l set state = 'suppressed', reason = s.reason from unnest($1::bigint[], $2::text[]) as s (id, reason)
    where l.id = s.id
"""

_LATER: LiteralString = """
    update bot.reminder_ledger l set not_before = s.at from unnest($1::bigint[], $2::timestamptz[]) as s (id, at) where l.id = s.id
"""

_END: LiteralString = """
    update bot.reminder_ledger l set state = e.state, reason = e.reason
    from unnest($1::bigint[], $2::text[], $3::text[]) as e (id, state, reason)
    where l.message = e.id and l.state in ('sending', 'uncertain')
"""

_AGAIN: LiteralString = """
    update bot.reminder_ledger l set state = 'planned', message = null, reason = e.reason, not_before = e.at
    from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as e (id, reason, at)
    where l.message = e.id and l.state in ('sending', 'uncertain')
"""

_CLOSE: LiteralString = """
    delete from bot.reminder_messages m where m.id = any($1::bigint[])
        and not exists (select from bot.reminder_ledger l where l.message = m.id)
"""

_LOST: LiteralString = """
    update bot.conversations c set unreachable = e.reason
    from unnest($1::bigint[], $2::text[]) as e (id, reason) join bot.reminder_messages m on m.id = e.id
    where c.tenant = m.tenant and c.person = m.person
"""

_RECOVERED: LiteralString = """
    update bot.reminder_tenants set failures = 0
    where failures > 0 and tenant in (select tenant from bot.reminder_messages where id = any($1::bigint[]))
"""

_PAUSE: LiteralString = """
    insert into bot.reminder_tenants (tenant, paused_until, failures) values ($1, $2, 1)
    on conflict (tenant) do update set failures = least(reminder_tenants.failures + 1, 100) returning failures
"""

_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE = timedelta(minutes=5)
_LONGEST_ASKED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    person: Person
    account: str
    invoice: str
    stage: str


class PostgresOutbox:
    """Needs a Database whose role is SYNC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tenants(self, now: datetime) -> Sequence[TenantId]:
        """Return the tenants that have something to send now and are not paused."""
        async with self._database.shared() as connection:
            return [TenantId(row[0]) for row in await connection.fetch(_TENANTS, now)]

    async def waiting(self, tenant: TenantId, now: datetime, limit: int) -> Sequence[Person]:
        """Return at most *limit* people of a tenant for whom something waits; none while the tenant is paused."""
        async with self._database.shared() as connection:
            return [Person(tenant, PersonId(row[0])) for row in await connection.fetch(_WAITING, tenant, now, limit)]

    async def claim(self, callers: Mapping[Person, Caller | Why], rule: Rule) -> Sequence[Parcel]:
        """Take what may be sent to people whose rights were confirmed just now; suppress it for those with a reason against."""
        async with self._database.transaction() as connection:
            rows = await _taken(connection, callers, rule.now)
            seen = await _Seen.of(connection, rows)
            sorted_out = _Sorted(callers, seen, rule)
            for row in rows:
                sorted_out.put(row)
            await _write(connection, _SUPPRESS, [(row.id, why.value) for row, why in sorted_out.suppressed])
            await _write(connection, _LATER, [(row.id, at) for row, at in sorted_out.later])
            return await _opened(connection, sorted_out)

    async def end(self, attempts: Sequence[Ended]) -> None:
        """Record what became of claimed messages."""
        again = [each for each in attempts if each.state == "planned"]
        ended = [each for each in attempts if each.state != "planned"]
        async with self._database.transaction() as connection:
            await _write(connection, _END, [(each.id, each.state, each.reason) for each in ended])
            await _write(connection, _AGAIN, [(each.id, each.reason, each.not_before) for each in again])
            if again:
                await connection.execute(_CLOSE, [each.id for each in again])
            await _write(connection, _LOST, [(each.id, each.reason) for each in ended if each.is_lost])
            await connection.execute(_RECOVERED, [each.id for each in ended if each.state == "sent"])

    async def pause(self, tenant: TenantId, now: datetime, retry_after: timedelta | None) -> timedelta:
        """Keep a tenant from sending: as long as the channel asked for, else longer at each failure in a row; return how long."""
        async with self._database.transaction() as connection:
            failures = await connection.fetchval(_PAUSE, tenant, now)
            pause = _backoff(failures) if retry_after is None else min(retry_after, _LONGEST_ASKED)
            await connection.execute("update bot.reminder_tenants set paused_until = $2 where tenant = $1", tenant, now + pause)
        return pause


@dataclass(frozen=True, slots=True)
class _Seen:
    """People and invoices as they are in the transaction of the claim."""

    people: Mapping[Person, Recipient]
    subjects: Mapping[tuple[str, str], Subject]
    snoozed: Snoozed
    credits: Credits

    @classmethod
    async def of(cls, connection: Connection, rows: Collection[_Row]) -> "_Seen":
        people = {row.person for row in rows}
        keys = [each.tenant for each in people], [each.id for each in people]
        recipients = [recipient_in(row) for row in await connection.fetch(_PEOPLE, *keys)]
        found = await connection.fetch(_INVOICES, list({row.invoice for row in rows}))
        subjects = {(str(row["account"]), str(row["id"])): subject_in(row) for row in found}
        snoozed = await Snoozed.of(connection, people)
        credits_ = await Credits.of(connection, {row.account for row in rows})
        return cls({each.conversation.person: each for each in recipients}, subjects, snoozed, credits_)

    def subject(self, row: _Row) -> Subject | None:
        """Return what a row is about, as its person sees it; None where the company has no such invoice any more."""
        found = self.subjects.get((row.account, row.invoice))
        if found is None:
            return None
        until = self.snoozed.until(row.person, found.invoice.id)
        return replace(found, snoozed_until=until, credit=self.credits.of_company(found.company.id, found.invoice))


class _Sorted:
    """Rows by what becomes of them: sent, suppressed, or left for later."""

    def __init__(self, callers: Mapping[Person, Caller | Why], seen: _Seen, rule: Rule) -> None:
        self._callers = callers
        self._seen = seen
        self._rule = rule
        self.sent: dict[Person, list[tuple[_Row, Subject]]] = {}
        self.suppressed: list[tuple[_Row, Why]] = []
        self.later: list[tuple[_Row, datetime]] = []

    def put(self, row: _Row) -> None:
        """Sort one row."""
        to, caller = self._seen.people.get(row.person), self._callers[row.person]
        why = Why.UNINSTALLED if to is None else caller if isinstance(caller, Why) else self._rule.why_not(to)
        if to is None or isinstance(caller, Why):
            self.suppressed.append((row, why or Why.UNINSTALLED))
        elif why in {Why.HAD_ONE, Why.ASLEEP}:
            self.later.append((row, self._rule.opens(to)))
        elif why is not None:
            self.suppressed.append((row, why))
        else:
            self._judge(row, to, caller)

    def to(self, person: Person) -> tuple[Recipient, date]:
        """Return a person to whom something is sent, and their date."""
        recipient = self._seen.people[person]
        return recipient, self._rule.today(recipient)

    def _judge(self, row: _Row, to: Recipient, caller: Caller) -> None:
        if row.account not in {each.id for each in caller.companies}:
            self.suppressed.append((row, Why.NO_ROLE))
            return
        subject = self._seen.subject(row)
        why = self._rule.outdated(row.stage, subject, to)
        if why is not None or subject is None:
            self.suppressed.append((row, why or Why.GONE))
        else:
            self.sent.setdefault(row.person, []).append((row, subject))


async def _taken(connection: Connection, people: Collection[Person], now: datetime) -> list[_Row]:
    found = await connection.fetch(_TAKE, [each.tenant for each in people], [each.id for each in people], now)
    rows = [_Row(row[0], Person(TenantId(row[1]), PersonId(row[2])), *row[3:]) for row in found]
    return [row for row in rows if row.person in people]


async def _opened(connection: Connection, sorted_out: _Sorted) -> list[Parcel]:
    """Open a message for everybody who gets one, unless they have one of this day already."""
    days = [(each.tenant, each.id, sorted_out.to(each)[1]) for each in sorted_out.sent]
    if not days:
        return []
    opened = await connection.fetch(_OPEN, *map(list, zip(*days, strict=True)))
    ids = {Person(TenantId(row["tenant"]), PersonId(row["person"])): MessageId(row["id"]) for row in opened}
    claimed = {person: rows for person, rows in sorted_out.sent.items() if person in ids}
    await _write(connection, _SENDING, [(row.id, ids[person]) for person, rows in claimed.items() for row, _ in rows])
    return [Parcel(ids[person], sorted_out.to(person)[0], _told(rows)) for person, rows in claimed.items()]


def _told(rows: Sequence[tuple[_Row, Subject]]) -> tuple[Told, ...]:
    """Return one entry for each invoice, soonest due first."""
    stages: dict[str, set[str]] = {}
    subjects = {subject.invoice.id: subject for _, subject in rows}
    for row, subject in rows:
        stages.setdefault(subject.invoice.id, set()).add(row.stage)
    told = [Told(subject, frozenset(notice for notice in Notice if notice in stages[id_])) for id_, subject in subjects.items()]
    return tuple(sorted(told, key=lambda each: (each.subject.invoice.due or date.max, each.subject.invoice.id)))


async def _write(connection: Connection, statement: LiteralString, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement that takes its rows as one array a column."""
    if rows:
        await connection.execute(statement, *map(list, zip(*rows, strict=True)))


def _backoff(failures: int) -> timedelta:
    """Return a pause that doubles with each failure in a row, with jitter, up to five minutes."""
    seconds = min(_FIRST_PAUSE_S * 2 ** min(failures - 1, 10), _LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - jitter
