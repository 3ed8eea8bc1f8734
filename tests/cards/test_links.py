"""Addresses of our own pages."""

import pytest

from billing.invoice import InvoiceId
from cards.links import Links
from tests import make

ID = InvoiceId(make.guid("INV-1"))


class TestLinks:
    def test_leads_to_the_documented_addresses(self) -> None:
        links = Links("https://bot.example")

        assert links.invoices() == "https://bot.example/invoices"
        assert links.workbook() == "https://bot.example/invoices.csv?show=all&format=xlsx"
        assert links.invoice(ID) == f"https://bot.example/invoices/{ID}"
        assert links.pdf(ID) == f"https://bot.example/invoices/{ID}/invoice.pdf"
        assert links.usage(ID) == f"https://bot.example/invoices/{ID}/usage.csv"
        assert links.pay(ID) == f"https://bot.example/invoices/{ID}/pay"
        assert links.sign_in("r1") == "https://bot.example/auth/start?request=r1"

    @pytest.mark.parametrize("public_url", ["https://host.example/bot", "https://host.example/bot/"])
    def test_stays_below_a_public_url_with_a_path(self, public_url: str) -> None:
        assert Links(public_url).pay(ID) == f"https://host.example/bot/invoices/{ID}/pay"

    def test_quotes_whatever_it_is_given(self) -> None:
        links = Links("https://bot.example")

        assert links.invoice(InvoiceId("../x?y#z")) == "https://bot.example/invoices/..%2Fx%3Fy%23z"
        assert links.sign_in("a&next=//evil") == "https://bot.example/auth/start?request=a%26next%3D%2F%2Fevil"
