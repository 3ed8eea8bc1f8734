"""What the use cases need from the outside, in as few methods as will do.

Implemented in ``backends/``; handed over by ``assembly/``. Every method may raise SourceDown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from billing.access import AccountId, Caller, Person, PersonId, TenantId
from billing.invoice import Details, Invoice, InvoiceId, Page, Wanted
from billing.people import Arrival, BrowserFlow, BrowserSession, Conversation, Exchange, Session, SignInRequest, Standing

Json = Mapping[str, object]
"""A JSON object as it came off the wire: nothing in it is trusted."""

MOST_FOUND: Final = 64
"""Invoices that a number may find: more than are shown, so that those come first to which an order applies."""


class Invoices(Protocol):
    """The mirrored invoices. Each method sees one account and nothing else, whatever it is asked for."""

    async def page(self, account: AccountId, wanted: Wanted) -> Page:
        """Return a page. Raises Malformed where its position is none in a list that is sorted so.

        By DUE: soonest first when OPEN or OVERDUE, latest first when PAID or ALL. By NUMBER: ascending; by BILLED: newest first;
        by TOTAL and BALANCE: one currency after the other, largest first. What has no date comes last, and ids decide in the end.
        """
        ...

    async def details(self, account: AccountId, invoice: InvoiceId) -> Details:
        """Return one invoice with its lines.

        Raises NotFound, also when the invoice exists in another account or the id is no GUID.
        """
        ...

    async def find(self, account: AccountId, number: str) -> Sequence[Invoice]:
        """Return at most ``MOST_FOUND`` invoices whose number is *number*, in any case; failing that, those whose number ends with it."""
        ...


class FreshInvoices(Protocol):
    """Work 365 itself, for the moments in which the mirror may be too old. Each read costs one request to three; use it for one invoice."""

    async def now(self, account: AccountId, held: Details) -> Details:
        """Return what *account* has as *held* as it is now, or nothing at all: within two seconds.

        Lines are *held*'s where the invoice itself has not changed since. Raises NotFound, also when it is another account's or its
        status hides it.
        """
        ...


class MirroredOne(Protocol):
    """The mirror's writing side, for one invoice."""

    async def copy(self, invoice: InvoiceId) -> None:
        """Bring one invoice with its lines up to date, or take it out where customers may no longer see it."""
        ...


class Directory(Protocol):
    """The mirrored people: which contacts, accounts and web roles belong to an Entra identity."""

    async def standing(self, person: Person, email: str | None) -> Standing:
        """Return the contacts bound to *person* by external identity, within the tenant's accounts.

        email  where given, a contact with this address counts as well (compared without case)
        """
        ...


class Inbox(Protocol):
    """Incoming activities, taken once each however often the channel delivers them."""

    async def accept(self, conversation: str, activity: str, body: bytes) -> Arrival:
        """Keep an activity durably, unless it has been accepted before."""
        ...

    async def done(self, conversation: str, activity: str) -> None:
        """Note that the activity has been answered, and forget its body."""
        ...

    async def left_over(self, older_than: timedelta, limit: int) -> Sequence[bytes]:
        """Claim accepted activities that nobody has answered: a process died while it had them.

        Each is handed out at most 3 times, to one process at a time.
        """
        ...


class Conversations(Protocol):
    """Personal chats, one for each person."""

    async def save(self, conversation: Conversation, written: datetime | None = None) -> bool:
        """Keep the newest reference, locale and zone of a person's chat; True when it is new, or new again, to one of many at once.

        Raises NotAllowed where the conversation is another person's, NotFound where the app was removed after *written*.

        written  when the person wrote what it was learnt from; None where the app was installed, which counts in any case
        """
        ...

    async def get(self, person: Person) -> Conversation:
        """Return the person's chat. Raises NotFound, also when the person has removed the app."""
        ...

    async def moved(self, conversation: Conversation) -> None:
        """Keep the reference of a chat that there is; nothing happens where it is gone or the app was removed."""
        ...

    async def lives_in(self, person: Person, zone: str) -> None:
        """Keep the time zone that a browser tells, where Teams has told none; nothing happens where it has, or there is no chat."""
        ...

    async def removed(self, person: Person) -> None:
        """Note that the person has removed the app; nothing happens where there is no chat."""
        ...


