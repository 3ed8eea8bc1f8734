"""Goodbye."""

from cards.signed_out import signed_out
from tests.cards.reading import button, labels
from tests.cards.samples import reader


class TestSignedOut:
    def test_says_so_and_offers_the_way_back(self) -> None:
        card = signed_out(reader())

        assert labels(card)[0] == "You are signed out"
        assert button(card, "Sign in")["verb"] == "sign_in"
