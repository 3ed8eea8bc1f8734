"""The one message a day: what is due, what is late, what is new, and why it came."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from billing.access import Company
from billing.due import Notice
from billing.invoice import Invoice, InvoiceId, Show
from billing.money import totals
from billing.reminding import Told
from cards import kit
from cards.invoice_list import list_button
from cards.invoice_row import NAME, details_button, pay_button, subject, titled
from cards.kit import Action, Card, Element
from cards.links import Links
from cards.reminder_snooze import snooze_button
from cards.status import overdue_badge
from cards.verbs import Place, Verb
from words.reader import SOON_DAYS, Reader
from words.status import charge_words, urgency
from words.text import breakable, capitalized, shorten

ROWS: Final = 8
"""Invoices in a message, and so its companies at most: as many as fit 80 KB with room to spare; the list has all of them."""

CURRENCIES: Final = 4
"""Currencies in which a company's part says what is left to pay; the rest are counted."""


def reminder(
    told: Sequence[Told],
    reader: Reader,
    links: Links,
    *,
    hour: int,
    payable: Collection[InvoiceId] = frozenset(),
    rows: int = ROWS,
) -> Card:
    """Return a day's reminder.

    told     by invoice, of all the person's companies; never empty
    hour     local hour from which it may come
    payable  the invoices that get a Pay now button
    rows     how many invoices are shown; 0 for a message that is as short as can be
    """
    shown = told[:rows]
    counted = _counted(told, reader)
    body = [
        kit.heading(reader.say("Invoice reminder")),
        kit.value(counted, bold=True, spacing="None"),
        *(element for company in _companies(shown) for element in _company(company, told, shown, reader, links, payable)),
        *_rest(told, shown, reader),
        _why(told, reader, hour),
    ]
    return kit.card(body, _actions(reader), fallback_text=reader.say("Invoice reminder: {counted}", counted=counted), wide=True)


def _actions(reader: Reader) -> list[Action]:
    return [
        list_button(Show.OPEN, reader),
        kit.execute(reader.say("Reminder settings"), Verb.REMINDERS),
        kit.execute(reader.say("Turn off reminders"), Verb.REMINDERS_OFF),
    ]


def _counted(told: Sequence[Told], reader: Reader) -> str:
    """Return what is in it: "2 overdue · 1 due today · 1 paid"."""
    kinds = Counter(_kind(each, reader) for each in told)
    said = {
        "overdue": reader.plural(kinds["overdue"], "{n} overdue", "{n} overdue"),
        "today": reader.plural(kinds["today"], "{n} due today", "{n} due today"),
        "soon": reader.plural(kinds["soon"], "{n} due soon", "{n} due soon"),
        "open": reader.plural(kinds["open"], "{n} open", "{n} open"),
        "new": reader.plural(kinds["new"], "{n} new", "{n} new"),
        "paid": reader.plural(kinds["paid"], "{n} paid", "{n} paid"),
    }
    return reader.dots(*(words for kind, words in said.items() if kinds[kind]))


def _kind(told: Told, reader: Reader) -> str:
    invoice = told.subject.invoice
    if not invoice.is_owing:
        return "paid" if Notice.PAID in told.notices else "new"
    if invoice.is_overdue(reader.today):
        return "overdue"
    if Notice.ISSUED in told.notices:
        return "new"
    if invoice.due is None or (invoice.due - reader.today).days > SOON_DAYS:
        return "open"
    return "today" if invoice.due == reader.today else "soon"


def _companies(told: Sequence[Told]) -> list[Company]:
    """Return the companies, each once, in order of name."""
    return sorted({each.subject.company for each in told}, key=lambda company: (company.name, company.id))


def _company(
    company: Company, told: Sequence[Told], shown: Sequence[Told], reader: Reader, links: Links, payable: Collection[InvoiceId]
) -> list[Element]:
    """Return a company's part: its name, what is left to pay in each currency, its invoices."""
    amounts = _amounts([each.subject.invoice for each in told if each.subject.company == company], reader)
    mine = [each for each in shown if each.subject.company == company]
    head = [
        kit.value(breakable(shorten(company.name, NAME)), subtle=True),
        *(
            [
                kit.value(amounts, bold=True, size="Large", spacing="None"),
                kit.label(reader.say("left to pay for these"), subtle=True, size="Small", spacing="None"),
            ]
            if amounts
            else []
        ),
    ]
    return [kit.container(*head, style="emphasis", spacing="Medium"), *(_row(each, reader, links, payable) for each in mine)]


