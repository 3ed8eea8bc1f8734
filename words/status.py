"""An invoice's standing in words. Colour only repeats what they say."""

from typing import LiteralString

from billing.errors import Unpayable
from billing.invoice import Charge, Details, Invoice, State
from words.reader import Reader


def state_word(state: State, reader: Reader) -> LiteralString:
    """Return the state under the name that Work 365's portal gives it."""
    match state:
        case State.BILLED:
            return reader.say("Billed")
        case State.PARTIAL:
            return reader.say("Partial")
        case State.COMPLETE:
            return reader.say("Complete")


def urgency(invoice: Invoice, reader: Reader) -> str:
    """Return what time has to do with it, to be read on within a sentence: "overdue by 9 days", "paid Nov 3, 2026"."""
    if invoice.is_owing:
        return reader.due(invoice.due)
    if invoice.is_open:
        return reader.say("nothing to pay")
    return reader.say("paid {date}", date=reader.day(invoice.paid)) if invoice.paid else ""


def standing(invoice: Invoice, reader: Reader) -> str:
    """Return state and urgency: "Partial · overdue by 9 days", "Complete · paid Nov 3, 2026"."""
    return reader.dots(state_word(invoice.state, reader), urgency(invoice, reader))


def due_day(invoice: Invoice, reader: Reader) -> str:
    """Return the due date, as the bill has it: also of one that is paid."""
    return reader.day(invoice.due) if invoice.due else ""


def charge_note(invoice: Invoice, reader: Reader) -> LiteralString:
    """Return in two words what became of the last payment; nothing where there is nothing to say."""
    match invoice.charge:
        case Charge.PENDING if invoice.is_open:
            return reader.say("payment pending")
        case Charge.FAILED if invoice.is_open:
            return reader.say("payment failed")
        case _:
            return ""


def charge_words(invoice: Invoice, reader: Reader) -> LiteralString:
    """Return the same as a sentence."""
    match invoice.charge:
        case Charge.PENDING if invoice.is_open:
            return reader.say("A payment is being processed. Bank debits can take several days.")
        case Charge.FAILED if invoice.is_open:
            return reader.say("The last payment did not go through.")
        case _:
            return ""


def subtotal_words(details: Details, reader: Reader) -> LiteralString:
    """Return what to call the total without tax: nothing that claims that the lines come to it where they do not."""
    return reader.say("Subtotal") if details.adds_up else reader.say("Total without tax")


def terms_words(terms: str, reader: Reader) -> str:
    """Return payment terms in the reader's language where they are among those of the shipped mapping, else as they are."""
    match terms:
        case "Net 30":
            return reader.say("Net 30")
        case "2% 10, Net 30":
            return reader.say("2% 10, Net 30")
        case "Net 45":
            return reader.say("Net 45")
        case "Net 60":
            return reader.say("Net 60")
        case _:
            return terms


def unpayable_words(reason: Unpayable, reader: Reader) -> LiteralString:
    """Return why an invoice cannot be paid, and what to do."""
    match reason:
        case Unpayable.PAID:
            return reader.say("It has been paid already. Nothing else is needed.")
        case Unpayable.NOTHING_DUE:
            return reader.say("There is nothing left to pay on it.")
        case Unpayable.PENDING:
            return reader.say("A payment is being processed. Bank debits can take several days.")
        case Unpayable.EXPIRED:
            return reader.say("Its payment link has expired. Please ask your provider for a new one.")
        case Unpayable.NO_LINK:
            return reader.say("It has no payment link. Please ask your provider how to pay it.")
        case Unpayable.UNTRUSTED_LINK:
            return reader.say("Its payment link leads to a place that is not trusted, so it was not opened. Please tell your provider.")
        case Unpayable.SWITCHED_OFF:
            return reader.say("Paying from here is switched off. Please pay in your provider's portal.")
