"""Rows for spreadsheets: RFC 4180, with a byte order mark so that Excel reads UTF-8, and no text that would run as a formula."""

import csv
import io
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from billing.invoice import Invoice
from billing.usage import UsageRow
from words.reader import Reader
from words.status import state_word

CSV: Final = "text/csv; charset=utf-8"
BOM: Final = b"\xef\xbb\xbf"

_WIDE: Final = "".join(chr(ord(sign) + 0xFEE0) for sign in "=+-@")
_RUNS: Final = frozenset("=+-@\t\r\n\0" + _WIDE)
"""First characters that make a spreadsheet compute a cell. Source: OWASP, ASVS 5.0 1.2.10 and "CSV Injection"."""

_SEPARATES: Final = re.compile(r"[;\t\r\n]")
"""What may end a cell or a row inside a text. Few have any, and looking for what follows it takes ten times as long."""

_BEGINS: Final = re.compile(rf'([;\t\r\n](?:[^\S\t\r\n]|[\0"])*)(?=[=+\-@{_WIDE}])')
"""Where a spreadsheet whose list separator is no comma (Excel in German: a semicolon) begins a cell inside a text, and would compute it.

It takes no notice then of the quotes around the text, so that a line break ends a row, and quotes may stand before the sign.
"""

T = TypeVar("T")
Cell = str | Decimal | date | None
Cells = Callable[[T], Sequence[Cell]]
"""What a row of T says in its columns."""


def cell(text: str) -> str:
    """Return other people's *text* such that a spreadsheet shows it and nothing else, whatever its list separator."""
    harmless = _BEGINS.sub(r"\1'", text) if _SEPARATES.search(text) else text
    return f"'{harmless}" if text[:1] in _RUNS else harmless


def written(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return *rows* as CSV: text made harmless, numbers with all their digits, dates as in ISO 8601."""
    page = io.StringIO(newline="")
    csv.writer(page, lineterminator="\r\n").writerows([_plain(each) for each in row] for row in rows)
    return page.getvalue().encode("utf-8", "replace")


async def csv_chunks(header: Sequence[str], pages: AsyncGenerator[Sequence[T]], cells: Cells[T]) -> AsyncGenerator[bytes]:
    """Yield a CSV file: its header along with the first page of rows, then a chunk for each page; the header alone for none."""
    start = BOM + written([header])
    async with aclosing(pages):
        async for rows in pages:
            chunk = start + written(cells(row) for row in rows)
            start = b""
            del rows  # a slow reader keeps the chunk waiting, not the rows too
            yield chunk
    if start:
        yield start


def _plain(value: Cell) -> str:
    match value:
        case str():
            return cell(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case None:
            return ""


def usage_header(reader: Reader) -> tuple[str, ...]:
    """Return the names of the columns of ``usage_cells``."""
    return (
        reader.say("Date"),
        reader.say("Subscription"),
        reader.say("Service"),
        reader.say("Resource"),
        reader.say("Region"),
        reader.say("Quantity"),
        reader.say("Unit"),
        reader.say("Unit price"),
        reader.say("Total"),
        reader.say("Currency"),
    )


def usage_cells(row: UsageRow) -> tuple[Cell, ...]:
    """Return a line of usage as the customer's columns."""
    return (
        row.day,
        row.subscription,
        row.service,
        row.resource,
        row.region,
        row.quantity,
        row.unit,
        row.unit_price,
        row.total,
        row.currency,
    )


def invoice_header(reader: Reader) -> tuple[str, ...]:
    """Return the names of the columns of ``invoice_cells``."""
    return (
        reader.say("Invoice"),
        reader.say("Name"),
        reader.say("Status"),
        reader.say("Billing date"),
        reader.say("Due date"),
        reader.say("Paid on"),
        reader.say("Contract"),
        reader.say("PO number"),
        reader.say("Total"),
        reader.say("Tax"),
        reader.say("Paid"),
        reader.say("Balance"),
        reader.say("Currency"),
    )


def invoice_cells(invoice: Invoice, reader: Reader) -> tuple[Cell, ...]:
    """Return an invoice as the columns of a list."""
    return (
        invoice.number,
        invoice.name,
        state_word(invoice.state, reader),
        invoice.billed,
        invoice.due,
        None if invoice.is_open else invoice.paid,
        invoice.contract.name if invoice.contract else "",
        invoice.purchase_order,
        invoice.total.rounded(),
        invoice.tax.rounded(),
        invoice.received.rounded(),
        invoice.balance.rounded(),
        invoice.total.currency,
    )
