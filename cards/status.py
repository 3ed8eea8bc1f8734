"""An invoice's standing: the words that cards and pages share, and the badge of a card."""

from billing.invoice import Invoice
from cards import kit
from cards.kit import Element
from cards.text import capitalized
from words.reader import Reader
from words.status import (
    charge_note,
    charge_words,
    due_day,
    standing,
    state_word,
    subtotal_words,
    terms_words,
    unpayable_words,
    urgency,
)

__all__ = [
    "charge_note",
    "charge_words",
    "due_day",
    "overdue_badge",
    "standing",
    "state_word",
    "subtotal_words",
    "terms_words",
    "unpayable_words",
    "urgency",
]


def overdue_badge(invoice: Invoice, reader: Reader) -> Element | None:
    """Return the badge of an overdue invoice, "Overdue by 9 days"; None for the others, so that it stands out."""
    return kit.badge(capitalized(reader.due(invoice.due)), "Attention") if invoice.is_overdue(reader.today) else None
