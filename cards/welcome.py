"""The first words after the app has been installed."""

from cards import kit
from cards.help import needs
from cards.kit import Card
from cards.signed_out import sign_in_button
from cards.verbs import Verb
from words.reader import Reader


def welcome(reader: Reader) -> Card:
    """Return what the bot does, for whom, and how to begin."""
    body = [
        kit.heading(reader.say("Your company's invoices, here in Teams")),
        kit.label(
            reader.say(
                "See what is open, overdue and paid. Read every line of a bill, pay it, download its usage, be reminded before it is due."
            )
        ),
        kit.facts(
            (reader.say("Start with"), reader.say("Sign in, then type open invoices, overdue or balance.")),
            (
                reader.say("Paying"),
                reader.say("Pay now opens your provider's payment page in the browser. No card or bank details are typed here."),
            ),
            (reader.say("Private"), reader.say("Answers come in this chat only, never in a team or group.")),
        ),
        needs(reader),
    ]
    actions = [sign_in_button(reader), kit.execute(reader.say("Help"), Verb.HELP)]
    return kit.card(body, actions, fallback_text=reader.say("Your company's invoices, here in Teams. Type sign in to begin, or help."))
