"""What takes the place of an invoice that has gone from Work 365, or is no longer the company's."""

from billing.invoice import Show
from cards import kit
from cards.invoice_list import list_button
from cards.kit import Card
from words.reader import Reader


def withdrawn(reader: Reader) -> Card:
    """Return the card; nothing is said of the invoice, which nobody may see any more."""
    said = reader.say("This invoice is no longer in your company's account.")
    return kit.card([kit.heading(reader.say("Not found")), kit.value(said)], [list_button(Show.OPEN, reader)], fallback_text=said)
