"""Who the bot takes the person for."""

from datetime import datetime
from typing import Final

from billing.access import Caller, Company
from billing.invoice import Show
from cards import kit
from cards.age import age
from cards.invoice_list import list_button
from cards.invoice_row import NAME
from cards.kit import Card, Element, Fact
from cards.text import shorten
from cards.verbs import Key, Verb
from cards.words import Reader

MOST_COMPANIES: Final = 20


def who_am_i(caller: Caller, reader: Reader, *, as_of: datetime | None = None) -> Card:
    """Return the caller's name, company and roles."""
    others = [each for each in caller.companies if each != caller.company]
    rows: list[Fact] = [
        (reader.say("Name"), shorten(caller.name, NAME)),
        (reader.say("Company"), shorten(caller.company.name, NAME)),
        (reader.say("Roles"), reader.listed(sorted(caller.roles)) if caller.roles else reader.say("none that opens invoices")),
    ]
    switches = [_switch(each, reader) for each in others[:MOST_COMPANIES]]
    body = [kit.heading(reader.say("You are signed in")), kit.facts(*rows), *switches, *age(as_of, reader)]
    actions = [list_button(Show.OPEN, reader), kit.execute(reader.say("Sign out"), Verb.SIGN_OUT)]
    return kit.card(body, actions, fallback_text=reader.say("You are signed in."))


def _switch(company: Company, reader: Reader) -> Element:
    """Return a row that turns to another of the person's companies."""
    name = shorten(company.name, NAME)
    button = kit.execute(
        reader.say("Switch"), Verb.SWITCH, {Key.COMPANY.value: company.id}, reader.say("Switch to {company}", company=name)
    )
    return kit.columns(kit.column(kit.value(name), sits="Center"), kit.column(kit.buttons(button), width="auto"), rule=True)
