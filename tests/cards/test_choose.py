"""Which of several invoices was meant."""

import pytest

from billing.invoice import State
from cards.choose import Order, ask_number, choose, fitting
from tests import make
from tests.cards.reading import HOSTILE, labels, titles, values
from tests.cards.samples import LINKS, reader

TWO = (make.invoice("INV-1421"), make.invoice("INV-2421"))


class TestChoose:
    def test_offers_each_of_them(self) -> None:
        card = choose(TWO, reader(), LINKS, typed="421", payable={TWO[0].id})

        assert {"INV-1421", "INV-2421", "2 invoices fit “421”."} <= set(values(card))
        assert titles(card) == ["Details", "Pay now", "Details", "All invoices"]

    def test_says_that_more_fit_than_are_shown(self) -> None:
        many = [make.invoice(f"INV-{n}3") for n in range(9)]

        for card in (choose(many, reader(), LINKS, typed="3"), choose(many[:8], reader(), LINKS, typed="3", are_more=True)):
            assert "More than 8 invoices fit “3”. Write more of the number." in values(card)
            assert titles(card).count("Details") == 8

    @pytest.mark.parametrize(
        ("order", "button"), [(Order.SNOOZE, "Snooze"), (Order.PAY, "Pay now"), (Order.USAGE, "Download usage"), (Order.PRINT, "Print")]
    )
    def test_has_a_button_for_what_was_asked(self, order: Order, button: str) -> None:
        card = choose(TWO, reader(), LINKS, typed="421", payable={each.id for each in TWO}, order=order)

        assert titles(card) == ["Details", button, "Details", button, "All invoices"]

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_repeats_what_was_typed_as_a_value_only(self, hostile: str) -> None:
        assert labels(choose(TWO, reader(), LINKS, typed=hostile)) == labels(choose(TWO, reader(), LINKS, typed="421"))


class TestFitting:
    PAID = make.invoice("INV-3421", state=State.COMPLETE)

    @pytest.mark.parametrize("order", [Order.PAY, Order.SNOOZE])
    def test_leaves_out_what_it_cannot_be_done_to(self, order: Order) -> None:
        assert fitting([self.PAID, *TWO], order, {each.id for each in TWO}) == [*TWO]

    def test_keeps_all_where_it_can_be_done_to_none(self) -> None:
        assert fitting([self.PAID], Order.PAY, ()) == [self.PAID]

    def test_puts_what_is_open_first(self) -> None:
        assert fitting([self.PAID, *TWO], Order.DETAILS, ()) == [*TWO, self.PAID]


class TestAskNumber:
    def test_gives_an_example_and_a_way_to_find_one(self) -> None:
        card = ask_number(reader(), typed="pay")

        assert values(card) == ["Write its number as well, for example: pay 10421"]
        assert titles(card) == ["Open invoices"]
