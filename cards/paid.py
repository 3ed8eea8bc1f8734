"""A payment has arrived: a short confirmation."""

from billing.invoice import Invoice, Show
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import NUMBER
from cards.kit import Card
from cards.text import shorten
from cards.words import Reader


def paid(invoice: Invoice, reader: Reader) -> Card:
    """Return what a payer wants to read: that it was received, and what is left."""
    number = shorten(invoice.number, NUMBER)
    if invoice.is_open:
        said = reader.say("Part of {number} is paid. {balance} is left.", number=number, balance=reader.money(invoice.balance))
    else:
        said = reader.say("{number} is paid in full. Thank you.", number=number)
    body = [kit.heading(reader.say("Payment received")), kit.value(said)]
    return kit.card(body, [list_button(Show.OPEN, reader)], fallback_text=said)
