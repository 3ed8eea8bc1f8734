"""A row of the list."""

from dataclasses import replace
from datetime import date
from typing import Any

from billing.invoice import Invoice, Show, State
from cards import kit
from cards.invoice_row import invoice_row, subject
from cards.kit import Card, Element
from cards.verbs import Place
from tests import make
from tests.cards.reading import badges, values
from tests.cards.samples import LINKS, reader
from words.reader import Reader


def row(**changes: Any) -> Card:
    """Return a card of one row."""
    return kit.card([invoice_row(make.invoice(**changes), reader(), LINKS, place=Place(), payable=False)], fallback_text="x")


class TestInvoiceRow:
    def test_says_number_subject_amount_state_and_due_date(self) -> None:
        assert values(row()) == [
            "INV-10421",
            "Main contract · Microsoft 365, November",
            "$1,234.50",
            "Due in 7 days",
            "Nov 30, 2026",
        ]

    def test_says_what_is_left_of_which_total(self) -> None:
        shown = values(row(state=State.PARTIAL, charged=make.money("234.50")))

        assert {"$1,000.00", "of $1,234.50", "Partial"} <= set(shown)

    def test_does_not_name_a_far_date_twice(self) -> None:
        shown = values(row(due=date(2027, 1, 5)))

        assert [text for text in shown if "2027" in text] == ["Due Jan 5, 2027"]

    def test_shows_the_total_of_a_paid_invoice_and_when_it_was_paid(self) -> None:
        shown = values(row(state=State.COMPLETE, paid=date(2026, 11, 3)))

        assert {"$1,234.50", "Complete", "Paid Nov 3, 2026", "Due Nov 30, 2026"} <= set(shown)

    def test_calls_a_credit_a_credit(self) -> None:
        shown = values(row(total="-20"))

        assert {"-$20.00", "credit", "Nothing to pay"} <= set(shown)

    def test_marks_an_overdue_invoice_by_a_word(self) -> None:
        late = row(due=date(2026, 11, 14))

        assert badges(late) == ["Overdue by 9 days"]
        assert " ".join(values(late)).lower().count("overdue") == 1  # which is what a client without badges shows
        assert "Nov 14, 2026" in values(late)

    def test_gives_a_long_number_a_line_of_its_own_and_keeps_its_end(self) -> None:
        number = "NWC-2026-EMEA-AZURE-CONSUMPTION-00000010388"

        first = row(number=number)["body"][0]["items"][0]

        assert first["type"] == "RichTextBlock"
        assert first["inlines"][0]["text"] == "NWC-2026-EMEA-A…SUMPTION-00000010388"

    def test_manages_without_a_due_date(self) -> None:
        assert "No due date" in values(row(due=None))

    def test_is_written_anew_where_anything_differs_and_only_there(self) -> None:
        invoice = make.invoice(total="7.00")

        def shown(invoice: Invoice, reader: Reader, place: Place, *, payable: bool = True) -> Element:
            return invoice_row(invoice, reader, LINKS, place=place, payable=payable)

        first = shown(invoice, reader(), Place())

        assert shown(replace(invoice), reader(), Place()) is first
        assert shown(replace(invoice, balance=make.money("6.00")), reader(), Place()) != first
        assert shown(invoice, reader("de-DE"), Place()) != first
        assert shown(invoice, reader(zone="Pacific/Kiritimati"), Place()) != first
        assert shown(invoice, reader(), Place(Show.PAID)) != first
        assert shown(invoice, reader(), Place(), payable=False) != first


class TestSubject:
    def test_does_not_repeat_the_number_or_the_contract(self) -> None:
        assert subject(make.invoice("INV-1", name="INV-1"), reader()) == "Main contract"
        assert subject(make.invoice(name="Main contract"), reader()) == "Main contract"

    def test_lets_long_words_break_and_never_a_number(self) -> None:
        word = "Donaudampfschifffahrtsgesellschaft"
        shown = values(row(number=word, name=word + "en"))

        assert shown[0] == word
        assert "\u200b" in shown[1]
        assert shown[1].replace("\u200b", "").endswith(word + "en")

    def test_is_nothing_where_nothing_is_known(self) -> None:
        assert subject(make.invoice(name="", contract=None), reader()) == ""
