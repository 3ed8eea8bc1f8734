"""Paying: from the click to the payment page and back, and everything that may have happened in between."""

import asyncio

from aiohttp import ClientResponse
from yarl import URL

from backends.postgres.database import Database
from sandbox.browser import Browser
from sandbox.demo import bill_id
from sandbox.faults import Fault
from sandbox.people import person
from tests.town import Town

BILL = bill_id("contoso.week")
PATH = f"/invoices/{BILL}/pay"
TIMES = 20


class TestPayNow:
    async def test_leads_to_the_payment_page(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            page = await browser.open(town.url + PATH)

        assert page.url.startswith(f"{town.world.base_url}/pay/")
        assert "Amount due" in page.text

    async def test_opens_nothing_once_the_bill_is_paid(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            till = await browser.open(town.url + PATH)
            await browser.session.post(till.url, data={"choice": "pay"})
            page = await browser.open(town.url + PATH)

        assert page.status == 409
        assert "paid already" in page.text

    async def test_opens_nothing_while_a_debit_is_on_its_way(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            till = await browser.open(town.url + PATH)
            await browser.session.post(till.url, data={"choice": "debit"})
            page = await browser.open(town.url + PATH)

        assert page.status == 409
        assert "Bank debits can take several days" in page.text

    async def test_never_follows_a_link_that_is_expired_missing_or_strange(self, town: Town) -> None:
        said = {"expired": "has expired", "no-link": "no payment link", "no-due-date": "not trusted", "credit": "nothing left to pay"}

        async with Browser(town.world, person("finn")) as browser:
            pages = {key: await browser.open(f"{town.url}/invoices/{bill_id(f'contoso.{key}')}/pay") for key in said}

        assert all(page.status == 409 and said[key] in page.text for key, page in pages.items())
        assert not town.world.asked("payment")

    async def test_says_that_it_cannot_check_while_work365_is_down(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(f"{town.url}/invoices")
            town.world.faults.add(Fault("dataverse", status=503, times=None))
            page = await browser.open(town.url + PATH)

        assert page.status == 503
        assert "cannot be checked right now" in page.text
        assert not town.world.asked("payment")

    async def test_is_not_found_by_another_company(self, town: Town) -> None:
        async with Browser(town.world, person("fay")) as browser:
            page = await browser.open(town.url + PATH)

        assert page.status == 404
        assert not town.world.asked("payment")

    async def test_changes_nothing_when_a_scanner_follows_the_link_with_the_session(self, town: Town, sync_database: Database) -> None:
        before = dict(town.world.tables["invoices"][BILL])

        async with Browser(town.world, person("finn")) as browser:
            await browser.open(f"{town.url}/invoices")
            led = [each.headers["Location"] for each in await scanned(browser, town)]

        assert set(led) == {before["work365_invoice_paylink"]}
        assert len(led) == TIMES
        assert await noted(sync_database) == [("pay", "ok", BILL)] * TIMES
        assert town.world.tables["invoices"][BILL] == before
        assert not town.world.asked("payment")

    async def test_tells_nothing_when_a_scanner_follows_the_link_without_one(self, town: Town, sync_database: Database) -> None:
        before = dict(town.world.tables["invoices"][BILL])

        async with Browser(town.world, person("finn")) as browser:
            led = [each.headers["Location"] for each in await scanned(browser, town)]

        assert {URL(each).path for each in led} == {"/auth/start"}
        assert len(led) == TIMES
        assert not await noted(sync_database)
        assert town.world.tables["invoices"][BILL] == before


async def scanned(browser: Browser, town: Town) -> list[ClientResponse]:
    """Fetch the address as a link scanner does: many times at once, without following where it leads."""
    fetched = [browser.session.get(town.url + PATH, headers={"Sec-Purpose": "prefetch"}, allow_redirects=False) for _ in range(TIMES)]
    return await asyncio.gather(*fetched)


async def noted(database: Database) -> list[tuple[str, str, str]]:
    """Return what the audit says of payments."""
    async with database.shared() as connection:
        rows = await connection.fetch("select what, outcome, invoice from bot.audit where what = 'pay'")
        return [(row["what"], row["outcome"], row["invoice"]) for row in rows]
