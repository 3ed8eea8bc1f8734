"""Names that are read from the right, among sentences and amounts that are read from the left: none turns the other around."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.invoice import Charge, Contract, ContractId, State
from billing.reminding import Subject, Told
from cards.balance import balance
from cards.choose import choose
from cards.help import not_understood
from cards.invoice_details import invoice_details
from cards.invoice_list import invoice_list
from cards.kit import Card
from cards.paid import paid
from cards.reminder import reminder
from cards.reminder_snooze import snooze, snoozed
from cards.who_am_i import who_am_i
from pages.reseller import Reseller
from tests import make
from tests.cards.reading import nodes
from tests.cards.samples import LINKS, reader
from tests.pages.room import Room, Visitors, get

COMPANY = make.Company(make.CONTOSO.id, "חברה 7 בע״מ")
MAIN, OTHER = Contract(ContractId(make.guid("main")), "חוזה 12"), Contract(ContractId(make.guid("other")), "عقد ٣")
LATE = make.invoice(
    "חשבון 10421", name="רישיונות 365", contract=MAIN, purchase_order="הזמנה 7", terms="שוטף 30", bill_to="רחוב 5", due=date(2026, 11, 14)
)
PART = replace(LATE, number="فاتورة 88", state=State.PARTIAL, charged=make.money("1000"), balance=make.money("234.50"))
BILL = make.details(LATE, make.line(product="שרת 1", description="לפי שעה 2"), customer=COMPANY.name, address="רחוב 5")
CALLER = replace(make.caller(company=COMPANY), name="דנה כהן", companies=(COMPANY, make.FABRIKAM, replace(COMPANY, id=make.FABRIKAM.id)))
ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
SHOWN = ("text", "title", "tooltip", "label", "fallbackText", "speak", "summary")


def cards() -> dict[str, Card]:
    """Return every card in which names are."""
    page, pay = make.page(LATE, PART), frozenset({LATE.id})
    told = [Told(Subject(COMPANY, each, credit=make.money("9000")), frozenset()) for each in (LATE, PART)]
    payments = [paid(LATE.settlement, after, reader(), LINKS) for after in (PART, replace(LATE, charge=Charge.FAILED))]
    return {
        "list": invoice_list(replace(page, contracts=(MAIN, OTHER)), reader(), LINKS, company=COMPANY.name, payable=pay),
        "details": invoice_details(BILL, reader(), LINKS, payable=True),
        "balance": balance(page, LATE, reader(), LINKS, company=COMPANY.name, payable=True),
        "choose": choose([LATE, PART], reader(), LINKS, typed=LATE.number),
        "reminder": reminder(told, reader(), LINKS, hour=9, payable=pay),
        "snooze": snooze(LATE, reader()),
        "snoozed": snoozed(LATE, reader(), make.TODAY),
        **{f"payment {number}": card for number, card in enumerate(payments) if card},
        "who am i": who_am_i(CALLER, reader()),
        "not understood": not_understood(reader(), typed="כמה 12"),
    }


def is_loose(text: str) -> bool:
    """Whether letters that are read from the right stand beside others without anything that keeps them apart."""
    rest = text
    while rest != (rest := ISOLATED.sub("", rest)):
        pass
    turning = any(unicodedata.bidirectional(each) in {"R", "AL", "AN"} for each in rest)
    return turning and any((each.isascii() and each.isalpha()) or each in "$·:" for each in text)


def shown_on(card: Card) -> Iterator[str]:
    """Yield every text that the card shows, says or reads aloud."""
    return (node[name] for node in nodes(card) for name in SHOWN if isinstance(node.get(name), str))


class TestCards:
    @pytest.mark.parametrize("name", cards())
    def test_keep_names_apart_from_what_is_around_them(self, name: str) -> None:
        texts = list(shown_on(cards()[name]))

        assert any(unicodedata.bidirectional(letter) in {"R", "AL"} for text in texts for letter in text)
        assert [text for text in texts if is_loose(text)] == []


class TestPages:
    @pytest.mark.parametrize("path", ["/invoices?show=all", f"/invoices?number={LATE.number}", f"/invoices/{LATE.id}", "/terms"])
    async def test_keep_names_apart_from_what_is_around_them(self, path: str) -> None:
        room = Room.of(BILL, visitors=Visitors(CALLER), reseller=Reseller("ענן צפוני", "רחוב 5", "03-123 4567"))

        page = (await get(room, path)).text

        texts = [html.unescape(each) for each in re.findall(r'>([^<>]+)<|(?:aria-label|title|alt|value)="([^"]*)"', page) for each in each]
        assert any("\u2068" in text for text in texts)
        assert [text for text in texts if is_loose(text)] == []
