"""Takes the pictures of the documents: the bot with the sandbox's demo companies, in the chat page. Run it by ``make screenshot``."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser, expect

from backends.postgres.embedded import EmbeddedServer
from docs.chat_page import answered, say, signed_in
from docs.film import film
from tests.browser import chromium
from tests.town import Town, town

IMAGES: Final = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 900
SHARPNESS: Final = 2
MOST_BYTES: Final = {".png": 400_000, ".webp": 1_500_000}


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
    sizes = {each: each.stat().st_size for each in sorted(IMAGES.iterdir()) if each.suffix in MOST_BYTES}
    print(*(f"{each.name}  {size:,} bytes" for each, size in sizes.items()), sep="\n")
    return int(any(size > MOST_BYTES[each.suffix] for each, size in sizes.items()))


async def _take(demo: Town, browser: Browser) -> None:
    await film(demo, browser, IMAGES / "chat.webp")

    light = await signed_in(demo, browser, WIDTH, HEIGHT, SHARPNESS)
    await say(light, "open invoices")
    await answered(light, "Open invoices")
    await light.screenshot(path=IMAGES / "open-invoices.png")
    await light.locator("article").last.get_by_role("button", name="Details").nth(3).click()
    await expect(light.locator("article").last).to_contain_text("Download usage")
    await light.locator(".card").last.screenshot(path=IMAGES / "invoice.png")

    dark = await signed_in(demo, browser, WIDTH, HEIGHT, SHARPNESS, "dark")
    await say(dark, "balance")
    await answered(dark, "Balance")
    await dark.screenshot(path=IMAGES / "balance-dark.png")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
