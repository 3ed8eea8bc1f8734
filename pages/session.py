"""The person at a browser: known by a cookie, allowed by the same rule as in the chat."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from auth.browsers import Browsers, check_form
from billing.access import Caller, Person
from billing.people import BrowserSession
from billing.ports import Callers

COOKIE: Final = "__Host-session"
PERSON: Final = web.RequestKey("person", Person)
"""Who sent a request, once that is known: for the audit, should the request be refused."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request from somebody who is signed in.

    csrf  token that every form on the page must carry
    """

    caller: Caller
    csrf: str


class Visits:
    """Finds out who visits."""

    def __init__(self, browsers: Browsers, callers: Callers) -> None:
        self._browsers = browsers
        self._callers = callers

    async def visit(self, request: web.Request) -> Visit:
        """Return who visits, with their rights of this moment.

        Raises NotSignedIn, UnknownTenant, UnknownPerson, NoRole, Stale, SourceDown.
        """
        session = await self.browser(request)
        return Visit(await self._callers.caller(session.person), session.csrf)

    async def browser(self, request: web.Request) -> BrowserSession:
        """Return the signed-in browser, whatever its person may do. Raises NotSignedIn."""
        session = await self._browsers.known(request.cookies.get(COOKIE, ""))
        request[PERSON] = session.person
        return session

    async def form(self, request: web.Request) -> BrowserSession:
        """Return the signed-in browser that sent a form of ours. Raises NotSignedIn, Malformed for a form from elsewhere."""
        session = await self.browser(request)
        sent = await request.post()
        check_form(session, str(sent.get("csrf", "")))
        return session
