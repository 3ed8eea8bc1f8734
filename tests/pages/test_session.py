"""Who visits a page: the person of the cookie, with their rights of this moment."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from auth.browsers import Browsers
from backends.postgres.browser_sessions import PostgresBrowserSessions
from backends.postgres.database import Database
from billing.access import Caller, Person
from billing.errors import NoRole
from pages.render import Pages
from pages.routes import Routes
from pages.session import COOKIE, TAB_COOKIE, Visits
from tests import make
from tests.clock import ChosenClock
from tests.make import ADA
from tests.pages.room import READERS, Notes


class Rights:
    """The Callers port: Ada may see Contoso's invoices until she may not."""

    def __init__(self) -> None:
        self.is_allowed = True

    async def caller(self, person: Person) -> Caller:
        """Return the caller. Raises NoRole."""
        if not self.is_allowed:
            raise NoRole(person=person.hashed)
        return make.caller(person=person)


class Porch:
    """A page that says who visits, and a form."""

    def __init__(self, database: Database) -> None:
        self.clock = ChosenClock()
        self.browsers = Browsers(PostgresBrowserSessions(database), self.clock)
        self.rights = Rights()
        self.notes = Notes()
        self.visits = Visits(self.browsers, self.rights)

    async def ask(self, cookie: str, method: str = "GET", **form: str) -> tuple[int, str]:
        """Ask with a cookie, and return status and text."""
        return await self.send(method, "", {"Cookie": f"{COOKIE}={cookie}"}, form)

    async def send(self, method: str, query: str, headers: Mapping[str, str], form: Mapping[str, str] | bytes) -> tuple[int, str]:
        """Send a request, and return status and text."""
        application = web.Application()
        Routes(Pages(), READERS, self.notes).add(application, ("GET", "/page/{id}", self._page), ("POST", "/page/{id}", self._form))
        async with TestServer(application) as server, ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            address = server.make_url(f"/page/{make.guid('INV-1')}{query}")
            async with session.request(method, address, data=form, headers=headers, allow_redirects=False) as response:
                return response.status, await response.text()

    async def _page(self, request: web.Request) -> web.Response:
        visit = await self.visits.visit(request)
        return web.Response(text=f"{visit.caller.name} {visit.csrf}")

    async def _form(self, request: web.Request) -> web.Response:
        return web.Response(text=(await self.visits.form(request)).person.id)


@pytest.fixture
def porch(database: Database) -> Porch:
    return Porch(database)


class TestVisit:
    async def test_is_by_the_person_of_the_cookie(self, porch: Porch) -> None:
        cookie = await porch.browsers.open(ADA, "")

        assert await porch.ask(cookie) == (200, f"Ada Lindqvist {(await porch.browsers.known(cookie)).csrf}")

    @pytest.mark.parametrize("cookie", ["", "made-up", "\u00fc\u00ff"])
    async def test_without_a_session_leads_to_sign_in(self, porch: Porch, cookie: str) -> None:
        assert (await porch.ask(cookie))[0] == 303

    async def test_ends_with_idleness(self, porch: Porch) -> None:
        cookie = await porch.browsers.open(ADA, "")
        porch.clock.advance(timedelta(hours=8))

        assert (await porch.ask(cookie))[0] == 303

    async def test_is_refused_and_noted_from_the_moment_the_right_is_gone(self, porch: Porch) -> None:
        cookie = await porch.browsers.open(ADA, "")
        await porch.ask(cookie)
        porch.rights.is_allowed = False

        status, text = await porch.ask(cookie)

        assert status == 403
        assert "You need the role" in text
        assert "Please give me the role" in text
        assert ADA.tenant in text
        assert ADA.id in text
        assert f'<input type="hidden" name="csrf" value="{(await porch.browsers.known(cookie)).csrf}">' in text
        assert 'action="/auth/sign-out"' in text
        assert porch.notes.entries == [("refusal", "NoRole", make.guid("INV-1"))]


class TestTab:
    @pytest.mark.parametrize(
        ("query", "name", "headers", "status"),
        [
            ("?tab=1", TAB_COOKIE, {"Sec-Fetch-Mode": "navigate"}, 200),
            ("?tab=1", TAB_COOKIE, {}, 200),
            ("?tab=1", TAB_COOKIE, {"Sec-Fetch-Mode": "no-cors"}, 303),
            ("?tab=1", TAB_COOKIE, {"Sec-Fetch-Mode": "cors"}, 303),
            ("?tab=1", COOKIE, {"Sec-Fetch-Mode": "navigate"}, 303),
            ("", TAB_COOKIE, {"Sec-Fetch-Mode": "navigate"}, 303),
        ],
    )
    async def test_has_a_cookie_of_its_own_that_counts_where_a_page_is_opened(
        self, porch: Porch, query: str, name: str, headers: dict[str, str], status: int
    ) -> None:
        cookie = await porch.browsers.open(ADA, "")

        assert (await porch.send("GET", query, {"Cookie": f"{name}={cookie}", **headers}, {}))[0] == status

    @pytest.mark.parametrize("form", [{}, {"csrf": ""}])
    async def test_takes_no_form_without_its_token_although_any_site_may_send_one(self, porch: Porch, form: dict[str, str]) -> None:
        cookie = await porch.browsers.open(ADA, "")

        assert (await porch.send("POST", "?tab=1", {"Cookie": f"{TAB_COOKIE}={cookie}"}, form))[0] == 400


class TestForm:
    async def test_counts_with_the_token_of_its_session(self, porch: Porch) -> None:
        cookie = await porch.browsers.open(ADA, "")
        token = (await porch.browsers.known(cookie)).csrf

        assert await porch.ask(cookie, "POST", csrf=token) == (200, ADA.id)

    async def test_does_not_count_when_it_comes_from_elsewhere(self, porch: Porch) -> None:
        cookie, other = [await porch.browsers.open(ADA, "") for _ in range(2)]
        foreign = (await porch.browsers.known(other)).csrf

        for form in ({}, {"csrf": ""}, {"csrf": foreign}):
            assert (await porch.ask(cookie, "POST", **form))[0] == 400

    @pytest.mark.parametrize(
        ("kind", "more"),
        [
            ("application/x-www-form-urlencoded; charset=bogus", {}),
            ("application/x-www-form-urlencoded; charset=utf-8", {}),
            ("application/x-www-form-urlencoded; charset=raw_unicode_escape", {}),
            ("application/x-www-form-urlencoded; charset=utf-16", {}),
            ("application/x-www-form-urlencoded", {"Content-Encoding": "gzip"}),
            ("multipart/form-data", {}),
            ("multipart/form-data; boundary=x", {}),
            ("multipart/form-data; boundary=x; charset=bogus", {}),
            ("text/plain", {}),
            ("", {}),
        ],
    )
    async def test_is_refused_when_its_body_is_not_what_it_is_called(self, porch: Porch, kind: str, more: dict[str, str]) -> None:
        cookie = await porch.browsers.open(ADA, "")

        status, text = await porch.send(
            "POST", "", {"Cookie": f"{COOKIE}={cookie}", "Content-Type": kind, **more}, b"csrf=\\ud800\xff\xfe&--x"
        )

        assert status == 400
        assert "could not be understood" in text

    async def test_does_not_count_without_a_session(self, porch: Porch) -> None:
        assert (await porch.ask("", "POST", csrf=""))[0] == 401
