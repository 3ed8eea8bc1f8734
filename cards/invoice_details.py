"""One invoice with everything that its page in the portal shows."""

from datetime import datetime
from typing import Final, LiteralString

from billing.errors import Unpayable
from billing.invoice import Details, Invoice, Line
from billing.money import Money
from cards import kit
from cards.age import age
from cards.invoice_row import NAME, pay_button, subject
from cards.kit import Action, Card, Element, Fact
from cards.links import Links
from cards.status import overdue_badge
from cards.verbs import Place, Verb
from words.reader import Reader
from words.status import charge_words, due_day, standing, state_word, subtotal_words, terms_words, unpayable_words
from words.text import breakable, lines, short_number, shorten

LINES: Final = 8
"""Lines of the bill that the card shows; the page has all of them."""

_TEXT: Final = 120
_PARTS: Final = 3
"""Parts of a line's description: what it is, and the service period."""

_NUMBER: Final = 100
"""Characters of the number: here it is shown in full, to be compared and copied."""

_ADDRESS_LINES: Final = 6
_LARGE: Final = 16
"""Characters of a number that fit a telephone in large letters."""


def invoice_details(
    details: Details,
    reader: Reader,
    links: Links,
    *,
    payable: bool = False,
    unpayable: Unpayable | None = None,
    back: Place | None = None,
    as_of: datetime | None = None,
) -> Card:
    """Return a bill in full.

    payable    whether it gets a Pay now button
    unpayable  why it has none, said where something is owing; None to say nothing
    back       the page of the list to go back to; the open invoices where there is none
    as_of      when the mirror was last right, where no fresh copy could be read; None for a fresh one
    """
    invoice = details.invoice
    body = [
        *_head(invoice, reader),
        _amount(invoice, reader, unpayable, [pay_button(invoice, reader, links)] if payable and invoice.is_owing else []),
        *age(as_of, reader, reader.say("not read afresh, so it may have changed since")),
        kit.facts(*_facts(details, reader)),
        *(_line(line, reader) for line in details.lines[:LINES]),
        *_more(details, reader, links),
        _sums(details, reader),
    ]
    actions = _actions(invoice, reader, links, back or Place())
    return kit.card(body, actions, fallback_text=_summary(invoice, reader), wide=True, about=invoice)


def _head(invoice: Invoice, reader: Reader) -> list[Element]:
    about = subject(invoice, reader)
    size = "ExtraLarge" if len(invoice.number) <= _LARGE else "Default"
    return [
        kit.heading(reader.say("Invoice"), size="Small", subtle=True),
        kit.value(shorten(invoice.number, _NUMBER), bold=True, size=size, spacing="None"),
        *([kit.value(about, subtle=True, spacing="None")] if about else []),
    ]


def _amount(invoice: Invoice, reader: Reader, unpayable: Unpayable | None, pay: list[Action]) -> Element:
    caption, amount = _balance(invoice, reader)
    late = overdue_badge(invoice, reader)
    reason = unpayable_words(unpayable, reader) if unpayable and invoice.is_owing else ""
    notes = dict.fromkeys((charge_words(invoice, reader), reason))  # a pending payment is a reason in the same words
    return kit.container(
        kit.label(caption, subtle=True, size="Small"),
        kit.value(reader.money(amount), bold=True, size="ExtraLarge", spacing="None"),
        late or kit.value(standing(invoice, reader), spacing="None"),
        *(kit.label(note, size="Small") for note in notes if note),
        *([kit.buttons(*pay)] if pay else []),
        style="emphasis",
        spacing="Medium",
    )


def _balance(invoice: Invoice, reader: Reader) -> tuple[LiteralString, Money]:
    if invoice.is_owing:
        return reader.say("Left to pay"), invoice.balance
    if invoice.balance.amount < 0:
        return reader.say("Credit in your favor"), abs(invoice.balance)
    return reader.say("Total"), invoice.total


def _facts(details: Details, reader: Reader) -> list[Fact]:
    invoice = details.invoice
    rows: list[Fact] = [
        (reader.say("Customer"), breakable(shorten(details.customer, NAME))),
        (reader.say("Address"), breakable(", ".join(lines(details.address or invoice.bill_to, _ADDRESS_LINES, NAME)))),
        (reader.say("Status"), state_word(invoice.state, reader)),
        (reader.say("Due date"), due_day(invoice, reader)),
        (reader.say("Paid on"), reader.day(invoice.paid) if invoice.paid and not invoice.is_open else ""),
        (reader.say("Billing date"), reader.day(invoice.billed) if invoice.billed else ""),
        (reader.say("Contract"), breakable(shorten(invoice.contract.name, NAME)) if invoice.contract else ""),
        (reader.say("PO number"), shorten(invoice.purchase_order, NAME)),
        (reader.say("Terms"), shorten(terms_words(invoice.terms, reader), NAME)),
    ]
    return [(name, text) for name, text in rows if text]


