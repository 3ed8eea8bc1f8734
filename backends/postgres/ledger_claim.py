"""A claim: everything that decides whether something may be sent is looked at again, in the transaction that marks it as being sent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString

from backends.postgres.database import Connection
from backends.postgres.ledger_people import RECIPIENT, SUBJECT, Credits, Snoozed, recipient_in, subject_in
from billing.access import Caller, Person, PersonId, TenantId
from billing.due import Notice, Why
from billing.reminding import MessageId, Parcel, Recipient, Rule, Subject, Told

_TAKE: LiteralString = """
    select id, tenant, person, account::text, invoice::text, stage from bot.reminder_ledger
    where (tenant, person) in (select * from unnest($1::text[], $2::text[])) and state = 'planned' and not_before <= $3
    order by id for update skip locked
"""

_PEOPLE: LiteralString = f"{RECIPIENT} where (c.tenant, c.person) in (select * from unnest($1::text[], $2::text[]))"  # noqa: S608 - literals

_INVOICES: LiteralString = f"{SUBJECT} where i.id = any($1::uuid[])"

# In order, so that two claims wait for each other and not in a circle.
_OPEN: LiteralString = """
    insert into bot.reminder_messages (tenant, person, day)
    select tenant, person, day from unnest($1::text[], $2::text[], $3::date[]) as m (tenant, person, day) order by tenant, person
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


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    person: Person
    account: str
    invoice: str
    stage: str


async def claimed(connection: Connection, callers: Mapping[Person, Caller | Why], rule: Rule) -> list[Parcel]:
    """Take what may be sent to people whose rights were confirmed just now; suppress it for those with a reason against."""
    rows = await _taken(connection, callers, rule.now)
    judged = [row for row in rows if not isinstance(callers[row.person], Why)]
    sorted_out = _Sorted(callers, await _Seen.of(connection, judged), rule)
    for row in rows:
        sorted_out.put(row)
    await write(connection, _SUPPRESS, [(row.id, why.value) for row, why in sorted_out.suppressed])
    await write(connection, _LATER, [(row.id, at) for row, at in sorted_out.later])
    return await _opened(connection, sorted_out)


async def write(connection: Connection, statement: LiteralString, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement that takes its rows as one array a column; nothing where there are none."""
    if rows:
        await connection.execute(statement, *map(list, zip(*rows, strict=True)))


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
        recipients = [recipient_in(row) for row in await connection.fetch(_PEOPLE, *_columns(people))]
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
        if isinstance(caller, Why):
            self.suppressed.append((row, caller))
            return
        why = Why.UNINSTALLED if to is None else self._rule.why_not(to)
        if to is not None and why in {Why.HAD_ONE, Why.ASLEEP}:
            self.later.append((row, self._rule.opens(to)))
        elif to is None or why is not None:
            self.suppressed.append((row, why or Why.UNINSTALLED))
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
    found = await connection.fetch(_TAKE, *_columns(people), now)
    return [_Row(row[0], Person(TenantId(row[1]), PersonId(row[2])), *row[3:]) for row in found]


async def _opened(connection: Connection, sorted_out: _Sorted) -> list[Parcel]:
    """Open a message for everybody who gets one, unless they have one of this day already."""
    days = [(each.tenant, each.id, sorted_out.to(each)[1]) for each in sorted_out.sent]
    if not days:
        return []
    opened = await connection.fetch(_OPEN, *map(list, zip(*days, strict=True)))
    ids = {Person(TenantId(row["tenant"]), PersonId(row["person"])): MessageId(row["id"]) for row in opened}
    sent = {person: rows for person, rows in sorted_out.sent.items() if person in ids}
    await write(connection, _SENDING, [(row.id, ids[person]) for person, rows in sent.items() for row, _ in rows])
    return [Parcel(ids[person], sorted_out.to(person)[0], _told(rows)) for person, rows in sent.items()]


def _told(rows: Sequence[tuple[_Row, Subject]]) -> tuple[Told, ...]:
    """Return one entry for each invoice, soonest due first."""
    stages: dict[str, set[str]] = {}
    subjects = {subject.invoice.id: subject for _, subject in rows}
    for row, subject in rows:
        stages.setdefault(subject.invoice.id, set()).add(row.stage)
    told = [Told(subject, frozenset(notice for notice in Notice if notice in stages[id_])) for id_, subject in subjects.items()]
    return tuple(sorted(told, key=lambda each: (each.subject.invoice.due or date.max, each.subject.invoice.id)))


def _columns(people: Iterable[Person]) -> tuple[list[str], list[str]]:
    """Return *people* as an array a column."""
    listed = list(people)
    return [each.tenant for each in listed], [each.id for each in listed]
