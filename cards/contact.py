"""Whom to ask: the company that sends the bills."""

from dataclasses import dataclass
from typing import Final

from billing.invoice import Show
from cards import kit
from cards.invoice_list import list_button
from cards.kit import Card
from cards.verbs import Verb
from words.reader import Reader
from words.text import shorten

LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """Who sends the bills.

    name     its name; empty where the operator has set none
    contact  a mail address, telephone number or sentence; empty where none is set
    """

    name: str = ""
    contact: str = ""


def contact(reader: Reader, provider: Provider) -> Card:
    """Return whom to ask about a bill or about this app; it needs no sign-in."""
    name = shorten(provider.name, LONGEST)
    if provider.contact:
        said = reader.say("Questions about an invoice or this app? Your provider answers them.")
    elif name:
        said = reader.say("Questions about an invoice or this app? Please ask your provider, in the way you usually reach them.")
    else:
        said = reader.say("Questions about an invoice or this app? Please ask the company that sends you the invoices.")
    body = [
        kit.heading(reader.say("Contact")),
        kit.label(said),
        *(kit.value(each, bold=is_name) for each, is_name in ((name, True), (shorten(provider.contact, LONGEST), False)) if each),
    ]
    actions = [list_button(Show.OPEN, reader), kit.execute(reader.say("Help"), Verb.HELP)]
    return kit.card(body, actions, fallback_text=reader.dots(said, name, provider.contact))
