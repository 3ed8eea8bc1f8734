"""A bill in full."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.errors import Unpayable
from billing.invoice import Charge, Details, Invoice, Position, Show, State
from cards.invoice_details import LINES, invoice_details
from cards.kit import Card
from cards.links import Links
from cards.verbs import Place
from tests import make
from tests.cards.reading import HOSTILE, badges, button, buttons, labels, titles, values
from tests.cards.samples import LINKS, long_bill, reader
from tests.cards.test_kit import MOST_BYTES, sent
from words.status import unpayable_words


def drawn(details: Details | None = None, *, payable: bool = True) -> Card:
    """Return a bill as Ada sees it."""
    return invoice_details(details or make.details(), reader(), LINKS, payable=payable)


class TestContent:
    def test_shows_everything_that_the_portals_page_shows(self) -> None:
        shown = values(drawn())

        assert {"INV-10421", "Contoso Ltd", "1 Main Street, Seattle", "Nov 30, 2026", "Oct 31, 2026"} <= set(shown)
        assert {"Main contract", "PO-7", "Net 30", "Billed · due in 7 days"} <= set(shown)
        assert {"Microsoft 365 E5", "Monthly subscription", "10 × $57.00", "$570.00"} <= set(shown)

    def test_adds_up_subtotal_tax_total_paid_and_balance(self) -> None:
        invoice = make.invoice(total="119", tax=make.money("19"), state=State.PARTIAL, charged=make.money("20"))

        card = drawn(make.details(invoice, make.line(tax=make.money("19"), amount=make.money("119"))))

        assert labels(card)[-5:] == ["Subtotal", "Tax", "Total", "Paid", "Left to pay"]
        assert values(card)[-6:] == ["$100.00", "$100.00", "$19.00", "$119.00", "$20.00", "$99.00"]

    def test_calls_all_of_it_paid_where_work_365_does_not_say_what_was_charged(self) -> None:
        card = drawn(make.details(make.invoice(state=State.COMPLETE, charged=make.money("0"))))

        assert labels(card)[-2:] == ["Paid", "Left to pay"]
        assert values(card)[-2:] == ["$1,234.50", "$0.00"]

    def test_calls_a_total_that_the_lines_do_not_come_to_no_subtotal(self) -> None:
        invoice = make.invoice(total="109", tax=make.money("19"))

        card = drawn(make.details(invoice, make.line(tax=make.money("19"), amount=make.money("119"))))

        assert labels(card)[-4:] == ["Total without tax", "Tax", "Total", "Left to pay"]
        assert values(card)[-5:] == ["$100.00", "$90.00", "$19.00", "$109.00", "$109.00"]

    def test_leaves_out_what_is_not_known(self) -> None:
        bare = make.invoice(contract=None, purchase_order="", terms="", billed=None, due=None, name="")

        assert not {"Contract", "PO number", "Terms", "Billing date", "Due date"} & set(labels(drawn(make.details(bare))))

    @pytest.mark.parametrize("changes", [{}, {"state": State.COMPLETE}, {"total": "-5"}], ids=str)
    def test_shows_the_due_date_of_what_is_paid_as_well(self, changes: dict[str, Any]) -> None:
        assert "Nov 30, 2026" in values(drawn(make.details(make.invoice(**changes))))

    def test_keeps_the_service_period_apart_from_the_description(self) -> None:
        line = make.line(description="per user\n01 Sep 2026 - 30 Sep 2026")

        assert "per user · 01 Sep 2026 - 30 Sep 2026" in values(drawn(make.details(make.invoice(), line)))

    def test_shows_a_unit_price_in_fractions_of_a_cent(self) -> None:
        line = make.line(quantity=Decimal("1042.5507"), unit_price=make.money("0.00348"), tax=make.money("0.69"))

        assert "1,042.5507 × $0.00348 · tax $0.69" in values(drawn(make.details(make.invoice(), line)))

    def test_calls_a_negative_line_a_credit(self) -> None:
        line = make.line(quantity=Decimal(-4), unit_price=make.money("33.55"), amount=make.money("-134.20"))

        shown = values(drawn(make.details(make.invoice(), line)))

        assert {"-4 × $33.55 · credit", "-$134.20"} <= set(shown)

    def test_calls_a_negative_balance_a_credit(self) -> None:
        card = drawn(make.details(make.invoice(total="-134.20")))

        assert "Credit in your favor" in labels(card)
        assert "Pay now" not in titles(card)

    def test_shows_the_first_lines_and_says_how_many_follow(self) -> None:
        card = drawn(long_bill())

        assert f"Dynamics 365 add-on {LINES}" in values(card)
        assert f"Dynamics 365 add-on {LINES + 1}" not in values(card)
        assert "and 42 more lines" in values(card)
        assert button(card, "All lines")["url"] == LINKS.invoice(long_bill().invoice.id)

    def test_offers_no_more_lines_where_all_are_shown(self) -> None:
        full = make.details(make.invoice(), *(make.line(n) for n in range(LINES)))

        assert "All lines" not in titles(drawn(full))

    def test_marks_an_overdue_bill(self) -> None:
        assert badges(drawn(make.details(make.invoice(due=date(2026, 11, 1))))) == ["Overdue by 22 days"]

    def test_says_what_became_of_the_last_payment(self) -> None:
        card = drawn(make.details(make.invoice(charge=Charge.FAILED)))

        assert "The last payment did not go through." in labels(card)

    @pytest.mark.parametrize("reason", [Unpayable.NO_LINK, Unpayable.EXPIRED, Unpayable.UNTRUSTED_LINK, Unpayable.SWITCHED_OFF])
    def test_says_why_it_cannot_be_paid(self, reason: Unpayable) -> None:
        owing = invoice_details(make.details(), reader(), LINKS, unpayable=reason)
        settled = invoice_details(make.details(make.invoice(state=State.COMPLETE)), reader(), LINKS, unpayable=reason)

        assert unpayable_words(reason, reader()) in labels(owing)
        assert unpayable_words(reason, reader()) not in labels(settled)

    def test_says_once_that_a_payment_is_under_way(self) -> None:
        invoice = make.invoice(charge=Charge.PENDING)

        card = invoice_details(make.details(invoice), reader(), LINKS, unpayable=Unpayable.PENDING)

        assert labels(card).count(unpayable_words(Unpayable.PENDING, reader())) == 1

    def test_says_when_it_could_not_be_read_afresh(self) -> None:
        card = invoice_details(make.details(), reader(), LINKS, as_of=make.NOW)

        assert [text for text in values(card) if text.startswith("As of 9:00")]
        assert not [text for text in values(drawn()) if text.startswith("As of")]


class TestButtons:
    def test_are_called_as_promised(self) -> None:
        assert titles(drawn()) == ["Pay now", "Print", "PDF", "Download usage", "Back"]

    def test_offers_no_usage_where_there_is_none(self) -> None:
        without = invoice_details(make.details(), reader(), Links("https://bot.example", has_usage=False))

        assert titles(without) == ["Print", "PDF", "Back"]

    def test_lead_to_the_invoices_own_pages(self) -> None:
        invoice = make.invoice().id

        urls = [each["url"] for each in buttons(drawn()) if "url" in each]

        assert urls == [LINKS.pay(invoice), LINKS.invoice(invoice), LINKS.pdf(invoice), LINKS.usage(invoice)]

    def test_do_not_offer_to_pay_where_the_rule_forbids_it(self) -> None:
        assert "Pay now" not in titles(drawn(payable=False))

    @pytest.mark.parametrize("settled", [make.invoice(state=State.COMPLETE), make.invoice(total="0")])
    def test_never_offer_to_pay_nothing(self, settled: Invoice) -> None:
        assert "Pay now" not in titles(drawn(make.details(settled)))

    def test_lead_back_to_where_one_came_from(self) -> None:
        place = Place(Show.PAID, None, Position("", make.invoice("INV-1").id))

        card = invoice_details(make.details(), reader(), LINKS, back=place)

        assert Place.read(button(card, "Back")["data"]) == place
        assert Place.read(button(drawn(), "Back")["data"]) == Place(Show.OPEN)


class TestHostile:
    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_changes_nothing_but_values(self, hostile: str) -> None:
        invoice = make.invoice(name=hostile, purchase_order=hostile, terms=hostile, bill_to=hostile)
        line = make.line(product=hostile, description=hostile)

        attacked = drawn(make.details(invoice, line, customer=hostile, address=hostile))

        assert labels(attacked) == labels(drawn())
        assert attacked["fallbackText"] == drawn()["fallbackText"]
        assert "\\ud800" not in sent(attacked)

    def test_fits_a_message_with_texts_of_4_kb(self) -> None:
        long = "😀" * 4096
        invoice = make.invoice(long, name=long, purchase_order=long, terms=long)
        lines = [make.line(n, long, description=long) for n in range(1000)]

        card = drawn(make.details(invoice, *lines, customer=long, address="\n".join([long] * 9)))

        assert card.size_bytes < MOST_BYTES
