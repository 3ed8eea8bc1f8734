"""The PDF file: what can be read in it is what the invoice says."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from billing.invoice import State
from pages.reseller import NOBODY, Reseller
from sandbox.demo.products import HOSTILE_PRODUCT
from tests import make
from tests.make import TODAY, money
from tests.pages.room import Room, get, logo

BILL = make.details(
    make.invoice("INV-10421", state=State.PARTIAL, tax=money("101.50"), charged=money("234.50"), due=TODAY + timedelta(days=30)),
    make.line(1, "Microsoft 365 E5", tax=money("51.30"), amount=money("621.30")),
    make.line(
        2,
        "Azure plan",
        description="Consumption, metered\n01 Sep 2026 - 30 Sep 2026",
        unit_price=money("0.005745"),
        quantity=make.Decimal("98000.5"),
        tax=money("50.20"),
        amount=money("613.20"),
    ),
)


async def read(room: Room, bill: make.Details = BILL, language: str = "en-US") -> PdfReader:
    """Return the PDF file of a bill."""
    answer = await get(room, f"/invoices/{bill.invoice.id}/invoice.pdf", **{"Accept-Language": language})
    assert answer.status == 200
    return PdfReader(io.BytesIO(answer.body))


def text_of(file: PdfReader) -> str:
    """Return every word, in reading order, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in file.pages).split())


def alternatives(file: PdfReader) -> list[str]:
    """Return what stands for pictures where nobody sees them."""
    tags = [file.get_object(number) for number in range(1, int(str(file.trailer["/Size"])))]
    return [str(tag["/Alt"]) for tag in tags if isinstance(tag, DictionaryObject) and "/Alt" in tag]


