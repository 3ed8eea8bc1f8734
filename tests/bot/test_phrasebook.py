"""The languages in which people may type."""

import pytest

from bot.intents import BOOKS, MEANING, PHRASES
from bot.phrasebook import Phrasebook


@pytest.mark.parametrize("book", BOOKS)
class TestPhrasebook:
    def test_stands_for_everything_that_can_be_asked_in_english(self, book: Phrasebook) -> None:
        assert set(book.phrases) == {meant.value for meant in PHRASES}

    def test_means_one_thing_by_a_phrase(self, book: Phrasebook) -> None:
        assert {phrase: MEANING[phrase] for phrases in book.phrases.values() for phrase in phrases} == {
            phrase: meant for meant in PHRASES for phrase in book.phrases[meant.value]
        }
