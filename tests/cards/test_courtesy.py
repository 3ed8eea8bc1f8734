"""Short answers to people who ask for nothing."""

from collections.abc import Callable

import pytest

from cards.courtesy import agreed, parted, thanked
from cards.kit import Card
from tests.cards.reading import buttons, labels
from tests.cards.samples import reader
from words.reader import Reader


class TestCourtesy:
    @pytest.mark.parametrize(
        ("answer", "english", "german"),
        [
            (thanked, "You are welcome.", "Gern geschehen."),
            (agreed, "Good. Ask me again whenever you like.", "Gut. Fragen Sie mich jederzeit wieder."),
            (parted, "Goodbye, and see you soon.", "Auf Wiedersehen und bis bald."),
        ],
    )
    def test_is_one_sentence_or_two_and_asks_for_nothing(self, answer: Callable[[Reader], Card], english: str, german: str) -> None:
        card = answer(reader())

        assert labels(card) == [english]
        assert card["fallbackText"] == english
        assert buttons(card) == []
        assert labels(answer(reader("de-DE"))) == [german]
