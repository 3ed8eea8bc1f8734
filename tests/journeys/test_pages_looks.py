"""The pages in Chromium: what fits on a screen, and on paper."""

import io
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from pypdf import PdfReader

from billing.invoice import Charge, Contract, ContractId, State
from tests import make
from tests.browser import chromium
from tests.make import TODAY, guid, money
from tests.pages.room import Room, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAIN, OTHER = (Contract(ContractId(guid(name)), f"Rahmenvertrag {name}") for name in ("contract", "other"))
NAME = "Professional services and Copilot, November 2026"
LATE = make.details(
    make.invoice(
        "INV-104210017",
        name=NAME,
        total="1234567.89",
        state=State.PARTIAL,
        charged=money("1"),
        due=TODAY - timedelta(days=23),
        charge=Charge.FAILED,
        contract=MAIN,
    )
)
LONG = make.details(make.invoice("INV-LONG", total="68400"), *(make.line(position, NAME) for position in range(1, 121)))
WIDTHS = (390, 705, 768, 1024, 1060, 1280)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncGenerator[Browser]:
    """Return one Chromium for all; each test has a context of its own."""
    async with chromium() as opened:
        yield opened


def room() -> Room:
    """Return a company with several contracts and a list of more than one sheet of paper."""
    made = Room.of(LATE, LONG, *(make.details(make.invoice(f"INV-{number}", name=NAME, contract=OTHER)) for number in range(60)))
    made.mirrored.contracts = (MAIN, OTHER)
    return made


class TestScreen:
    @pytest.mark.parametrize("language", ["en-US", "de-DE"])
    async def test_holds_the_list_at_every_width_without_breaking_a_word(self, browser: Browser, language: str) -> None:
        async with served(room()) as address:
            page = await browser.new_page(locale=language)
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 900})
                await page.goto(f"{address}/invoices?show=all")

                assert await page.evaluate("document.documentElement.scrollWidth") <= width, width
                assert await page.evaluate(_STICKS_OUT) == [], width
                number = await page.locator(".list tbody th a").first.bounding_box()
                assert number, width
                assert number["height"] < 30, width

    async def test_keeps_label_and_field_of_the_search_together_on_a_phone(self, browser: Browser) -> None:
        async with served(room()) as address:
            page = await browser.new_page(viewport={"width": 390, "height": 844})
            await page.goto(f"{address}/invoices")
            boxes = [
                await page.locator(each).bounding_box() for each in ("label[for=number]", "#number", "label[for=contract]", "#contract")
            ]

        tops = [box["y"] + box["height"] / 2 for box in boxes if box]
        assert abs(tops[0] - tops[1]) < 4
        assert abs(tops[2] - tops[3]) < 4

    async def test_says_on_a_phone_what_the_headers_are_for(self, browser: Browser) -> None:
        async with served(room()) as address:
            page = await browser.new_page()
            await page.goto(f"{address}/invoices")
            shown = [
                await page.set_viewport_size({"width": width, "height": 844}) or await page.locator(".by").is_visible()
                for width in (390, 1280)
            ]

        assert shown == [True, False]


class TestPaper:
    @pytest.mark.parametrize(
        ("path", "most", "ending"),
        [
            (f"/invoices/{LONG.invoice.id}", 6, "Left to pay $68,400.00"),
            ("/invoices?show=all", 5, "62 of 62"),
            ("/invoices", 5, "62 of 62"),
        ],
    )
    async def test_has_no_empty_sheet_and_numbers_every_one(self, browser: Browser, path: str, most: int, ending: str) -> None:
        async with served(room()) as address:
            page = await browser.new_page()
            await page.goto(f"{address}{path}")
            printed = PdfReader(io.BytesIO(await page.pdf(format="A4")))

        sheets = [" ".join(each.extract_text().split()) for each in printed.pages]
        assert 1 < len(sheets) <= most
        assert ending in sheets[-1]
        assert [f"{number} / {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1)] == [True] * len(sheets)
        assert "Privacy" not in sheets[-1]


_STICKS_OUT = """[...document.querySelectorAll(".list .button")]
    .filter(each => each.getBoundingClientRect().right > document.querySelector(".list").getBoundingClientRect().right)
    .map(each => each.textContent)"""
