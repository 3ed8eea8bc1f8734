"""HTML as it leaves the house: escaped, and with strict headers."""

import pytest

from pages.session import Visit
from sandbox.demo.products import HOSTILE
from tests import make
from tests.pages.room import Room, get

OPEN = make.details(make.invoice("INV-1"))


class TestPage:
    @pytest.mark.parametrize("text", HOSTILE)
    async def test_shows_what_others_wrote_as_text(self, text: str) -> None:
        bill = make.details(make.invoice(text, name=text, bill_to=text), make.line(product=text, description=text), customer=text)

        said = (await get(Room.of(bill), f"/invoices/{bill.invoice.id}")).text

        assert "<script>" not in said
        assert "<b>" not in said
        assert "href='javascript" not in said
        assert 'evil.example"' not in said
        assert "\u202e" not in said


class TestHeaders:
    @pytest.mark.parametrize("path", ["/invoices", f"/invoices/{OPEN.invoice.id}", "/invoices/none"])
    async def test_keep_a_page_to_its_reader(self, path: str) -> None:
        headers = (await get(Room.of(OPEN), path)).headers

        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]


class TestForm:
    async def test_carries_the_token_of_the_session(self) -> None:
        answer = await get(Room.of(OPEN), "/invoices")

        assert f'name="csrf" value="{Visit(make.caller(), "form-token").csrf}"' in answer.text
