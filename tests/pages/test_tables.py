"""What a spreadsheet gets."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoice import State
from pages.tables import cell, invoice_cells, invoice_header, written
from sandbox.demo.products import FORMULAS
from tests import make
from tests.pages.room import reader

SIGNS = set("=+-@\N{FULLWIDTH EQUALS SIGN}")


class TestCell:
    @pytest.mark.parametrize("text", [*FORMULAS, "\n1", "\0=1", "\N{FULLWIDTH EQUALS SIGN}1", "\N{FULLWIDTH COMMERCIAL AT}SUM"])
    def test_keeps_a_formula_from_running(self, text: str) -> None:
        assert cell(text) == f"'{text}"

    @pytest.mark.parametrize(
        ("text", "harmless"),
        [
            ("Backup;=cmd|'/C calc'!A0", "Backup;'=cmd|'/C calc'!A0"),
            ("a; +1", "a; '+1"),
            ("a;\t-1", "a;\t'-1"),
            ("a\t@SUM(1)", "a\t'@SUM(1)"),
            ("a\r\n=1", "a\r\n'=1"),
            ('a;"=1', "a;\"'=1"),
            ("a;\N{NO-BREAK SPACE}\N{FULLWIDTH PLUS SIGN}1", "a;\N{NO-BREAK SPACE}'\N{FULLWIDTH PLUS SIGN}1"),
            ("=1;=2;=3", "'=1;'=2;'=3"),
        ],
    )
    def test_keeps_a_formula_from_running_behind_a_separator(self, text: str, harmless: str) -> None:
        assert cell(text) == harmless

    @pytest.mark.parametrize("text", ["", "vm-01", "a=b", "1", "'quoted", "A; B", "1;2", "a;b=c-d", "two\nlines"])
    def test_leaves_other_text_alone(self, text: str) -> None:
        assert cell(text) == text


class TestWritten:
    def test_quotes_as_rfc_4180_says(self) -> None:
        assert written([['say "hi"', "a,b", "two\nlines", "plain"]]) == b'"say ""hi""","a,b","two\nlines",plain\r\n'

    def test_writes_numbers_as_numbers_and_days_as_days(self) -> None:
        assert written([[Decimal("-12.500000"), Decimal("1E+3"), date(2026, 11, 3), None]]) == b"-12.500000,1000,2026-11-03,\r\n"

    def test_survives_half_a_character(self) -> None:
        assert written([["a\ud800b"]]) == b"a?b\r\n"

    @given(st.lists(st.text(' ;\t\r\n"=+-@a\N{FULLWIDTH EQUALS SIGN}\N{NO-BREAK SPACE}'), min_size=1, max_size=3))
    def test_begins_no_formula_where_a_semicolon_separates(self, texts: list[str]) -> None:
        cells = re.split(r"[;\t\r\n]", written([["first", *texts]]).decode())

        assert not [each for each in cells if each.lstrip(' "\N{NO-BREAK SPACE}')[:1] in SIGNS]

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4))
    def test_gives_every_text_back(self, texts: list[str]) -> None:
        read = next(csv.reader(io.StringIO(written([texts]).decode(), newline="")))

        assert read == [cell(text) for text in texts]


class TestInvoiceCells:
    def test_say_what_was_paid_where_work_365_does_not(self) -> None:
        settled = make.invoice(state=State.COMPLETE, charged=make.money("0"))

        row = dict(zip(invoice_header(reader()), invoice_cells(settled, reader()), strict=True))

        assert (row["Total"], row["Paid"], row["Balance"]) == (Decimal("1234.50"), Decimal("1234.50"), 0)

    def test_say_no_day_of_payment_of_what_is_paid_in_part(self) -> None:
        part = make.invoice(state=State.PARTIAL, charged=make.money("5"), paid=make.TODAY)

        row = dict(zip(invoice_header(reader()), invoice_cells(part, reader()), strict=True))

        assert (row["Paid on"], row["Paid"]) == (None, Decimal("5.00"))

    @pytest.mark.parametrize("paid", [None, make.TODAY])
    def test_say_when_it_was_paid(self, paid: date | None) -> None:
        settled = make.invoice(paid=paid, state=State.COMPLETE)
        row = dict(zip(invoice_header(reader()), invoice_cells(settled, reader()), strict=True))

        assert (row["Due date"], row["Paid on"]) == (date(2026, 11, 30), paid)
