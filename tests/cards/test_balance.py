"""What the company owes."""

from datetime import date

from billing.invoice import Invoice
from cards.balance import balance
from cards.kit import Card
from tests import make
from tests.cards.reading import button, labels, titles, values
from tests.cards.samples import LINKS, reader

LATE = make.invoice("INV-1", total="100", due=date(2026, 11, 1))
CREDIT = make.invoice("INV-2", total="-5", due=date(2026, 10, 1))
EUROS = make.invoice("INV-3", total="30", currency="EUR")


def drawn(*invoices: Invoice) -> Card:
    """Return the balance of some open invoices."""
    page = make.page(*(each for each in (CREDIT, LATE, EUROS) if each in invoices))
    first = LATE if LATE in invoices else None
    return balance(page, first, reader(), LINKS, company="Contoso Ltd", payable=True)


class TestBalance:
    def test_shows_each_currency_by_itself(self) -> None:
        assert values(drawn(LATE, EUROS))[:5] == ["Contoso Ltd · 2 open invoices", "Left to pay", "$100.00", "$100.00 overdue", "€30.00"]

    def test_offers_the_first_to_pay(self) -> None:
        card = drawn(CREDIT, LATE, EUROS)

        assert "First to pay" in labels(card)
        assert button(card, "Pay now")["url"] == LINKS.pay(LATE.id)

    def test_offers_nothing_to_pay_where_only_credits_are_open(self) -> None:
        assert "First to pay" not in labels(drawn(CREDIT))

    def test_is_good_news_when_nothing_is_open(self) -> None:
        assert "Nothing to pay. Every invoice is settled." in labels(drawn())

    def test_leads_to_the_lists(self) -> None:
        assert titles(drawn()) == ["Open invoices", "Overdue invoices", "Paid invoices"]
