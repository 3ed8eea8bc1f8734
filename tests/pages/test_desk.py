"""Who is received: the companies of a person, and strangers."""

from dataclasses import replace

import pytest

from billing.pay import PayRule
from tests import make
from tests.make import guid
from tests.pages.room import RULE, USED, HeldUsage, Room, Visitors, get

OPEN = make.details(make.invoice("INV-1"))
STRANGER = make.caller(company=make.FABRIKAM)
OF_BOTH = replace(STRANGER, companies=(make.FABRIKAM, make.CONTOSO))
"""Has turned to Fabrikam, and may act for Contoso as well."""


class TestInvoice:
    @pytest.mark.parametrize(
        ("path", "status", "what"),
        [("", 200, "view"), ("/invoice.pdf", 200, "download"), ("/usage.csv", 200, "download"), ("/pay", 303, "pay")],
    )
    async def test_is_open_to_who_has_chosen_another_of_their_companies(self, path: str, status: int, what: str) -> None:
        room = Room.of(OPEN, visitors=Visitors(OF_BOTH), usage=HeldUsage([USED]))

        answer = await get(room, f"/invoices/{OPEN.invoice.id}{path}")

        assert answer.status == status
        assert room.notes.entries == [(what, "ok", OPEN.invoice.id)]

    async def test_names_the_company_that_it_belongs_to(self) -> None:
        answer = await get(Room.of(OPEN, visitors=Visitors(OF_BOTH)), f"/invoices/{OPEN.invoice.id}")

        assert '<span class="quiet">Contoso Ltd</span>' in answer.text
        assert "Fabrikam" not in answer.text

    @pytest.mark.parametrize("path", ["{id}", "{id}/invoice.pdf", "{id}/usage.csv", "{id}/pay"])
    async def test_looks_the_same_to_a_stranger_as_what_does_not_exist(self, path: str) -> None:
        room = Room.of(OPEN, visitors=Visitors(STRANGER))

        answers = [await get(room, f"/invoices/{path.format(id=each)}") for each in (OPEN.invoice.id, guid("none"), "garbage")]

        assert [each.status for each in answers] == [404, 404, 404]
        assert len({each.text.partition("Reference")[0] for each in answers}) == 1
        assert "INV-1" not in answers[0].text
        assert room.fresh.asked == 0

    @pytest.mark.parametrize(("path", "what"), [("", "view"), ("/invoice.pdf", "download"), ("/usage.csv", "download"), ("/pay", "pay")])
    async def test_is_noted_in_the_audit_when_a_stranger_asks(self, path: str, what: str) -> None:
        room = Room.of(OPEN, visitors=Visitors(STRANGER))

        await get(room, f"/invoices/{OPEN.invoice.id}{path}")

        assert room.notes.entries == [(what, "NotFound", OPEN.invoice.id)]


class TestRule:
    @pytest.mark.parametrize("rule", [PayRule(frozenset()), replace(RULE, off_for=frozenset({make.ADA.tenant}))])
    async def test_offers_no_payment_where_it_is_switched_off(self, rule: PayRule) -> None:
        answer = await get(Room.of(OPEN, rule=rule), f"/invoices/{OPEN.invoice.id}")

        assert "Pay now" not in answer.text

    async def test_offers_no_payment_to_phones_where_a_store_forbids_it(self) -> None:
        room = Room.of(OPEN, rule=replace(RULE, off_on_phones=True))

        phone = await get(room, f"/invoices/{OPEN.invoice.id}", **{"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile Safari"})
        desk = await get(room, f"/invoices/{OPEN.invoice.id}")

        assert "Pay now" not in phone.text
        assert "Pay now" in desk.text
