"""Takes the pictures of the documents: the bot with the sandbox's demo companies, in the chat page. Run it by ``make screenshot``."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser, Page, expect

from backends.postgres.embedded import EmbeddedServer
from sandbox.people import person
from tests.browser import chromium
from tests.town import Town, town

IMAGES: Final = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 900
SHARPNESS: Final = 2
MOST_BYTES: Final = 400_000


async def main() -> int:
    """Take all pictures; 1 where one has become too large for a page that people load."""
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        server = await EmbeddedServer.start(Path(folder) / "postgres")
        try:
            async with town(server.url) as demo, chromium() as browser:
                await _take(demo, browser)
        finally:
            await server.stop()
    sizes = {each.name: each.stat().st_size for each in sorted(IMAGES.glob("*.png"))}
    print(*(f"{name}  {size:,} bytes" for name, size in sizes.items()), sep="\n")
    return int(max(sizes.values()) > MOST_BYTES)


async def _take(demo: Town, browser: Browser) -> None:
    light = await _signed_in(demo, browser, "light")
    await _ask(light, "open invoices", "Open invoices")
    await light.screenshot(path=IMAGES / "open-invoices.png")
    await light.locator("article").last.get_by_role("button", name="Details").nth(3).click()
    await expect(light.locator("article").last).to_contain_text("Back to the list")
    await light.locator(".card").last.screenshot(path=IMAGES / "invoice.png")

    dark = await _signed_in(demo, browser, "dark")
    await _ask(dark, "balance", "Balance")
    await dark.screenshot(path=IMAGES / "balance-dark.png")


async def _signed_in(demo: Town, browser: Browser, theme: str) -> Page:
    """Open the chat page as Contoso's finance manager, who signs in there unless that has been done."""
    context = await browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SHARPNESS)
    page = await context.new_page()
    await page.goto(f"{demo.world.base_url}/?person=finn&theme={theme}")
    await _say(page, "sign in")
    newest = page.locator("article:not(.mine)").last
    await expect(newest).to_contain_text("sign")
    if await newest.get_by_role("heading", name="You are signed in").count():
        return page
    async with page.expect_popup() as opening:
        await newest.get_by_role("button", name="Sign in").click()
    window = await opening.value
    await window.get_by_role("button", name=person("finn").upn).click()
    await window.get_by_role("button", name="Accept").click()
    await expect(window.get_by_role("heading", name="You are signed in")).to_be_visible()
    await window.close()
    await expect(newest.get_by_role("heading", name="You are signed in")).to_be_visible()
    return page


async def _ask(page: Page, text: str, title: str) -> None:
    """Ask, and put the question at the top of what can be seen."""
    await _say(page, text)
    await expect(page.locator("article:not(.mine)").last.get_by_role("heading", name=title, exact=True)).to_be_visible()
    await page.get_by_label("Type a message").blur()
    await page.locator("article.mine").last.evaluate("article => document.getElementById('scroll').scrollTop = article.offsetTop - 70")


async def _say(page: Page, text: str) -> None:
    await page.get_by_label("Type a message").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator("article.mine").last).to_contain_text(text)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
