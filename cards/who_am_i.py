"""Who the bot takes the person for."""

from datetime import datetime
from typing import Final

from billing.access import Caller
from billing.invoice import Show
from cards import kit
from cards.age import age
from cards.companies import others, switch_row
from cards.invoice_list import list_button
from cards.invoice_row import NAME
from cards.kit import Card, Fact
from cards.verbs import Verb
from words.reader import Reader
from words.text import breakable, shorten

MOST_COMPANIES: Final = 20


def who_am_i(caller: Caller, reader: Reader, *, as_of: datetime | None = None) -> Card:
    """Return the caller's name, company and roles."""
    rows: list[Fact] = [
        (reader.say("Name"), breakable(shorten(caller.name, NAME))),
        (reader.say("Company"), breakable(shorten(caller.company.name, NAME))),
        (reader.say("Roles"), reader.listed(sorted(caller.roles)) if caller.roles else reader.say("none that opens invoices")),
    ]
    switches = [switch_row(each, reader) for each in others(caller)[:MOST_COMPANIES]]
    hidden = len(others(caller)) - MOST_COMPANIES
    more = [kit.value(reader.plural(hidden, "{n} more company", "{n} more companies"), subtle=True)] if hidden > 0 else []
    body = [kit.heading(reader.say("You are signed in")), kit.facts(*rows), *switches, *more, *age(as_of, reader)]
    actions = [list_button(Show.OPEN, reader), kit.execute(reader.say("Sign out"), Verb.SIGN_OUT)]
    return kit.card(body, actions, fallback_text=reader.say("You are signed in."))
