"""Which one? Several invoices bear the number that somebody typed."""

from collections.abc import Collection, Sequence

from billing.invoice import Invoice, InvoiceId, Show
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import NUMBER, invoice_row
from cards.kit import Card
from cards.links import Links
from cards.status import is_owing
from cards.text import shorten
from cards.verbs import Place
from cards.words import Reader


def choose(invoices: Sequence[Invoice], reader: Reader, links: Links, *, typed: str, payable: Collection[InvoiceId] = frozenset()) -> Card:
    """Return the invoices, at most eight, that *typed* may mean."""
    count = reader.plural(len(invoices), "{n} invoice fits", "{n} invoices fit")
    body = [
        kit.heading(reader.say("Which invoice do you mean?")),
        kit.value(reader.say("{count} “{typed}”.", count=count, typed=shorten(typed, NUMBER)), subtle=True, spacing="None"),
        *(invoice_row(each, reader, links, place=Place(), payable=each.id in payable and is_owing(each)) for each in invoices),
    ]
    summary = reader.say("Which invoice do you mean? {count}.", count=count)
    return kit.card(body, [list_button(Show.ALL, reader)], fallback_text=summary, wide=True)


def ask_number(reader: Reader, *, typed: str) -> Card:
    """Return the question for the number that is missing behind *typed*, words of ours."""
    heading = reader.say("Which invoice do you mean?")
    said = reader.say("Write its number as well, for example: {example}", example=f"{typed} 10421")
    return kit.card([kit.heading(heading), kit.value(said)], [list_button(Show.OPEN, reader)], fallback_text=said)
