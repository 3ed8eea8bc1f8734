"""Tests: the hosted payment page."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.dataverse import Table, environment
from sandbox.demo import bill_id, fill, pay_token
from sandbox.world import World


class Browser:
    """Opens the page of a demo bill and presses its buttons."""

    def __init__(self, session: ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url

    async def opens(self, bill: str, method: str = "GET", **form: str) -> tuple[int, str]:
        link = f"{self._base_url}/pay/{pay_token(bill_id(bill))}"
        async with self._session.request(method, link, data=form or None) as answer:
            return answer.status, await answer.text()

    async def presses(self, choice: str, bill: str) -> tuple[int, str]:
        return await self.opens(bill, "POST", choice=choice)


@pytest.fixture
async def browser(world: World) -> AsyncGenerator[Browser]:
    fill(world)
    async with ClientSession() as session:
        yield Browser(session, world.base_url)


@pytest.fixture
def invoices(world: World) -> Table:
    return environment(world).table("invoices")


class TestLooking:
    async def test_shows_who_wants_what(self, browser: Browser, invoices: Table) -> None:
        status, text = await browser.opens("contoso.today")

        row = invoices[bill_id("contoso.today")]
        assert status == 200
        assert "Demo payment page - no real money" in text
        assert "Northwind Cloud" in text
        assert row["invoicenumber"] in text
        assert f"Pay USD {row['totalamount']:,.2f}" in text

    async def test_changes_nothing(self, browser: Browser, invoices: Table) -> None:
        before = {key: dict(row) for key, row in invoices.items()}

        for bill in ("contoso.today", "contoso.expired", "contoso.pending", "contoso.partial"):
            await browser.opens(bill)
            await browser.opens(bill, "HEAD")

        assert dict(invoices) == before

    @pytest.mark.usefixtures("browser")
    async def test_keeps_its_address_to_itself(self, world: World) -> None:
        async with ClientSession() as session, session.get(f"{world.base_url}/pay/{pay_token(bill_id('contoso.today'))}") as answer:
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"

    async def test_brings_its_style(self, world: World) -> None:
        async with ClientSession() as session, session.get(f"{world.base_url}/pay/assets/payment.css") as answer:
            assert (answer.status, answer.content_type) == (200, "text/css")

    async def test_has_no_decimals_in_yen(self, browser: Browser) -> None:
        _, text = await browser.opens("tailspin.overdue")

        assert "Pay JPY 2," in text
        assert "." not in text.partition("Pay JPY ")[2].partition("<")[0]

    async def test_says_what_cannot_be_paid(self, browser: Browser) -> None:
        assert (await browser.opens("contoso.expired"))[0] == 410
        assert "This payment link has expired." in (await browser.opens("contoso.expired"))[1]
        assert "A bank debit is on its way." in (await browser.opens("contoso.pending"))[1]
        assert "There is nothing to pay." in (await browser.opens("contoso.credit"))[1]
        assert "There is nothing to pay." in (await browser.opens("contoso.cancelled"))[1]

    async def test_knows_only_links_that_were_issued(self, browser: Browser) -> None:
        assert (await browser.opens("contoso.no-link"))[0] == 404
        assert (await browser.presses("pay", "nobody.nothing"))[0] == 404


class TestPaying:
    async def test_completes_the_invoice(self, world: World, browser: Browser, invoices: Table) -> None:
        before = invoices[bill_id("contoso.today")]

        status, text = await browser.presses("pay", "contoso.today")

        row = invoices[bill_id("contoso.today")]
        assert (status, "has been paid" in text) == (200, True)
        assert columns(row) == (2, 100001, row["totalamount"], world.clock().date(), "Succeeded")
        assert row["modifiedon"] > before["modifiedon"]

    async def test_happens_once(self, browser: Browser, invoices: Table) -> None:
        await browser.presses("pay", "contoso.today")
        paid = invoices[bill_id("contoso.today")]

        status, text = await browser.presses("pay", "contoso.today")

        assert (status, "already been paid" in text) == (409, True)
        assert invoices[bill_id("contoso.today")] is paid

    async def test_can_be_for_half(self, browser: Browser, invoices: Table) -> None:
        total = invoices[bill_id("contoso.today")]["totalamount"]

        _, text = await browser.presses("part", "contoso.today")

        row = invoices[bill_id("contoso.today")]
        assert (row["statecode"], row["statuscode"], row["work365_invoice_lastchargestatus"]) == (2, 100002, "Succeeded")
        assert row["work365_invoice_amountcharged"] == (total / 2).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        assert "is still due" in text

    async def test_adds_to_what_was_charged_before(self, browser: Browser, invoices: Table) -> None:
        await browser.presses("part", "contoso.partial")
        await browser.presses("pay", "contoso.partial")

        row = invoices[bill_id("contoso.partial")]
        assert columns(row)[:3] == (2, 100001, row["totalamount"])

    async def test_by_bank_debit_stays_pending(self, browser: Browser, invoices: Table) -> None:
        await browser.presses("debit", "contoso.today")
        status, _ = await browser.presses("pay", "contoso.today")

        row = invoices[bill_id("contoso.today")]
        assert status == 409
        assert columns(row) == (0, 4, None, None, "Pending")

    async def test_can_be_cancelled(self, browser: Browser, invoices: Table) -> None:
        before = invoices[bill_id("contoso.today")]

        _, text = await browser.presses("cancel", "contoso.today")

        assert "Nothing was charged." in text
        assert invoices[bill_id("contoso.today")] is before

    async def test_is_refused_once_the_link_has_expired(self, world: World, browser: Browser, invoices: Table) -> None:
        world.site.clock = lambda: datetime.now(UTC) + timedelta(days=200)

        status, _ = await browser.presses("pay", "contoso.today")

        assert status == 410
        assert invoices[bill_id("contoso.today")]["statuscode"] == 4

    async def test_needs_a_button(self, browser: Browser, invoices: Table) -> None:
        status, _ = await browser.presses("everything", "contoso.today")

        assert status == 400
        assert invoices[bill_id("contoso.today")]["statuscode"] == 4


def columns(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("amountcharged", "paidondate", "lastchargestatus")
    return (row["statecode"], row["statuscode"], *(row.get(f"work365_invoice_{name}") for name in names))
