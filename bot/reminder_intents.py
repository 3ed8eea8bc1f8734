"""What a person means about reminders: buttons and inputs, read back as untrusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from billing.due import Notice, Until
from billing.errors import Malformed
from billing.invoice import InvoiceId
from billing.silence import Silence
from cards.verbs import AWAKE, Key, invoice_id

EARLIEST, LATEST = -365, 365
"""Stages that a person may choose, in days relative to the due date: whatever an operator may have set, the card offers."""

_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class SnoozeNumber:
    """Keep the invoice with that number silent; ``until`` is None where the person has yet to say how long."""

    number: str
    until: Silence | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """End the silence of the invoice with that number."""

    number: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """Keep an invoice silent; ``until`` is None where the person has yet to say how long.

    is_over  whether its silence ends instead
    """

    invoice: InvoiceId
    until: Until | None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Save:
    """Keep what was filled in on the settings card."""

    hour: int
    days: tuple[int, ...]
    business_days: bool
    silent: frozenset[Notice]


About = SnoozeNumber | Wake | Snooze | Save


def snooze(carried: Mapping[str, object]) -> Snooze:
    """Return what a Snooze button means. Raises Malformed."""
    until = carried.get(Key.UNTIL)
    if until == AWAKE:
        return Snooze(invoice_id(carried), None, is_over=True)
    try:
        return Snooze(invoice_id(carried), None if until is None else Until(until))
    except ValueError as error:
        raise Malformed(key=Key.UNTIL.value) from error


def save(carried: Mapping[str, object]) -> Save:
    """Return what the settings card sends. Raises Malformed."""
    try:
        hour = int(str(carried.get(Key.HOUR)))
        days = tuple(sorted({int(each) for each in _listed(carried.get(Key.DAYS))}))
        loud = frozenset(Notice(each) for each in _listed(carried.get(Key.NOTICES)))
    except ValueError as error:
        raise Malformed(keys="hour, days, notices") from error
    if not 0 <= hour < _HOURS or any(not EARLIEST <= each <= LATEST for each in days):
        raise Malformed(keys="hour, days")
    return Save(hour, days, carried.get(Key.BUSINESS_DAYS) == "true", frozenset(Notice) - loud)


def _listed(sent: object) -> list[str]:
    return [each for each in sent.split(",") if each] if isinstance(sent, str) else []
