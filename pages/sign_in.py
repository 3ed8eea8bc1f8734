"""``/auth/start``, ``/auth/callback``, ``/auth/sign-out``: what happens of a sign-in in a browser."""

from http import HTTPStatus

from aiohttp import web

from auth.browsers import Browsers
from auth.sign_in import LIFETIME, Departure, OnSignedIn, SignIn
from billing import correlation
from billing.errors import SignInCancelled
from pages.readers import Readers
from pages.refusals import sign_in
from pages.render import Pages
from pages.session import COOKIE, PERSON, Visits, is_in_tab, tab_cookie, tab_query

WALK_COOKIE = "__Host-sign-in"


class SignInPages:
    """Sends a browser to Entra, takes it back, and lets it go."""

    def __init__(
        self, sign_in: SignIn, browsers: Browsers, visits: Visits, pages: Pages, readers: Readers, on_signed_in: OnSignedIn
    ) -> None:
        self._sign_in = sign_in
        self._browsers = browsers
        self._visits = visits
        self._pages = pages
        self._readers = readers
        self._on_signed_in = on_signed_in

    async def start(self, request: web.Request) -> web.Response:
        """Redirect to Entra: for the chat whose request is named, else for the page to go on to."""
        wanted = request.query.get("request")
        if wanted is not None:
            return _away(await self._sign_in.depart_for_chat(wanted))
        return _away(await self._sign_in.depart_for_page(request.query.get("next", "")))

    async def callback(self, request: web.Request) -> web.Response:
        """Finish the sign-in; answer the question that waited for it, or go on to the page."""
        if "admin_consent" in request.query:
            return await self._agreed(request)
        try:
            arrived = await self._sign_in.arrive(dict(request.query), request.cookies.get(WALK_COOKIE, ""), self._on_signed_in)
        except SignInCancelled as problem:
            return await self._cancelled(request, problem)
        if isinstance(arrived, Departure):
            return _away(arrived)
        request[PERSON] = arrived.person
        cookie = await self._browsers.open(arrived.person, request.cookies.get(COOKIE, ""))
        if arrived.request is None:
            response = _redirect(f"{self._pages.root}{arrived.next}")
        else:
            response = await self._done(request)
        response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="Lax")
        response.del_cookie(WALK_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the person's sessions, in chat and in every browser."""
        session = await self._visits.form(request)
        await self._sign_in.sign_out(session.person)
        reader = await self._readers.of_anybody(request)
        left = reader.say("You are signed out here and in the chat. Nothing is shown until you sign in again.")
        title, action = reader.say("You are signed out"), sign_in(reader, request)
        response = self._pages.message(reader, title, left, action=action, tab=tab_query(request))
        if is_in_tab(request):
            response.headers["Set-Cookie"] = tab_cookie("")
        else:
            response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def _agreed(self, request: web.Request) -> web.Response:
        reader = await self._readers.of_anybody(request)
        recorded = reader.say("Your organization's approval has been recorded by Microsoft. People can now sign in from the chat.")
        return self._pages.message(reader, reader.say("Thank you"), recorded)

    async def _cancelled(self, request: web.Request, problem: SignInCancelled) -> web.Response:
        reader = await self._readers.of_anybody(request)
        forward = reader.say("If your organization wants an administrator to approve the app first, forward this address to them:")
        said = reader.problem(problem), forward, self._sign_in.consent_address()
        title, reference = reader.say("The sign-in was cancelled"), correlation.current.get()
        action = sign_in(reader, request)
        return self._pages.message(reader, title, *said, status=problem.status, reference=reference, action=action)

    async def _done(self, request: web.Request) -> web.Response:
        reader = await self._readers.of_anybody(request)
        back = reader.say("You can close this page and go back to Teams: the answer to your question is waiting there.")
        return self._pages.message(reader, reader.say("You are signed in"), back)


def _away(departure: Departure) -> web.Response:
    response = _redirect(departure.address)
    lifetime_s = int(LIFETIME.total_seconds())
    response.set_cookie(WALK_COOKIE, departure.cookie, max_age=lifetime_s, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def _redirect(address: str) -> web.Response:
    headers = {"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)
