"""What a payer is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.invoice import Charge, Invoice, State
from cards.kit import Card
from cards.paid import paid
from tests import make
from tests.cards.reading import HOSTILE, labels, titles, values
from tests.cards.samples import LINKS, reader

OWED = make.invoice()
FAILED = make.invoice(charge=Charge.FAILED)
PART = make.invoice(state=State.PARTIAL, charged=make.money("1000.00"), charge=Charge.SUCCEEDED)
PENDING = "A payment is being processed. Bank debits can take several days."


def told(before: Invoice, now: Invoice) -> Card:
    """Return the card that is sent."""
    card = paid(before.settlement, now, reader(), LINKS, payable=True)
    assert card is not None
    return card


class TestPaid:
    @pytest.mark.parametrize("before", [OWED, FAILED, PART], ids=["owed", "failed", "part"])
    def test_thanks_for_all_of_it(self, before: Invoice) -> None:
        card = told(before, make.invoice(state=State.COMPLETE))

        assert "INV-10421 is paid in full. Thank you." in values(card)
        assert "Payment received" in labels(card)

    def test_thanks_once_where_the_amount_comes_before_the_state(self) -> None:
        charged = make.invoice(charged=make.money("1234.50"))

        assert "INV-10421 is paid in full. Thank you." in values(told(OWED, charged))
        assert paid(charged.settlement, make.invoice(state=State.COMPLETE), reader(), LINKS) is None

    def test_says_what_is_left_of_a_part(self) -> None:
        card = told(OWED, PART)

        assert "Part of INV-10421 is paid. $234.50 is left." in values(card)
        assert "Payment received" in labels(card)

    @pytest.mark.parametrize("before", [OWED, FAILED, PART], ids=["owed", "failed", "part"])
    def test_calls_a_payment_under_way_no_payment(self, before: Invoice) -> None:
        card = told(before, replace(before, charge=Charge.PENDING))

        assert f"INV-10421 · {reader().money(before.balance)} · {PENDING}" in values(card)
        assert labels(card)[0] == "Payment pending"

    @pytest.mark.parametrize("before", [OWED, PART], ids=["owed", "part"])
    def test_says_that_a_payment_failed(self, before: Invoice) -> None:
        card = told(before, replace(before, charge=Charge.FAILED))

        assert f"INV-10421 · {reader().money(before.balance)} · The last payment did not go through." in values(card)
        assert labels(card)[0] == "Payment failed"

    def test_says_that_a_payment_failed_again(self) -> None:
        card = told(FAILED, replace(FAILED, changed=FAILED.changed + timedelta(minutes=1)))

        assert "INV-10421 · $1,234.50 · The last payment did not go through." in values(card)

    @pytest.mark.parametrize(
        ("now", "style", "offered"),
        [
            (make.invoice(state=State.COMPLETE), "good", ["Details", "Open invoices"]),
            (PART, "good", ["Pay now", "Details", "Open invoices"]),
            (FAILED, "warning", ["Pay now", "Details", "Open invoices"]),
            (replace(OWED, charge=Charge.PENDING), "emphasis", ["Details", "Open invoices"]),
        ],
        ids=["full", "part", "failed", "pending"],
    )
    def test_offers_to_pay_what_is_left(self, now: Invoice, style: str, offered: list[str]) -> None:
        card = told(OWED, now)

        assert (card["body"][0]["style"], titles(card)) == (style, offered)

    @pytest.mark.parametrize(
        ("before", "now"),
        [
            (OWED, replace(OWED, charge=Charge.SUCCEEDED)),
            (FAILED, OWED),
            (PART, OWED),
            (FAILED, replace(FAILED, state=State.PARTIAL)),
            (OWED, make.invoice(total="0")),
            (OWED, make.invoice(total="-20", state=State.COMPLETE)),
        ],
        ids=["not yet charged", "cleared", "refunded", "an old failure", "put right", "made a credit"],
    )
    def test_says_nothing_where_nothing_is_known_of_the_payment(self, before: Invoice, now: Invoice) -> None:
        assert paid(before.settlement, now, reader(), LINKS, payable=True) is None

    @pytest.mark.parametrize("hostile", HOSTILE)
    @pytest.mark.parametrize("now", [make.invoice(state=State.COMPLETE), PART, FAILED], ids=["full", "part", "failed"])
    def test_shows_the_number_as_a_value_only(self, now: Invoice, hostile: str) -> None:
        assert labels(told(OWED, replace(now, number=hostile))) == labels(told(OWED, now))
