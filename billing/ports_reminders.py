"""What reminders need from the outside. Every method may raise SourceDown."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from billing.access import AccountId, Caller, Company, Person, Role, TenantId
from billing.due import Why, Wishes
from billing.people import Conversation, Membership
from billing.ports import Json
from billing.reminding import Doubt, Ended, MessageId, Parcel, Planned, Recipient, Rule, Snoozes


class Rights(Protocol):
    """The one rule of who may see invoices, for many people at once. The last word is ``Callers.caller``, just before sending."""

    def held(self, memberships: Sequence[Membership], app_roles: frozenset[str]) -> Mapping[Company, frozenset[Role]]:
        """Return the companies in which the person holds a role that opens invoices, in order of name."""
        ...


class Messenger(Protocol):
    """The way to a person's chat."""

    async def send(self, conversation: Conversation, card: Json, summary: str) -> None:
        """Post a card, one attempt. Raises NotDelivered.

        summary  what a notification says
        """
        ...


class Plans(Protocol):
    """The ledger's beginning: what there will be to say."""

    async def people(self, after: Person | None, limit: int) -> Sequence[Recipient]:
        """Return at most *limit* of the people who have a chat with the bot, in order of tenant and person, after *after*."""
        ...

    async def plan(self, awake: Sequence[Recipient], rule: Rule) -> int:
        """Write down what there is to say to each, and again what a passing reason has held back; return how much that is.

        Companies are those that the rule of Rights allows; all happens in one transaction with the invoices it is based on.
        """
        ...

    async def rehearse(self, awake: Sequence[Recipient], rule: Rule) -> Sequence[Planned]:
        """Return everything that would wait to be sent after ``plan``, and change nothing."""
        ...

    async def company(self, account: AccountId, days: tuple[int, ...] | None) -> bool:
        """Set a company's own stages, in days relative to the due date; None for the operator's. False where there is no such company."""
        ...


class Outbox(Protocol):
    """The ledger's middle: from planned to the end of an attempt."""

    async def tenants(self, now: datetime) -> Sequence[TenantId]:
        """Return the tenants that have something to send now and are not paused."""
        ...

    async def waiting(self, tenant: TenantId, now: datetime, limit: int) -> Sequence[Person]:
        """Return at most *limit* people of a tenant for whom something waits; none while the tenant is paused."""
        ...

    async def claim(self, callers: Mapping[Person, Caller | Why], rule: Rule) -> Sequence[Parcel]:
        """Take what may be sent to people whose rights were confirmed just now; suppress it for those with a reason against.

        Each invoice is looked at again. What comes back is committed as being sent: at most one message for each person and day.
        """
        ...

    async def end(self, attempt: Ended) -> None:
        """Record what became of a claimed message."""
        ...

    async def pause(self, tenant: TenantId, now: datetime, retry_after: timedelta | None) -> timedelta:
        """Keep a tenant from sending: as long as the channel asked for, else longer at each failure in a row; return how long."""
        ...


class Oversight(Protocol):
    """The ledger's end, and the operator's view of it."""

    async def expire(self, lease: timedelta) -> int:
        """Mark uncertain what has been under way for longer than *lease*: its process died; return how many messages."""
        ...

    async def doubts(self) -> Sequence[Doubt]:
        """Return the messages of which nobody knows whether they arrived, oldest first."""
        ...

    async def settle(self, message: MessageId, *, resend: bool) -> bool:
        """End a doubt: it arrived, or it is to be sent again; False where there is no such doubt."""
        ...

    async def counts(self, since: datetime | None = None) -> Mapping[tuple[TenantId, str, str], int]:
        """Return how many rows there are by tenant, state and reason, of those planned at *since* or later; None for all."""
        ...

    async def tidy(self, before: datetime, now: datetime) -> int:
        """Delete rows that were planned before *before* and have ended, and snoozes that are without effect *now*; return how many rows."""
        ...


class Choosing(Protocol):
    """What people decide about their reminders."""

    async def wishes(self, person: Person) -> Wishes:
        """Return what a person has chosen; the default where nothing."""
        ...

    async def stages(self, account: AccountId) -> tuple[int, ...] | None:
        """Return a company's own stages, in days relative to the due date; None where it has none."""
        ...

    async def wish(self, person: Person, wishes: Wishes) -> None:
        """Keep what a person has chosen. It counts from the next message on."""
        ...

    async def snooze(self, person: Person, snoozes: Snoozes) -> None:
        """Keep invoices silent, each until its date."""
        ...
