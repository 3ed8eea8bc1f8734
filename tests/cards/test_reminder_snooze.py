"""Keeping one invoice silent."""

from datetime import date

from cards.reminder_snooze import snooze, snoozed
from tests import make
from tests.cards.reading import buttons, titles, values
from tests.cards.samples import reader
from tests.make import TODAY


class TestSnooze:
    def test_offers_four_ends_and_carries_the_invoice_alone(self) -> None:
        invoice = make.invoice()
        card = snooze(invoice, reader())

        assert titles(card) == ["Until tomorrow", "For 3 days", "Until next week", "Until it is due"]
        assert [each["data"]["until"] for each in buttons(card)] == ["tomorrow", "three_days", "next_week", "due"]
        assert {each["data"]["invoice"] for each in buttons(card)} == {invoice.id}

    def test_offers_no_due_date_that_has_come(self) -> None:
        assert "Until it is due" not in titles(snooze(make.invoice(due=TODAY), reader()))


class TestSnoozed:
    def test_names_the_day(self) -> None:
        card = snoozed(make.invoice("INV-1"), reader(), date(2026, 11, 26))

        assert "No reminder of INV-1 until Nov 26, 2026." in values(card)

    def test_can_be_undone_at_once(self) -> None:
        invoice = make.invoice()

        assert buttons(snoozed(invoice, reader(), date(2026, 11, 26)))[0]["title"] == "Undo"
        assert buttons(snoozed(invoice, reader(), date(2026, 11, 26)))[0]["data"] == {"invoice": invoice.id, "until": "now"}
