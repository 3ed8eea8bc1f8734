"""The Plans port: what there will be to say, written down once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, LiteralString
from uuid import UUID

from backends.postgres.database import Connection, Database
from backends.postgres.ledger_people import RECIPIENT, SUBJECT, Snoozed, recipient_in, subject_in
from backends.postgres.upsert import count
from backends.rows import soonest_first
from billing.access import AccountId, Company, ContactId, Person
from billing.due import CATCH_UP, NEWS, PASSING
from billing.people import Membership
from billing.ports_reminders import Rights
from billing.reminding import Planned, Recipient, Rule, Subject

_PEOPLE: LiteralString = f"{RECIPIENT} where (c.tenant, c.person) > ($1, $2) order by c.tenant, c.person limit $3"

_STANDING: LiteralString = """
    select p.place, s.account, s.account_name, s.contact, s.contact_name, s.roles
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality as p (tenant, person, email, place)
    cross join lateral mirror.standing(p.tenant, p.person, p.email) s
    where s.account is not null
"""

_STAGES: LiteralString = "select unnest(days) from bot.reminder_companies where account = any($1::uuid[])"

# By due date, by snooze, by each kind of news: a union, so that each finds its own index. That something has changed is no news:
# an edit in Work 365 may touch every invoice there is.
SUBJECTS: LiteralString = f"""
    {SUBJECT} where i.id in (
        select id from mirror.invoices where account = any($1::uuid[]) and state <> 'complete' and soonest between $2 and $3
        union select id from mirror.invoices where account = any($1::uuid[]) and id = any($4::uuid[])
        union select id from mirror.invoices where account = any($1::uuid[]) and state <> 'complete' and billed >= $6 and changed >= $5
        union select id from mirror.invoices where account = any($1::uuid[]) and state = 'complete' and paid >= $6 and changed >= $5
        union select id from mirror.invoices
            where account = any($1::uuid[]) and state <> 'complete' and charge = 'failed' and changed >= $5)
"""  # noqa: S608 - literals

# What stays as it is is left out before any conflict: that would lock its row, and a claim passes over rows that are locked.
_KEEP: LiteralString = """
    insert into bot.reminder_ledger (tenant, person, account, invoice, stage, planned, not_before)
    select said.*, $6::timestamptz, $6::timestamptz
    from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) as said (tenant, person, account, invoice, stage)
    where not exists (
        select from bot.reminder_ledger l
        where (l.tenant, l.person, l.invoice, l.stage) = (said.tenant, said.person, said.invoice, said.stage)
            and not (l.state = 'suppressed' and l.reason = any($7::text[])))
    on conflict (tenant, person, invoice, stage) do update
    set account = excluded.account, state = 'planned', reason = '', planned = excluded.planned, not_before = excluded.not_before
    where reminder_ledger.state = 'suppressed' and reminder_ledger.reason = any($7::text[])
"""

_ENDED: LiteralString = """
    select l.tenant, l.person, l.invoice::text, l.stage from bot.reminder_ledger l
    join unnest($1::text[], $2::text[]) as p (tenant, person) using (tenant, person)
    where l.state <> 'planned' and not (l.state = 'suppressed' and l.reason = any($3::text[]))
"""

_SET_COMPANY: LiteralString = """
    insert into bot.reminder_companies (account, days) values ($1, $2) on conflict (account) do update set days = excluded.days
