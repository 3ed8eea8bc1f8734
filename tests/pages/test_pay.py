"""Pay now, over real HTTP: a last look, then away, or the reason why not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.allowance import Allowance
from billing.errors import Unpayable
from billing.invoice import Charge, State
from billing.pay import PayRule
from tests import make
from tests.make import NOW, money
from tests.pages.room import RULE, Room, get

BILL = make.details(make.invoice("INV-1"))
PATH = f"/invoices/{BILL.invoice.id}/pay"

WHY_NOT: list[Any] = [
    pytest.param({"state": State.COMPLETE}, "paid already", Unpayable.PAID, id="paid meanwhile"),
    pytest.param({"balance": money(-5)}, "nothing left to pay", Unpayable.NOTHING_DUE, id="credit"),
    pytest.param({"charge": Charge.PENDING}, "being processed", Unpayable.PENDING, id="pending"),
    pytest.param({"pay_expires": NOW - timedelta(seconds=1)}, "has expired", Unpayable.EXPIRED, id="expired"),
    pytest.param({"pay_link": None}, "no payment link", Unpayable.NO_LINK, id="no link"),
    pytest.param({"pay_link": "http://pay.example/i/1"}, "not trusted", Unpayable.UNTRUSTED_LINK, id="plain http"),
    pytest.param({"pay_link": "https://evil.example/"}, "not trusted", Unpayable.UNTRUSTED_LINK, id="other host"),
    pytest.param({"pay_link": "https://pay.example@evil.example/"}, "not trusted", Unpayable.UNTRUSTED_LINK, id="host in disguise"),
]


class TestPay:
    async def test_leads_to_the_payment_page(self) -> None:
        room = Room.of(BILL)

        answer = await get(room, PATH)

        assert answer.status == 303
        assert answer.headers["Location"] == BILL.invoice.pay_link
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert room.notes.entries == [("pay", "ok", BILL.invoice.id)]
        assert room.watched.begun == [BILL.invoice.id]
        assert room.watched.payers == {make.ADA}

    @pytest.mark.parametrize(("changes", "words", "reason"), WHY_NOT)
    async def test_says_why_not_by_what_work365_says_now(self, changes: dict[str, Any], words: str, reason: Unpayable) -> None:
        room = Room.of(BILL)
        room.fresh.held[BILL.invoice.id] = replace(BILL, invoice=replace(BILL.invoice, **changes))

        answer = await get(room, PATH)

        assert answer.status == 409
        assert words in answer.text
        assert "billing@northwind.example" in answer.text
        assert "Location" not in answer.headers
        assert room.notes.entries == [("pay", reason.value, BILL.invoice.id)]
        assert not room.watched.begun
        assert not room.watched.payers
        assert room.watched.refusals == room.watched.refreshed == [BILL.invoice.id]

    async def test_has_the_card_follow_where_work365_shows_the_invoice_no_more(self) -> None:
        room = Room.of(BILL)
        room.fresh.held.clear()

        answer = await get(room, PATH)

        assert answer.status == 404
        assert room.watched.refusals == room.watched.refreshed == [BILL.invoice.id]

    async def test_asks_work365_for_nothing_where_the_mirror_has_no_such_invoice(self) -> None:
        room = Room.of(BILL)
        room.mirrored.held.clear()

        answer = await get(room, PATH)

        assert answer.status == 404
        assert not room.watched.refreshed

    async def test_never_leads_anywhere_from_the_mirror(self) -> None:
        room = Room.of(BILL)
        room.fresh.is_down = True

        answer = await get(room, PATH)

        assert answer.status == 503
        assert "cannot be checked right now" in answer.text
        assert "Location" not in answer.headers
        assert room.notes.entries == [("pay", "SourceDown", BILL.invoice.id)]

    @pytest.mark.parametrize("rule", [PayRule(frozenset()), replace(RULE, off_for=frozenset({make.ADA.tenant}))])
    async def test_says_where_to_pay_instead_when_it_is_switched_off(self, rule: PayRule) -> None:
        room = Room.of(BILL, rule=rule)

        answer = await get(room, PATH)

        assert answer.status == 409
        assert "portal" in answer.text
        assert not room.watched.refusals

    async def test_may_be_fetched_twenty_times(self) -> None:
        room = Room.of(BILL)

        answers = [await get(room, PATH, **{"Sec-Purpose": "prefetch"}) for _ in range(20)]

        assert {each.headers["Location"] for each in answers} == {BILL.invoice.pay_link}
        assert room.notes.entries == [("pay", "ok", BILL.invoice.id)] * 20
        assert room.fresh.held == {BILL.invoice.id: BILL}

    async def test_asks_for_patience_when_somebody_clicks_again_and_again(self) -> None:
        room = Room.of(BILL, clicks=Allowance(1, lambda: NOW))

        await get(room, PATH)
        answer = await get(room, PATH)

        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
        assert "try again in a minute" in answer.text
        assert "Location" not in answer.headers
        assert room.notes.entries[1:] == [("pay", "TooOften", BILL.invoice.id)]
        assert room.fresh.asked == 1
