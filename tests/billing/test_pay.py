"""Whether Pay now is offered, and where it may lead."""

from datetime import timedelta
from typing import Any

import pytest

from billing.access import TenantId
from billing.errors import NotPayable, Unpayable
from billing.invoice import Charge, State
from billing.pay import PayRule
from tests.make import ADA, NOW, guid, invoice, money

RULE = PayRule(frozenset({"pay.example"}))


class TestPayable:
    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"state": State.PARTIAL, "charged": money("1000")},
            {"charge": Charge.FAILED},
            {"due": None},
            {"pay_expires": NOW + timedelta(seconds=1)},
            {"pay_link": "https://PAY.example:443/i/1?token=x#form"},
            {"pay_link": "https://pay.example:65535/~[1]"},
        ],
        ids=str,
    )
    def test_leads_to_the_stored_page(self, changes: dict[str, Any]) -> None:
        owed = invoice(**changes)

        assert RULE.offers(owed, NOW)
        assert RULE.link(owed, NOW) == owed.pay_link

    def test_names_those_of_several_that_can_be_paid(self) -> None:
        owed = invoice("INV-1")

        payable = RULE.payable([owed, invoice("INV-2", state=State.COMPLETE)], NOW)

        assert payable == {owed.id}

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"state": State.COMPLETE}, Unpayable.PAID),
            ({"state": State.COMPLETE, "pay_link": None}, Unpayable.PAID),
            ({"charged": money("1234.50")}, Unpayable.NOTHING_DUE),
            ({"total": "-20.00"}, Unpayable.NOTHING_DUE),
            ({"charge": Charge.PENDING}, Unpayable.PENDING),
            ({"pay_link": None}, Unpayable.NO_LINK),
            ({"pay_link": ""}, Unpayable.NO_LINK),
            ({"pay_expires": NOW}, Unpayable.EXPIRED),
            ({"pay_expires": NOW - timedelta(days=2)}, Unpayable.EXPIRED),
        ],
        ids=str,
    )
    def test_says_why_not(self, changes: dict[str, Any], reason: Unpayable) -> None:
        unpayable = invoice(**changes)

        assert not RULE.offers(unpayable, NOW)
        with pytest.raises(NotPayable) as refused:
            RULE.link(unpayable, NOW)
        assert refused.value.reason is reason

    @pytest.mark.parametrize(
        "link",
        [
            "http://pay.example/i/1",
            "https://evil.example/pay.example",
            "https://pay.example.evil.example/",
            "https://pay.example@evil.example/",
            "https://user@pay.example/",
            "https://user:secret@pay.example/",
            "https://pay.example\\@evil.example/",
            "https://evil.example\\.pay.example/",
            "https://pay.example /",
            "https://pay.example\t/",
            "https://pay.example/\r\nSet-Cookie: a=b",
            "https://[pay.example/",
            "https://pay.example:port/",
            "https://pay.example:/",
            "https://pay.example:0/",
            "https://pay.example:65536/",
            "https://pay.example:99999/",
            "https://pay.example/\ud83d",
            "https://pay.example/\u00e9?token=x",
            "https://pay.example/\u00a0",
            "https://pay.example/i\\1",
            "https://pay.example/\x7f",
            "//pay.example/i/1",
            "javascript:alert(1)//pay.example",
            "data:text/html,pay.example",
            "ftp://pay.example/",
            "pay.example/i/1",
            "https:///i/1",
            "https://pay.example./i/1",
            " https://pay.example/i/1",
        ],
    )
    def test_never_leads_elsewhere(self, link: str) -> None:
        with pytest.raises(NotPayable) as refused:
            RULE.link(invoice(pay_link=link), NOW)
        assert refused.value.reason is Unpayable.UNTRUSTED_LINK


class TestPayRule:
    def test_without_hosts_switches_paying_off(self) -> None:
        with pytest.raises(NotPayable) as refused:
            PayRule(frozenset()).link(invoice(), NOW)
        assert refused.value.reason is Unpayable.SWITCHED_OFF

    def test_lets_the_sandbox_alone_speak_plainly(self) -> None:
        rule = PayRule(frozenset({"127.0.0.1", "pay.example"}), plain_http_on="127.0.0.1")

        assert rule.offers(invoice(pay_link="http://127.0.0.1:3979/pay/1"), NOW)
        assert not rule.offers(invoice(pay_link="http://pay.example/pay/1"), NOW)

    def test_is_off_for_the_tenants_and_devices_that_the_operator_names(self) -> None:
        here, elsewhere = ADA.tenant, TenantId(guid("elsewhere"))
        rule = PayRule(frozenset({"pay.example"}), off_for=frozenset({elsewhere}), off_on_phones=True)

        assert rule.on(here, is_phone=False).offers(invoice(), NOW)
        assert not rule.on(here, is_phone=True).offers(invoice(), NOW)
        assert not rule.on(here, is_phone=None).offers(invoice(), NOW)
        assert not rule.on(elsewhere, is_phone=False).offers(invoice(), NOW)
