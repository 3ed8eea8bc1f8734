"""One card of every kind: ``python -m tests.cards.samples OUT`` writes them as JSON, to be drawn and checked."""

import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.access import Role
from billing.due import Custom, Notice, Wishes
from billing.errors import NoRole, NotFound, NotPayable, NotSignedIn, SourceDown, UnknownPerson, UnknownTenant, Unpayable
from billing.invoice import Charge, Contract, ContractId, Details, Invoice, InvoiceId, Page, Position, Show, State
from billing.reminding import Subject, Told
from cards.balance import balance
from cards.choose import ask_number, choose
from cards.disclosure import disclosure
from cards.export import export
from cards.help import INVOICES, ONE_INVOICE, help_card, not_understood
from cards.invoice_details import invoice_details
from cards.invoice_list import invoice_list
from cards.kit import Card
from cards.links import Links
from cards.problem import problem_card
from cards.reminder import reminder
from cards.reminder_snooze import awake, nothing_due, snooze, snoozed
from cards.settings import settings, turned_off
from cards.signed_out import signed_out
from cards.welcome import welcome
from cards.who_am_i import who_am_i
from tests import make
from words.reader import Reader

LINKS = Links("https://bot.example")
EMEA = Contract(ContractId(make.guid("emea")), "Contoso Retail GmbH, Azure")
MAIN = Contract(ContractId(make.guid("contract")), "Main contract")


def reader(locale: str = "en-US", zone: str = "America/New_York") -> Reader:
    """Return somebody who reads at ``make.NOW``."""
    return Reader(locale, ZoneInfo(zone), make.NOW)


def eight() -> tuple[Invoice, ...]:
    """Return a full page of open invoices: late, partly paid, soon, far, without a date, a credit, in three currencies."""
    euro: dict[str, Any] = {"currency": "EUR", "contract": EMEA}
    return (
        make.invoice("INV-10388", total="12480.00", due=date(2026, 11, 9), name="Azure plan, September usage"),
        make.invoice("INV-10402", total="3912.37", due=date(2026, 11, 22), state=State.PARTIAL, charged=make.money("912.37")),
        make.invoice("INV-10415", total="1050.00", due=date(2026, 11, 23), name="Dynamics 365 Sales Enterprise, 12 months", **euro),
        make.invoice("INV-10421", total="1234.50", due=date(2026, 11, 24), charge=Charge.PENDING),
        make.invoice("INV-10422", total="88.20", due=date(2026, 11, 30)),
        make.invoice("INV-10430", total="104950", currency="JPY", digits=0, due=date(2026, 12, 24), name="Tokyo office, Copilot"),
        make.invoice("INV-10431", total="-134.20", due=date(2026, 12, 1), name="Credit: licence reduction"),
        make.invoice("INV-10432", total="17.00", due=None, contract=None, name=""),
    )


def first_page() -> Page:
    """Return the middle page of three."""
    rows = eight()
    totals = make.totals(*rows)
    more = tuple(replace(total, count=total.count + 5) for total in totals)
    ends = [Position(f"{each.due or ''}", each.id) for each in (rows[0], rows[-1])]
    return make.page(*rows, totals=more, first=9, back=ends[0], further=ends[1])


def long_bill() -> Details:
    """Return a bill of fifty lines, among them a credit and a price in fractions of a cent."""
    invoice = make.invoice(
        "INV-10388", total="12480.00", due=date(2026, 11, 9), state=State.PARTIAL, charged=make.money("480.00"), tax=make.money("1134.55")
    )
    lines = [
        make.line(1, "Microsoft 365 E5", quantity=Decimal(240), amount=make.money("13680.00"), tax=make.money("1243.64")),
        make.line(
            2,
            "Azure plan",
            description="Bandwidth, inter-region, West Europe",
            quantity=Decimal("1042.5507"),
            unit_price=make.money("0.00348"),
            amount=make.money("3.63"),
        ),
        make.line(
            3,
            "Credit",
            description="Licence reduction Oct 12 to 31",
            quantity=Decimal(-4),
            unit_price=make.money("33.55"),
            amount=make.money("-134.20"),
        ),
    ]
    return make.details(invoice, *lines, *(make.line(n, f"Dynamics 365 add-on {n}") for n in range(4, 51)))


def lists() -> dict[str, Card]:
    """Return the lists: full, in other locales, paid, overdue, empty."""
    page, contracts = first_page(), (EMEA, MAIN)
    pay = frozenset(each.id for each in page.invoices if each.charge is not Charge.PENDING)
    paid = make.invoice("INV-10377", state=State.COMPLETE, paid=date(2026, 11, 3))
    old = make.NOW - timedelta(minutes=12)
    late = [each for each in eight() if each.is_overdue(make.TODAY)]
    return {
        "list-open": invoice_list(replace(page, contracts=contracts), reader(), LINKS, company="Contoso Ltd", payable=pay),
        "list-open-de": invoice_list(page, reader("de-DE", "Europe/Berlin"), LINKS, company="Contoso Ltd", payable=pay, as_of=old),
        "list-open-ar": invoice_list(page, reader("ar-EG", "Africa/Cairo"), LINKS, company="شركة كونتوسو", payable=pay),
        "list-overdue": invoice_list(make.page(*late, show=Show.OVERDUE), reader(), LINKS, company="Contoso Ltd", payable=pay),
        "list-paid": invoice_list(make.page(paid, show=Show.PAID), reader(), LINKS, company="Contoso Ltd"),
        "list-all": invoice_list(make.page(*late, paid, show=Show.ALL), reader(), LINKS, company="Contoso Ltd", payable=pay),
        "list-none-open": invoice_list(make.page(), reader(), LINKS, company="Contoso Ltd"),
        "list-none-paid": invoice_list(make.page(show=Show.PAID), reader(), LINKS, company="Contoso Ltd"),
        "list-gone": invoice_list(make.page(totals=page.totals), reader(), LINKS, company="Contoso Ltd"),
    }


