"""The pages in Chromium: follow a link, sign in on the way, look, search, print, pay."""

import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from pypdf import PdfReader

from sandbox.demo import bill_id
from tests.browser import DESK, PHONE, chromium, violations
from tests.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = f"/invoices/{bill_id('contoso.long')}"
PAGES = (
    "/invoices",
    "/invoices?show=all&sort=total&order=ascending",
    "/invoices?number=no-such-number",
    f"/invoices/{bill_id('contoso.partial')}",
    LONG,
    f"/invoices/{bill_id('contoso.expired')}/pay",
    "/invoices/no-such-invoice",
    "/",
    "/privacy",
    "/terms",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return one Chromium for all; each test has a context of its own."""
    async with chromium() as opened:
        yield opened


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Return one town for all: they only look."""
    return shared_town


@asynccontextmanager
async def at(browser: Browser, town: Town, path: str, key: str = "finn", **device: Any) -> AsyncGenerator[Page]:
    """Open an address in a fresh browser as somebody who signs in on the way."""
    context = await browser.new_context(**device)
    page = await context.new_page()
    await page.goto(town.url + path)
    await page.locator(f"button[name=person][value={key}]").click()
    accept = page.locator("button[name=consent][value=yes]")
    if await accept.count():
        await accept.click()
    yield page
    await context.close()


class TestSignIn:
    async def test_happens_on_the_way_to_the_page(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, LONG) as page:
            assert page.url == town.url + LONG
            assert "INV-" in await page.title()

    async def test_shows_another_companys_person_nothing(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, LONG, "fay") as page:
            foreign = await page.inner_text("main")
            await page.goto(f"{town.url}/invoices/{bill_id('nobody')}")
            missing = await page.inner_text("main")

        assert foreign.partition("Reference")[0] == missing.partition("Reference")[0]
        assert "Not found" in foreign

    async def test_lets_nobody_in_without_a_role(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, "/invoices", "sami") as page:
            assert "You need the role" in await page.inner_text("main")

    async def test_ends_with_sign_out(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, "/invoices") as page:
            await page.get_by_role("button", name="Sign out").click()
            said = await page.inner_text("main")
            cookies = await page.context.cookies(town.url)

        assert "signed out" in said
        assert "__Host-session" not in {each.get("name") for each in cookies}


class TestEveryPage:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("width", [PHONE, DESK])
    async def test_is_accessible_and_fits(self, town: Town, browser: Browser, theme: str, width: int) -> None:
        async with at(browser, town, "/invoices", color_scheme=theme, viewport={"width": width, "height": 844}) as page:
            for path in PAGES:
                await page.goto(town.url + path)

                assert not await violations(page), path
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, path

    async def test_asks_nobody_else_and_breaks_none_of_its_own_rules(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, "/invoices") as page:
            asked: list[str] = []
            said: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text) if "Failed to load" not in message.text else None)
            for path in PAGES:
                await page.goto(town.url + path)

        assert asked
        assert not [each for each in asked if not each.startswith(town.url + "/")]
        assert not said

    async def test_works_without_script(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, "/invoices", java_script_enabled=False) as page:
            await page.get_by_label("Invoice number").fill("no-such-number")
            await page.get_by_role("button", name="Search").click()
            searched = await page.inner_text("main")
            await page.get_by_role("link", name="Show the list again").click()
            await page.get_by_role("link", name="Paid").click()
            paid = await page.inner_text("main")
            await page.get_by_role("link", name="Next").click()

            assert "There is no invoice with this number" in searched
            assert "1 to 25 of" in paid
            assert "26 to" in await page.inner_text("main")
            assert not await page.get_by_role("button", name="Print").is_visible()


class TestList:
    @pytest.mark.parametrize(("path", "header"), [("/invoices?show=all", "Due date"), ("/invoices?show=all&sort=total", "Total")])
    async def test_reads_the_same_from_either_end(self, town: Town, browser: Browser, path: str, header: str) -> None:
        async with at(browser, town, path, java_script_enabled=False) as page:
            forwards = await _leafed(page)
            column = page.get_by_role("columnheader", name=header)
            ends = [await column.get_attribute("aria-sort")]
            await column.get_by_role("link").click()
            backwards = await _leafed(page)
            ends.append(await column.get_attribute("aria-sort"))

        assert len(forwards) > 100
        assert backwards == forwards[::-1]
        assert ends == ["descending", "ascending"]


class TestPrint:
    @pytest.mark.parametrize(("paper", "width"), [("A4", 596), ("Letter", 612)])
    async def test_fits_the_paper_and_repeats_the_headings(self, town: Town, browser: Browser, paper: str, width: int) -> None:
        async with at(browser, town, LONG, color_scheme="dark") as page:
            lines = await page.locator(".lines tbody tr").count()
            printed = PdfReader(io.BytesIO(await page.pdf(format=paper, print_background=True)))

        pages = [each.extract_text() for each in printed.pages]
        whole = "\n".join(pages)
        assert round(float(printed.pages[0].mediabox.width)) == width
        assert lines == 120
        assert 3 < len(pages) < 12
        assert all("Unit price" in each for each in pages[:-1])
        assert "Left to pay" in pages[-1] or "Left to pay" in pages[-2]
        assert "My Invoices" in whole
        assert not [each for each in ("Sign out", "Pay now", "Download usage", "Privacy") if each in whole]

    async def test_is_offered_where_there_is_a_script(self, town: Town, browser: Browser) -> None:
        async with at(browser, town, LONG) as page:
            await page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
            await page.get_by_role("button", name="Print").click()

            assert await page.locator("body[data-printed]").count() == 1


async def _leafed(page: Page) -> list[str]:
    """Return the invoices of all pages, by their addresses."""
    found: list[str] = []
    while True:
        found += [await each.get_attribute("href") or "" for each in await page.locator("tbody th a").all()]
        further = page.get_by_role("link", name="Next")
        if not await further.count():
            return found
        await further.click()
