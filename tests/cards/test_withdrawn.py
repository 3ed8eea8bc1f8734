"""An invoice that is gone."""

from cards.withdrawn import withdrawn
from tests.cards.reading import values
from tests.cards.samples import reader


def test_says_that_the_invoice_is_gone_and_leads_to_the_others() -> None:
    card = withdrawn(reader())

    assert values(card) == ["This invoice is no longer in your company's account."]
    assert card.about is None
    assert len(card["actions"]) == 1
