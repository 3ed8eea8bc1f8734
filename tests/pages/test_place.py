"""Places in a list: addresses and back."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from billing.errors import Malformed
from billing.invoice import InvoiceId, Position, Show, Sort, State, Turn
from billing.ports import MOST_FOUND
from pages.place import Direction, Listing, Place
from tests import make
from tests.make import TODAY, guid
from tests.pages.room import Room, get

OPEN = make.details(make.invoice("INV-1", due=TODAY - timedelta(days=3)))
PAID = make.details(make.invoice("INV-2", state=State.COMPLETE, paid=TODAY, currency="EUR"))
MAIN, OTHER = make.Contract(make.ContractId(guid("contract")), "Main contract"), make.Contract(make.ContractId(guid("other")), "Other")
POSITION = Position("2026-11-30", InvoiceId(guid("x")))


def read(query: str) -> Place:
    """Return the place of an address."""
    return Place.read(make_mocked_request("GET", f"/invoices?{query}"))


class TestPlace:
    @pytest.mark.parametrize(
        "place",
        [
            Place(),
            Place(Show.PAID, make.invoice().contract and make.Contract(make.ContractId(guid("c")), "").id, POSITION, Turn.BEFORE),
            Place(Show.ALL, position=Position("", POSITION.id), order=Direction.ASCENDING, is_tab=True),
            Place(position=Position("a ~ & b", POSITION.id), sort=Sort.NUMBER),
            Place(number="INV & 1"),
            Place(sort=Sort.TOTAL, position=POSITION, first=26),
        ],
    )
    def test_comes_back_from_its_address(self, place: Place) -> None:
        assert read(place.query()) == place

    @pytest.mark.parametrize(
        "query", ["show=x", "after=2026-11-30", "after=x~y", "contract=1", "sort=cost", "order=up", "first=x", "first=-1", "first=²"]
    )
    def test_refuses_nonsense(self, query: str) -> None:
        with pytest.raises(Malformed):
            read(query)

    @pytest.mark.parametrize(
        ("query", "turn"),
        [
            ("show=open&order=ascending", Turn.AFTER),
            ("show=open&order=descending", Turn.BEFORE),
            ("show=paid&order=descending", Turn.AFTER),
            ("show=paid&order=ascending", Turn.BEFORE),
            ("sort=number", Turn.AFTER),
            ("sort=total", Turn.AFTER),
            ("sort=total&order=ascending", Turn.BEFORE),
        ],
    )
    def test_begins_at_the_end_when_the_list_comes_the_other_way_around(self, query: str, turn: Turn) -> None:
        wanted = read(query).wanted(TODAY, 25)

        assert (wanted.position, wanted.turn) == (None, turn)

    def test_turns_around_when_it_is_sorted_once_more(self) -> None:
        once = Place(position=POSITION, turn=Turn.BEFORE).sorted_by(Sort.TOTAL)

        assert (once.direction, once.position, once.turn) == (Direction.DESCENDING, None, Turn.AFTER)
        assert once.sorted_by(Sort.TOTAL).direction is Direction.ASCENDING
        assert once.sorted_by(Sort.DUE) == Place()

    def test_stays_sorted_in_another_list(self) -> None:
        sorted_ = Place(sort=Sort.BALANCE, order=Direction.ASCENDING)

        assert sorted_.showing(Show.ALL) == Place(Show.ALL, sort=Sort.BALANCE, order=Direction.ASCENDING)


class TestListing:
    def test_counts_from_the_end_when_it_is_reversed(self) -> None:
        bills = [make.invoice(f"INV-{number}") for number in range(5)]
        page = make.page(*bills, first=4, back=POSITION)
        page = make.replace(page, invoices=tuple(bills[3:]))

        listing = Listing.of(page, Place(order=Direction.DESCENDING))

        assert (listing.first, listing.last, listing.count) == (1, 2, 5)
        assert listing.invoices == (bills[4], bills[3])
        assert listing.back is None
        assert listing.further == Place(position=POSITION, order=Direction.DESCENDING)

    @pytest.mark.parametrize("order", Direction)
    def test_counts_from_the_ends_where_the_store_does_not(self, order: Direction) -> None:
        page = make.page(*(make.invoice(f"INV-{number}") for number in range(2)), first=0)
        page = make.replace(page, totals=(make.replace(page.totals[0], count=6),), wanted=make.replace(page.wanted, limit=2))
        begin, end = make.replace(page, further=POSITION), make.replace(page, back=POSITION)
        ends = (begin, end) if order is Direction.DESCENDING else (end, begin)

        listings = [Listing.of(each, Place(sort=Sort.TOTAL, order=order)) for each in ends]

        assert [(listing.first, listing.last, listing.count) for listing in listings] == [(1, 2, 6), (5, 6, 6)]
        assert listings[0].further == Place(sort=Sort.TOTAL, order=order, position=POSITION, first=3)
        assert listings[1].back == Place(sort=Sort.TOTAL, order=order, position=POSITION, turn=Turn.BEFORE, first=3)

    @pytest.mark.parametrize(("said", "first", "last"), [(3, 3, 4), (0, 0, 0), (6, 0, 0)])
    def test_believes_the_page_before_within_reason(self, said: int, first: int, last: int) -> None:
        page = make.page(*(make.invoice(f"INV-{number}") for number in range(2)), first=0, back=POSITION, further=POSITION)
        page = make.replace(page, totals=(make.replace(page.totals[0], count=6),))

        listing = Listing.of(page, Place(sort=Sort.TOTAL, first=said))

        assert (listing.first, listing.last) == (first, last)


class TestSearch:
    async def test_finds_an_invoice_by_its_number(self) -> None:
        answer = await get(Room.of(OPEN, PAID), "/invoices?number=INV-2")

        assert ">INV-2</a>" in answer.text
        assert ">INV-1</a>" not in answer.text

    async def test_says_in_one_sentence_that_nothing_was_found(self) -> None:
        said = (await get(Room.of(OPEN), "/invoices?number=INV-9")).text

        assert "There is no invoice with this number." in said
        assert "Found for" not in said
        assert said.count("Show the list again") == 1

    async def test_keeps_tab_list_and_contract_through_a_search(self) -> None:
        room = Room.of(OPEN)
        room.mirrored.contracts = (MAIN, OTHER)

        said = (await get(room, f"/invoices?show=paid&contract={OTHER.id}&number=INV-1&tab=1")).text

        assert f'<option value="{OTHER.id}" selected>' in said
        assert '<input type="hidden" name="show" value="paid">' in said
        assert '<input type="hidden" name="tab" value="1">' in said
        assert f'href="/invoices?show=paid&amp;contract={OTHER.id}&amp;tab=1">Show the list again' in said

    async def test_says_that_more_fit_than_it_shows(self) -> None:
        same = [make.details(make.invoice("INV-1", id=make.InvoiceId(guid(f"same {number}")))) for number in range(MOST_FOUND)]

        said = (await get(Room.of(*same), "/invoices?number=INV-1")).text

        assert "More than 63 invoices fit “INV-1”. Write more of the number." in said
        assert "Found for" not in said
        assert "Download as CSV" not in said
