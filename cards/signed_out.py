"""Goodbye: what signing out means."""

from cards import kit
from cards.kit import Action, Card
from cards.verbs import Verb
from words.reader import Reader


def signed_out(reader: Reader) -> Card:
    """Return the confirmation that the session has ended."""
    body = [
        kit.heading(reader.say("You are signed out")),
        kit.label(reader.say("No invoice is shown and no reminder is sent here until you sign in again.")),
    ]
    return kit.card(body, [sign_in_button(reader)], fallback_text=reader.say("You are signed out."))


def sign_in_button(reader: Reader) -> Action:
    """Return the button that asks the bot for a fresh sign-in."""
    return kit.execute(reader.say("Sign in"), Verb.SIGN_IN, tooltip=reader.say("Ask for a new sign-in"), style="positive")
