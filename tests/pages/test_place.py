"""Places in a list: addresses and back."""

from datetime import date

import pytest
from aiohttp.test_utils import make_mocked_request

from billing.errors import Malformed
from billing.invoice import InvoiceId, Position, Show, Turn
from pages.place import Listing, Place
from tests import make
from tests.make import TODAY, guid

POSITION = Position(date(2026, 11, 30), InvoiceId(guid("x")))


def read(query: str) -> Place:
    """Return the place of an address."""
    return Place.read(make_mocked_request("GET", f"/invoices?{query}"))


class TestPlace:
    @pytest.mark.parametrize(
        "place",
        [
            Place(),
            Place(Show.PAID, make.invoice().contract and make.Contract(make.ContractId(guid("c")), "").id, POSITION, Turn.BEFORE),
            Place(Show.ALL, position=Position(None, POSITION.id), is_reversed=True, is_tab=True),
            Place(number="INV & 1"),
        ],
    )
    def test_comes_back_from_its_address(self, place: Place) -> None:
        assert read(place.query()) == place

    @pytest.mark.parametrize("query", ["show=x", "after=2026-11-30", "after=x~y", "contract=1", f"before=2026-13-01~{guid('x')}"])
    def test_refuses_nonsense(self, query: str) -> None:
        with pytest.raises(Malformed):
            read(query)

    def test_begins_at_the_end_when_it_is_reversed(self) -> None:
        wanted = Place(is_reversed=True).wanted(TODAY, 25)

        assert wanted.turn is Turn.BEFORE
        assert wanted.position == Position(None, InvoiceId("ffffffff-ffff-ffff-ffff-ffffffffffff"))


class TestListing:
    def test_counts_from_the_end_when_it_is_reversed(self) -> None:
        bills = [make.invoice(f"INV-{number}") for number in range(5)]
        page = make.page(*bills, first=4, back=POSITION)
        page = make.replace(page, invoices=tuple(bills[3:]))

        listing = Listing.of(page, Place(is_reversed=True))

        assert (listing.first, listing.last, listing.count) == (1, 2, 5)
        assert listing.invoices == (bills[4], bills[3])
        assert listing.back is None
        assert listing.further == Place(position=POSITION, is_reversed=True)