def _line(line: Line, reader: Reader) -> Element:
    product = breakable(shorten(line.product, _TEXT))
    description = breakable(reader.dots(*lines(line.description, _PARTS, _TEXT)))
    count = reader.say(
        "{quantity} \N{MULTIPLICATION SIGN} {price}", quantity=reader.number(line.quantity), price=reader.price(line.unit_price)
    )
    tax = reader.say("tax {tax}", tax=reader.money(line.tax)) if line.tax.amount else ""
    credit = reader.say("credit") if line.amount.amount < 0 else ""
    what = [
        kit.value(product or description),
        *([kit.value(description, subtle=True, size="Small", spacing="None")] if product and description else []),
        kit.value(reader.dots(count, tax, credit), subtle=True, size="Small", spacing="None"),
    ]
    amount = kit.value(reader.money(line.net), align="Right")
    return kit.columns(kit.column(*what), kit.column(amount, width="auto"), rule=True)


def _more(details: Details, reader: Reader, links: Links) -> list[Element]:
    hidden = len(details.lines) - LINES
    if hidden <= 0:
        return []
    said = reader.plural(hidden, "and {n} more line", "and {n} more lines")
    number = short_number(details.invoice.number)
    tooltip = reader.say("All lines of {number}, opens the browser", number=number)
    every = kit.open_url(reader.say("All lines"), links.invoice(details.invoice.id), tooltip)
    return [
        kit.columns(
            kit.column(kit.value(said, subtle=True), sits="Center"), kit.column(kit.buttons(every, right=True), width="auto"), rule=True
        )
    ]


def _sums(details: Details, reader: Reader) -> Element:
    invoice = details.invoice
    rows = [_sum(subtotal_words(details, reader), invoice.subtotal, reader), _sum(reader.say("Tax"), invoice.tax, reader)]
    rows.append(_sum(reader.say("Total"), invoice.total, reader, bold=True))
    if invoice.received.amount:
        rows.append(_sum(reader.say("Paid"), invoice.received, reader))
    if invoice.balance.amount < 0:
        rows.append(_sum(reader.say("Credit in your favor"), abs(invoice.balance), reader, bold=True))
    else:
        rows.append(_sum(reader.say("Left to pay"), invoice.balance, reader, bold=True))
    return kit.container(*rows, rule=True, spacing="Medium")


def _sum(name: LiteralString, amount: Money, reader: Reader, *, bold: bool = False) -> Element:
    shown = kit.value(reader.money(amount), bold=bold, align="Right")
    return kit.columns(kit.column(kit.label(name, bold=bold)), kit.column(shown, width="auto"), spacing="Small")


def _actions(invoice: Invoice, reader: Reader, links: Links, back: Place) -> list[Action]:
    number = short_number(invoice.number)
    return [
        print_button(invoice, reader, links),
        kit.open_url(reader.say("PDF"), links.pdf(invoice.id), reader.say("{number} as a PDF file, opens the browser", number=number)),
        *([usage_button(invoice, reader, links)] if links.has_usage else []),
        kit.execute(reader.say("Back"), Verb.LIST, back.carried(), reader.say("Back to the list")),
    ]


def print_button(invoice: Invoice, reader: Reader, links: Links) -> Action:
    """Return the button that leads to the page to print."""
    number = short_number(invoice.number)
    return kit.open_url(reader.say("Print"), links.invoice(invoice.id), reader.say("Print {number}, opens the browser", number=number))


def usage_button(invoice: Invoice, reader: Reader, links: Links) -> Action:
    """Return the button that downloads the usage."""
    tooltip = reader.say("Usage of {number} as a CSV file, opens the browser", number=short_number(invoice.number))
    return kit.open_url(reader.say("Download usage"), links.usage(invoice.id), tooltip)


def _summary(invoice: Invoice, reader: Reader) -> str:
    _, amount = _balance(invoice, reader)
    number = short_number(invoice.number)
    return reader.say(
        "Invoice {number}: {amount}, {standing}", number=number, amount=reader.money(amount), standing=standing(invoice, reader)
    )
