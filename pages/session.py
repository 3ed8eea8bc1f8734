"""The person at a browser: known by a cookie, allowed by the same rule as in the chat."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from auth.browsers import Browsers, check_form
from billing.access import Caller, Person
from billing.errors import Malformed
from billing.people import BrowserSession
from billing.ports import Callers

COOKIE: Final = "__Host-session"
TAB_COOKIE: Final = "__Host-tab"
"""A session in Teams' frame has a cookie of its own, so that the ordinary one stays out of every frame (SameSite=Lax)."""

_FORM: Final = "application/x-www-form-urlencoded"

PERSON: Final = web.RequestKey("person", Person)
"""Who sent a request, once that is known: for the audit, should the request be refused."""

CSRF: Final = web.RequestKey("csrf", str)
"""The form token of their browser's session: for a refusal, which can be left by signing out."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request from somebody who is signed in.

    csrf  token that every form on the page must carry
    tab   what the address of a page needs behind it to stay in Teams' tab; "" outside
    """

    caller: Caller
    csrf: str
    tab: str = ""


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
        return Visit(await self._callers.caller(session.person), session.csrf, tab_query(request))

    async def browser(self, request: web.Request) -> BrowserSession:
        """Return the signed-in browser, whatever its person may do. Raises NotSignedIn."""
        session = await self._browsers.known(sent_cookie(request))
        request[PERSON], request[CSRF] = session.person, session.csrf
        return session

    async def form(self, request: web.Request) -> BrowserSession:
        """Return the signed-in browser that sent a form of ours. Raises NotSignedIn, Malformed for a form from elsewhere."""
        session = await self.browser(request)
        check_form(session, (await sent_form(request)).get("csrf", ""))
        return session


async def sent_form(request: web.Request) -> dict[str, str]:
    """Return the fields of a form as our pages send them. Raises Malformed for any other body, whatever its headers call it."""
    if request.content_type != _FORM:
        raise Malformed(reason="no form")
    try:
        form = {name: str(value) for name, value in (await request.post()).items()}
        "".join(form.values()).encode()
    except (LookupError, ValueError, web.RequestPayloadError) as error:  # a made-up charset, bytes or halves of characters that are none
        raise Malformed(reason=type(error).__name__) from error
    return form


def is_in_tab(request: web.Request) -> bool:
    """Whether a page is asked for in Teams: the address says so, since on a phone there is no frame that would."""
    return "tab" in request.query


def tab_query(request: web.Request) -> str:
    """Return what the address of another page needs behind it to stay in the tab; "" outside Teams."""
    return "?tab=1" if is_in_tab(request) else ""


def sent_cookie(request: web.Request) -> str:
    """Return the cookie of the session that a request belongs to; "" for none.

    The tab's counts where a page is opened. Other apps' frames beside ours share its partition, and could send it with what
    they fetch.
    """
    if not is_in_tab(request):
        return request.cookies.get(COOKIE, "")
    return request.cookies.get(TAB_COOKIE, "") if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" else ""


def tab_cookie(value: str) -> str:
    """Return the header that gives the tab's cookie to a browser, or takes it away where *value* is empty.

    Partitioned: the browser keeps it for our pages inside Teams alone, also where it refuses other cookies in frames. Written by
    hand, since ``http.cookies`` does not know the word before Python 3.14.
    """
    ending = "" if value else "; Max-Age=0"
    return f"{TAB_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned{ending}"
