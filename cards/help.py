"""What a person can type, and what to answer when it was something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from billing.invoice import Show
from cards import kit
from cards.invoice_list import list_button
from cards.kit import Action, Card, Element
from cards.verbs import Verb
from words.reader import Reader
from words.text import shorten


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type.

    typed      the words; a part in capitals stands for what the person means
    does       what comes of it
    verb       what a button in its place asks for; None where something must be typed
    show       the list that Verb.LIST shows
    is_listed  whether it is among the twelve that Teams lists beside the chat
    """

    typed: LiteralString
    does: LiteralString
    verb: Verb | None = None
    show: Show = Show.OPEN
    is_listed: bool = True


INVOICES: Final = (
    Command("open invoices", "what is still to pay", Verb.LIST, Show.OPEN),
    Command("overdue", "what is late", Verb.LIST, Show.OVERDUE),
    Command("paid invoices", "what has been paid in full", Verb.LIST, Show.PAID),
    Command("invoices", "all of them", Verb.LIST, Show.ALL),
    Command("balance", "what your company owes, by currency", Verb.BALANCE),
    Command("export", "where to download them as a file"),
)
ONE_INVOICE: Final = (
    Command("invoice NUMBER", "every line of one invoice"),
    Command("pay NUMBER", "its payment page"),
    Command("usage NUMBER", "its usage as a CSV file"),
    Command("print NUMBER", "a page to print, and a PDF file"),
)
REMINDERS: Final = (
    Command("reminders", "when they come; also reminders on and reminders off", Verb.REMINDERS),
    Command("snooze NUMBER", "no reminder of this invoice for a while"),
)
ACCOUNT: Final = (
    Command("who am i", "your company and roles here", Verb.WHO),
    Command("contact", "whom to ask about a bill", is_listed=False),
    Command("sign in", "connect your work account", Verb.SIGN_IN),
    Command("sign out", "end your session", Verb.SIGN_OUT),
    Command("export my data", "everything kept about you, as a file", is_listed=False),
    Command("delete my data", "forget everything kept about you"),
    Command("help", "everything you can ask", Verb.HELP),
)
COMMANDS: Final = (*INVOICES, *ONE_INVOICE, *REMINDERS, *ACCOUNT)

MOST_GUESSES: Final = 3


def help_card(reader: Reader) -> Card:
    """Return all commands; it needs no sign-in."""
    body = [
        kit.heading(reader.say("What you can ask")),
        kit.label(reader.say("Type any of these, or press a button. Small typing mistakes do not matter."), subtle=True, spacing="None"),
        *_section(reader.say("Your invoices"), INVOICES, reader),
        *_section(reader.say("One invoice"), ONE_INVOICE, reader),
        *_section(reader.say("Reminders"), REMINDERS, reader),
        *_section(reader.say("You"), ACCOUNT, reader),
        needs(reader),
    ]
    return kit.card(body, starts(reader), fallback_text=reader.say("Type: open invoices, paid invoices, overdue, balance or sign in."))


def not_understood(reader: Reader, *, typed: str, nearest: Sequence[Command] = ()) -> Card:
    """Return that *typed* means nothing here, and the commands that come nearest."""
    shown = shorten(typed, 60)
    guesses = nearest[:MOST_GUESSES]
    body = [
        kit.heading(reader.say("I did not understand that")),
        *([kit.value(reader.say("You wrote “{typed}”.", typed=shown), subtle=True, spacing="None")] if shown else []),
        *(_section(reader.say("Did you mean"), guesses, reader) if guesses else []),
    ]
    pressed = [_press(each, each.verb, reader) for each in guesses if each.verb and each.verb is not Verb.HELP]
    actions = [*(pressed or starts(reader)), kit.execute(reader.say("Help"), Verb.HELP)]
    return kit.card(body, actions, fallback_text=reader.say("I did not understand that. Type help to see what you can ask."))


def starts(reader: Reader) -> list[Action]:
    """Return the buttons that most people want first."""
    return [
        list_button(Show.OPEN, reader),
        list_button(Show.PAID, reader),
        kit.execute(reader.say("Balance"), Verb.BALANCE),
    ]


def needs(reader: Reader) -> Element:
    """Return who may see invoices, and who can change that."""
    return kit.label(
        reader.say(
            "Invoices are shown to people with the role Work 365 Administrator or Work365 Finance Manager, in their own company only. "
            "Your company's administrator grants these roles in the Work 365 portal."
        ),
        subtle=True,
        size="Small",
        spacing="Medium",
    )


def _press(command: Command, verb: Verb, reader: Reader) -> Action:
    return list_button(command.show, reader) if verb is Verb.LIST else kit.execute(reader.say(command.typed.capitalize()), verb)


def _section(title: LiteralString, commands: Sequence[Command], reader: Reader) -> list[Element]:
    rows = [
        kit.columns(
            kit.column(kit.label(reader.say(each.typed), bold=True), width="124px"),
            kit.column(kit.label(reader.say(each.does))),
            spacing="Small",
        )
        for each in commands
    ]
    return [kit.container(kit.heading(title, size="Default"), *rows, spacing="Medium", rule=True)]
