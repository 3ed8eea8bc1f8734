"""Signing in with a browser binds one browser and one person, and leads nowhere but to our own pages."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from urllib.parse import quote

import pytest
from aiohttp import FormData
from yarl import URL

from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.faults import Fault
from sandbox.people import person
from tests.clock import ShiftedClock
from tests.town import Town
from tests.town import town as built_town
from tests.walks import status, to_callback

SESSION = "__Host-session"
PAGE = "/auth/start?next=/invoices"
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example",
    " //evil.example",
    "http:evil.example",
    "https://evil.example@localhost/",
    "[",
    "",
)


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def town(database_url: str, clock: ShiftedClock) -> AsyncGenerator[Town]:
    async with built_town(database_url, clock) as built:
        yield built


@pytest.fixture
async def browser(town: Town) -> AsyncGenerator[Browser]:
    async with Browser(town.world, person("finn")) as opened:
        yield opened


def cookie(browser: Browser, name: str = SESSION) -> str:
    """Return a cookie's value; "" where there is none."""
    return next((each.value for each in browser.session.cookie_jar if each.key == name), "")


class TestCookies:
    async def test_are_out_of_reach_of_scripts_other_hosts_and_plain_http(self, town: Town, browser: Browser) -> None:
        async with browser.session.get(town.url + PAGE, allow_redirects=False) as start:
            walk = start.headers["Set-Cookie"]
        addresses = await to_callback(town, browser, PAGE)
        async with browser.session.get(addresses[-1], allow_redirects=False) as end:
            given = end.headers.getall("Set-Cookie")

        session = next(each for each in given if each.startswith(SESSION))
        for each in (walk, session):
            assert each.startswith("__Host-")
            assert {"httponly", "secure", "samesite=lax", "path=/"} <= {part.strip().lower() for part in each.split(";")}
            assert "domain" not in each.lower()
        assert "max-age" not in session.lower()
        assert any(each.startswith('__Host-sign-in="";') for each in given)

    async def test_are_new_after_each_sign_in(self, town: Town, browser: Browser) -> None:
        await browser.open(town.url + PAGE)
        first = cookie(browser)

        await browser.open(town.url + PAGE)

        assert first != cookie(browser)
        async with Browser(town.world, person("finn")) as thief:
            thief.session.headers["Cookie"] = f"{SESSION}={first}"
            assert (await status(thief, town.url + "/invoices"))[0] == 303

    async def test_are_worth_nothing_after_eight_idle_hours(self, town: Town, browser: Browser, clock: ShiftedClock) -> None:
        await browser.open(town.url + PAGE)
        before = await status(browser, town.url + "/invoices")

        clock.advance(timedelta(hours=8))

        assert (before[0], (await status(browser, town.url + "/invoices"))[0]) == (200, 303)


class TestStart:
    async def test_asks_entra_to_be_silent_and_then_shows_its_page(self, town: Town, browser: Browser) -> None:
        addresses = await to_callback(town, browser, PAGE)

        asked = [each for each in addresses if "/authorize?" in each]
        assert ["prompt=none" in each for each in asked] == [True, False]
        assert all("code_challenge_method=S256" in each and "nonce=" in each and "state=" in each for each in asked)

    async def test_shows_nothing_to_whom_entra_knows(self, town: Town, browser: Browser) -> None:
        await browser.open(town.url + PAGE)
        pages_before = len(town.world.asked("entra", "POST")), len(town.world.asked("entra", "/pick"))
        browser.session.cookie_jar.clear(lambda each: each.key == SESSION)

        page = await browser.open(town.url + "/invoices?show=paid")

        assert page.url == f"{town.url}/invoices?show=paid"
        assert (len(town.world.asked("entra", "POST")), len(town.world.asked("entra", "/pick"))) == (pages_before[0] + 1, pages_before[1])

    async def test_leads_to_no_other_place_than_our_own(self, town: Town, browser: Browser) -> None:
        ended = [(await browser.open(f"{town.url}/auth/start?next={quote(each, safe='')}")).url for each in ELSEWHERE]

        assert set(ended) == {f"{town.url}/invoices"}


