"""The only door to XlsxWriter: rows as an Excel workbook, one by one to disk, then from disk to the browser."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from billing.errors import TooManyRows
from pages.tables import Cell, Cells, T

MOST_ROWS: Final = 200_000
"""A workbook cannot be sent before it is complete; up to here that takes seconds. Excel itself holds 1,048,576."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK: Final = 256 * 1024


async def workbook_chunks(title: str, header: Sequence[str], pages: AsyncGenerator[Sequence[T]], cells: Cells[T]) -> AsyncGenerator[bytes]:
    """Yield a workbook of one sheet, which is called *title*. Raises TooManyRows, before the first byte."""
    with TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "rows.xlsx"
        sheet = await asyncio.to_thread(_Sheet, path, title, header)
        try:
            async with aclosing(pages):
                async for rows in pages:
                    await asyncio.to_thread(sheet.add, [cells(row) for row in rows])
        finally:
            await asyncio.to_thread(sheet.close)
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk


class _Sheet:
    """One sheet in constant memory. A text is written as text, so nothing in it can run as a formula."""

    def __init__(self, path: Path, title: str, header: Sequence[str]) -> None:
        self._workbook: Any = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
        self._sheet = self._workbook.add_worksheet(title)
        self._day = self._workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._next = 0
        self._busy = Lock()  # a thread goes on writing when nobody waits for it any more
        self._sheet.freeze_panes(1, 0)
        self.add([header])

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Write rows below those before. Raises TooManyRows."""
        if self._next + len(rows) > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        with self._busy:
            for row in rows:
                for column, value in enumerate(row):
                    self._put(column, value)
                self._next += 1

    def close(self) -> None:
        """Complete the file."""
        with self._busy:
            self._workbook.close()

    def _put(self, column: int, value: Cell) -> None:
        match value:
            case str() if value:
                self._sheet.write_string(self._next, column, value.encode("utf-8", "replace").decode())
            case Decimal():
                self._sheet.write_number(self._next, column, float(value))
            case date():
                self._sheet.write_datetime(self._next, column, value, self._day)
            case _:
                pass
