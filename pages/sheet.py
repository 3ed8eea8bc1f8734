"""An invoice as the PDF template shows it: every word and number ready for one reader."""

from collections.abc import Sequence
from typing import Final, LiteralString

from billing.errors import NoPdf
from billing.invoice import Details, Invoice, Line
from pages.press import MOST_LINES, Shown
from pages.reseller import Reseller
from words.reader import Reader
from words.status import due_day, state_word, subtotal_words, terms_words
from words.text import clean, isolated, lines, shorten

_TEXT: Final = 2_000
_ADDRESS_LINES: Final = 10
_DESCRIPTION_LINES: Final = 20
_LETTER: Final = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE", "PR", "GT", "CR"})
"""Where paper is Letter and not A4, by territory."""


def sheet(details: Details, reseller: Reseller, reader: Reader) -> Shown:
    """Return what the template needs. Nothing in it depends on today, so that a file is the same tomorrow. Raises NoPdf."""
    if len(details.lines) > MOST_LINES:
        raise NoPdf(invoice=details.invoice.id, lines=len(details.lines))
    invoice = details.invoice
    return {
        "language": reader.language,
        "paper": "us-letter" if reader.territory in _LETTER else "a4",
        "title": reader.say("Invoice {number}", number=shorten(invoice.number, 100)),
        "heading": reader.say("Invoice"),
        "number": isolated(shorten(invoice.number, 100)),
        "name": isolated(shorten(invoice.name, _TEXT)) if invoice.name != invoice.number else "",
        "reseller": {
            "name": isolated(reseller.name),
            "address": lines(reseller.address, _ADDRESS_LINES, _TEXT),
            "contact": isolated(reseller.contact),
            "told": reseller.told,
            "color": reseller.color,
        },
        "to": reader.say("Bill to"),
        "customer": clean(details.customer),
        "address": address(details),
        "facts": facts(invoice, reader),
        "columns": [
            reader.say("Description"),
            reader.say("Quantity"),
            reader.say("Unit price"),
            reader.say("Tax"),
            reader.say("Amount"),
        ],
        "lines": [_line(line, reader) for line in details.lines],
        "sums": sums(details, reader),
        "page": reader.say("Page {page} of {pages}", page="{page}", pages="{pages}"),
    }


def sums(details: Details, reader: Reader) -> list[tuple[str, str]]:
    """Return what the bill comes to: without tax, tax, total, what was paid, and the balance last."""
    invoice = details.invoice
    return [
        (subtotal_words(details, reader), reader.money(invoice.subtotal)),
        (reader.say("Tax"), reader.money(invoice.tax)),
        (reader.say("Total"), reader.money(invoice.total)),
        *([(reader.say("Paid"), reader.money(invoice.received))] if invoice.received.amount else []),
        (_balance_word(invoice, reader), reader.money(abs(invoice.balance))),
    ]


def _balance_word(invoice: Invoice, reader: Reader) -> LiteralString:
    return reader.say("Credit in your favor") if invoice.balance.amount < 0 else reader.say("Left to pay")


def address(details: Details) -> Sequence[str]:
    """Return where the bill goes, without the customer's name where it begins with that."""
    found = lines(details.invoice.bill_to or details.address, _ADDRESS_LINES, _TEXT)
    return found[1:] if found and found[0] == clean(details.customer) else found


def facts(invoice: Invoice, reader: Reader) -> list[tuple[str, str]]:
    """Return what there is to say about the bill, as names and words."""
    rows = [
        (reader.say("Billing date"), reader.day(invoice.billed) if invoice.billed else ""),
        (reader.say("Due date"), due_day(invoice, reader)),
        (reader.say("Paid on"), reader.day(invoice.paid) if invoice.paid and not invoice.is_open else ""),
        (reader.say("Status"), state_word(invoice.state, reader)),
        (reader.say("Contract"), clean(invoice.contract.name) if invoice.contract else ""),
        (reader.say("PO number"), clean(invoice.purchase_order)),
        (reader.say("Terms"), clean(terms_words(invoice.terms, reader))),
    ]
    return [(name, text) for name, text in rows if text]


def description_words(line: Line, reader: Reader) -> str:
    """Return a line's description with its parts, such as the service period, apart from each other."""
    return reader.dots(*lines(line.description, _DESCRIPTION_LINES, _TEXT))


def _line(line: Line, reader: Reader) -> dict[str, str]:
    product, description = shorten(line.product, _TEXT), description_words(line, reader)
    return {
        "product": product or description,
        "description": description if product else "",
        "quantity": reader.number(line.quantity),
        "price": reader.price(line.unit_price),
        "tax": reader.money(line.tax) if line.tax.amount else "",
        "amount": reader.money(line.net),
    }
