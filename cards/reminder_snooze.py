"""Keeping one invoice silent for a while."""

from datetime import date
from typing import LiteralString

from billing.due import Until
from billing.invoice import Invoice, Show
from billing.silence import LONGEST
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import details_button
from cards.kit import Action, Card
from cards.verbs import AWAKE, Key, Place, Verb
from words.reader import Reader
from words.status import standing
from words.text import short_number


def snooze_button(invoice: Invoice, reader: Reader) -> Action:
    """Return the button that asks for how long."""
    tooltip = reader.say("No reminder of {number} for a while", number=short_number(invoice.number))
    return kit.execute(reader.say("Snooze"), Verb.SNOOZE, {Key.INVOICE.value: invoice.id}, tooltip)


def snooze(invoice: Invoice, reader: Reader, *, is_unclear: bool = False) -> Card:
    """Return the question for how long an invoice is to be silent; *is_unclear* where an answer was typed that cannot be taken."""
    actions = [_choice(until, invoice, reader) for until in Until if until.ends(reader.today, invoice.due) is not None]
    body = [
        kit.heading(reader.say("Snooze")),
        kit.value(short_number(invoice.number), bold=True, size="Large", spacing="None"),
        kit.value(reader.dots(reader.money(invoice.balance), standing(invoice, reader)), spacing="None"),
        *([kit.value(_unclear(invoice, reader), subtle=True)] if is_unclear else []),
        kit.label(reader.say("Until when should I not remind you of this invoice?")),
    ]
    return kit.card(body, actions, fallback_text=reader.say("Until when should I not remind you of this invoice?"))


def _unclear(invoice: Invoice, reader: Reader) -> str:
    last = reader.day(reader.today + LONGEST)
    number = short_number(invoice.number)
    return reader.say(
        "I took from that no day between tomorrow and {last}. You can write, for example: snooze {number} for 2 weeks",
        last=last,
        number=number,
    )


def snoozed(invoice: Invoice, reader: Reader, until: date) -> Card:
    """Return that an invoice is silent now."""
    said = reader.say("No reminder of {number} until {day}.", number=short_number(invoice.number), day=reader.day(until))
    again = reader.say("Then I remind you again, unless it has been paid.")
    carried = {Key.INVOICE.value: invoice.id, Key.UNTIL.value: AWAKE}
    undo = kit.execute(
        reader.say("Undo"), Verb.SNOOZE, carried, reader.say("Remind me of {number} again", number=short_number(invoice.number))
    )
    body = [
        kit.heading(reader.say("Snoozed")),
        kit.value(said),
        kit.label(again, subtle=True, size="Small"),
    ]
    return kit.card(body, [undo, *_onward(invoice, reader)], fallback_text=said)


def awake(invoice: Invoice, reader: Reader) -> Card:
    """Return that an invoice is silent no more."""
    said = reader.say("{number} is not snoozed. I remind you of it again.", number=short_number(invoice.number))
    return kit.card([kit.heading(reader.say("Reminders")), kit.value(said)], _onward(invoice, reader), fallback_text=said)


def nothing_due(invoice: Invoice, reader: Reader) -> Card:
    """Return that there is nothing to be silent about."""
    said = reader.say("Nothing is due on {number}, so there is no reminder to snooze.", number=short_number(invoice.number))
    return kit.card([kit.heading(reader.say("Snooze")), kit.value(said)], _onward(invoice, reader), fallback_text=said)


def _onward(invoice: Invoice, reader: Reader) -> list[Action]:
    return [details_button(invoice, reader, Place()), list_button(Show.OPEN, reader)]


def _choice(until: Until, invoice: Invoice, reader: Reader) -> Action:
    return kit.execute(_title(until, reader), Verb.SNOOZE, {Key.INVOICE.value: invoice.id, Key.UNTIL.value: until.value})


def _title(until: Until, reader: Reader) -> LiteralString:
    match until:
        case Until.TOMORROW:
            return reader.say("Until tomorrow")
        case Until.THREE_DAYS:
            return reader.say("For 3 days")
        case Until.NEXT_WEEK:
            return reader.say("Until next week")
        case Until.DUE:
            return reader.say("Until it is due")
