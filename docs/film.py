"""A short film of the chat, frame by frame: somebody asks what is open, looks into an invoice, and asks what the company owes."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Locator, Page

from docs.chat_page import ANSWER, answered, say, signed_in
from tests.town import Town

WIDTH, HEIGHT, SHARPNESS = 680, 680, 1.5
EFFORT: Final = 90
KEY_MS, SHORT_MS, LONG_MS = 70, 700, 2600
KEYS_A_FRAME: Final = 3
SCROLL, SCROLLS = 60, 8

_POINTER: Final = """box => {
    const dot = document.getElementById('pointer') ?? document.body.appendChild(document.createElement('div'))
    dot.id = 'pointer'
    Object.assign(dot.style, {
        position: 'fixed', left: `${box.x}px`, top: `${box.y}px`, width: '26px', height: '26px', margin: '-13px', borderRadius: '50%',
        border: '2px solid white', background: 'rgba(40, 40, 60, .55)', zIndex: 9, display: box.x < 0 ? 'none' : 'block',
    })
}"""
"""Screenshots show no pointer: this draws one, or takes it away."""


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures of a page, one after the other, each with the milliseconds that it stays."""

    page: Page
    frames: list[tuple[bytes, int]] = field(default_factory=list[tuple[bytes, int]])

    async def show(self, stays_ms: int) -> None:
        """Take a picture."""
        self.frames.append((await self.page.screenshot(), stays_ms))

    async def ask(self, text: str, title: str) -> None:
        """Type, send, and see the answer."""
        box = self.page.get_by_label("Type a message")
        for typed in range(0, len(text), KEYS_A_FRAME):
            await box.fill(text[: typed + KEYS_A_FRAME])
            await self.show(KEYS_A_FRAME * KEY_MS)
        await say(self.page, text)
        await answered(self.page, title)
        await self.show(LONG_MS)

    async def press(self, button: Locator, title: str) -> None:
        """Point at a button, press it, and see what takes the card's place."""
        await button.scroll_into_view_if_needed()
        place = await button.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
        await self.page.evaluate(_POINTER, {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] / 2})
        await self.show(SHORT_MS)
        await button.click()
        await self.page.evaluate(_POINTER, {"x": -1, "y": 0})
        await answered(self.page, title)
        await self.show(LONG_MS)

    async def scroll(self) -> None:
        """See what is further down."""
        for _ in range(SCROLLS):
            await self.page.evaluate("by => document.getElementById('scroll').scrollBy(0, by)", SCROLL)
            await self.show(KEY_MS)
        await self.show(LONG_MS)

    def save(self, path: Path) -> None:
        """Write it as an animated WebP that repeats and loses no pixel: lossy ones leave shadows of the frame before."""
        first, *others = (Image.open(BytesIO(picture)).convert("RGB") for picture, _ in self.frames)
        stays_ms = [stays for _, stays in self.frames]
        first.save(path, save_all=True, append_images=others, duration=stays_ms, loop=0, lossless=True, quality=EFFORT, method=6)


async def film(demo: Town, browser: Browser, path: Path) -> None:
    """Play the story and write it to *path*."""
    reel = Film(await signed_in(demo, browser, WIDTH, HEIGHT, SHARPNESS))
    await reel.show(SHORT_MS)
    card = reel.page.locator(ANSWER).last
    await reel.ask("open invoices", "Open invoices")
    await reel.press(card.get_by_role("button", name="Details").first, "Invoice")
    await reel.scroll()
    await reel.press(card.get_by_role("button", name="Back", exact=True), "Open invoices")
    await reel.ask("balance", "Balance")
    reel.save(path)
