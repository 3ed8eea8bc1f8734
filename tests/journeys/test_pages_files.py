"""The files of an invoice, from Work 365 to the browser."""

import csv
import io
from decimal import Decimal

from pypdf import PdfReader

from sandbox.browser import Browser
from sandbox.demo import FORMULAS, PARTNER_ONLY, bill_id
from sandbox.people import person
from tests.town import Town

USED = f"/invoices/{bill_id('contoso.tomorrow')}/usage.csv"


class TestUsage:
    async def test_holds_every_row_and_nothing_of_the_resellers(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(f"{town.url}/invoices")
            async with browser.session.get(town.url + USED) as response:
                text = (await response.read()).decode("utf-8-sig")

        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        held = [row for row in town.world.tables["work365_usagelines"].values() if row["_work365_usageline_invoice_value"] in USED]
        assert len(rows) == len(held) == 1500
        assert sorted(row["Quantity"] for row in rows) == sorted(f"{row['work365_usageline_quantity']:f}" for row in held)
        assert not [row["Resource"] for row in rows if row["Resource"].startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert {f"'{name}" for name in FORMULAS} <= {row["Resource"] for row in rows}
        assert not [each for each in PARTNER_ONLY if str(each) in text]

    async def test_says_when_there_is_none(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            page = await browser.open(f"{town.url}/invoices/{bill_id('contoso.week')}/usage.csv")

        assert page.status == 404
        assert "no usage records" in page.text

    async def test_is_not_found_by_another_company(self, town: Town) -> None:
        async with Browser(town.world, person("fay")) as browser:
            page = await browser.open(town.url + USED)

        assert page.status == 404
        assert not town.world.asked("dataverse", "usagelines?")


class TestList:
    async def test_comes_in_the_order_that_the_page_shows(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(f"{town.url}/invoices")
            async with browser.session.get(f"{town.url}/invoices.csv?show=all&sort=total&order=ascending") as response:
                text = (await response.read()).decode("utf-8-sig")
            nonsense = await browser.open(f"{town.url}/invoices?show=all&sort=total&after=much~{bill_id('contoso.week')}")

        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        amounts = {currency: [Decimal(row["Total"]) for row in rows if row["Currency"] == currency] for currency in ("USD", "EUR")}
        assert [row["Currency"] for row in rows] == ["USD"] * len(amounts["USD"]) + ["EUR"] * len(amounts["EUR"])
        assert [found == sorted(found) and len(found) > 1 for found in amounts.values()] == [True, True]
        assert (nonsense.status, "could not be understood" in nonsense.text) == (400, True)


class TestPdf:
    async def test_has_every_line_of_a_long_bill(self, town: Town) -> None:
        async with Browser(town.world, person("finn")) as browser:
            await browser.open(f"{town.url}/invoices")
            async with browser.session.get(f"{town.url}/invoices/{bill_id('contoso.long')}/invoice.pdf") as response:
                file = PdfReader(io.BytesIO(await response.read()))

        lines = [row for row in town.world.tables["invoicedetails"].values() if row["_invoiceid_value"] == bill_id("contoso.long")]
        text = "".join("".join(page.extract_text().split()) for page in file.pages)
        assert len(lines) == 120
        assert not [row["productname"] for row in lines if row["productname"] and "".join(row["productname"].split()) not in text]
