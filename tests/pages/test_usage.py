"""The usage file over real HTTP: begun late, held back, cut when it fails."""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

import pytest
from aiohttp import ClientPayloadError, ClientSession

from billing.access import AccountId
from billing.errors import SourceDown
from billing.invoice import InvoiceId
from billing.usage import UsageRow
from pages.download import Slots
from pages.workbook import MOST_ROWS
from sandbox.demo.products import FORMULAS
from tests import make
from tests.pages.room import USED, HeldUsage, Room, get, reader, served
from tests.patience import PATIENCE_S
from words.catalogue import LANGUAGES

BILL = make.details(make.invoice("INV-1"))
PATH = f"/invoices/{BILL.invoice.id}/usage.csv"
HEADER = ["Date", "Subscription", "Service", "Resource", "Region", "Quantity", "Unit", "Unit price", "Total", "Currency"]


def row(resource: str = "vm-01") -> UsageRow:
    """Return a line of usage."""
    return replace(USED, resource=resource)


def read(body: bytes) -> list[list[str]]:
    """Return the cells of a CSV file."""
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


class Halting:
    """Usage that yields some pages, then waits for ever or fails."""

    def __init__(self, pages: int = 1, *, fails: bool = False) -> None:
        self.closed = asyncio.Event()
        self._pages = pages
        self._fails = fails

    async def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield the pages and go no further."""
        del account, invoice
        try:
            for _ in range(self._pages):
                yield [row()] * 10
            if self._fails:
                raise SourceDown(source="test")
            await asyncio.Event().wait()
        finally:
            self.closed.set()


class TestCsv:
    async def test_holds_header_and_rows(self) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row(), row("vm-02")], [], [row("vm-03")])), PATH)

        assert answer.status == 200
        assert answer.body.startswith(b"\xef\xbb\xbfDate,")
        assert read(answer.body)[0] == HEADER
        assert [each[3] for each in read(answer.body)[1:]] == ["vm-01", "vm-02", "vm-03"]
        assert read(answer.body)[1][5:] == ["1.5", "1 Hour", "-0.2304", "-0.3456", "USD"]

    async def test_lets_no_resource_run_as_a_formula(self) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row(name) for name in FORMULAS])), PATH)

        assert [each[3] for each in read(answer.body)[1:]] == [f"'{name}" for name in FORMULAS]

    async def test_is_kept_by_nobody_on_the_way(self) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row()])), PATH)

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="INV-1-usage.csv"'

    async def test_has_a_name_that_no_invoice_number_can_break(self) -> None:
        bill = make.details(make.invoice('../../x"; y.csv\r\nSet-Cookie: a=b'))

        answer = await get(Room.of(bill, usage=HeldUsage([row()])), f"/invoices/{bill.invoice.id}/usage.csv")

        assert answer.headers["Content-Disposition"] == 'attachment; filename="x-y.csv-Set-Cookie-a-b-usage.csv"'
        assert "Set-Cookie" not in answer.headers

    async def test_is_noted_in_the_audit(self) -> None:
        room = Room.of(BILL, usage=HeldUsage([row()]))

        await get(room, PATH)

        assert room.notes.entries == [("download", "ok", BILL.invoice.id)]


class TestXlsx:
    async def test_is_a_workbook_with_text_as_text(self) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row(FORMULAS[0])])), f"{PATH}?format=xlsx")

        sheet = zipfile.ZipFile(io.BytesIO(answer.body)).read("xl/worksheets/sheet1.xml").decode()
        assert answer.headers["Content-Disposition"] == 'attachment; filename="INV-1-usage.xlsx"'
        assert "<f>" not in sheet
        assert "=HYPERLINK" in sheet
        assert "<v>-0.2304</v>" in sheet

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_names_its_sheet_in_the_readers_language(self, language: str) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row()])), f"{PATH}?format=xlsx", **{"Accept-Language": language})

        workbook = zipfile.ZipFile(io.BytesIO(answer.body)).read("xl/workbook.xml").decode()
        assert f'<sheet name="{reader(language).say("Usage")}"' in workbook

    async def test_says_so_when_there_are_too_many_rows(self) -> None:
        answer = await get(Room.of(BILL, usage=HeldUsage([row()] * (MOST_ROWS + 1))), f"{PATH}?format=xlsx")

        assert answer.status == 409
        assert "as CSV" in answer.text


class TestRefusals:
    async def test_says_when_there_is_no_usage(self) -> None:
        answer = await get(Room.of(BILL), PATH)

        assert answer.status == 404
        assert "no usage records" in answer.text

    async def test_says_when_usage_is_switched_off(self) -> None:
        answer = await get(Room.of(BILL, usage=None), PATH)

        assert answer.status == 404
        assert "cannot be downloaded here" in answer.text

    async def test_is_a_page_when_nothing_comes_in_time(self) -> None:
        usage = Halting(pages=0)

        answer = await get(Room.of(BILL, usage=usage, usage_within_s=0.05), PATH)

        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        assert usage.closed.is_set()

    @pytest.mark.parametrize("kind", ["bogus", "", "CSV"])
    async def test_is_a_page_for_a_format_that_there_is_not(self, kind: str) -> None:
        room = Room.of(BILL, usage=HeldUsage([row()]))

        assert (await get(room, f"{PATH}?format={kind}")).status == 400
        assert room.notes.entries == []

    async def test_is_a_page_when_the_source_is_down_from_the_start(self) -> None:
        answer = await get(Room.of(BILL, usage=Halting(pages=0, fails=True)), PATH)

        assert answer.status == 503
        assert answer.headers["Content-Type"].startswith("text/html")
        assert answer.headers["Retry-After"] == "30"

    async def test_turns_away_more_than_it_can_serve(self) -> None:
        room = Room.of(BILL, usage=HeldUsage([row()]), slots=Slots(at_once=0))

        answer = await get(room, PATH)

        assert answer.status == 503
        assert "Too many files" in answer.text
        assert answer.headers["Retry-After"] == "30"


class TestMishaps:
    async def test_cuts_the_connection_when_the_source_fails_in_the_middle(self) -> None:
        usage = Halting(fails=True)

        with pytest.raises(ClientPayloadError):
            await get(Room.of(BILL, usage=usage), PATH)

        assert usage.closed.is_set()

    async def test_stops_the_source_when_the_browser_goes_away(self) -> None:
        usage = Halting()
        room = Room.of(BILL, usage=usage, slots=Slots(at_once=1))

        async with served(room) as url:
            async with ClientSession() as session, session.get(url + PATH) as response:
                await response.content.readany()
            async with asyncio.timeout(PATIENCE_S):
                await usage.closed.wait()

        with room.slots.taken(make.ADA):
            pass  # the slot is free again

    async def test_gives_up_a_browser_that_stays_and_takes_nothing(self) -> None:
        usage = Counted([row("x" * 1000)] * 500, pages=100)
        room = Room.of(BILL, usage=usage, slots=Slots(at_once=1, stalled_s=0.05))

        async with served(room) as url, ClientSession(read_bufsize=2**14) as session, session.get(url + PATH) as response:
            await response.content.readexactly(100)
            async with asyncio.timeout(PATIENCE_S):
                await usage.closed.wait()
            with pytest.raises(ClientPayloadError):
                await response.content.read()

        with room.slots.taken(make.ADA):
            pass  # the slot is free again

    async def test_holds_the_source_back_for_a_slow_reader(self) -> None:
        page, pages = [row("x" * 1000)] * 500, 100
        usage = Counted(page, pages)

        async with (
            served(Room.of(BILL, usage=usage)) as url,
            ClientSession(read_bufsize=2**14) as session,
            session.get(url + PATH) as response,
        ):
            await response.content.readexactly(100)
            for _ in range(1000):
                await asyncio.sleep(0)
            ahead = usage.given
            rest = await response.content.read()

        assert ahead < pages / 2
        assert usage.given == pages
        assert rest.count(b"\r\n") == 500 * pages


class Counted:
    """Usage that counts the pages it has given, and says when no more are wanted."""

    def __init__(self, page: Sequence[UsageRow], pages: int) -> None:
        self.given = 0
        self.closed = asyncio.Event()
        self._page = page
        self._pages = pages

    async def rows(self, account: AccountId, invoice: InvoiceId) -> AsyncGenerator[Sequence[UsageRow]]:
        """Yield the same page again and again."""
        del account, invoice
        try:
            for _ in range(self._pages):
                self.given += 1
                yield self._page
        finally:
            self.closed.set()