def _amounts(invoices: Sequence[Invoice], reader: Reader) -> str:
    owed = totals(each.balance for each in invoices if each.is_owing)
    rest = len(owed) - CURRENCIES
    more = reader.plural(rest, "{n} more currency", "{n} more currencies") if rest > 0 else ""
    return reader.dots(*(reader.money(each) for each in owed[:CURRENCIES]), more)


def _row(told: Told, reader: Reader, links: Links, payable: Collection[InvoiceId]) -> Element:
    invoice = told.subject.invoice
    about, badge = subject(invoice, reader), _badge(told, reader)
    amount = reader.money(invoice.balance if invoice.is_owing else invoice.total)
    actions = [details_button(invoice, reader, Place())]
    if invoice.is_owing:
        actions += [pay_button(invoice, reader, links)] if invoice.id in payable else []
        actions.append(snooze_button(invoice, reader))
    return kit.container(
        *titled(invoice.number, about, [kit.value(amount, bold=True, align="Right")]),
        *([kit.container(badge, spacing="Small")] if badge else []),
        *(kit.value(words, size="Small", spacing="None") for words in _words(told, reader)),
        kit.buttons(*actions, spacing="Small"),
        rule=True,
        spacing="Medium",
    )


def _badge(told: Told, reader: Reader) -> Element | None:
    invoice = told.subject.invoice
    if Notice.PAID in told.notices:
        return kit.badge(reader.say("Paid"), "Good")
    if Notice.FAILED in told.notices:
        return kit.badge(reader.say("Payment failed"), "Attention")
    if late := overdue_badge(invoice, reader):
        return late
    return kit.badge(reader.say("New"), "Informative") if Notice.ISSUED in told.notices else None


def _words(told: Told, reader: Reader) -> list[str]:
    """Return what is true of it: when, how much of it, and what already happens without the person's doing."""
    invoice, credit = told.subject.invoice, told.subject.credit
    is_said = invoice.is_owing and not told.notices & {Notice.PAID, Notice.FAILED} and invoice.is_overdue(reader.today)  # by the badge
    said = ["" if is_said else capitalized(urgency(invoice, reader)), _date(invoice, reader)]
    partly = invoice.is_owing and invoice.balance != invoice.total
    said.append(
        reader.say("{charged} of {total} is paid", charged=reader.money(invoice.charged), total=reader.money(invoice.total))
        if partly
        else ""
    )
    words = [reader.dots(*said)]
    if Notice.PAID in told.notices:
        words.append(reader.say("Your payment has been received. Thank you."))
    elif told_charge := charge_words(invoice, reader):
        words.append(told_charge)
    if invoice.is_owing and credit is not None and credit.amount >= invoice.balance.amount:
        words.append(reader.say("Your company's credit of {credit} covers it.", credit=reader.money(credit)))
    return words


def _date(invoice: Invoice, reader: Reader) -> str:
    day = reader.day(invoice.due) if invoice.due and invoice.is_owing else ""
    return "" if day and day in urgency(invoice, reader) else day


def _rest(told: Sequence[Told], shown: Sequence[Told], reader: Reader) -> list[Element]:
    """Return one line that counts what is not shown: invoices, and companies of which none is."""
    count = len(told) - len(shown)
    if count <= 0:
        return []
    companies = _companies(told)
    hidden = len(companies) - len(_companies(shown)) if len(companies) > 1 else 0
    more = reader.dots(
        reader.plural(hidden, "{n} more company", "{n} more companies") if hidden else "",
        reader.plural(count, "{n} more invoice: press Open invoices.", "{n} more invoices: press Open invoices."),
    )
    return [kit.container(kit.value(more), rule=True, spacing="Medium")]


def _why(told: Sequence[Told], reader: Reader, hour: int) -> Element:
    names = reader.listed(shorten(each.name, NAME) for each in _companies(told)[:3])
    why = reader.say(
        "You get this because you may see the invoices of {companies} and reminders are on: at most one message a day, from {hour}.",
        companies=names,
        hour=reader.hour(hour),
    )
    return kit.container(kit.value(why, subtle=True, size="Small"), rule=True, spacing="Medium")
