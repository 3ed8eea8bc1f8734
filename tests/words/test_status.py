"""An invoice's standing in words."""

import pytest

from backends.work365.mapping import load
from tests.cards.samples import reader
from words.status import terms_words


class TestTermsWords:
    @pytest.mark.parametrize("terms", load().terms.values())
    def test_translates_all_that_the_shipped_mapping_names(self, terms: str) -> None:
        assert terms_words(terms, reader()) == terms
        assert "Tage netto" in terms_words(terms, reader("de-DE"))

    def test_leaves_what_an_operator_has_named(self) -> None:
        assert terms_words("Sofort", reader("de-DE")) == "Sofort"
