"""Expected failures: what went wrong, said once for the person and once for the log.

Problem                 500  a failure we foresaw
├── NotSignedIn         401  nobody has signed in, or the session has ended
├── NotAllowed          403  signed in, but without a right to any invoice
│   ├── UnknownTenant   403  the Entra tenant belongs to no customer account
│   ├── UnknownPerson   403  the person is no contact of the tenant's account
│   └── NoRole          403  the contact holds neither of the two roles
├── NotFound            404  also for everything that belongs to another company
│   ├── NoPage          404  no page has this address
│   ├── NoUsage         404  no usage stands behind the invoice
│   └── UsageOff        404  there is none to download in this environment
├── TooOften            429  one person asks for something costly again and again
│   └── TooFast         429  one person presses buttons faster than they can be answered
├── NotPayable          409  the invoice cannot be paid now; ``reason`` says why
├── Malformed           400  a request that cannot be understood
├── BadToken            401  a bearer token that proves nothing
│   └── ForeignToken    403  a token that is meant for somebody else
├── SignInRefused       403  a sign-in in the browser that must not bind anybody
│   ├── SignInExpired   410  the link or the walk to Entra is unknown, too old, or used
│   ├── WrongPerson     403  somebody else signed in than the chat's person
│   └── SignInCancelled 403  the person, or a policy, said no at Entra
├── NoPdf               500  the invoice cannot be set as a PDF file
├── TooManyRows         409  a workbook cannot hold that many rows
├── Busy                503  too many downloads at once
├── Overloaded          503  more is asked than can be answered
├── Stale               503  the mirror is older than the operator allows
└── SourceDown          503  an outside system does not answer
"""

from enum import StrEnum
from typing import ClassVar


class Problem(Exception):
    """A failure we foresaw.

    status  HTTP status of the answer
    say     one sentence for the person, in English; a catalogue key
    facts   identifiers for the log; never secrets, names or amounts
    """

    status: ClassVar[int] = 500
    say: ClassVar[str] = "Something went wrong. Please try again."

    def __init__(self, **facts: object) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in facts.items()))
        self.facts = facts


class NotSignedIn(Problem):
    """Nobody has signed in, or the session has ended."""

    status = 401
    say = "Please sign in first."


class NotAllowed(Problem):
    """Signed in, but without a right to any invoice."""

    status = 403
    say = "You have no access to your company's invoices."


class UnknownTenant(NotAllowed):
    """The Entra tenant belongs to no customer account."""

    say = "Your organization is not connected to this invoice service yet."


class UnknownPerson(NotAllowed):
    """The person is no contact of the tenant's account."""

    say = "You are not registered as a contact of your company yet."


class NoRole(NotAllowed):
    """The contact holds neither of the two roles."""

    say = "You need the role Work 365 Administrator or Work365 Finance Manager to see invoices."


class NotFound(Problem):
    """No such thing in the caller's account; also said of another company's things."""

    status = 404
    say = "There is no such invoice in your company's account."

    def __init__(self, typed: str = "", **facts: object) -> None:
        super().__init__(**facts)
        self.typed = typed  # what the person called it; no fact, which would go into the log


class NoPage(NotFound):
    """No page has this address."""

    say = "There is no page at this address."


class NoUsage(NotFound):
    """No usage stands behind the invoice."""

    say = "There are no usage records behind this invoice."


class UsageOff(NotFound):
    """There is no usage to download in this environment."""

    say = "Usage cannot be downloaded here. Your provider can tell you where to find it."


class NoPdf(Problem):
    """The invoice cannot be set as a PDF file: too long, too slow, or the typesetter refused it."""

    say = "This invoice could not be made into a PDF file. Its page can be printed instead."


class TooManyRows(Problem):
    """A workbook cannot hold that many rows."""

    status = 409
    say = "There are too many rows for an Excel workbook. Please download them as CSV."


class Busy(Problem):
    """Too many downloads at once."""

    status = 503
    say = "Too many files are being downloaded at the moment. Please try again in half a minute."


class Overloaded(Problem):
    """More is asked than can be answered."""

    status = 503
    say = "There is more to answer than can be answered at the moment. Please try again in a few seconds."


class TooOften(Problem):
    """One person asks for something costly again and again."""

    status = 429
    say = "You have asked for this very often within a minute. Please try again in a minute."


class TooFast(TooOften):
    """One person presses buttons faster than they can be answered."""

    say = "That was a lot at once. Please try again in a few seconds."


class Unpayable(StrEnum):
    """Why an invoice cannot be paid now."""

    PAID = "paid"
    NOTHING_DUE = "nothing_due"
    PENDING = "pending"
    EXPIRED = "expired"
    NO_LINK = "no_link"
    UNTRUSTED_LINK = "untrusted_link"
    SWITCHED_OFF = "switched_off"


class NotPayable(Problem):
    """The invoice cannot be paid now."""

    status = 409
    say = "This invoice cannot be paid right now."

    def __init__(self, reason: Unpayable, number: str = "", **facts: object) -> None:
        super().__init__(reason=reason, **facts)
        self.reason = reason
        self.number = number  # for the person; no fact, which would go into the log


class Malformed(Problem):
    """A request that cannot be understood."""

    status = 400
    say = "That request could not be understood."


class Stale(Problem):
    """The mirror is older than the operator allows, so neither rights nor amounts can be trusted."""

    status = 503
    say = "The invoice data has not been refreshed for too long, so it is not shown. Please try again later."


class SourceDown(Problem):
    """An outside system does not answer."""

    status = 503
    say = "The invoice system cannot be reached right now. Please try again in a minute."


class BadToken(Problem):
    """A bearer token that proves nothing."""

    status = 401
    say = "This request could not be authenticated."


class ForeignToken(BadToken):
    """A token that is meant for somebody else."""

    status = 403
    say = "This request is not allowed."


class SignInRefused(Problem):
    """A sign-in in the browser that must not bind anybody."""

    status = 403
    say = "This sign-in cannot be completed. Go back to the chat and start again from there."


class SignInExpired(SignInRefused):
    """The link or the walk to Entra is unknown, too old, or used."""

    status = 410
    say = "This sign-in link has expired or has been used. Go back to the chat and ask again."


class WrongPerson(SignInRefused):
    """Somebody else signed in than the person the chat belongs to."""

    say = "You signed in with another account than the one you use in this chat. Go back to the chat and sign in again."


class SignInCancelled(SignInRefused):
    """The person, or an administrator's policy, said no at Entra."""

    say = "The sign-in was cancelled. Nothing has changed; you can start again whenever you like."
