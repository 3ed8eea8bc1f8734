"""The reseller's logo and colour on pages."""

from pathlib import Path

from pages.reseller import NOBODY, Reseller
from tests import make
from tests.pages.room import Room, get, logo, reader


class TestName:
    def test_is_what_the_operator_has_set(self) -> None:
        assert Reseller("Northwind Cloud").as_named_to(reader("de-DE")).name == "Northwind Cloud"

    def test_stands_in_for_a_missing_one_in_the_readers_language(self) -> None:
        assert NOBODY.as_named_to(reader("de-DE")).name == "Ihr Cloud-Anbieter"


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
