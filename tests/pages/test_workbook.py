"""Excel workbooks: the list of invoices; usage is in a module of its own."""

import io
import zipfile

from billing.invoice import State
from tests import make
from tests.make import TODAY
from tests.pages.room import Room, get

OPEN = make.details(make.invoice("INV-1"))
PAID = make.details(make.invoice("INV-2", state=State.COMPLETE, paid=TODAY, currency="EUR"))


class TestWorkbook:
    async def test_of_the_list_has_numbers_as_numbers(self) -> None:
        room = Room.of(OPEN, PAID)

        answer = await get(room, "/invoices.csv?show=all&format=xlsx", **{"Accept-Language": "de-DE"})

        files = zipfile.ZipFile(io.BytesIO(answer.body))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="invoices-all-2026-11-23.xlsx"'
        assert '<sheet name="Rechnungen"' in files.read("xl/workbook.xml").decode()
        assert "<v>1234.5</v>" in files.read("xl/worksheets/sheet1.xml").decode()
        assert room.notes.entries == [("download", "ok", "")]

    async def test_of_the_list_is_offered_on_its_page(self) -> None:
        said = (await get(Room.of(OPEN), "/invoices?sort=total")).text

        assert 'href="/invoices.csv?show=open&amp;sort=total"' in said
        assert 'href="/invoices.csv?show=open&amp;sort=total&amp;format=xlsx"' in said

    async def test_of_the_list_is_its_only_other_form(self) -> None:
        assert (await get(Room.of(OPEN), "/invoices.csv?format=bogus")).status == 400
