"""Reminders as values: whom one might go to, what it is about, and whether it still holds true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from billing.access import Company
from billing.due import Custom, Hours, Notice, Why, Wishes, news, stage
from billing.invoice import Invoice, InvoiceId
from billing.money import Money
from billing.people import Conversation
from billing.zones import zone_named

MessageId = NewType("MessageId", int)
"""A message in the ledger: what one person gets on one of their days."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who has the app, or had it.

    app_roles  roles in our own app registration that Entra stated at the last confirmation
    barred     why nothing can be sent at all: signed out, app removed, chat unreachable; None where nothing is in the way
    met        when the bot met the person (aware, UTC): older news is none
    last       the person's date of the newest message that may have reached them
    """

    conversation: Conversation
    upn: str
    app_roles: frozenset[str]
    barred: Why | None
    wishes: Wishes
    met: datetime
    last: date | None


@dataclass(frozen=True, slots=True)
class Subject:
    """An invoice as a reminder sees it.

    stages         the company's own stages, in days relative to the due date; None where it has none
    snoozed_until  the person's date on which a snooze of this invoice ends; None where there is none
    credit         what the company has to its credit in the invoice's currency, as a positive amount, where that covers all it
                   owes in it; None otherwise
    """

    company: Company
    invoice: Invoice
    stages: tuple[int, ...] | None = None
    snoozed_until: date | None = None
    credit: Money | None = None

    def is_snoozed(self, today: date) -> bool:
        """Whether nothing is to be said about it on *today*."""
        return self.snoozed_until is not None and today < self.snoozed_until


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for everybody at one moment; ``now`` is aware."""

    custom: Custom
    now: datetime

    def why_not(self, to: Recipient) -> Why | None:
        """Return why nothing may be sent to a person now, whatever there is to say; None where something may."""
        hours = self._hours(to)
        if not to.wishes.is_on:
            return Why.OFF
        if to.barred is not None:
            return to.barred
        if to.last is not None and hours.today(self.now) <= to.last:
            return Why.HAD_ONE
        return None if hours.are_open(self.now) else Why.ASLEEP

    def opens(self, to: Recipient) -> datetime:
        """Return when the person may be written to next."""
        return self._hours(to).next(self.now, after=to.last)

    def today(self, to: Recipient) -> date:
        """Return the person's date."""
        return self._hours(to).today(self.now)

    def says(self, subject: Subject, to: Recipient) -> frozenset[str]:
        """Return what there is to say about an invoice, as the ledger names it: its newest stage, and news."""
        today, wishes, invoice = self.today(to), to.wishes, subject.invoice
        if subject.is_snoozed(today):
            return frozenset()
        told: set[str] = {notice.value for notice in news(invoice, to.met, self.now, wishes.silent)}
        if invoice.is_owing:
            days = self.custom.stages(wishes, subject.stages)
            reached = stage(invoice.due, days, today, business_days=wishes.business_days, snoozed_until=subject.snoozed_until)
            told |= {reached} if reached else set()
        return frozenset(told)

    def outdated(self, said: str, subject: Subject | None, to: Recipient) -> Why | None:
        """Return why something planned is no longer true of the invoice as it is now (None: it is gone); None where it is."""
        if subject is None:
            return Why.GONE
        if said in self.says(subject, to):
            return None
        if subject.is_snoozed(self.today(to)):
            return Why.SNOOZED
        is_stage = said not in set(Notice)
        return Why.SETTLED if is_stage and not subject.invoice.is_owing else Why.PASSED

    def _hours(self, to: Recipient) -> Hours:
        return self.custom.hours(to.wishes, zone_named(to.conversation.zone))


@dataclass(frozen=True, slots=True)
class Told:
    """One invoice in a message, with everything that there is to say about it.

    notices  its news; empty for a mere stage
    """

    subject: Subject
    notices: frozenset[Notice]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that has been claimed: from here on nobody else sends it.

    told  by invoice, soonest due first
    """

    id: MessageId
    to: Recipient
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of the ledger that waits to be sent, as an operator sees it."""

    to: Recipient
    number: str
    stage: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message of which nobody knows whether it arrived: a lost answer, or a process that died while sending.

    rows  how many things it said
    """

    id: MessageId
    tenant: str
    person: str
    day: date
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a claimed message.

    state       ``sent``, ``failed``, ``uncertain``, or ``planned`` where it surely did not arrive and goes again
    not_before  when it may go again (aware); of no meaning otherwise
    is_lost     whether the chat takes nothing more until the person comes back
    """

    id: MessageId
    state: str
    reason: str
    not_before: datetime
    is_lost: bool = False


Snoozes = Mapping[InvoiceId, date]
"""Until when a person's invoices are silent, by their own date."""
