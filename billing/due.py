"""When a person is reminded of what. Pure calendar: now and today are arguments, a due date is a date and has no time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from billing.invoice import Charge, Invoice

QUIET_FROM: Final = 20
"""Local hour from which nobody is disturbed; whoever chose a later hour has three hours from there."""

CATCH_UP: Final = timedelta(days=7)
"""A stage that could not be sent for longer than this is let go: the next one says more."""

NEWS: Final = timedelta(days=14)
"""News older than this is none."""

_LATE_HOURS: Final = 3
_HOURS: Final = 24
_SATURDAY: Final = 5


class Notice(StrEnum):
    """News about an invoice, each told once."""

    ISSUED = "issued"
    PAID = "paid"
    FAILED = "failed"


class Until(StrEnum):
    """How long a person may keep an invoice silent."""

    TOMORROW = "tomorrow"
    THREE_DAYS = "three_days"
    NEXT_WEEK = "next_week"
    DUE = "due"

    def ends(self, today: date, due: date | None) -> date | None:
        """Return the day on which it is over; None for DUE where that is not ahead."""
        match self:
            case Until.TOMORROW:
                return today + timedelta(days=1)
            case Until.THREE_DAYS:
                return today + timedelta(days=3)
            case Until.NEXT_WEEK:
                return today + timedelta(days=7 - today.weekday())
            case Until.DUE:
                return due if due is not None and due > today else None


class Why(StrEnum):
    """Why a reminder that was planned is not sent, or why a person gets none."""

    OFF = "reminders off"
    SIGNED_OUT = "signed out"
    UNINSTALLED = "app removed"
    SUSPENDED = "app blocked by their administrator"
    OPTED_OUT = "bot blocked by the person"
    UNREACHABLE = "chat unreachable"
    NO_ROLE = "no role"
    HAD_ONE = "had one today"
    ASLEEP = "outside the chosen hours"
    NOTHING = "nothing new"
    GONE = "invoice withdrawn"
    SETTLED = "nothing left to pay"
    SNOOZED = "snoozed"
    PASSED = "stage or due date has changed"
    UNREADABLE = "something about them makes no sense, see the log"


PASSING: Final = frozenset(
    {Why.OFF, Why.SIGNED_OUT, Why.UNINSTALLED, Why.SUSPENDED, Why.OPTED_OUT, Why.UNREACHABLE, Why.NO_ROLE},
)
"""Reasons that lie with the person: once such a one is gone, what it has held back is said, if there is still nothing newer to say."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has chosen.

    hour           local hour of the digest, 0 to 23; None: the operator's
    days           stages, in days relative to the due date; None: the company's, else the operator's
    business_days  whether Saturdays and Sundays stay quiet
    silent         the notices that are switched off
    """

    is_on: bool = True
    hour: int | None = None
    days: tuple[int, ...] | None = None
    business_days: bool = False
    silent: frozenset[Notice] = frozenset()


@dataclass(frozen=True, slots=True)
class Custom:
    """What the operator has set for everybody.

    days  stages, in days relative to the due date (``REMINDER_DAYS``)
    hour  local hour of the digest (``REMINDER_HOUR``)
    """

    days: tuple[int, ...]
    hour: int

    def stages(self, wishes: Wishes, company: tuple[int, ...] | None) -> tuple[int, ...]:
        """Return the stages that count: the person's, else the *company's*, else the operator's."""
        return next(days for days in (wishes.days, company, self.days) if days is not None)

    def hours(self, wishes: Wishes, zone: ZoneInfo) -> "Hours":
        """Return when the person may be written to."""
        return Hours(zone, self.hour if wishes.hour is None else wishes.hour, wishes.business_days)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person may be written to: from the chosen hour until the evening, on their own clock and calendar."""

    zone: ZoneInfo
    hour: int
    business_days: bool = False

    def today(self, now: datetime) -> date:
        """Return the person's date."""
        return now.astimezone(self.zone).date()

    def are_open(self, now: datetime) -> bool:
        """Whether *now* lies within them."""
        local = now.astimezone(self.zone)
        closes = max(QUIET_FROM, min(_HOURS, self.hour + _LATE_HOURS))
        return self.hour <= local.hour < closes and not (self.business_days and is_weekend(local))

    def next(self, now: datetime, after: date | None = None) -> datetime:
        """Return the first instant from *now* on that lies within them, on a later day than *after*.

        An hour that a clock change skips begins when the clock has jumped; one that comes twice begins the first time.
        """
        day = self.today(now) if after is None else max(self.today(now), after + timedelta(days=1))
        if day == self.today(now) and self.are_open(now):
            return now
        while True:
            begins = datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)
            if begins > now and self.are_open(begins) and (after is None or self.today(begins) > after):
                return begins
            day += timedelta(days=1)


def is_weekend(day: date) -> bool:
    """Whether *day* is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def stage(
    due: date | None, days: Iterable[int], today: date, *, business_days: bool = False, snoozed_until: date | None = None
) -> str | None:
    """Return the newest stage that an unpaid invoice has reached, as the ledger names it; None where nothing is to be said.

    A snooze silences every stage before its end, which then is a stage of its own, for whoever wants any. With *business_days* a stage that
    falls on a weekend comes early up to the due date, and late after it. No due date is too absurd to count from: days are
    numbers here, and numbers do not end in the year 9999.
    """
    if snoozed_until is not None and today < snoozed_until:
        return None
    days = tuple(days)
    begun = [(due.toordinal() + n, n) for n in days] if due else []
    named = [(_moved(day, early=n <= 0) if business_days else day, n, f"due:{due}:{n:+d}") for day, n in begun]
    if snoozed_until is not None and days:
        named.append((snoozed_until.toordinal(), 0, f"again:{snoozed_until}"))
    reached = [each for each in named if each[0] <= today.toordinal()]
    if not reached:
        return None
    day, _, name = max(reached)
    return name if today.toordinal() - day <= CATCH_UP.days else None


def news(invoice: Invoice, since: datetime, now: datetime, silent: frozenset[Notice]) -> frozenset[Notice]:
    """Return what an invoice's row has to tell: nothing that is older than two weeks or than *since*, when the bot met the person."""
    if invoice.changed < max(since, now - NEWS):
        return frozenset()
    recent = now.date() - NEWS
    happened = {
        Notice.ISSUED: invoice.is_open and invoice.billed is not None and invoice.billed >= recent,
        Notice.PAID: invoice.was_paid and invoice.paid is not None and invoice.paid >= recent,
        Notice.FAILED: invoice.is_owing and invoice.charge is Charge.FAILED,
    }
    return frozenset(notice for notice, is_so in happened.items() if is_so) - silent


def _moved(day: int, *, early: bool) -> int:
    """Return the business day next to a weekend's *day*, both as ordinals."""
    over = (day + 6) % 7 - _SATURDAY
    if over < 0:
        return day
    return day - over - 1 if early else day + 2 - over
