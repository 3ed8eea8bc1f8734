"""Signing in inside Teams, over real HTTP; the browser's part in it is in the journeys."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy

from backends.postgres.database import Database
from pages.session import TAB_COOKIE
from pages.tab import LIBRARY, TeamsScript
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.town import Town
from tests.town import town as built_town

FINN = person("finn")
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: int
    headers: CIMultiDictProxy[str]
    text: str


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with built_town(database_url) as built:
        built.world.entra.give_consent(FINN, BOT_APP_ID)
        yield built


async def ask(address: str, headers: dict[str, str] | None = None, form: dict[str, str] | bytes | None = None) -> Answer:
    """Get an address, or send a form to it."""
    async with (
        ClientSession(cookie_jar=DummyCookieJar(), headers=headers) as session,
        session.request("POST" if form is not None else "GET", address, data=form, allow_redirects=False) as response,
    ):
        return Answer(response.status, response.headers, await response.text())


async def sign_in(town: Town, wanted: str = "/invoices?tab=1", zone: str = "", **headers: str) -> Answer:
    """Send what our page sends once Teams has given it a token."""
    form = {"token": town.world.entra.sso_token(FINN, BOT_APP_ID), "next": wanted, "zone": zone}
    return await ask(f"{town.url}/auth/teams?tab=1", headers or OURS, form)


class TestStart:
    async def test_signs_in_by_itself_and_then_leads_to_what_was_wanted(self, town: Town) -> None:
        shown = await ask(f"{town.url}/auth/teams?tab=1&next=/invoices?show%3Dpaid%26tab%3D1")

        assert 'data-sign-in="silently"' in shown.text
        assert 'name="next" value="/invoices?show=paid&amp;tab=1"' in shown.text
        assert "frame-ancestors https://teams.microsoft.com " in shown.headers["Content-Security-Policy"]

    async def test_does_not_go_round_where_a_browser_keeps_no_cookie(self, town: Town) -> None:
        there = (await sign_in(town)).headers["Location"]
        back = (await ask(town.url + there)).headers["Location"]

        shown = await ask(town.url + back)

        assert shown.status == 401
        assert 'data-sign-in="by hand"' in shown.text
        assert 'target="_blank"' in shown.text


class TestSignIn:
    async def test_gives_a_cookie_for_our_pages_inside_teams_alone(self, town: Town) -> None:
        answer = await sign_in(town, "/invoices?show=paid&tab=1")

        assert (answer.status, answer.headers["Location"]) == (303, "/invoices?show=paid&tab=arrived")
        [given] = answer.headers.getall("Set-Cookie")
        parts = [part.strip() for part in given.split(";")]
        assert re.fullmatch(TAB_COOKIE + r"=[\w-]{43}", parts[0])
        assert TAB_COOKIE.startswith("__Host-")
        assert parts[1:] == ["Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned"]

    @pytest.mark.parametrize(("zone", "kept"), [("Pacific/Auckland", "Pacific/Auckland"), ("Mars/Olympus", "UTC"), ("", "UTC")])
    async def test_tells_the_zone_of_somebody_who_has_not_written_yet(
        self, town: Town, sync_database: Database, zone: str, kept: str
    ) -> None:
        await town.chat("finn").open()

        await sign_in(town, zone=zone)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select zone from bot.conversations where person = $1", FINN.oid) == kept

    async def test_makes_the_cookie_anew(self, town: Town) -> None:
        mine = (await sign_in(town)).headers["Set-Cookie"].partition(";")[0]

        await sign_in(town, **OURS, Cookie=mine)

        assert (await ask(f"{town.url}/invoices?tab=1", {"Cookie": mine})).status == 303

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
    async def test_signs_nobody_in_for_another_sites_form(self, town: Town, site: str) -> None:
        answer = await sign_in(town, **{"Sec-Fetch-Site": site} if site else {"Accept": "*/*"})

        assert answer.status == 400
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
    async def test_leads_to_no_other_place_than_our_own(self, town: Town, wanted: str) -> None:
        assert (await sign_in(town, wanted)).headers["Location"] == "/invoices?tab=arrived"

    @pytest.mark.parametrize(
        "kind", ["application/x-www-form-urlencoded; charset=bogus", "multipart/form-data", "multipart/form-data; boundary=x"]
    )
    async def test_takes_no_other_body_for_a_form(self, town: Town, kind: str) -> None:
        answer = await ask(f"{town.url}/auth/teams?tab=1", {**OURS, "Content-Type": kind}, b"token=x&next=/invoices")

        assert answer.status == 400

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "\u00fc\u00ff", "x" * 100_000])
    async def test_takes_no_nonsense_for_a_token(self, town: Town, token: str) -> None:
        answer = await ask(f"{town.url}/auth/teams?tab=1", OURS, {"token": token, "next": "/invoices?tab=1"})

        assert answer.status == 401
        assert "could not be confirmed" in answer.text
        assert answer.headers["Set-Cookie"].startswith(f"{TAB_COOKIE}=;")

    async def test_ends_the_session_of_who_was_here_before_whoever_fails_to_sign_in(self, town: Town) -> None:
        before = (await sign_in(town)).headers["Set-Cookie"].partition(";")[0]

        refused = await ask(f"{town.url}/auth/teams?tab=1", {**OURS, "Cookie": before}, {"token": "x", "next": "/invoices?tab=1"})

        assert refused.status == 401
        assert (await ask(f"{town.url}/invoices?tab=1", {"Cookie": before})).status == 303


class TestSignOut:
    async def test_ends_the_tab_with_everything_else(self, town: Town) -> None:
        mine = (await sign_in(town)).headers["Set-Cookie"].partition(";")[0]
        page = await ask(f"{town.url}/invoices?tab=1", {"Cookie": mine})
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token

        left = await ask(f"{town.url}/auth/sign-out?tab=1", {"Cookie": mine}, {"csrf": token[1]})

        assert "You are signed out" in left.text
        assert "frame-ancestors https://teams.microsoft.com " in left.headers["Content-Security-Policy"]
        assert left.headers.getall("Set-Cookie") == [f"{TAB_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=0"]
        assert (await ask(f"{town.url}/invoices?tab=1", {"Cookie": mine})).status == 303


class TestScript:
    @pytest.mark.parametrize(("name", "status"), [("installed.js", 200), ("missing.js", 404)])
    async def test_is_teamsjs_where_that_is_installed(self, tmp_path: Path, name: str, status: int) -> None:
        (tmp_path / "installed.js").write_text("microsoftTeams = {}")
        application = web.Application()
        application.router.add_get("/teams.js", TeamsScript(tmp_path / name).script)

        async with TestServer(application) as server:
            answer = await ask(str(server.make_url("/teams.js")))

        assert answer.status == status
        assert answer.headers["Content-Type"].partition(";")[0].endswith("/javascript") == (status == 200)

    def test_is_installed_by_make(self) -> None:
        assert LIBRARY.is_file()
