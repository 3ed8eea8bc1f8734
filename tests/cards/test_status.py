"""An invoice's standing in words."""

from datetime import date

import pytest

from billing.invoice import Charge, State
from cards.status import overdue_badge
from tests import make
from tests.cards.samples import reader
from words.status import charge_note, charge_words, standing, state_word


class TestState:
    @pytest.mark.parametrize(("state", "word"), [(State.BILLED, "Billed"), (State.PARTIAL, "Partial"), (State.COMPLETE, "Complete")])
    def test_has_the_portals_name(self, state: State, word: str) -> None:
        assert state_word(state, reader()) == word


class TestStanding:
    def test_joins_state_and_urgency(self) -> None:
        assert standing(make.invoice(due=date(2026, 11, 14)), reader()) == "Billed · overdue by 9 days"
        assert standing(make.invoice(state=State.COMPLETE, paid=date(2026, 11, 3)), reader()) == "Complete · paid Nov 3, 2026"
        assert standing(make.invoice(state=State.COMPLETE), reader()) == "Complete"

    def test_does_not_press_where_nothing_is_owed(self) -> None:
        assert standing(make.invoice(total="-5", due=date(2026, 11, 1)), reader()) == "Billed · nothing to pay"


class TestOverdue:
    def test_has_a_badge_and_the_others_have_none(self) -> None:
        assert overdue_badge(make.invoice(due=date(2026, 11, 22)), reader())
        assert overdue_badge(make.invoice(due=date(2026, 11, 23)), reader()) is None


class TestCharge:
    @pytest.mark.parametrize(
        ("charge", "note"), [(Charge.PENDING, "payment pending"), (Charge.FAILED, "payment failed"), (Charge.NONE, "")]
    )
    def test_is_told_where_the_customer_should_know(self, charge: Charge, note: str) -> None:
        invoice = make.invoice(charge=charge)

        assert charge_note(invoice, reader()) == note
        assert bool(charge_words(invoice, reader())) is bool(note)

    def test_is_history_once_the_invoice_is_complete(self) -> None:
        paid = make.invoice(charge=Charge.PENDING, state=State.COMPLETE)

        assert charge_note(paid, reader()) == charge_words(paid, reader()) == ""
