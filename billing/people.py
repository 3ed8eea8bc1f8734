"""What the bot keeps about a person between two messages: a conversation, a sign-in, a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from billing.access import AccountId, ContactId, Person


@dataclass(frozen=True, slots=True)
class Conversation:
    """A personal chat, with all that is needed to speak first in it.

    reference  the Bot Framework's conversation reference, as plain JSON
    locale     BCP 47 tag of the person's Teams client
    zone       IANA time zone of the person's Teams client
    """

    person: Person
    id: str
    reference: Mapping[str, object]
    locale: str
    zone: str


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A sign-in that a chat asked for and a browser has yet to finish.

    id           random, in the link; it grants nothing to anybody but ``person``
    question     the activity to answer once signed in, as plain JSON; None for a bare "sign in"
    expires      after this the link is dead (aware, UTC)
    """

    id: str
    person: Person
    conversation: str
    question: Mapping[str, object] | None
    expires: datetime


@dataclass(frozen=True, slots=True)
class BrowserFlow:
    """One browser's walk to Entra and back; used once.

    state      the OAuth state, under which it is found again
    browser    SHA-256 of the cookie that the same browser must bring back
    flow       MSAL's flow: PKCE verifier, nonce, redirect address; secret, kept on the server
    request    the chat's SignInRequest; None when a page was opened in a browser
    next       own relative address to go on to
    is_silent  whether Entra was asked to show nothing; if that fails, it is asked again without
    """

    state: str
    browser: bytes
    flow: Mapping[str, object]
    request: str | None
    next: str
    is_silent: bool
    expires: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A person's standing proof that Entra knows them.

    upn        the user principal name that Entra stated
    name       the display name that Entra stated
    confirmed  when Entra last said so (aware, UTC)
    app_roles  roles in our own app registration that Entra stated
    tokens     MSAL's serialized cache, encrypted; empty where there is none
    """

    person: Person
    upn: str
    name: str
    confirmed: datetime
    app_roles: frozenset[str]
    tokens: bytes


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A browser that a person has signed in with.

    id    SHA-256 of the cookie
    csrf  token that every form of this session must carry
    seen  when it was last used (aware, UTC)
    """

    id: bytes
    person: Person
    csrf: str
    seen: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A contact bound to an account of the tenant, with the web roles that hang on contact or account.

    roles  names as Work 365 spells them in this environment, not yet compared
    """

    account: AccountId
    account_name: str
    contact: ContactId
    contact_name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the mirror knows about a person of a tenant.

    accounts     how many accounts the tenant is bound to
    memberships  the person's contacts in those accounts, in order of the account's name
    as_of        when the mirror was last complete (aware, UTC); None before the first sync
    """

    accounts: int
    memberships: tuple[Membership, ...]
    as_of: datetime | None


class Arrival(Enum):
    """What an activity is to the inbox, and its chat to the bot.

    REPEATED  accepted before
    KNOWN     new, in a chat in which the bot may speak first
    UNKNOWN   new, in a chat that the bot does not know, or no longer reaches
    """

    REPEATED = "repeated"
    KNOWN = "known"
    UNKNOWN = "unknown"


class Exchange(Enum):
    """Whose turn it is to exchange a token that Teams has sent several times."""

    OURS = "ours"
    BUSY = "busy"
    DONE = "done"
