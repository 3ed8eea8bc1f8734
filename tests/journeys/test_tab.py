"""The tab in Teams, in Chromium: our pages in Teams' frame, signed in by Teams' own token."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
from playwright.async_api import Frame, FrameLocator, Page, expect

from backends.postgres.database import Database
from manifest.content import App, manifest
from sandbox.demo import bill_id
from sandbox.faults import Fault
from sandbox.people import person
from sandbox.world import BOT_APP_ID
from tests.browser import DESK, PHONE, violations
from tests.teams_page import STRANGER, TEAMS, Teams, teams
from tests.town import Town

FINN = person("finn")
BILL = f"{{}}/invoices/{bill_id('contoso.tomorrow')}?tab=1"
GROUNDS = {"default": "rgb(245, 245, 245)", "dark": "rgb(20, 20, 20)", "contrast": "rgb(0, 0, 0)"}


@pytest.fixture
async def in_teams(town: Town, tmp_path: Path) -> AsyncGenerator[Teams]:
    """Return Teams, in which Finn has agreed to our app."""
    town.world.entra.give_consent(FINN, BOT_APP_ID)
    async with teams(town.world.entra, tmp_path) as played:
        yield played


def opening(town: Town) -> str:
    """Return the address that Teams opens the tab with."""
    [told] = cast("list[dict[str, str]]", manifest(App("", "", town.url, "", ""))["staticTabs"])
    return told["contentUrl"]


def tab(page: Page) -> FrameLocator:
    """Return what is in Teams' frame."""
    return page.frame_locator("iframe")


async def shown(page: Page) -> FrameLocator:
    """Return the tab once the list is there."""
    await expect(tab(page).get_by_role("heading", name="Invoices", exact=True)).to_be_visible()
    return tab(page)


def frame(page: Page) -> Frame:
    """Return Teams' frame itself."""
    return page.frames[1]


async def ground(page: Page) -> str:
    """Return the colour behind everything in Teams' frame."""
    found: str = await frame(page).evaluate("getComputedStyle(document.body).backgroundColor")
    return found


async def signed_in_outside(page: Page, town: Town) -> None:
    """Sign Finn in to our pages in another window of the same browser."""
    window = await page.context.new_page()
    await window.goto(f"{town.url}/invoices")
    await window.locator(f"button[name=person][value={FINN.key}]").click()
    await expect(window.get_by_role("heading", name="Invoices")).to_be_visible()


def signed(town: Town, **changes: Any) -> str:
    """Return Finn's token with *changes*, signed by Entra all the same."""
    entra = town.world.entra
    return entra.keys.sign(entra.claims(entra.sso_token(FINN, BOT_APP_ID), BOT_APP_ID) | changes)


