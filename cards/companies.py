"""The other companies of a person: turning to one of them."""

from collections.abc import Sequence

from billing.access import Caller, Company
from cards import kit
from cards.invoice_row import NAME
from cards.kit import Action, Card, Element
from cards.verbs import Key, Verb
from words.reader import Reader
from words.text import breakable, shorten


def others(caller: Caller) -> list[Company]:
    """Return the caller's companies except the chosen one."""
    return [each for each in caller.companies if each != caller.company]


def switch_row(company: Company, reader: Reader) -> Element:
    """Return a row that turns to another of the person's companies."""
    name = shorten(company.name, NAME)
    return kit.columns(
        kit.column(kit.value(breakable(name)), sits="Center"), kit.column(kit.buttons(_switch(company, reader)), width="auto"), rule=True
    )


def also(card: Card, companies: Sequence[Company], reader: Reader) -> Card:
    """Return a card with a line that says whose invoices it leaves out, and the way to them; the card itself where there are none."""
    if not companies:
        return card
    if len(companies) == 1:
        said = reader.say("Also: {company}", company=breakable(shorten(companies[0].name, NAME)))
        button = _switch(companies[0], reader)
    else:
        said = reader.plural(len(companies), "Also: {n} more company", "Also: {n} more companies")
        button = kit.execute(reader.say("Switch"), Verb.WHO, tooltip=reader.say("Choose another of your companies"))
    beside = kit.column(kit.value(said, subtle=True, size="Small"), sits="Center")
    line = kit.columns(beside, kit.column(kit.buttons(button), width="auto"), rule=True, spacing="Medium")
    return Card({**card, "body": [*card["body"], line]})


def _switch(company: Company, reader: Reader) -> Action:
    tooltip = reader.say("Switch to {company}", company=shorten(company.name, NAME))
    return kit.execute(reader.say("Switch"), Verb.SWITCH, {Key.COMPANY.value: company.id}, tooltip)
