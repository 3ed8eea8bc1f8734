"""One invoice within a list: what it is, what is left to pay, by when, and its two buttons."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from billing.invoice import Invoice, State
from cards import kit
from cards.kit import Action, Element, Kept
from cards.links import Links
from cards.status import overdue_badge
from cards.verbs import Key, Place, Verb
from words.reader import Reader
from words.status import charge_note, due_day, state_word, urgency
from words.text import breakable, capitalized, short_number, shorten

NUMBER, NAME = 40, 60
"""Characters of a typed number and of a name that are shown; the page has all of them."""

_BESIDE: Final = 16
"""Characters of a number that fit beside an amount on a telephone; a longer one gets a line of its own."""

KEPT_ROWS: Final = 1024
"""Who asks for a list asks again: leafs, looks into an invoice and comes back.

A row takes 60 microseconds to build, and 11 KB to keep with its JSON.
"""


@lru_cache(KEPT_ROWS)
def invoice_row(invoice: Invoice, reader: Reader, links: Links, *, place: Place, payable: bool) -> Element:
    """Return an invoice as a row; *place* is where Back to the list leads from its details."""
    actions = [details_button(invoice, reader, place)]
    if payable:
        actions.append(pay_button(invoice, reader, links))
    return Element(Kept(row(invoice, reader, actions)))


def row(invoice: Invoice, reader: Reader, actions: Sequence[Action]) -> Element:
    """Return an invoice as a row with the buttons that it is given."""
    return kit.container(
        *titled(invoice.number, subject(invoice, reader), _how_much(invoice, reader)),
        *_late(invoice, reader),
        kit.columns(
            kit.column(*_when(invoice, reader), sits="Center"),
            kit.column(kit.buttons(*actions, right=True), width="auto", sits="Center"),
            spacing="Small",
        ),
        rule=True,
        spacing="Medium",
    )


def details_button(invoice: Invoice, reader: Reader, place: Place) -> Action:
    """Return the button that shows an invoice in full."""
    tooltip = reader.say("Details of {number}", number=short_number(invoice.number))
    return kit.execute(reader.say("Details"), Verb.DETAILS, {Key.INVOICE.value: invoice.id, **place.carried()}, tooltip)


def pay_button(invoice: Invoice, reader: Reader, links: Links) -> Action:
    """Return the button that leads to the payment page, by way of a last check."""
    tooltip = reader.say("Pay {number}, opens your payment page in the browser", number=short_number(invoice.number))
    return kit.open_url(reader.say("Pay now"), links.pay(invoice.id), tooltip, primary=True)


def subject(invoice: Invoice, reader: Reader) -> str:
    """Return what the invoice is for: its contract and its name, as far as they say different things."""
    contract = shorten(invoice.contract.name, NAME) if invoice.contract else ""
    name = shorten(invoice.name, NAME)
    return reader.dots(breakable(contract), "" if name in {contract, invoice.number} else breakable(name))


def titled(number: str, about: str, amount: Sequence[Element]) -> list[Element]:
    """Return what begins a row: number and subject on one side, the amount on the other. A number is never broken."""
    name = kit.value(short_number(number), bold=True)
    small = [kit.value(about, subtle=True, size="Small", spacing="None")] if about else []
    if len(number) > _BESIDE:
        return [name, kit.columns(kit.column(*small), kit.column(*amount, width="auto"), spacing="None")]
    return [kit.columns(kit.column(name, *small), kit.column(*amount, width="auto"))]


def _late(invoice: Invoice, reader: Reader) -> list[Element]:
    """Return the badge of an overdue invoice, on a line of its own, which it fills on a telephone."""
    late = overdue_badge(invoice, reader)
    return [kit.container(late, spacing="Small")] if late else []


def _how_much(invoice: Invoice, reader: Reader) -> list[Element]:
    amount = invoice.balance if invoice.is_owing else invoice.total
    notes = [
        reader.say("of {total}", total=reader.money(invoice.total)) if amount != invoice.total else "",
        reader.say("credit") if amount.amount < 0 else "",
        "" if invoice.state is State.BILLED else state_word(invoice.state, reader),  # most are, and the list says so
        charge_note(invoice, reader),
    ]
    small = (kit.value(note, subtle=True, size="Small", align="Right", spacing="None") for note in notes if note)
    return [kit.value(reader.money(amount), bold=True, align="Right"), *small]


def _when(invoice: Invoice, reader: Reader) -> list[Element]:
    said = "" if invoice.is_overdue(reader.today) else capitalized(urgency(invoice, reader))  # the badge says it
    day = due_day(invoice, reader) if invoice.is_owing else _was_due(invoice, reader)
    shown = [kit.value(said, size="Small")] if said else []
    return shown if day in said else [*shown, kit.value(day, size="Small", subtle=True, spacing="None")]


def _was_due(invoice: Invoice, reader: Reader) -> str:
    """Return by when an invoice was to be paid; nothing of a credit."""
    return capitalized(reader.say("due {date}", date=due_day(invoice, reader))) if invoice.due and not invoice.is_open else ""