class TestSignIn:
    async def test_tells_the_zone_of_somebody_who_has_not_written_in_the_chat(
        self, town: Town, in_teams: Teams, sync_database: Database
    ) -> None:
        await town.chat("finn").open()

        async with in_teams.showing(opening(town), timezone_id="Asia/Tokyo") as page:
            await shown(page)

        async with sync_database.shared() as connection:
            assert await connection.fetchval("select zone from bot.conversations where person = $1", FINN.oid) == "Asia/Tokyo"

    async def test_shows_the_list_without_a_click_and_with_a_cookie_for_the_frame_alone(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(opening(town)) as page:
            await expect((await shown(page)).locator("tbody tr").first).to_contain_text("INV-")
            kept = await page.context.cookies()

        assert [(each.get("name"), each.get("partitionKey"), each.get("sameSite")) for each in kept] == [
            ("__Host-tab", "https://microsoft.com", "None")
        ]
        assert in_teams.asked == 1

    async def test_is_kept_from_page_to_page(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(opening(town)) as page:
            await (await shown(page)).get_by_role("link", name="Paid").click()
            await tab(page).get_by_role("link", name="Next").click()
            await expect(tab(page).get_by_text("26 to 50 of")).to_be_visible()
            await tab(page).get_by_label("Invoice number").fill("no-such-number")
            await tab(page).get_by_role("button", name="Search").click()
            await expect(tab(page).get_by_text("There is no invoice with this number")).to_be_visible()
            await tab(page).get_by_role("link", name="Open", exact=True).click()
            await tab(page).locator("tbody th a").first.click()
            await expect(tab(page).get_by_role("heading", name="Invoice INV-")).to_be_visible()
            await tab(page).get_by_role("link", name="All invoices").click()
            await shown(page)

        assert in_teams.asked == 1

    async def test_is_of_the_person_whom_teams_knows_now(self, town: Town, in_teams: Teams) -> None:
        town.world.entra.give_consent(person("fay"), BOT_APP_ID)

        async with in_teams.showing(opening(town)) as page:
            await expect((await shown(page)).get_by_text("Contoso Ltd")).to_be_visible()
            in_teams.token = town.world.entra.sso_token(person("fay"), BOT_APP_ID)
            await page.reload()
            await expect((await shown(page)).get_by_text("Fabrikam")).to_be_visible()

    async def test_lets_nobody_in_without_a_role(self, town: Town, in_teams: Teams) -> None:
        town.world.entra.give_consent(person("sami"), BOT_APP_ID)
        in_teams.token = town.world.entra.sso_token(person("sami"), BOT_APP_ID)

        async with in_teams.showing(opening(town)) as page:
            await expect(tab(page).get_by_text("You need the role")).to_be_visible()

    async def test_shows_another_companys_person_nothing_and_leads_them_to_their_own(self, town: Town, in_teams: Teams) -> None:
        town.world.entra.give_consent(person("fay"), BOT_APP_ID)
        in_teams.token = town.world.entra.sso_token(person("fay"), BOT_APP_ID)

        async with in_teams.showing(f"{town.url}/invoices/{bill_id('contoso.long')}?tab=1") as page:
            await expect(tab(page).get_by_role("heading", name="Not found")).to_be_visible()
            await tab(page).get_by_role("link", name="All invoices").click()
            await expect((await shown(page)).get_by_text("Fabrikam")).to_be_visible()

    async def test_takes_no_token_that_is_not_for_this_and_offers_the_browser(self, town: Town, in_teams: Teams) -> None:
        other_app, other_tenant, expired = {"aud": "https://graph.microsoft.com"}, {"tid": person("fay").tenant.id}, {"exp": 1}

        for change in (other_app, other_tenant, expired):
            in_teams.token = signed(town, **change)
            async with in_teams.showing(opening(town)) as page:
                await expect(tab(page).get_by_text("Who you are could not be confirmed")).to_be_visible()
                await expect(tab(page).get_by_role("link", name="Open my invoices in the browser")).to_be_visible()
                assert await page.context.cookies() == []

    async def test_can_be_repeated_after_entra_was_down(self, town: Town, in_teams: Teams) -> None:
        town.world.faults.add(Fault("entra", "/token", 503))

        async with in_teams.showing(opening(town)) as page:
            await expect(tab(page).get_by_text("Please try again in a minute")).to_be_visible()
            await tab(page).get_by_role("button", name="Sign in").click()
            await shown(page)

    async def test_says_what_to_do_where_consent_is_missing_and_works_after_it(self, town: Town, in_teams: Teams) -> None:
        town.world.entra.withdraw_consent(FINN, BOT_APP_ID)

        async with in_teams.showing(opening(town)) as page:
            await expect(tab(page).get_by_text("Microsoft has something to ask you")).to_be_visible()
            async with page.expect_popup() as opened:
                await tab(page).get_by_role("link", name="Open my invoices in the browser").click()
            window = await opened.value
            await window.locator(f"button[name=person][value={FINN.key}]").click()
            await window.locator("button[name=consent][value=yes]").click()
            await expect(window.get_by_role("heading", name="Invoices")).to_be_visible()
            await tab(page).get_by_role("button", name="Sign in").click()
            await shown(page)

    async def test_offers_the_browser_where_teams_has_no_token(self, town: Town, in_teams: Teams) -> None:
        town.world.entra.challenge(FINN)

        async with in_teams.showing(opening(town)) as page:
            await expect(tab(page).get_by_role("link", name="Open my invoices in the browser")).to_be_visible()
            town.world.entra.meet_challenge(FINN)
            await tab(page).get_by_role("button", name="Sign in").click()
            await shown(page)

    async def test_needs_a_click_after_sign_out(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(opening(town)) as page:
            await (await shown(page)).get_by_role("button", name="Sign out").click()
            await expect(tab(page).get_by_text("Nothing is shown until you sign in again")).to_be_visible()
            assert await page.context.cookies() == []
            await page.reload()
            await expect(tab(page).get_by_text("You have signed out")).to_be_visible()
            await tab(page).get_by_role("button", name="Sign in").click()
            await shown(page)

    @pytest.mark.parametrize("is_installed", [True, False])
    async def test_offers_the_browser_outside_teams_and_without_teamsjs(self, town: Town, in_teams: Teams, *, is_installed: bool) -> None:
        async with in_teams.showing(opening(town)) as page:
            await shown(page)
            if is_installed:
                await page.goto(opening(town))
                where: Page | FrameLocator = page
            else:
                await page.context.route("**/teams.js", lambda route: route.abort())
                await page.reload()
                where = tab(page)

            await expect(where.get_by_role("link", name="Open my invoices in the browser")).to_be_visible()
            await expect(where.get_by_role("button", name="Sign in")).to_be_hidden()


class TestWalls:
    async def test_keep_strangers_from_framing_a_page(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(opening(town), host=STRANGER) as page:
            await expect(tab(page).locator("#main-frame-error")).to_be_attached()

        assert in_teams.asked == 0

    async def test_keep_the_browsers_own_session_out_of_the_frame(self, town: Town, in_teams: Teams) -> None:
        in_teams.token = "none"

        async with in_teams.showing(opening(town)) as page:
            await signed_in_outside(page, town)
            await page.reload()
            await expect(tab(page).get_by_role("button", name="Sign in")).to_be_visible()

    async def test_let_nothing_be_asked_of_others(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(f"{town.url}/privacy?tab=1") as page:
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(f"https://{TEAMS}/?tab={quote(opening(town))}&theme=dark")
            await shown(page)
            await expect(tab(page).locator("html[data-theme=dark]")).to_be_attached()

        assert f"{town.url}/teams.js" in asked
        assert not [each for each in asked if not each.startswith((f"{town.url}/", f"https://{TEAMS}/"))]


class TestOutside:
    async def test_pays_in_the_browser_which_signs_in_by_itself(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(BILL.format(town.url)) as page:
            async with page.expect_popup() as opened:
                await tab(page).get_by_role("link", name="Pay now").click()
            window = await opened.value
            await window.locator(f"button[name=person][value={FINN.key}]").click()

            await expect(window).to_have_url(re.compile(f"^{town.world.base_url}/pay/"))

    async def test_prints_in_the_browser(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(BILL.format(town.url)) as page:
            await page.context.add_init_script("window.print = () => document.documentElement.setAttribute('data-printed', '')")
            await signed_in_outside(page, town)
            async with page.expect_popup() as opened:
                await tab(page).get_by_role("link", name="Print").click()

            await expect((await opened.value).locator("html[data-printed]")).to_be_attached()

    async def test_downloads_in_the_browser(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(BILL.format(town.url)) as page:
            await signed_in_outside(page, town)
            async with page.context.expect_event("response", lambda answer: answer.url.endswith("/usage.csv")) as answered:
                await tab(page).get_by_role("link", name="Download usage CSV").click()

            answer = await answered.value
            assert (answer.status, answer.headers["content-disposition"].partition(";")[0]) == (200, "attachment")


class TestLooks:
    @pytest.mark.parametrize(("theme", "system"), [("default", "dark"), ("dark", "light"), ("contrast", "light")])
    async def test_are_accessible_fit_and_follow_teams(self, town: Town, in_teams: Teams, theme: str, system: str) -> None:
        async with in_teams.showing(opening(town), theme=theme, color_scheme=system) as page:
            await expect((await shown(page)).locator(f"html[data-theme={theme}]")).to_be_attached()

            assert await ground(page) == GROUNDS[theme]
            for width in (PHONE, DESK):
                await page.set_viewport_size({"width": width, "height": 844})
                assert not await violations(frame(page))
                assert await frame(page).evaluate("document.documentElement.scrollWidth") <= width

    async def test_change_with_teams(self, town: Town, in_teams: Teams) -> None:
        async with in_teams.showing(opening(town)) as page:
            await expect((await shown(page)).locator("html[data-theme=default]")).to_be_attached()
            await page.evaluate("frames.tab.postMessage({ func: 'themeChange', args: ['dark'] }, '*')")
            await expect(tab(page).locator("html[data-theme=dark]")).to_be_attached()

            assert await ground(page) == GROUNDS["dark"]

    async def test_are_as_accessible_where_nobody_is_signed_in(self, town: Town, in_teams: Teams) -> None:
        in_teams.token = "none"

        async with in_teams.showing(opening(town), viewport={"width": PHONE, "height": 844}) as page:
            await expect(tab(page).get_by_role("button", name="Sign in")).to_be_visible()

            assert not await violations(frame(page))
