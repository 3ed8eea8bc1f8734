"""Deleting what is kept about a person: asked first, confirmed afterwards."""

from cards import kit
from cards.kit import Card
from cards.verbs import Verb
from words.reader import Reader


def ask_to_delete(reader: Reader) -> Card:
    """Return what would be deleted, and the button that does it."""
    body = [
        kit.heading(reader.say("Delete everything kept about you?")),
        kit.label(
            reader.say(
                "Your sign-in, your settings and reminders, and how to reach you will be deleted, and you will be signed out. "
                "Your company's invoices stay in Work 365. A record that invoices were viewed stays, without your name."
            )
        ),
    ]
    delete = kit.execute(reader.say("Delete my data"), Verb.DELETE_DATA, tooltip=reader.say("This cannot be undone"), style="destructive")
    keep = kit.execute(reader.say("Keep my data"), Verb.HELP)
    return kit.card(body, [keep, delete], fallback_text=reader.say("Delete everything kept about you?"))


def deleted(reader: Reader) -> Card:
    """Return the confirmation that it is done."""
    body = [
        kit.heading(reader.say("Your data is deleted")),
        kit.label(reader.say("Nothing about you is kept any more. If you write again, you start as a new person.")),
    ]
    return kit.card(body, fallback_text=reader.say("Your data is deleted."))