class SignIns(Protocol):
    """Sign-ins under way. Everything in here dies after minutes."""

    async def ask(self, request: SignInRequest) -> None:
        """Keep what the chat asked for."""
        ...

    async def asked(self, request_id: str) -> SignInRequest:
        """Return a request that has neither expired nor been finished. Raises NotFound."""
        ...

    async def finish(self, request_id: str) -> bool:
        """Use up a request; False when somebody was faster, or it is unknown."""
        ...

    async def leave(self, flow: BrowserFlow) -> None:
        """Keep a browser's flow while the person is at Entra."""
        ...

    async def come_back(self, state: str) -> BrowserFlow:
        """Take a flow out, once. Raises NotFound when it is unknown, expired or used."""
        ...


class Sessions(Protocol):
    """Who has signed in to the chat."""

    async def get(self, person: Person) -> Session:
        """Return the person's session. Raises NotSignedIn."""
        ...

    async def save(self, session: Session, *, renews: Session | None = None, is_asked: bool = True) -> None:
        """Begin a session; or renew exactly *renews*.

        is_asked  whether the person has clicked for it
        Raises NotSignedIn where that one has ended since, or another has taken its place, or where nobody has asked and the
        person has signed out, at whatever moment: then nothing is kept.
        """
        ...

    async def end(self, person: Person) -> None:
        """Delete the session and its tokens."""
        ...

    async def leave(self, person: Person) -> None:
        """Sign out: end the session, and note that the person wanted it."""
        ...

    async def has_left(self, person: Person) -> bool:
        """Whether the person has signed out, and not in again since."""
        ...


class BrowserSessions(Protocol):
    """Browsers that are signed in."""

    async def open(self, session: BrowserSession) -> None:
        """Begin a session."""
        ...

    async def seen(self, session_id: bytes, now: datetime, idle_since: datetime) -> BrowserSession:
        """Return a session that was used after *idle_since*, and note that it is used *now*. Raises NotSignedIn."""
        ...

    async def close(self, session_id: bytes) -> None:
        """End one session; nothing happens where there is none."""
        ...

    async def close_all(self, person: Person) -> None:
        """End every session of a person."""
        ...


class Shown(Protocol):
    """Which message of a person's chat shows an invoice in full, and as what."""

    async def note(self, person: Person, invoice: Invoice, activity: str) -> None:
        """Keep that a message shows the invoice as it is here, and nothing else any more; a newer message takes its place."""
        ...

    async def covered(self, person: Person, activity: str) -> None:
        """Note that a message shows something else now; nothing happens where it showed no invoice."""
        ...


class Exchanges(Protocol):
    """Token exchanges, each run once although every client of a person sends it."""

    async def begin(self, person: Person, exchange: str) -> Exchange:
        """Claim an exchange: OURS to run, BUSY elsewhere, or DONE before."""
        ...

    async def finish(self, person: Person, exchange: str, *, is_done: bool) -> None:
        """Note that it succeeded; otherwise give it back, so that it can be tried again."""
        ...


class Choices(Protocol):
    """Which of several companies a person has chosen."""

    async def get(self, person: Person) -> AccountId | None:
        """Return the chosen account; None where none has been chosen."""
        ...

    async def choose(self, person: Person, account: AccountId) -> None:
        """Keep the choice. It grants nothing: it counts only among the companies that the person may act for."""
        ...


class Audit(Protocol):
    """The append-only record of who did what."""

    async def note(self, person: Person, what: str, outcome: str, invoice: str = "") -> None:
        """Add an entry; time and correlation id are added to it.

        what     ``view``, ``download``, ``pay``, ``sign-in``, ``refusal``, ``reminder`` ...
        outcome  ``ok`` or the reason why not
        """
        ...


class Forgets(Protocol):
    """Deletes what is kept about people."""

    async def forget(self, tenant: TenantId, person: PersonId | None = None) -> int:
        """Delete everything about a person, or about everybody of a tenant; return how many rows that were."""
        ...


class Disclosure(Protocol):
    """Tells people what is kept about them."""

    async def of(self, person: Person) -> Mapping[str, Sequence[Json]]:
        """Return everything about *person*, by where it is kept, without what opens something: tokens and cookies."""
        ...


class Callers(Protocol):
    """The one rule that turns a person into a Caller, for chat, pages and reminders alike."""

    async def caller(self, person: Person) -> Caller:
        """Return the person's company and roles as they are now, confirmed with Entra within the hour.

        Raises NotSignedIn, UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown.
        """
        ...


class Clock(Protocol):
    """The time, so that a test can choose it."""

    def __call__(self) -> datetime:
        """Return now, aware and in UTC."""
        ...
