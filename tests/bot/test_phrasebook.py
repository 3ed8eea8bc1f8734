"""The languages in which people may type."""

import pytest

from bot.asks import Ask
from bot.phrasebook import Phrasebook
from bot.vocabulary import BOOKS, MEANING, MEANT


@pytest.mark.parametrize("book", BOOKS)
class TestPhrasebook:
    def test_stands_for_everything_that_can_be_asked(self, book: Phrasebook) -> None:
        assert set(book.phrases) == set(MEANT) - {Ask.DELETE_DATA_NOW}

    def test_means_one_thing_by_a_phrase(self, book: Phrasebook) -> None:
        assert {phrase: MEANING[phrase] for phrases in book.phrases.values() for phrase in phrases} == {
            phrase: MEANT[meant] for meant, phrases in book.phrases.items() for phrase in phrases
        }