class TestPdf:
    async def test_says_what_the_invoice_says(self) -> None:
        file = await read(Room.of(BILL))

        assert text_of(file) == (
            "Northwind Cloud 1 Reseller Road Portland, OR 97201 Invoice INV-10421 Microsoft 365, November "
            "Bill to Contoso Ltd 1 Main Street Seattle "
            "Billing date Oct 31, 2026 Due date Dec 23, 2026 Status Partial Contract Main contract PO number PO-7 Terms Net 30 "
            "Description Quantity Unit price Tax Amount "
            "Microsoft 365 E5 Monthly subscription 10 $57.00 $51.30 $570.00 "
            "Azure plan Consumption, metered · 01 Sep 2026 - 30 Sep 2026 98,000.5 $0.005745 $50.20 $563.00 "
            "Subtotal $1,133.00 Tax $101.50 Total $1,234.50 Paid $234.50 Left to pay $1,000.00 "
            "Northwind Cloud · billing@northwind.example Invoice INV-10421 · Page 1 of 1"
        )

    async def test_is_tagged_and_marked_as_accessible(self) -> None:
        file = await read(Room.of(BILL))

        metadata = file.xmp_metadata
        assert metadata is not None
        assert "pdfuaid" in metadata.stream.get_data().decode()
        assert "'/Marked': True" in str(file.root_object["/MarkInfo"]).replace("true", "True")
        assert file.root_object["/Lang"] == "en"
        assert file.metadata is not None
        assert file.metadata.title == "Invoice INV-10421"

    async def test_is_written_as_the_reader_reads(self) -> None:
        file = await read(Room.of(BILL), language="de-DE,de;q=0.9")

        assert file.root_object["/Lang"] == "de"
        assert text_of(file).replace("\u00a0", " ") == (
            "Northwind Cloud 1 Reseller Road Portland, OR 97201 Rechnung INV-10421 Microsoft 365, November "
            "Rechnungsempfänger Contoso Ltd 1 Main Street Seattle "
            "Rechnungsdatum 31.10.2026 Fällig am 23.12.2026 Status Teilbezahlt Vertrag Main contract Bestellnummer PO-7 "
            "Zahlungsziel 30 Tage netto Beschreibung Menge Einzelpreis Steuer Betrag "
            "Microsoft 365 E5 Monthly subscription 10 57,00 $ 51,30 $ 570,00 $ "
            "Azure plan Consumption, metered · 01 Sep 2026 - 30 Sep 2026 98.000,5 0,005745 $ 50,20 $ 563,00 $ "
            "Zwischensumme 1.133,00 $ Steuer 101,50 $ Gesamt 1.234,50 $ Bezahlt 234,50 $ Noch zu zahlen 1.000,00 $ "
            "Northwind Cloud · billing@northwind.example Rechnung INV-10421 · Seite 1 von 1"
        )

    async def test_keeps_a_name_that_is_read_from_the_right_from_turning_its_line(self) -> None:
        room = Room.of(BILL, reseller=Reseller("ענן צפוני", contact="03-123 4567"))

        file = await read(room)

        assert file.xmp_metadata is not None
        assert "pdfuaid" in file.xmp_metadata.stream.get_data().decode()
        assert "· 03-123 4567" in text_of(file)

    @pytest.mark.parametrize(("language", "width"), [("en-US", 612), ("en-GB", 595)])
    async def test_fits_the_readers_paper(self, language: str, width: int) -> None:
        file = await read(Room.of(BILL), language=language)

        assert int(file.pages[0].mediabox.width) == width

    async def test_repeats_the_headings_on_each_of_many_pages(self) -> None:
        bill = make.details(make.invoice(), *(make.line(position, f"Product {position}") for position in range(1, 121)))

        pages = [page.extract_text() for page in (await read(Room.of(bill), bill)).pages]

        assert len(pages) > 3
        assert all("Description" in page for page in pages[:-1])
        assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
        assert all(f"Product {position}\n" in "\n".join(pages) for position in range(1, 121))

    async def test_prints_markup_in_names_literally(self) -> None:
        hostile = f'{HOSTILE_PRODUCT} #image("/etc/passwd") $x$ *b* @ref \\n'
        bill = make.details(make.invoice(), make.line(product=hostile, description=""))

        file = await read(Room.of(bill), bill)

        assert hostile in text_of(file)
        assert "/Annots" not in file.pages[0]

    async def test_knows_the_scripts_that_names_come_in(self) -> None:
        bill = make.details(make.invoice(), customer="日本 한국 简体 ไทย Ελλάδα Україна")

        file = await read(Room.of(bill), bill)

        assert "日本 한국 简体 ไทย Ελλάδα Україна" in text_of(file)

    async def test_leaves_out_symbols_that_no_font_has(self, caplog: pytest.LogCaptureFixture) -> None:
        family, flag, key = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3"
        bill = make.details(make.invoice(), make.line(product=f"Party \N{PARTY POPPER} {family} {flag} {key} for 10 € © 2026"))

        file = await read(Room.of(bill), bill)

        assert "Party 1 for 10 € © 2026" in text_of(file)
        assert file.xmp_metadata is not None
        assert "pdfuaid" in file.xmp_metadata.stream.get_data().decode()
        assert "pdf.glyph_missing" not in caplog.text

    async def test_does_without_the_mark_where_a_letter_is_missing(self, caplog: pytest.LogCaptureFixture) -> None:
        bill = make.details(make.invoice(), make.line(product="Party \N{TIBETAN LETTER KA}"))

        file = await read(Room.of(bill), bill)

        assert "Party" in text_of(file)
        assert "pdf.glyph_missing" in caplog.text

    async def test_sets_the_sums_below_the_amounts_of_the_lines(self) -> None:
        ends: dict[str, float] = {}

        def found(text: str, _: object, matrix: list[float], *__: object) -> None:
            ends[text.strip()] = matrix[4]

        (await read(Room.of(BILL))).pages[0].extract_text(visitor_text=found)

        assert abs(ends["$563.00"] - ends["$570.00"]) < 1
        assert abs(ends["$101.50"] - ends["$563.00"]) < 1

    async def test_names_no_reseller_where_none_is_set(self) -> None:
        file = await read(Room.of(BILL, reseller=NOBODY))

        assert text_of(file).startswith("Invoice INV-10421")
        assert text_of(file).endswith("$1,000.00 Invoice INV-10421 · Page 1 of 1")

    async def test_carries_the_resellers_logo(self, tmp_path: Path) -> None:
        file = await read(Room.of(BILL, reseller=Reseller("Northwind Cloud", logo=logo(tmp_path))))

        assert "Northwind Cloud" in alternatives(file)

    async def test_may_be_kept_by_the_reader_alone(self) -> None:
        answer = await get(Room.of(BILL), f"/invoices/{BILL.invoice.id}/invoice.pdf")

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == 'inline; filename="INV-10421-invoice.pdf"'

    async def test_is_refused_when_the_bill_is_too_long(self) -> None:
        bill = make.details(make.invoice(), *([make.line()] * 5_001))

        answer = await get(Room.of(bill), f"/invoices/{bill.invoice.id}/invoice.pdf")

        assert answer.status == 500
        assert "page can be printed" in answer.text
