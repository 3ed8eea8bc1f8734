"""The sandbox's chat page in Chromium, for the documents' pictures: sign in, ask, look."""

from typing import Final

from playwright.async_api import Browser, Page, expect

from sandbox.people import person
from tests.town import Town

ANSWER: Final = "article:not(.mine)"


async def signed_in(demo: Town, browser: Browser, width: int, height: int, sharpness: float, theme: str = "light") -> Page:
    """Open the chat page as Contoso's finance manager, who signs in there unless that has been done."""
    context = await browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=sharpness)
    page = await context.new_page()
    await page.goto(f"{demo.world.base_url}/?person=finn&theme={theme}")
    await say(page, "sign in")
    newest = page.locator(ANSWER).last
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


async def say(page: Page, text: str) -> None:
    """Type and send."""
    await page.get_by_label("Type a message").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator("article.mine").last).to_contain_text(text)


async def answered(page: Page, title: str) -> None:
    """Wait for the card with that title, and put the question at the top of what can be seen."""
    await expect(page.locator(ANSWER).last.get_by_role("heading", name=title, exact=True)).to_be_visible()
    await page.get_by_label("Type a message").blur()
    await page.locator("article.mine").last.evaluate("article => document.getElementById('scroll').scrollTop = article.offsetTop - 70")
