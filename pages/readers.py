"""How somebody at a browser reads: the language and time zone of their Teams client, else the browser's language."""

from typing import Final, Protocol

from aiohttp import web

from billing.access import Person
from billing.errors import NotFound, Problem
from billing.people import BrowserSession, Conversation
from billing.ports import Clock
from billing.zones import UTC, zone_named
from pages.session import PERSON, sent_cookie
from words.reader import Reader

_ENGLISH: Final = "en-US"


class Chats(Protocol):
    """The Conversations port, as far as it is needed here."""

    async def get(self, person: Person) -> Conversation:
        """Return the person's chat. Raises NotFound."""
        ...


class Known(Protocol):
    """Knows a browser by its cookie."""

    async def known(self, cookie: str) -> BrowserSession:
        """Return the session of a cookie. Raises NotSignedIn."""
        ...


class Readers:
    """Knows the reader of a page."""

    def __init__(self, chats: Chats, browsers: Known, clock: Clock) -> None:
        self._chats = chats
        self._browsers = browsers
        self._clock = clock

    async def of(self, request: web.Request, person: Person) -> Reader:
        """Return the words, numbers and today of *person*; the browser's language where they have no chat. Raises SourceDown."""
        try:
            chat = await self._chats.get(person)
        except NotFound:
            return self.of_browser(request)
        return Reader(chat.locale, zone_named(chat.zone), self._clock())

    async def of_anybody(self, request: web.Request) -> Reader:
        """Return how the person at this browser reads, if that can be found out; the browser's language if not."""
        try:
            person = request.get(PERSON) or (await self._browsers.known(sent_cookie(request))).person
            return await self.of(request, person)
        except Problem:
            return self.of_browser(request)

    def of_browser(self, request: web.Request) -> Reader:
        """Return a reader of the language that the browser asks for."""
        return Reader(language(request.headers.get("Accept-Language", "")), UTC, self._clock())


def language(header: str) -> str:
    """Return the language that an Accept-Language header prefers, as a BCP 47 tag."""
    choices = [each.strip().partition(";") for each in header.split(",")[:20]]
    named = [(_weight(weight), tag.strip()) for tag, _, weight in choices if tag.strip() not in {"", "*"}]
    return max(named, key=lambda choice: choice[0], default=(0, _ENGLISH))[1]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0
