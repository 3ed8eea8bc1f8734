"""The list of invoices and one invoice, over real HTTP."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.access import Role
from billing.allowance import Allowance
from billing.invoice import Charge, Sort, State, Turn
from tests import make
from tests.make import NOW, TODAY, guid, money
from tests.pages.room import Room, Visitors, get

OPEN = make.details(make.invoice("INV-1", due=TODAY - timedelta(days=3)))
PAID = make.details(make.invoice("INV-2", state=State.COMPLETE, paid=TODAY, currency="EUR"))
YEN = make.details(make.invoice("INV-3", total="1000", currency="JPY", digits=0))
MAIN, OTHER = make.Contract(make.ContractId(guid("contract")), "Main contract"), make.Contract(make.ContractId(guid("other")), "Other")
STRANGER = make.caller(company=make.FABRIKAM)


class TestList:
    async def test_shows_what_is_open_with_totals_for_each_currency(self) -> None:
        answer = await get(Room.of(OPEN, PAID, YEN), "/invoices")

        assert "INV-1" in answer.text
        assert "INV-2" not in answer.text
        assert "$1,234.50" in answer.text
        assert "¥1,000" in answer.text
        assert "overdue by 3 days" in answer.text

    @pytest.mark.parametrize(("show", "is_said"), [("open", True), ("all", True), ("overdue", False), ("paid", False)])
    async def test_names_the_credit_that_totals_include(self, show: str, *, is_said: bool) -> None:
        credit = make.details(make.invoice("INV-4", total="-200"))

        answer = await get(Room.of(OPEN, PAID, credit), f"/invoices?show={show}")

        assert ("includes $200.00 credit" in answer.text) == is_said
        assert ("$1,034.50 left to pay" in " ".join(answer.text.split())) == (show == "all")

    async def test_names_no_credit_where_there_is_none(self) -> None:
        answer = await get(Room.of(OPEN, PAID), "/invoices?show=all")

        assert "credit" not in answer.text

    @pytest.mark.parametrize(("show", "numbers"), [("paid", {"INV-2"}), ("overdue", {"INV-1"}), ("all", {"INV-1", "INV-2", "INV-3"})])
    async def test_shows_another_list(self, show: str, numbers: set[str]) -> None:
        answer = await get(Room.of(OPEN, PAID, YEN), f"/invoices?show={show}")

        assert {each for each in ("INV-1", "INV-2", "INV-3") if f">{each}</a>" in answer.text} == numbers

    async def test_names_the_contract_where_there_are_several(self) -> None:
        one, several = Room.of(OPEN), Room.of(OPEN)
        several.mirrored.contracts = (MAIN, OTHER)

        assert [f'<span class="under">{MAIN.name}</span>' in (await get(room, "/invoices")).text for room in (one, several)] == [
            False,
            True,
        ]

    async def test_says_when_there_is_nothing(self) -> None:
        assert "Nothing is open" in (await get(Room.of(), "/invoices")).text
        assert "no invoice with this number" in (await get(Room.of(OPEN), "/invoices?number=INV-9")).text
        assert "no such invoices for this contract" in (await get(Room.of(), f"/invoices?contract={guid('contract')}")).text

    async def test_calls_a_credit_a_credit(self) -> None:
        said = (await get(Room.of(make.details(make.invoice("CR-1", total="-50"))), "/invoices")).text

        assert "$50.00</span>" in said
        assert "credit in your favor" in said
        assert "left to pay" not in said

    async def test_is_sorted_by_a_click_on_a_header(self) -> None:
        answer = await get(Room.of(OPEN), "/invoices?show=all&sort=total&order=ascending")

        assert ' aria-sort="ascending"><a href="/invoices?show=all&amp;sort=total&amp;order=descending">Total' in answer.text
        assert answer.text.count("aria-sort") == 1
        assert "/invoices?show=all&amp;sort=balance" in answer.text
        assert '<a href="/invoices?show=all">Due date' in answer.text

    async def test_stays_sorted_through_search_and_filter(self) -> None:
        answer = await get(Room.of(OPEN), f"/invoices?sort=number&order=descending&contract={guid('contract')}")

        for name, value in (("sort", "number"), ("order", "descending"), ("contract", guid("contract"))):
            assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
        assert f"/invoices?show=paid&amp;contract={guid('contract')}&amp;sort=number&amp;order=descending" in answer.text

    async def test_asks_once_for_a_page(self) -> None:
        room = Room.of(OPEN)

        await get(room, "/invoices?sort=balance")

        assert [(wanted.sort, wanted.turn) for wanted in room.mirrored.wanted] == [(Sort.BALANCE, Turn.AFTER)]

    @pytest.mark.parametrize("query", ["show=mine", "contract=x", "after=x", "after=~x", "sort=cost", "sort=", "order=up"])
    async def test_answers_nonsense_with_a_page(self, query: str) -> None:
        answer = await get(Room.of(OPEN), f"/invoices?{query}")

        assert answer.status == 400
        assert "could not be understood" in answer.text

    @pytest.mark.parametrize(
        ("query", "noted"), [("", "open"), ("?show=paid&tab=1", "paid"), ("?number=INV-1", "INV-1"), ("?number=none", "none")]
    )
    async def test_is_noted_in_the_audit_as_in_the_chat(self, query: str, noted: str) -> None:
        room = Room.of(OPEN)

        await get(room, f"/invoices{query}")

        assert room.notes.entries == [("view", "ok", noted)]

    async def test_is_not_noted_where_nothing_was_shown(self) -> None:
        room = Room.of(OPEN, visitors=Visitors(None))

        await get(room, "/invoices")

        assert room.notes.entries == []

    async def test_shows_the_due_date_of_what_is_paid_as_well(self) -> None:
        due = make.details(make.invoice("INV-4", state=State.COMPLETE, due=TODAY, paid=TODAY))
        credit = make.details(make.invoice("INV-5", total="-5", due=TODAY + timedelta(days=40)))

        said = (await get(Room.of(due, credit), "/invoices?show=all")).text

        assert '<td class="wide day">Nov 23, 2026<span class="under">paid Nov 23, 2026</span>' in said
        assert '<td class="wide day">Jan 2, 2027' in said

    async def test_shows_on_a_phone_what_a_paid_invoice_came_to(self) -> None:
        said = (await get(Room.of(PAID), "/invoices?show=paid")).text

        assert '<span class="narrow">€1,234.50</span>' in said

    async def test_says_how_old_it_is_when_it_is_old(self) -> None:
        old = replace(make.caller(), as_of=NOW - timedelta(minutes=10))

        answer = await get(Room.of(OPEN, visitors=Visitors(old)), "/invoices")

        assert "As of 1:50\u202fPM" in answer.text

    async def test_may_be_framed_by_teams_as_a_tab_alone(self) -> None:
        tab = await get(Room.of(OPEN), "/invoices?tab=1")
        page = await get(Room.of(OPEN), "/invoices")

        assert "frame-ancestors https://teams.microsoft.com " in tab.headers["Content-Security-Policy"]
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")

    @pytest.mark.parametrize("path", ["/invoices", f"/invoices/{OPEN.invoice.id}"])
    async def test_stays_in_the_tab_but_for_what_a_frame_cannot_do(self, path: str) -> None:
        said = (await get(Room.of(OPEN), f"{path}?tab=1")).text

        links = dict(re.findall(r'<a [^>]*href="(/[^"]+)"([^>]*)>', said))
        assert {("tab=1" in path, "_blank" in more) for path, more in links.items()} == {(True, False), (False, True)}
        assert "data-print" not in said
        assert 'action="/auth/sign-out?tab=1"' in said


class TestListCsv:
    async def test_holds_the_whole_list_with_plain_numbers(self) -> None:
        answer = await get(Room.of(OPEN, PAID), "/invoices.csv?show=all")

        rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
        assert [each["Invoice"] for each in rows] == ["INV-1", "INV-2"]
        assert rows[0] | {"Total": "1234.50", "Balance": "1234.50", "Due date": "2026-11-20", "Currency": "USD"} == rows[0]
        assert answer.headers["Content-Disposition"] == 'attachment; filename="invoices-all-2026-11-23.csv"'

    async def test_says_it_in_the_readers_language(self) -> None:
        answer = await get(Room.of(PAID), "/invoices.csv?show=all", **{"Accept-Language": "de-DE"})

        header, row = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))
        assert (header[2], row[2]) == ("Status", "Bezahlt")
        assert header[-1] == "Währung"

    async def test_comes_in_the_order_of_the_list(self) -> None:
        room = Room.of(OPEN, PAID)

        await get(room, "/invoices.csv?show=all&sort=number&order=descending&after=x~" + guid("x"))

        assert [(each.sort, each.turn, each.position) for each in room.mirrored.wanted] == [(Sort.NUMBER, Turn.BEFORE, None)]

    async def test_is_a_header_alone_when_there_is_nothing(self) -> None:
        answer = await get(Room.of(), "/invoices.csv")

        assert answer.body.decode("utf-8-sig").count("\r\n") == 1


class TestInvoice:
    async def test_shows_everything_about_it(self) -> None:
        bill = make.details(
            make.invoice(tax=money("101.50"), charged=money("34.50"), charge=Charge.FAILED),
            make.line(1, "Azure plan", tax=money("5"), amount=money("575")),
            make.line(2),
        )

        said = (await get(Room.of(bill), f"/invoices/{bill.invoice.id}")).text

        for word in ("INV-10421", "Contoso Ltd", "1 Main Street", "Nov 30, 2026", "Oct 31, 2026", "PO-7", "Net 30", "Main contract"):
            assert word in said
        for amount in ("$1,133.00", "$101.50", "$1,234.50", "$34.50", "$1,200.00", "$570.00", "$57.00", "$5.00"):
            assert amount in said
        assert "did not go through" in said
        assert "Pay now (opens your payment page)" in said

    async def test_reads_work365_itself(self) -> None:
        room = Room.of(OPEN)
        paid = replace(OPEN.invoice, state=State.COMPLETE, balance=OPEN.invoice.total.zero())
        room.fresh.held[OPEN.invoice.id] = replace(OPEN, invoice=paid)

        answer = await get(room, f"/invoices/{OPEN.invoice.id}")

        assert "Complete" in answer.text
        assert "Pay now" not in answer.text

    async def test_shows_the_mirror_and_its_age_while_work365_is_down(self) -> None:
        room = Room.of(OPEN)
        room.fresh.is_down = True

        answer = await get(room, f"/invoices/{OPEN.invoice.id}")

        assert "$1,234.50" in answer.text
        assert "As of 2:00\u202fPM" in answer.text

    async def test_shows_the_mirror_and_its_age_to_somebody_who_looks_again_and_again(self) -> None:
        room = Room.of(OPEN, reads=Allowance(1, lambda: NOW))

        first, pdf, page = [await get(room, f"/invoices/{OPEN.invoice.id}{path}") for path in ("", "/invoice.pdf", "")]

        assert [answer.status for answer in (first, pdf, page)] == [200, 200, 200]
        assert ["not read afresh" in answer.text for answer in (first, page)] == [False, True]
        assert "As of 2:00\u202fPM" in page.text
        assert room.fresh.asked == 1

    async def test_is_noted_in_the_audit(self) -> None:
        room = Room.of(OPEN)

        await get(room, f"/invoices/{OPEN.invoice.id}")

        assert room.notes.entries == [("view", "ok", OPEN.invoice.id)]

    async def test_is_shown_to_nobody_without_a_role(self) -> None:
        roleless = replace(make.caller(Role.ADMINISTRATOR), roles=frozenset[Role]())

        answer = await get(Room.of(OPEN, visitors=Visitors(roleless)), f"/invoices/{OPEN.invoice.id}")

        assert answer.status == 403
        assert "INV-1" not in answer.text

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"pay_expires": NOW}, "Its payment link has expired."),
            ({"pay_link": None}, "It has no payment link."),
            ({"pay_link": "https://evil.example/"}, "not trusted"),
            ({"charge": Charge.PENDING}, "A payment is being processed."),
        ],
        ids=str,
    )
    async def test_says_once_why_it_cannot_be_paid(self, changes: dict[str, Any], said: str) -> None:
        bill = make.details(make.invoice(**changes))

        answer = await get(Room.of(bill), f"/invoices/{bill.invoice.id}")

        assert answer.text.count(said) == 1
        assert "/pay" not in answer.text

    async def test_says_nothing_about_paying_where_nothing_is_owed(self) -> None:
        answer = await get(Room.of(PAID), f"/invoices/{PAID.invoice.id}")

        assert "paid already" not in answer.text

    async def test_keeps_the_service_period_apart_from_the_description(self) -> None:
        bill = make.details(make.invoice(), make.line(description="לכל משתמש\n01 Sep 2026 - 30 Sep 2026"))

        answer = await get(Room.of(bill), f"/invoices/{bill.invoice.id}")

        assert "\u2068לכל משתמש\u2069 · 01 Sep 2026 - 30 Sep 2026" in answer.text