"""

_PASSING: Final = tuple(why.value for why in PASSING)

_SHIFT = timedelta(days=4)
"""How far a weekend and a time zone may move a stage."""


@dataclass(frozen=True, slots=True)
class _Row:
    to: Recipient
    subject: Subject
    stage: str

    @property
    def key(self) -> tuple[str, ...]:
        person = self.to.conversation.person
        return person.tenant, person.id, self.subject.invoice.id, self.stage


class PostgresPlans:
    """Needs a Database whose role is SYNC: it reads every company's invoices.

    by_email  whether a contact whose mail address is the person's UPN counts as well
    """

    def __init__(self, database: Database, rights: Rights, *, by_email: bool) -> None:
        self._database = database
        self._rights = rights
        self._by_email = by_email

    async def people(self, after: Person | None, limit: int) -> Sequence[Recipient]:
        """Return at most *limit* of the people who have a chat with the bot, in order of tenant and person, after *after*."""
        tenant, person = (after.tenant, after.id) if after else ("", "")
        async with self._database.shared() as connection:
            return [recipient_in(row) for row in await connection.fetch(_PEOPLE, tenant, person, limit)]

    async def plan(self, awake: Sequence[Recipient], rule: Rule) -> int:
        """Write down what there is to say to each, and again what a passing reason has held back; return how much that is."""
        async with self._database.transaction() as connection:
            rows = await self._rows(connection, awake, rule)
            people = [each.to.conversation.person for each in rows]
            kept = await connection.execute(
                _KEEP,
                [person.tenant for person in people],
                [person.id for person in people],
                [UUID(each.subject.company.id) for each in rows],
                [UUID(each.subject.invoice.id) for each in rows],
                [each.stage for each in rows],
                rule.now,
                _PASSING,
            )
        return count(kept)

    async def rehearse(self, awake: Sequence[Recipient], rule: Rule) -> Sequence[Planned]:
        """Return everything that would wait to be sent after ``plan``, and change nothing."""
        people = [each.conversation.person for each in awake]
        async with self._database.transaction() as connection:
            rows = await self._rows(connection, awake, rule)
            found = await connection.fetch(_ENDED, [each.tenant for each in people], [each.id for each in people], _PASSING)
        ended = {tuple(row) for row in found}
        return [Planned(each.to, each.subject.invoice.number, each.stage) for each in rows if each.key not in ended]

    async def company(self, account: AccountId, days: tuple[int, ...] | None) -> bool:
        """Set a company's own stages, in days relative to the due date; None for the operator's. False where there is no such company."""
        async with self._database.shared() as connection:
            if not await connection.fetchval("select exists (select from mirror.accounts where id = $1)", account):
                return False
            if days is None:
                await connection.execute("delete from bot.reminder_companies where account = $1", account)
            else:
                await connection.execute(_SET_COMPANY, account, list(days))
        return True

    async def _rows(self, connection: Connection, awake: Sequence[Recipient], rule: Rule) -> list[_Row]:
        companies = await self._companies(connection, awake)
        accounts = {each.id for held in companies for each in held}
        snoozed = await Snoozed.of(connection, [each.conversation.person for each in awake])
        subjects = await self._subjects(connection, accounts, awake, snoozed, rule)
        return [
            _Row(to, subject, stage)
            for to, held in zip(awake, companies, strict=True)
            for company in held
            for subject in _as_seen(subjects.get(company.id, ()), to, snoozed)
            for stage in sorted(rule.says(subject, to))
        ]

    async def _companies(self, connection: Connection, people: Sequence[Recipient]) -> list[Sequence[Company]]:
        """Return for each of *people* the companies whose invoices they may see, by the one rule."""
        persons = [each.conversation.person for each in people]
        emails = [each.upn if self._by_email else None for each in people]
        found = await connection.fetch(_STANDING, [each.tenant for each in persons], [each.id for each in persons], emails)
        members: list[list[Membership]] = [[] for _ in people]
        for row in found:
            place: int = row["place"]
            account, contact = AccountId(str(row["account"])), ContactId(str(row["contact"]))
            member = Membership(account, row["account_name"], contact, row["contact_name"], frozenset[str](row["roles"]))
            members[place - 1].append(member)
        return [tuple(self._rights.held(held, each.app_roles)) for held, each in zip(members, people, strict=True)]

    async def _subjects(
        self, connection: Connection, accounts: Iterable[AccountId], people: Sequence[Recipient], snoozed: Snoozed, rule: Rule
    ) -> Mapping[AccountId, list[Subject]]:
        """Return the invoices that anything might be said about, by company."""
        ids = list(accounts)
        companies = [row[0] for row in await connection.fetch(_STAGES, ids)]
        stages = {*rule.custom.days, *companies, *(n for each in people for n in each.wishes.days or ())} or {0}
        today = rule.now.date()
        first, last = today - timedelta(days=max(stages)) - CATCH_UP - _SHIFT, today - timedelta(days=min(stages)) + _SHIFT
        span = soonest_first(first), soonest_first(last)
        found: dict[AccountId, list[Subject]] = {}
        for row in await connection.fetch(SUBJECTS, ids, *span, snoozed.invoices, rule.now - NEWS, today - NEWS):
            subject = subject_in(row)
            found.setdefault(subject.company.id, []).append(subject)
        return found


def _as_seen(subjects: Iterable[Subject], to: Recipient, snoozed: Snoozed) -> Iterable[Subject]:
    """Return *subjects* with the person's own snoozes."""
    for each in subjects:
        until = snoozed.until(to.conversation.person, each.invoice.id)
        yield each if until is None else Subject(each.company, each.invoice, each.stages, until)
