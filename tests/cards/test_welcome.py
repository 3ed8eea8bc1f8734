"""The first words."""

from cards.welcome import welcome
from tests.cards.reading import button, labels, titles
from tests.cards.samples import reader


class TestWelcome:
    def test_offers_to_sign_in_and_to_help(self) -> None:
        card = welcome(reader())

        assert titles(card) == ["Sign in", "Help"]
        assert button(card, "Sign in")["verb"] == "sign_in"

    def test_says_what_an_administrator_must_do(self) -> None:
        assert any("administrator grants these roles" in text for text in labels(welcome(reader())))
