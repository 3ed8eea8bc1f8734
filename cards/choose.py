"""Which one? Several invoices bear the number that somebody typed."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from billing.invoice import Invoice, InvoiceId, Show
from cards import kit
from cards.invoice_details import print_button, usage_button
from cards.invoice_list import ROWS, list_button
from cards.invoice_row import NUMBER, details_button, invoice_row, row
from cards.kit import Action, Card, Element
from cards.links import Links
from cards.reminder_snooze import snooze_button
from cards.verbs import Place
from words.reader import Reader
from words.text import shorten


class Order(StrEnum):
    """What is to be done with the invoice that somebody chooses."""

    DETAILS = "details"
    PAY = "pay"
    USAGE = "usage"
    PRINT = "print"
    SNOOZE = "snooze"


def fitting(invoices: Sequence[Invoice], order: Order, payable: Collection[InvoiceId]) -> list[Invoice]:
    """Return those to which *order* applies, or all where it applies to none; what is open comes first."""
    apt = [each for each in invoices if _is_apt(each, order, payable)]
    return sorted(apt or invoices, key=lambda each: not each.is_owing)


def choose(
    invoices: Sequence[Invoice],
    reader: Reader,
    links: Links,
    *,
    typed: str,
    payable: Collection[InvoiceId] = frozenset(),
    order: Order = Order.DETAILS,
    are_more: bool = False,
) -> Card:
    """Return the invoices that *typed* may mean, at most eight, each with the button for *order* where it applies.

    are_more  whether more fit than can be shown
    """
    shown = invoices[:ROWS]
    n = len(shown)
    if are_more or len(invoices) > ROWS:
        count = reader.plural(n, "More than {n} invoice fits", "More than {n} invoices fit")
        said = reader.say("{count} “{typed}”. Write more of the number.", count=count, typed=shorten(typed, NUMBER))
    else:
        count = reader.plural(n, "{n} invoice fits", "{n} invoices fit")
        said = reader.say("{count} “{typed}”.", count=count, typed=shorten(typed, NUMBER))
    body = [
        kit.heading(reader.say("Which invoice do you mean?")),
        kit.value(said, subtle=True, spacing="None"),
        *(_row(each, reader, links, order, payable) for each in shown),
    ]
    summary = reader.say("Which invoice do you mean? {count}.", count=count)
    return kit.card(body, [list_button(Show.ALL, reader)], fallback_text=summary, wide=True)


def _row(invoice: Invoice, reader: Reader, links: Links, order: Order, payable: Collection[InvoiceId]) -> Element:
    has_button = order in {Order.PRINT, Order.SNOOZE} or (order is Order.USAGE and links.has_usage)
    if has_button and _is_apt(invoice, order, payable):
        return row(invoice, reader, [details_button(invoice, reader, Place()), _button(invoice, reader, links, order)])
    may_pay = invoice.id in payable and invoice.is_owing
    return invoice_row(invoice, reader, links, place=Place(), payable=may_pay)


def _button(invoice: Invoice, reader: Reader, links: Links, order: Order) -> Action:
    if order is Order.SNOOZE:
        return snooze_button(invoice, reader)
    return usage_button(invoice, reader, links) if order is Order.USAGE else print_button(invoice, reader, links)


def _is_apt(invoice: Invoice, order: Order, payable: Collection[InvoiceId]) -> bool:
    if order is Order.PAY:
        return invoice.id in payable and invoice.is_owing
    return invoice.is_owing if order is Order.SNOOZE else True


def ask_number(reader: Reader, *, typed: str) -> Card:
    """Return the question for the number that is missing behind *typed*, words of ours."""
    heading = reader.say("Which invoice do you mean?")
    said = reader.say("Write its number as well, for example: {example}", example=f"{typed} 10421")
    return kit.card([kit.heading(heading), kit.value(said)], [list_button(Show.OPEN, reader)], fallback_text=said)
