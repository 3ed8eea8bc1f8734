"""Whom to ask."""

import pytest

from cards.contact import Provider, contact
from tests.cards.reading import HOSTILE, labels, titles, values
from tests.cards.samples import reader


class TestContact:
    def test_names_the_provider_and_how_to_reach_it(self) -> None:
        card = contact(reader(), Provider("Northwind Cloud", "billing@northwind.example"))

        assert values(card) == ["Northwind Cloud", "billing@northwind.example"]
        assert titles(card) == ["Open invoices", "Help"]

    def test_says_to_ask_the_provider_where_no_contact_is_set(self) -> None:
        assert any("Please ask your provider" in text for text in labels(contact(reader(), Provider("Northwind Cloud"))))
        assert any("the company that sends you the invoices" in text for text in labels(contact(reader(), Provider())))

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_shows_what_the_operator_wrote_as_a_value_only(self, hostile: str) -> None:
        assert labels(contact(reader(), Provider(hostile, hostile))) == labels(contact(reader(), Provider("x", "y")))
