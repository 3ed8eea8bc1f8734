"""What became of a payment: received in full or in part, on its way, or failed."""

from typing import LiteralString

from billing.invoice import Charge, Invoice, Show
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import NUMBER
from cards.kit import Card
from cards.status import charge_words
from cards.text import shorten
from cards.words import Reader


def paid(before: Invoice, now: Invoice, reader: Reader) -> Card | None:
    """Return what a payer wants to read of the change from *before* to *now*; None where it tells nothing of the payment."""
    number = shorten(now.number, NUMBER)
    if before.balance.amount > 0 >= now.balance.amount:
        return _card(reader.say("Payment received"), reader.say("{number} is paid in full. Thank you.", number=number), reader)
    if now.balance.amount > 0 and now.charged.amount > before.charged.amount:
        part = reader.say("Part of {number} is paid. {balance} is left.", number=number, balance=reader.money(now.balance))
        return _card(reader.say("Payment received"), part, reader)
    words = charge_words(now, reader)
    if words and now.charge is not before.charge:
        title = reader.say("Payment pending") if now.charge is Charge.PENDING else reader.say("Payment failed")
        return _card(title, reader.dots(number, words), reader)
    return None


def _card(title: LiteralString, said: str, reader: Reader) -> Card:
    return kit.card([kit.heading(title), kit.value(said)], [list_button(Show.OPEN, reader)], fallback_text=said)
