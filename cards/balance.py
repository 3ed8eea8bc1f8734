"""What the company owes, at a glance."""

from datetime import datetime

from billing.invoice import Invoice, Page, Show
from cards import kit
from cards.age import age
from cards.amounts import amounts
from cards.invoice_list import list_button, nothing
from cards.invoice_row import NAME, invoice_row
from cards.kit import Card, Element
from cards.links import Links
from cards.verbs import Place
from words.reader import Reader
from words.text import breakable, shorten


def balance(
    page: Page,
    first: Invoice | None,
    reader: Reader,
    links: Links,
    *,
    company: str,
    payable: bool = False,
    as_of: datetime | None = None,
) -> Card:
    """Return the totals of the open invoices, currency by currency, and the one to pay first.

    page     any of all open invoices, for its totals
    first    the one to pay first; None where nothing is left to pay
    payable  whether it gets a Pay now button
    """
    count = reader.plural(page.count, "{n} open invoice", "{n} open invoices")
    body = [
        kit.heading(reader.say("Balance")),
        kit.value(reader.dots(breakable(shorten(company, NAME)), count), subtle=True, spacing="None"),
        amounts(page.totals, Show.OPEN, reader) if page.count else nothing(Show.OPEN, reader),
        *age(as_of, reader),
        *(_first(first, reader, links, payable=payable) if first else []),
    ]
    actions = [list_button(show, reader) for show in (Show.OPEN, Show.OVERDUE, Show.PAID)]
    return kit.card(body, actions, fallback_text=reader.say("Balance: {count}", count=count), wide=True)


def _first(invoice: Invoice, reader: Reader, links: Links, *, payable: bool) -> list[Element]:
    name = kit.label(reader.say("First to pay"), bold=True, spacing="Medium")
    return [name, invoice_row(invoice, reader, links, place=Place(), payable=payable)]
