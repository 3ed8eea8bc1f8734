"""Which of several invoices was meant."""

import pytest

from cards.choose import ask_number, choose
from tests import make
from tests.cards.reading import HOSTILE, labels, titles, values
from tests.cards.samples import LINKS, reader

TWO = (make.invoice("INV-1421"), make.invoice("INV-2421"))


class TestChoose:
    def test_offers_each_of_them(self) -> None:
        card = choose(TWO, reader(), LINKS, typed="421", payable={TWO[0].id})

        assert {"INV-1421", "INV-2421", "2 invoices fit “421”."} <= set(values(card))
        assert titles(card) == ["Details", "Pay now", "Details", "All invoices"]

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_repeats_what_was_typed_as_a_value_only(self, hostile: str) -> None:
        assert labels(choose(TWO, reader(), LINKS, typed=hostile)) == labels(choose(TWO, reader(), LINKS, typed="421"))


class TestAskNumber:
    def test_gives_an_example_and_a_way_to_find_one(self) -> None:
        card = ask_number(reader(), typed="pay")

        assert values(card) == ["Write its number as well, for example: pay 10421"]
        assert titles(card) == ["Open invoices"]
