"""``/auth/teams``: signing in inside Teams, with the token that Teams gives to our tab. Entra refuses to be framed."""

import logging
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web
from yarl import URL

from auth.browsers import Browsers
from auth.sign_in import own_path
from auth.single_sign_on import SingleSignOn
from billing.errors import BadToken, Malformed, NotSignedIn, Problem, SignInCancelled, SignInRefused, SourceDown
from billing.ports import Conversations
from billing.zones import UTC, zone_named
from pages.readers import Readers
from pages.render import HERE, PRIVATE, Pages
from pages.reseller import LASTING
from pages.session import TAB_COOKIE, sent_form, tab_cookie
from words.reader import Reader

log = logging.getLogger(__name__)

LIBRARY: Final = HERE / "teams/node_modules/@microsoft/teams-js/dist/umd/MicrosoftTeams.min.js"
"""TeamsJS, where it has been installed."""

_ARRIVED: Final = "arrived"
"""What ``tab`` says in the address that a sign-in leads to: whoever is unknown there, too, is not sent round again."""


class TeamsScript:
    """TeamsJS, which speaks with the Teams around a page. It comes from our own address: pages load nothing from elsewhere."""

    def __init__(self, library: Path = LIBRARY) -> None:
        self._library = library

    async def script(self, _: web.Request) -> web.StreamResponse:
        """Return it; 404 where it is not installed."""
        if not self._library.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(self._library, headers=LASTING)


class TabPages:
    """Signs people in inside Teams; offers the browser where that does not work."""

    def __init__(
        self, single_sign_on: SingleSignOn, browsers: Browsers, conversations: Conversations, pages: Pages, readers: Readers
    ) -> None:
        self._single_sign_on = single_sign_on
        self._conversations = conversations
        self._browsers = browsers
        self._pages = pages
        self._readers = readers

    async def start(self, request: web.Request) -> web.Response:
        """Show the page that signs in by itself, once. The tab opens here, so that it is whom Teams knows who sees their invoices."""
        reader, wanted = await self._readers.of_anybody(request), own_path(request.query.get("next", ""))
        if URL(wanted).query.get("tab") != _ARRIVED:
            said = reader.say(
                "The list opens in your browser, where you sign in with your work account. In Teams, the chat with the bot answers the "
                "same questions."
            )
            return self._page(reader, said, wanted, is_silent=True)
        said = reader.say("You are not signed in here. Where signing in again does not help, open the list in your browser.")
        return self._page(reader, said, wanted, HTTPStatus.UNAUTHORIZED)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Take the token that our own page got from Teams, and go on to the page that was wanted."""
        if request.headers.get("Sec-Fetch-Site") != "same-origin":  # else a stranger's page could sign somebody in as the stranger
            raise Malformed(reason="not from a page of ours")
        form = await sent_form(request)
        wanted = own_path(form.get("next", ""))
        try:
            person = await self._single_sign_on.enter(form.get("token", ""), is_asked=form.get("asked") == "1")
        except Problem as problem:
            log.info("tab.not_signed_in", extra={"problem": type(problem).__name__, "facts": problem.facts})
            reader = await self._readers.of_anybody(request)
            refused = self._page(reader, _why(reader, problem), wanted, problem.status)
            if not isinstance(problem, SourceDown):  # whoever was here before must not be seen by who is here now
                await self._browsers.close(request.cookies.get(TAB_COOKIE, ""))
                refused.headers["Set-Cookie"] = tab_cookie("")
            return refused
        if (zone := zone_named(form.get("zone", ""))) != UTC:  # whoever never writes in the chat is reminded at their own hour as well
            await self._conversations.lives_in(person, str(zone))
        cookie = await self._browsers.open(person, request.cookies.get(TAB_COOKIE, ""))
        there = f"{self._pages.root}{URL(wanted).update_query(tab=_ARRIVED)}"
        headers = {**PRIVATE, "Location": there, "Set-Cookie": tab_cookie(cookie)}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)

    def _page(self, reader: Reader, said: str, wanted: str, status: int = HTTPStatus.OK, *, is_silent: bool = False) -> web.Response:
        return self._pages.page("tab.html", reader, status, said=said, next=wanted, is_silent=is_silent)


def _why(reader: Reader, problem: Problem) -> str:
    match problem:
        case NotSignedIn():
            return reader.say("You have signed out. Nothing is shown until you sign in again.")
        case SignInCancelled():
            return reader.say(
                "Microsoft has something to ask you first, such as your consent. Open the list in your browser, answer there, and sign "
                "in here again."
            )
        case BadToken() | SignInRefused():
            return reader.say("Who you are could not be confirmed. Please sign in again, or open the list in your browser.")
        case _:
            return reader.problem(problem)
