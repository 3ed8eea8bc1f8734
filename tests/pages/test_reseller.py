"""The reseller's logo and colour on pages."""

from dataclasses import replace
from pathlib import Path

import pytest

from billing.pay import PayRule
from pages.reseller import NOBODY, Reseller
from tests import make
from tests.pages.room import Room, get, logo

BILL = make.details()


class TestName:
    def test_stands_beside_the_contact(self) -> None:
        assert Reseller("Northwind Cloud", contact="03-123").told == "Northwind Cloud · 03-123"
        assert Reseller("Northwind Cloud").told == "Northwind Cloud"

    @pytest.mark.parametrize("path", ["/", "/invoices", f"/invoices/{BILL.invoice.id}", f"/invoices/{BILL.invoice.id}/pay", "/terms"])
    @pytest.mark.parametrize("language", ["en", "de"])
    async def test_is_left_out_where_the_operator_has_set_none(self, path: str, language: str) -> None:
        room = Room.of(BILL, reseller=NOBODY, rule=PayRule(frozenset()))

        said = (await get(room, path, **{"Accept-Language": language})).text

        assert not [
            each
            for each in ("Your cloud provider", "by Your", "Ihr Cloud-Anbieter stellt", "Your provider", "Ihr Anbieter")
            if each in said
        ]

    async def test_leaves_the_contact_where_there_is_one(self) -> None:
        room = Room.of(BILL, reseller=replace(NOBODY, contact="billing@example"), rule=PayRule(frozenset()))

        assert "Your provider: billing@example" in (await get(room, f"/invoices/{BILL.invoice.id}/pay")).text


class TestFiles:
    async def test_show_the_logo_where_there_is_one(self, tmp_path: Path) -> None:
        room = Room.of(make.details(), reseller=Reseller("Northwind Cloud", logo=logo(tmp_path), color="#cc0000"))

        page, picture, style = [await get(room, path) for path in ("/invoices", "/reseller-logo", "/reseller.css")]

        assert 'alt="Northwind Cloud"' in page.text
        assert picture.headers["Content-Type"] == "image/svg+xml"
        assert "sandbox" in picture.headers["Content-Security-Policy"]
        assert style.text == ":root { --brand: #cc0000; }\n"

    async def test_show_the_name_where_there_is_none(self) -> None:
        room = Room.of(make.details())

        assert "<strong>Northwind Cloud</strong>" in (await get(room, "/invoices")).text
        assert (await get(room, "/reseller-logo")).status == 404
