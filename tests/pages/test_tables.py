"""What a spreadsheet gets."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.tables import cell, invoice_cells, invoice_header, written
from sandbox.demo.products import FORMULAS
from tests import make
from tests.pages.room import reader


class TestCell:
    @pytest.mark.parametrize("text", [*FORMULAS, "\n=1", "\0=1", "\N{FULLWIDTH EQUALS SIGN}1", "\N{FULLWIDTH COMMERCIAL AT}SUM"])
    def test_keeps_a_formula_from_running(self, text: str) -> None:
        assert cell(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["", "vm-01", "a=b", "1", "'quoted"])
    def test_leaves_other_text_alone(self, text: str) -> None:
        assert cell(text) == text


class TestWritten:
    def test_quotes_as_rfc_4180_says(self) -> None:
        assert written([['say "hi"', "a,b", "two\nlines", "plain"]]) == b'"say ""hi""","a,b","two\nlines",plain\r\n'

    def test_writes_numbers_as_numbers_and_days_as_days(self) -> None:
        assert written([[Decimal("-12.500000"), Decimal("1E+3"), date(2026, 11, 3), None]]) == b"-12.500000,1000,2026-11-03,\r\n"

    def test_survives_half_a_character(self) -> None:
        assert written([["a\ud800b"]]) == b"a?b\r\n"

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4))
    def test_gives_every_text_back(self, texts: list[str]) -> None:
        read = next(csv.reader(io.StringIO(written([texts]).decode(), newline="")))

        assert read == [cell(text) for text in texts]


class TestInvoiceCells:
    @pytest.mark.parametrize("paid", [None, make.TODAY])
    def test_say_when_it_was_paid(self, paid: date | None) -> None:
        row = dict(zip(invoice_header(reader()), invoice_cells(make.invoice(paid=paid), reader()), strict=True))

        assert (row["Due date"], row["Paid on"]) == (date(2026, 11, 30), paid)
