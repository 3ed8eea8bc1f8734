"""What a browser sees when something goes wrong."""

import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from billing.errors import Malformed, NoPdf, NotFound, NotSignedIn, NoUsage, Problem, SignInExpired, SourceDown, UnknownTenant
from pages.render import HEADERS, Pages
from pages.routes import Routes
from tests.make import guid
from tests.pages.room import READERS, Answer, Room, Visitors, get, served

INVOICE = guid("invoice")


async def failing(error: Exception, path: str = "/page", method: str = "GET", language: str = "en-US") -> Answer:
    """Return what a handler's failure looks like."""

    async def handler(_: web.Request) -> web.Response:
        raise error

    application, any_path = web.Application(), "/{start:invoices/}{id:[^/]*}{tail:.*}" if INVOICE in path else "/{tail:.*}"
    Routes(Pages(), READERS).add(application, ("GET", any_path, handler), ("POST", any_path, handler))
    async with (
        TestServer(application) as server,
        ClientSession(headers={"Accept-Language": language}) as session,
        session.request(method, f"{str(server.make_url('')).rstrip('/')}{path}", allow_redirects=False) as response,
    ):
        return Answer(response.status, dict(response.headers), await response.read())


async def asked(method: str, path: str) -> Answer:
    """Return how somebody who is signed in is answered."""
    async with (
        served(Room.of()) as address,
        ClientSession() as session,
        session.request(method, f"{address}{path}", allow_redirects=False) as response,
    ):
        return Answer(response.status, dict(response.headers), await response.read())


class TestSignIn:
    async def test_happens_first_and_leads_back(self) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), "/invoices?show=paid&number=a%20b")

        there = urlsplit(answer.headers["Location"])
        assert answer.status == 303
        assert there.path == "/auth/start"
        assert parse_qs(there.query) == {"next": ["/invoices?show=paid&number=a%20b"]}

    async def test_happens_inside_teams_for_a_tab(self) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), "/invoices?show=paid&tab=1")

        there = urlsplit(answer.headers["Location"])
        assert there.path == "/auth/teams"
        assert parse_qs(there.query) == {"tab": ["1"], "next": ["/invoices?show=paid&tab=1"]}

    async def test_knows_the_path_under_which_a_proxy_shows_the_product(self) -> None:
        answer = await get(Room.of(visitors=Visitors(None), root="/bills"), "/invoices")

        assert answer.headers["Location"].startswith("/bills/auth/start?")

    @pytest.mark.parametrize(("path", "method"), [("/auth/start", "GET"), ("/auth/sign-out", "POST"), ("/invoices", "POST")])
    async def test_never_leads_in_circles(self, path: str, method: str) -> None:
        answer = await failing(NotSignedIn(), path, method)

        assert answer.status == 401


class TestAddresses:
    @pytest.mark.parametrize("path", ["/invoice", "/auth/sign-out", "/invoices/1/2", "/%00"])
    async def test_that_lead_nowhere_lead_back(self, path: str) -> None:
        answer = await get(Room.of(visitors=Visitors(None)), path)

        assert answer.status == 404
        assert "There is no page at this address." in answer.text
        assert 'href="/invoices?show=all"' in answer.text


class TestMethods:
    @pytest.mark.parametrize("path", ["/", "/privacy", "/terms", "/reseller.css"])
    async def test_head_is_answered_where_it_is_cheap_and_without_a_body(self, path: str) -> None:
        head, page = await asked("HEAD", path), await asked("GET", path)

        assert (head.status, head.body) == (200, b"")
        assert head.headers.keys() == page.headers.keys()

    @pytest.mark.parametrize("path", ["/invoices", f"/invoices/{INVOICE}", f"/invoices/{INVOICE}/pay", "/invoices.csv", "/nowhere"])
    async def test_head_is_refused_everywhere_else(self, path: str) -> None:
        assert (await asked("HEAD", path)).status == 405

    @pytest.mark.parametrize(("method", "path", "status"), [("POST", "/invoices", 405), ("GET", "/static/none.css", 404)])
    async def test_that_are_refused_by_the_server_itself_have_the_headers_of_a_page(self, method: str, path: str, status: int) -> None:
        answer = await asked(method, path)

        assert answer.status == status
        assert answer.headers.items() >= HEADERS.items()

    @pytest.mark.parametrize(("method", "status"), [("GET", 405), ("PUT", 405), ("POST", 200)])
    async def test_that_an_address_does_not_know_are_named(self, method: str, status: int) -> None:
        async def taken(_: web.Request) -> web.Response:
            return web.Response()

        application = web.Application()
        application.router.add_post("/api/messages", taken)
        Routes(Pages(), READERS).add(application)
        async with TestServer(application) as server, ClientSession() as session:
            answer = await session.request(method, server.make_url("/api/messages"))

        assert answer.status == status
        assert "POST" in answer.headers.get("Allow", "POST")

    async def test_leave_static_files_to_be_kept(self) -> None:
        assert "Cache-Control" not in (await asked("GET", "/static/pages.css")).headers

    @pytest.mark.parametrize("path", ["/", "/static/pages.css", "/nowhere"])
    async def test_tell_nobody_what_serves_them(self, path: str) -> None:
        assert "Server" not in (await asked("GET", path)).headers