class TestCallback:
    async def test_leads_below_the_path_under_which_a_proxy_shows_the_product(self, database_url: str) -> None:
        async with (
            built_town(database_url, PUBLIC_URL="http://localhost/bills") as town,
            Browser(town.world, person("finn")) as browser,
        ):
            callback = (await to_callback(town, browser, PAGE))[-1]
            async with browser.session.get(callback, allow_redirects=False) as response:
                assert response.headers["Location"] == "/bills/invoices"

    async def test_counts_once(self, town: Town, browser: Browser) -> None:
        callback = (await to_callback(town, browser, PAGE))[-1]

        assert [(await status(browser, callback))[0] for _ in range(2)] == [303, 410]

    async def test_does_not_count_in_another_browser_and_is_used_up_by_the_attempt(self, town: Town, browser: Browser) -> None:
        callback = (await to_callback(town, browser, PAGE))[-1]

        async with Browser(town.world, person("fay")) as other:
            assert (await status(other, callback))[0] == 403
            assert cookie(other) == ""

        assert (await status(browser, callback))[0] == 410

    async def test_does_not_count_after_ten_minutes(self, town: Town, browser: Browser, clock: ShiftedClock) -> None:
        callback = (await to_callback(town, browser, PAGE))[-1]
        clock.advance(timedelta(minutes=10))

        assert (await status(browser, callback))[0] == 410

    async def test_does_not_count_without_a_walk_that_began_here(self, town: Town, browser: Browser) -> None:
        queries = ("", "?code=x", "?state=made-up&code=x", "?error=access_denied", "?state=%00", "?state=%ff")

        codes = [(await status(browser, f"{town.url}/auth/callback{query}"))[0] for query in queries]

        assert set(codes) <= {400, 410}

    async def test_takes_no_code_of_another_walk(self, town: Town, browser: Browser) -> None:
        stolen = (await to_callback(town, browser, PAGE))[-1]
        async with Browser(town.world, person("fay")) as other:
            mine = (await to_callback(town, other, PAGE))[-1]
            swapped = str(URL(mine).update_query(code=URL(stolen).query["code"]))

            assert (await status(other, swapped))[0] == 403
            assert cookie(other) == ""

    async def test_says_kindly_that_the_person_has_declined_and_what_an_administrator_can_do(self, town: Town) -> None:
        async with Browser(town.world, person("finn"), agrees=False) as declining:
            page = await declining.open(town.url + PAGE)

            assert page.status == 403
            assert "cancelled" in page.text
            assert 'href="/auth/start">Sign in</a>' in page.text
            assert "adminconsent" in page.text
            assert cookie(declining) == ""

    async def test_offers_another_try_while_entra_is_down(self, town: Town, browser: Browser) -> None:
        callback = (await to_callback(town, browser, PAGE))[-1]
        town.world.faults.add(Fault("entra", "/token", 503))

        code, text = await status(browser, callback)
        again = await browser.open(town.url + PAGE)

        assert (code, again.status) == (503, 200)
        assert "try again" in text


class TestSignOut:
    async def test_needs_a_form_of_ours(self, town: Town, browser: Browser) -> None:
        await browser.open(town.url + PAGE)

        for form in ({}, {"csrf": "guess"}):
            async with browser.session.post(f"{town.url}/auth/sign-out", data=FormData(form)) as response:
                assert response.status == 400
        assert (await status(browser, f"{town.url}/auth/sign-out"))[0] == 405
        assert (await status(browser, f"{town.url}/invoices"))[0] == 200

    async def test_ends_every_session_of_the_person(self, town: Town, browser: Browser, sync_database: Database) -> None:
        await town.signed_in("finn")
        await town.signed_in("ada")
        page = await browser.open(town.url + "/invoices")
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token

        async with browser.session.post(f"{town.url}/auth/sign-out", data={"csrf": token[1]}) as response:
            said = await response.text()

        assert "You are signed out" in said
        assert 'href="/auth/start">Sign in</a>' in said
        assert (await status(browser, f"{town.url}/invoices"))[0] == 303
        async with sync_database.shared() as connection:
            assert [row[0] for row in await connection.fetch("select person from bot.sessions")] == [person("ada").oid]
            noted = await connection.fetch("select person from bot.audit where what = 'sign-out'")
        assert [row[0] for row in noted] == [person("finn").oid]