def bills() -> dict[str, Card]:
    """Return details: long, short and paid, a credit."""
    paid = make.invoice(state=State.COMPLETE, paid=date(2026, 11, 3))
    credit = make.invoice("INV-10431", total="-134.20")
    return {
        "details-long": invoice_details(long_bill(), reader(), LINKS, payable=True),
        "details-paid-ja": invoice_details(make.details(paid), reader("ja-JP", "Asia/Tokyo"), LINKS),
        "details-stale": invoice_details(make.details(make.invoice(charge=Charge.FAILED)), reader(), LINKS, payable=True, as_of=make.NOW),
        "details-credit": invoice_details(make.details(credit), reader(), LINKS),
        "details-unpayable": invoice_details(make.details(), reader(), LINKS, unpayable=Unpayable.NO_LINK),
    }


def others() -> dict[str, Card]:
    """Return everything that is neither a list nor a bill."""
    page = first_page()
    pay = frozenset(InvoiceId(each.id) for each in page.invoices)
    problems = {
        "no-role": NoRole(),
        "unknown-tenant": UnknownTenant(),
        "unknown-person": UnknownPerson(),
        "not-signed-in": NotSignedIn(),
        "not-found": NotFound("INV-10499"),
        "not-payable": NotPayable(Unpayable.EXPIRED),
        "source-down": SourceDown(),
    }
    caller = replace(make.caller(Role.FINANCE_MANAGER, Role.ADMINISTRATOR), companies=(make.CONTOSO, make.FABRIKAM))
    return {
        "balance": balance(page, page.invoices[0], reader(), LINKS, company="Contoso Ltd", payable=True),
        "choose": choose(eight()[:2], reader(), LINKS, typed="421", payable=pay),
        "ask-number": ask_number(reader(), typed="pay"),
        "export": export(reader(), LINKS),
        "disclosure": disclosure(reader(), LINKS),
        "help": help_card(reader()),
        "not-understood": not_understood(reader(), typed="opne invoces", nearest=(INVOICES[0], ONE_INVOICE[0])),
        "signed-out": signed_out(reader()),
        "welcome": welcome(reader()),
        "who-am-i": who_am_i(caller, reader()),
        **{f"problem-{name}": problem_card(each, reader(), reference="7f3a2c91", person=make.ADA) for name, each in problems.items()},
    }


def reminders() -> dict[str, Card]:
    """Return what the bot says first, and what people decide about it."""
    rows = [Told(Subject(make.CONTOSO, each), frozenset()) for each in eight() if each.balance.amount > 0]
    many = [*rows, *(Told(Subject(make.CONTOSO, make.invoice(f"INV-{n}")), frozenset()) for n in range(480))]
    failed = make.invoice("INV-10387", total="61.00", due=date(2026, 11, 20), charge=Charge.FAILED)
    paid = make.invoice("INV-10377", state=State.COMPLETE, paid=date(2026, 11, 22))
    covered = Subject(make.FABRIKAM, make.invoice("F-77", total="210.00", due=date(2026, 11, 30)), credit=make.money("500.00"))
    news = [
        Told(Subject(make.CONTOSO, failed), frozenset({Notice.FAILED})),
        Told(Subject(make.CONTOSO, make.invoice("INV-10440", due=date(2026, 12, 23))), frozenset({Notice.ISSUED})),
        Told(Subject(make.CONTOSO, paid), frozenset({Notice.PAID})),
        Told(covered, frozenset()),
    ]
    pay = frozenset(each.id for each in eight() if each.charge is not Charge.PENDING)
    custom, quiet = Custom((-7, -1, 0, 3, 7, 14), 9), Wishes(is_on=False, silent=frozenset({Notice.PAID}))
    return {
        "reminder": reminder(rows, reader(), LINKS, hour=9, payable=pay),
        "reminder-de": reminder(rows[:2], reader("de-DE", "Europe/Berlin"), LINKS, hour=9, payable=pay),
        "reminder-news": reminder(news, reader(), LINKS, hour=9, payable=pay),
        "reminder-many": reminder(many, reader(), LINKS, hour=9, payable=pay),
        "reminder-short": reminder(many, reader(), LINKS, hour=9, rows=0),
        "snooze": snooze(eight()[4], reader()),
        "snoozed": snoozed(eight()[4], reader(), date(2026, 11, 26)),
        "snooze-awake": awake(eight()[4], reader()),
        "snooze-nothing-due": nothing_due(eight()[6], reader()),
        "settings": settings(Wishes(), custom, reader(zone="Europe/Berlin"), days=custom.days),
        "settings-off": settings(quiet, custom, reader(zone="Europe/Berlin"), days=(-3, 0), is_saved=True),
        "settings-turned-off": turned_off(reader()),
    }


def samples() -> dict[str, Card]:
    """Return all of them by name."""
    return lists() | bills() | others() | reminders()


def write(folder: Path) -> None:
    """Write each card into a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, card in samples().items():
        (folder / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
