"""How old an answer is."""

from cards import kit
from cards.age import age
from tests import make
from tests.cards.reading import values
from tests.cards.samples import reader


class TestAge:
    def test_says_nothing_about_a_fresh_answer(self) -> None:
        assert age(None, reader(), "because") == []

    def test_dates_an_old_one_in_the_readers_zone(self) -> None:
        card = kit.card(age(make.NOW, reader("de-DE", "Europe/Berlin"), "because"), fallback_text="x")

        assert values(card) == ["Stand: 15:00 · because"]
