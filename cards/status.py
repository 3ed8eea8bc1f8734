"""The badge of an invoice that is overdue."""

from billing.invoice import Invoice
from cards import kit
from cards.kit import Element
from words.reader import Reader
from words.text import capitalized


def overdue_badge(invoice: Invoice, reader: Reader) -> Element | None:
    """Return the badge of an overdue invoice, "Overdue by 9 days"; None for the others, so that it stands out."""
    return kit.badge(capitalized(reader.due(invoice.due)), "Attention") if invoice.is_overdue(reader.today) else None
