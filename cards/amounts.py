"""What a list comes to: a row for each currency, since currencies are never added."""

from collections.abc import Iterable

from billing.invoice import Show, Total
from billing.money import Money
from cards import kit
from cards.kit import Element
from words.reader import Reader
from words.text import capitalized


def amounts(totals: Iterable[Total], show: Show, reader: Reader) -> Element:
    """Return the totals of a list, over all of its pages; currencies in which something is overdue come first."""
    ranked = sorted(totals, key=lambda total: not total.overdue.amount)
    caption = capitalized(_caption(show, reader)) if any(_amount(each, show).amount > 0 for each in ranked) else ""
    said = [kit.value(caption, subtle=True, size="Small")] if caption else []
    return kit.container(*said, *(_row(each, show, reader) for each in ranked), style="emphasis", spacing="Medium")


def _caption(show: Show, reader: Reader) -> str:
    match show:
        case Show.OPEN:
            return reader.say("left to pay")
        case Show.OVERDUE:
            return reader.say("overdue")
        case Show.PAID:
            return reader.say("paid")
        case Show.ALL:
            return reader.say("billed")


def _amount(total: Total, show: Show) -> Money:
    match show:
        case Show.OPEN:
            return total.balance
        case Show.OVERDUE:
            return total.overdue
        case Show.PAID | Show.ALL:
            return total.total


def _row(total: Total, show: Show, reader: Reader) -> Element:
    amount = _amount(total, show)
    loud, quiet = _notes(total, show, reader)
    notes = [
        *(kit.value(note, bold=True, size="Small", align="Right", spacing="None") for note in loud if note),
        *(kit.value(note, subtle=True, size="Small", align="Right", spacing="None") for note in quiet if note),
    ]
    shown = kit.value(reader.money(abs(amount) if show is Show.OPEN else amount), bold=True, size="Large")
    beside = [kit.column(*notes, sits="Center")] if notes else []
    return kit.columns(kit.column(shown, width="auto", sits="Center"), *beside, spacing="Small")


def _notes(total: Total, show: Show, reader: Reader) -> tuple[list[str], list[str]]:
    """Return what is said beside an amount, loudly and quietly."""
    overdue = reader.say("{amount} overdue", amount=reader.money(total.overdue)) if total.overdue.amount else ""
    credit = reader.say("includes {amount} credit", amount=reader.money(total.taken_off)) if total.credit.amount else ""
    match show:
        case Show.OPEN if total.balance.amount < 0:
            return [overdue], [reader.say("credit in your favor")]
        case Show.OPEN if not total.balance.amount:
            return [overdue], [reader.say("nothing to pay"), credit]
        case Show.OPEN:
            return [overdue], [credit]
        case Show.ALL:
            return [overdue], [_left(total.balance, reader), credit if total.balance.amount >= 0 else ""]
        case Show.OVERDUE | Show.PAID:
            return [], []


def _left(balance: Money, reader: Reader) -> str:
    if balance.amount < 0:
        return reader.say("{amount} credit in your favor", amount=reader.money(abs(balance)))
    return reader.say("{amount} left to pay", amount=reader.money(balance)) if balance.amount else ""
