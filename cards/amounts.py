"""What a list comes to: a row for each currency, since currencies are never added."""

from collections.abc import Iterable

from billing.invoice import Show, Total
from billing.money import Money
from cards import kit
from cards.kit import Element
from cards.words import Reader


def amounts(totals: Iterable[Total], show: Show, reader: Reader) -> Element:
    """Return the totals of a list, over all of its pages."""
    return kit.container(*(_row(total, show, reader) for total in totals), style="emphasis", spacing="Medium")


def _row(total: Total, show: Show, reader: Reader) -> Element:
    match show:
        case Show.OPEN:
            return _stacked(total.balance, reader.say("left to pay"), [_overdue(total, reader), _credit(total, reader)], reader)
        case Show.OVERDUE:
            return _stacked(total.overdue, reader.say("overdue"), [], reader)
        case Show.PAID:
            return _stacked(total.total, reader.say("paid"), [], reader)
        case Show.ALL:
            left = reader.say("{amount} left to pay", amount=reader.money(total.balance)) if total.balance.amount else ""
            return _stacked(total.total, reader.say("billed"), [left, _overdue(total, reader), _credit(total, reader)], reader)


def _overdue(total: Total, reader: Reader) -> str:
    return reader.say("{amount} overdue", amount=reader.money(total.overdue)) if total.overdue.amount else ""


def _credit(total: Total, reader: Reader) -> str:
    """Return what has been taken off what is left to pay."""
    return reader.say("includes {amount} credit", amount=reader.money(total.taken_off)) if total.credit.amount else ""


def _stacked(amount: Money, caption: str, parts: Iterable[str], reader: Reader) -> Element:
    return kit.container(
        kit.value(reader.money(amount), bold=True, size="Large"),
        kit.value(caption, subtle=True, size="Small", spacing="None"),
        *(kit.value(part, bold=True, size="Small", spacing="None") for part in parts if part),
        spacing="Small",
    )
