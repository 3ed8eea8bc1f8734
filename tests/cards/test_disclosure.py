"""The way to what is kept about a person."""

from cards.disclosure import disclosure
from tests.cards.reading import button, labels
from tests.cards.samples import LINKS, reader


class TestDisclosure:
    def test_leads_to_the_file_and_names_the_way_to_its_end(self) -> None:
        card = disclosure(reader(), LINKS)

        assert button(card, "Download my data")["url"] == "https://bot.example/my-data.json"
        assert "To have it deleted, write: delete my data" in labels(card)
