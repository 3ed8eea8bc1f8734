"""An invoice's standing: the words that cards and pages share, and the badge of a card."""

from billing.invoice import Invoice
from cards import kit
from cards.kit import Element
from words.reader import Reader
from words.status import (
    charge_note,
    charge_words,
    due_day,
    is_owing,
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
    "is_owing",
    "overdue_badge",
    "standing",
    "state_word",
    "subtotal_words",
    "terms_words",
    "unpayable_words",
    "urgency",
]


def overdue_badge(invoice: Invoice, reader: Reader) -> Element | None:
    """Return the badge of an overdue invoice; None for the others, so that it stands out."""
    return kit.badge(reader.say("Overdue"), "Attention") if invoice.is_overdue(reader.today) else None