class TestFailures:
    @pytest.mark.parametrize("problem", [SourceDown(source="secret"), UnknownTenant(tenant="secret")])
    async def test_say_what_to_do_and_nothing_from_the_log(self, problem: Problem) -> None:
        answer = await failing(problem)

        assert answer.status == problem.status
        assert problem.say.split("'")[0] in answer.text
        assert "Reference: " in answer.text
        assert "secret" not in answer.text

    async def test_hide_what_nobody_foresaw_and_log_it(self, caplog: pytest.LogCaptureFixture) -> None:
        answer = await failing(RuntimeError("inner workings"))

        assert answer.status == 500
        assert "inner workings" not in answer.text
        assert ("page.failed", logging.ERROR) in {(each.message, each.levelno) for each in caplog.records}

    @pytest.mark.parametrize("error", [NotFound(), RuntimeError()])
    async def test_can_be_seen_in_a_tab_and_lead_back_into_it(self, error: Exception) -> None:
        tab, page = await failing(error, "/page?tab=1"), await failing(error)

        assert "frame-ancestors https://teams.microsoft.com " in tab.headers["Content-Security-Policy"]
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert ("?show=all&amp;tab=1" if isinstance(error, NotFound) else 'href="/page?tab=1"') in tab.text

    @pytest.mark.parametrize(
        ("error", "path", "method", "action"),
        [
            (NotFound(), "/page", "GET", ("/invoices?show=all", "All invoices")),
            (Malformed(), "/invoices?show=x", "GET", ("/invoices?show=all", "All invoices")),
            (NoUsage(), f"/invoices/{INVOICE}/usage.csv", "GET", (f"/invoices/{INVOICE}", "Back to the invoice")),
            (NoPdf(), f"/invoices/{INVOICE}/invoice.pdf", "GET", (f"/invoices/{INVOICE}", "Back to the invoice")),
            (SourceDown(), "/invoices?show=paid", "GET", ("/invoices?show=paid", "Try again")),
            (RuntimeError(), "/invoices?show=paid", "GET", ("/invoices?show=paid", "Try again")),
            (RuntimeError(), "//evil.example/", "GET", ("/invoices", "Try again")),
            (SourceDown(), "/auth/sign-out", "POST", ("/invoices?show=all", "All invoices")),
            (SourceDown(), "/auth/callback?code=1", "GET", ("/auth/start", "Sign in")),
            (SignInExpired(), "/auth/callback?code=1", "GET", ("/auth/start", "Sign in")),
            (NotSignedIn(), "/auth/sign-out", "POST", ("/auth/start", "Sign in")),
        ],
        ids=repr,
    )
    async def test_offer_one_thing_to_do_next(self, error: Exception, path: str, method: str, action: tuple[str, str]) -> None:
        said = (await failing(error, path, method)).text

        assert re.findall(r'<a class="button" href="([^"]*)">([^<]*)</a>', said) == [action]
        assert "<form" not in said

    async def test_have_a_name_of_their_own_where_there_is_no_usage(self) -> None:
        said = (await failing(NoUsage(), f"/invoices/{INVOICE}/usage.csv")).text

        assert "<h1>No usage</h1>" in said

    @pytest.mark.parametrize(
        ("error", "title", "said"),
        [
            (SourceDown(), "Bitte versuchen Sie es in einer Minute noch einmal", "Das Rechnungssystem ist derzeit nicht erreichbar."),
            (UnknownTenant(), "Kein Zugriff", "Ihre Organisation ist mit diesem Rechnungsdienst noch nicht verbunden."),
            (NotFound(), "Nicht gefunden", "Im Konto Ihres Unternehmens gibt es diese Rechnung nicht."),
            (Malformed(), "Das hat nicht funktioniert", "Diese Anfrage war nicht verständlich."),
            (RuntimeError(), "Das hat nicht funktioniert", "Bei uns ist ein Fehler aufgetreten."),
        ],
    )
    async def test_are_told_in_the_readers_language(self, error: Exception, title: str, said: str) -> None:
        answer = await failing(error, language="de-AT")

        assert '<html lang="de" dir="ltr">' in answer.text
        assert f"<h1>{title}</h1>" in answer.text
        assert said in answer.text
        assert "Referenz: " in answer.text

    async def test_ask_to_come_back_later_where_that_helps(self) -> None:
        assert (await failing(SourceDown())).headers["Retry-After"] == "30"
