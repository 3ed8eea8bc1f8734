"""Recipients and subjects of reminders, as the database knows them at one moment."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import LiteralString

from backends.postgres.database import Connection, Record
from backends.postgres.invoice_records import INVOICE_COLUMNS, invoice_in
from billing.access import AccountId, Company, Person, PersonId, TenantId
from billing.delivery import Outcome
from billing.due import Notice, Why, Wishes
from billing.invoice import Invoice, InvoiceId
from billing.money import Money
from billing.people import Conversation
from billing.reminding import Recipient, Subject

RECIPIENT: LiteralString = """
    select c.tenant, c.person, c.id, c.reference, c.locale, c.zone, c.created, c.removed, c.unreachable,
        s.upn, s.app_roles, w.is_on, w.hour, w.days, w.business_days, w.silent,
        (select max(m.day) from bot.reminder_messages m where m.tenant = c.tenant and m.person = c.person) as last
    from bot.conversations c
    left join bot.sessions s on s.tenant = c.tenant and s.person = c.person
    left join bot.reminder_wishes w on w.tenant = c.tenant and w.person = c.person
"""

SUBJECT: LiteralString = f"""
    select {INVOICE_COLUMNS}, i.account, a.name as company, r.days as stages
    from mirror.invoices i
    join mirror.accounts a on a.id = i.account
    left join mirror.contracts c on c.id = i.contract
    left join bot.reminder_companies r on r.account = i.account
"""  # noqa: S608 - literals

_SNOOZES: LiteralString = """
    select s.tenant, s.person, s.invoice, s.until from bot.reminder_snoozes s
    join unnest($1::text[], $2::text[]) as p (tenant, person) using (tenant, person)
"""

# From the sums, so that a company with a hundred thousand invoices costs no more. Kind 1: open with nothing left to pay; 2: owed.
_CREDITS: LiteralString = """
    select account, currency, max(digits) as digits, -sum(balance) filter (where kind = 1) as credit from mirror.sums
    where account = any($1::uuid[]) and kind in (1, 2) group by account, currency having sum(balance) <= 0 and min(balance) < 0
"""


_UNREACHABLE = {Outcome.SUSPENDED.value: Why.SUSPENDED, Outcome.OPTED_OUT.value: Why.OPTED_OUT}


def recipient_in(row: Record) -> Recipient:
    """Return the recipient in a record of RECIPIENT."""
    person = Person(TenantId(row["tenant"]), PersonId(row["person"]))
    return Recipient(
        Conversation(person, row["id"], json.loads(row["reference"]), row["locale"], row["zone"]),
        upn=row["upn"] or "",
        app_roles=frozenset(row["app_roles"] or ()),
        barred=_barred(row),
        wishes=wishes_in(row),
        met=row["created"],
        last=row["last"],
    )


def wishes_in(row: Record) -> Wishes:
    """Return the wishes in a record; the default where the person has none."""
    if row["is_on"] is None:
        return Wishes()
    days = None if row["days"] is None else tuple(row["days"])
    silent = frozenset(each for each in Notice if each in row["silent"])  # another release may know more
    return Wishes(row["is_on"], row["hour"], days, row["business_days"], silent)


def subject_in(row: Record) -> Subject:
    """Return the subject in a record of SUBJECT, which knows no snooze and no credit."""
    company = Company(AccountId(str(row["account"])), row["company"])
    stages = None if row["stages"] is None else tuple(row["stages"])
    return Subject(company, invoice_in(row), stages)


class Snoozed:
    """Until when which invoice is silent, for several people."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self._until = {(row["tenant"], row["person"], str(row["invoice"])): row["until"] for row in rows}
        self.invoices = [row["invoice"] for row in rows]

    @classmethod
    async def of(cls, connection: Connection, people: Collection[Person]) -> "Snoozed":
        """Read them."""
        return cls(await connection.fetch(_SNOOZES, [each.tenant for each in people], [each.id for each in people]))

    def until(self, person: Person, invoice: InvoiceId) -> date | None:
        """Return the person's date on which the snooze of an invoice ends; None where there is none."""
        return self._until.get((person.tenant, person.id, invoice))


class Credits:
    """What companies have to their credit, by currency, where nothing more than that is owed in it."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self._credits = {(str(row["account"]), row["currency"]): Money(row["credit"], row["currency"], row["digits"]) for row in rows}

    @classmethod
    async def of(cls, connection: Connection, accounts: Collection[str]) -> "Credits":
        """Read them."""
        return cls(await connection.fetch(_CREDITS, list(accounts)))

    def of_company(self, account: AccountId, invoice: Invoice) -> Money | None:
        """Return the credit in the invoice's currency; None where it does not cover all that is owed."""
        return self._credits.get((account, invoice.balance.currency))


def _barred(row: Record) -> Why | None:
    if row["removed"] is not None:
        return Why.UNINSTALLED
    if row["unreachable"] is not None:
        return _UNREACHABLE.get(row["unreachable"], Why.UNREACHABLE)
    return Why.SIGNED_OUT if row["upn"] is None else None
