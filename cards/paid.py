"""What became of a payment: received in full or in part, on its way, or failed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import LiteralString

from billing.invoice import Charge, Invoice, Settlement, Show
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import details_button, pay_button
from cards.kit import Action, Card, Style
from cards.links import Links
from cards.verbs import Place
from words.reader import Reader
from words.status import charge_words
from words.text import short_number


def paid(before: Settlement, now: Invoice, reader: Reader, links: Links, *, payable: bool = False) -> Card | None:
    """Return what a payer wants to read of the change from *before* to *now*; None where it tells nothing of the payment.

    before   what it was when last told of; where all but its version is the same, a payment has failed again
    payable  whether what is left may be paid from here

    Its Details button brings the invoice back to somebody who has deleted its card.
    """
    number = short_number(now.number)
    pay = [pay_button(now, reader, links)] if payable and now.is_owing else []
    is_less = now.was_paid or now.charged.amount > before.charged  # and not a bill that has been put right
    if before.balance > 0 >= now.balance.amount and is_less:
        return _card(reader.say("Payment received"), reader.say("{number} is paid in full. Thank you.", number=number), now, reader, "good")
    if now.balance.amount > 0 and now.charged.amount > before.charged:
        part = reader.say("Part of {number} is paid. {balance} is left.", number=number, balance=reader.money(now.balance))
        return _card(reader.say("Payment received"), part, now, reader, "good", pay)
    words = charge_words(now, reader)
    has_failed_again = now.charge is Charge.FAILED and replace(before, changed=now.changed) == now.settlement
    if words and (now.charge is not before.charge or has_failed_again):
        said = reader.dots(number, reader.money(now.balance), words)
        if now.charge is Charge.PENDING:
            return _card(reader.say("Payment pending"), said, now, reader, "emphasis")
        return _card(reader.say("Payment failed"), said, now, reader, "warning", pay)
    return None


def _card(title: LiteralString, said: str, now: Invoice, reader: Reader, style: Style, pay: Sequence[Action] = ()) -> Card:
    buttons = [*pay, details_button(now, reader, Place()), list_button(Show.OPEN, reader)]
    told = kit.container(kit.heading(title), kit.value(said, spacing="Small"), style=style, spacing="None")
    return kit.card([told], buttons, fallback_text=said)
