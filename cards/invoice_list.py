"""The list of invoices, eight at a time."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Final, LiteralString

from billing.invoice import ContractId, InvoiceId, Page, Position, Show, Turn
from cards import kit
from cards.age import age
from cards.amounts import amounts
from cards.invoice_row import NAME, invoice_row
from cards.kit import Action, Card, Element
from cards.links import Links
from cards.verbs import EVERY_CONTRACT, Key, Place, Verb
from words.reader import Reader
from words.text import breakable, shorten

ROWS: Final = 8
"""Rows of a page: as many as fit a message of 80 KB with room to spare."""

CHOICES: Final = 60
"""Contracts that the filter offers, besides the chosen one: the first by name."""


def invoice_list(
    page: Page,
    reader: Reader,
    links: Links,
    *,
    company: str,
    payable: Collection[InvoiceId] = frozenset(),
    is_wider: bool = False,
    as_of: datetime | None = None,
) -> Card:
    """Return a page of a list, with a filter where there are several contracts.

    company    the caller's company
    payable    the invoices that get a Pay now button
    is_wider   whether a date or currency was asked for as well, which narrows nothing
    as_of      when the mirror was last right, where that must be said; None when it is fresh enough
    """
    place = Place.of(page.wanted)
    rows = [invoice_row(each, reader, links, place=place, payable=each.id in payable and each.is_owing) for each in page.invoices]
    title = list_title(page.wanted.show, reader)
    body = [
        *_head(page, reader, title, company),
        *([amounts(page.totals, page.wanted.show, reader)] if page.count else []),
        *age(as_of, reader),
        *([_wider(reader)] if is_wider else []),
        *(rows or [_gone(page, reader) if page.count else nothing(page.wanted.show, reader, is_narrowed=page.wanted.contract is not None)]),
        *_paging(page, reader),
        *_filter(page, reader),
    ]
    summary = reader.say("{title}: {count}", title=title, count=_counted(page, reader))
    return kit.card(body, _switch(page, reader), fallback_text=summary, wide=True)


def list_title(show: Show, reader: Reader) -> LiteralString:
    """Return the list's name, which is also the title of the button that leads to it."""
    match show:
        case Show.OPEN:
            return reader.say("Open invoices")
        case Show.PAID:
            return reader.say("Paid invoices")
        case Show.OVERDUE:
            return reader.say("Overdue invoices")
        case Show.ALL:
            return reader.say("All invoices")


def list_button(show: Show, reader: Reader, contract: ContractId | None = None) -> Action:
    """Return the button that leads to the first page of a list."""
    return kit.execute(list_title(show, reader), Verb.LIST, Place(show, contract).carried())


def _head(page: Page, reader: Reader, title: LiteralString, company: str) -> list[Element]:
    within = next((breakable(shorten(each.name, NAME)) for each in page.contracts if each.id == page.wanted.contract), "")
    count = _counted(page, reader) if page.count else ""
    return [kit.heading(title), kit.value(reader.dots(breakable(shorten(company, NAME)), within, count), subtle=True, spacing="None")]


def _counted(page: Page, reader: Reader) -> str:
    return reader.plural(page.count, "{n} invoice", "{n} invoices")


def nothing(show: Show, reader: Reader, *, is_narrowed: bool = False) -> Element:
    """Return what an empty list says; that nothing is open is good news.

    is_narrowed  whether it is that of one contract, which says nothing of the others
    """
    if is_narrowed:
        return kit.container(kit.label(reader.say("There are no such invoices for this contract.")), style="emphasis", spacing="Medium")
    match show:
        case Show.OPEN:
            said = reader.say("Nothing to pay. Every invoice is settled.")
        case Show.OVERDUE:
            said = reader.say("Nothing is overdue.")
        case Show.PAID:
            said = reader.say("No invoice has been paid in full yet.")
        case Show.ALL:
            said = reader.say("There is no invoice yet.")
    return kit.container(kit.label(said), style="good" if show in {Show.OPEN, Show.OVERDUE} else "emphasis", spacing="Medium")


def _wider(reader: Reader) -> Element:
    said = reader.say("The list cannot be narrowed by date, amount or currency here, so this is all of it.")
    return kit.label(said, subtle=True, size="Small")


def _gone(page: Page, reader: Reader) -> Element:
    said = kit.label(reader.say("The list has become shorter, and this page of it is gone."))
    start = kit.buttons(list_button(page.wanted.show, reader, page.wanted.contract))
    return kit.container(said, start, style="emphasis", spacing="Medium")


def _paging(page: Page, reader: Reader) -> list[Element]:
    turns: list[Action] = []
    if page.back:
        turns.append(_turn(page, reader.say("Back"), page.back, Turn.BEFORE, reader.say("The page before")))
    if page.further:
        turns.append(_turn(page, reader.say("Next"), page.further, Turn.AFTER, reader.say("The next page")))
    if not turns or not page.invoices:
        return []
    return [
        kit.columns(
            kit.column(kit.value(_where(page, reader), subtle=True), sits="Center"),
            kit.column(kit.buttons(*turns, right=True), width="auto"),
            rule=True,
            spacing="Medium",
        )
    ]


def _where(page: Page, reader: Reader) -> str:
    first, last, count = (reader.number(Decimal(n)) for n in (page.first, page.first + len(page.invoices) - 1, page.count))
    return reader.say("{first}\N{EN DASH}{last} of {count}", first=first, last=last, count=count)


def _turn(page: Page, title: LiteralString, to: Position, turn: Turn, tooltip: LiteralString) -> Action:
    return kit.execute(title, Verb.LIST, Place(page.wanted.show, page.wanted.contract, to, turn).carried(), tooltip)


def _filter(page: Page, reader: Reader) -> list[Element]:
    contracts = page.contracts
    if len(contracts) <= 1:
        return []
    chosen = page.wanted.contract or EVERY_CONTRACT
    offered = [each for rank, each in enumerate(contracts) if rank < CHOICES or each.id == chosen]
    options = [(reader.say("All contracts"), EVERY_CONTRACT), *((shorten(each.name, NAME), each.id) for each in offered)]
    name = reader.say("Contract") if len(offered) == len(contracts) else reader.say("Contract (not all of them fit here)")
    show = kit.execute(reader.say("Show"), Verb.LIST, Place(page.wanted.show).carried(), inputs=True)
    choice = kit.column(kit.choice(Key.CONTRACT, name, options, chosen))
    return [kit.columns(choice, kit.column(kit.buttons(show), width="auto", sits="Bottom"), rule=True, spacing="Medium")]


def _switch(page: Page, reader: Reader) -> list[Action]:
    return [list_button(show, reader, page.wanted.contract) for show in Show if show is not page.wanted.show]
