"""The chat page in a real browser, as a newcomer uses it after ``make run``."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.people import person
from tests.browser import DESK, needs_chat_page
from tests.town import Town

ROWS = 8
NUMBER = re.compile(r"INV-\d+")
DOLLARS = re.compile(r"(-?)\$([\d,]+\.\d\d)")


@dataclass(frozen=True, slots=True)
class Visit:
    """A person in front of the page."""

    page: Page
    key: str

    @property
    def answer(self) -> Locator:
        """The bot's newest message."""
        return self.page.locator("article:not(.mine)").last

    async def become(self, key: str) -> "Visit":
        """Choose another person in the rail, and wait for their welcome; whoever was there before is gone from the page."""
        await self.page.get_by_role("button", name=person(key).name).click()
        await expect(self.page.locator("#where")).to_contain_text(person(key).name)
        await expect(self.answer).to_contain_text("Work365 Finance Manager")
        return Visit(self.page, key)

    async def ask(self, text: str) -> None:
        """Type a message and send it."""
        await self.page.get_by_label("Type a message").fill(text)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("article.mine").last).to_contain_text(text)

    async def press(self, title: str) -> None:
        """Press the first button of that name in the newest message."""
        await self.answer.get_by_role("button", name=title, exact=True).first.click()

    async def sees(self, text: str) -> None:
        """Wait until the newest message says so."""
        await expect(self.answer).to_contain_text(text)

    async def sees_heading(self, text: str) -> None:
        """Wait until the newest message has that heading."""
        await expect(self.answer.get_by_role("heading", name=text, exact=True)).to_be_visible()

    async def sign_in(self) -> None:
        """Press the button of the invitation, pick the account in the window that opens, agree, and close it."""
        invitation = self.answer.locator(".plain-card")
        await expect(invitation).to_be_visible()
        async with self.page.expect_popup() as opening:
            await invitation.get_by_role("button").click()
        window = await opening.value
        await window.get_by_role("button", name=person(self.key).upn).click()
        await window.get_by_role("button", name="Accept").click()
        await expect(window.get_by_role("heading", name="You are signed in")).to_be_visible()
        await window.close()

    async def numbers(self) -> list[str]:
        """Return the numbers of the invoices in the newest message, from the top."""
        return list(dict.fromkeys(NUMBER.findall(await self.answer.inner_text())))


@pytest.fixture
async def finn(town: Town, browser: Browser) -> AsyncGenerator[Visit]:
    """Return Contoso's finance manager in front of the page, which may not complain about anything."""
    needs_chat_page()
    page = await browser.new_page(viewport={"width": DESK, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{town.world.base_url}/?person=finn")
    visit = Visit(page, "finn")
    await visit.sees("Your company's invoices, here in Teams")
    yield visit
    assert complaints == []


async def signed_in(visit: Visit) -> Visit:
    """Ask for the open invoices, sign in, and wait for the answer."""
    await visit.ask("open invoices")
    await visit.sign_in()
    await visit.sees("INV-")
    return visit


def dollars(text: str) -> list[Decimal]:
    return [Decimal(f"{sign}{amount.replace(',', '')}") for sign, amount in DOLLARS.findall(text)]


async def left_to_pay(visit: Visit) -> list[Decimal]:
    """Return what is left to pay of each dollar invoice in the newest message."""
    rows = visit.answer.locator(".ac-container").filter(has=visit.page.get_by_role("button", name="Details"))
    texts = await rows.all_inner_texts()
    return [found[0] for text in texts if len(NUMBER.findall(text)) == 1 and (found := dollars(text))]


class TestSomebodyInFinance:
    async def test_signs_in_and_turns_the_pages_of_a_list_that_adds_up(self, finn: Visit) -> None:
        await finn.ask("open invoices")
        await finn.sees("Please sign in")

        await finn.sign_in()
        await finn.sees_heading("Open invoices")
        await expect(finn.answer.get_by_role("button", name="Details")).to_have_count(ROWS)
        await expect(finn.answer.get_by_text("Left to pay", exact=True)).to_have_count(1)
        total = dollars(await finn.answer.inner_text())[0]
        first, amounts = await finn.numbers(), await left_to_pay(finn)
        await finn.press("Next")
        await finn.sees("9\N{EN DASH}")
        second = await finn.numbers()

        assert len(first) == ROWS
        assert set(first).isdisjoint(second)
        assert sum(amounts + await left_to_pay(finn)) == total

    async def test_looks_into_an_invoice_and_at_other_lists(self, finn: Visit) -> None:
        await signed_in(finn)
        unpaid = await finn.numbers()

        await finn.press("Details")
        await finn.sees_heading("Invoice")
        opened, shown = await finn.numbers(), await finn.answer.inner_text()
        await finn.press("Back")
        await finn.sees_heading("Open invoices")
        back = await finn.numbers()
        await finn.press("Paid invoices")
        await finn.sees_heading("Paid invoices")
        paid = await finn.numbers()
        await finn.press("Open invoices")
        await finn.sees_heading("Open invoices")

        assert (opened, back, await finn.numbers()) == (unpaid[:1], unpaid, unpaid)
        assert [
            each for each in ("Contoso Ltd", "Due date", "Billing date", "Subtotal", "Tax", "Total", "Left to pay") if each not in shown
        ] == []
        assert (len(paid), set(paid) & set(unpaid)) == (ROWS, set())

    async def test_signs_out_and_is_asked_again(self, finn: Visit, town: Town) -> None:
        await signed_in(finn)
        await finn.ask("sign out")
        await finn.sees_heading("You are signed out")
        town.world.nobody_has_consented()  # else Teams signs in again without a word

        await finn.ask("open invoices")

        await finn.sees("Please sign in")


class TestOthers:
    async def test_see_their_own_company_alone(self, finn: Visit) -> None:
        await signed_in(finn)
        await finn.ask("invoices")
        await finn.sees_heading("All invoices")
        contoso = set(NUMBER.findall(await finn.page.locator("#messages").inner_text()))

        fay = await signed_in(await finn.become("fay"))
        text = await fay.page.locator("#messages").inner_text()

        assert "Fabrikam GmbH" in text
        assert "Contoso" not in text
        assert contoso
        assert contoso.isdisjoint(NUMBER.findall(text))

    async def test_are_refused_kindly_without_a_role(self, finn: Visit) -> None:
        nora = await finn.become("nora")
        await nora.ask("open invoices")
        await nora.sign_in()

        await nora.sees_heading("No access yet")
        await nora.sees("Please give me the role Work 365 Administrator or Work365 Finance Manager")
        assert await nora.numbers() == []

    async def test_are_helped_before_they_sign_in(self, finn: Visit) -> None:
        walt = await finn.become("walt")

        await walt.ask("help")
        await walt.sees_heading("What you can ask")
        await walt.ask("tomatoes and rice")

        await walt.sees_heading("I did not understand that")
        await walt.sees("You wrote \N{LEFT DOUBLE QUOTATION MARK}tomatoes and rice\N{RIGHT DOUBLE QUOTATION MARK}.")
