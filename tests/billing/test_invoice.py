"""Invoices as the customer sees them."""

from datetime import timedelta
from typing import Any

import pytest

from billing.invoice import State
from tests.make import TODAY, details, invoice, line, money, page

PAST, FUTURE = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


class TestInvoice:
    @pytest.mark.parametrize(("state", "is_open"), [(State.BILLED, True), (State.PARTIAL, True), (State.COMPLETE, False)])
    def test_waits_for_payment_until_it_is_complete(self, state: State, is_open: bool) -> None:  # noqa: FBT001 - a parameter
        assert invoice(state=state).is_open is is_open

    def test_is_owing_while_it_is_open_and_anything_is_left(self) -> None:
        assert invoice().is_owing
        assert not invoice(total="0").is_owing
        assert not invoice(state=State.COMPLETE).is_owing

    @pytest.mark.parametrize(
        ("changes", "is_overdue"),
        [
            ({"due": PAST}, True),
            ({"due": PAST, "state": State.PARTIAL, "charged": money("1")}, True),
            ({"due": TODAY}, False),
            ({"due": FUTURE}, False),
            ({"due": None}, False),
            ({"due": PAST, "state": State.COMPLETE}, False),
            ({"due": PAST, "charged": money("1234.50")}, False),
            ({"due": PAST, "total": "-5"}, False),
        ],
        ids=str,
    )
    def test_is_overdue_the_day_after_it_was_due_if_anything_is_left(self, changes: dict[str, Any], is_overdue: bool) -> None:  # noqa: FBT001
        assert invoice(**changes).is_overdue(TODAY) is is_overdue


class TestDetails:
    def test_adds_up_without_tax(self) -> None:
        bill = invoice(total="238.01", tax=money("38.01"))
        lines = [line(tax=money("19.005"), amount=money("119.005")) for _ in range(2)]

        assert bill.subtotal == money("200.00")
        assert [each.net for each in lines] == [money("100.000")] * 2
        assert details(bill, *lines).adds_up

    @pytest.mark.parametrize("total", ["237.01", "239.01"], ids=["discount", "freight"])
    def test_does_not_add_up_with_what_stands_in_no_line(self, total: str) -> None:
        assert not details(invoice(total=total, tax=money("38.01")), line(amount=money("200.00"))).adds_up


class TestPage:
    def test_counts_the_whole_list_over_its_currencies(self) -> None:
        assert page(invoice("1"), invoice("2"), invoice("3", currency="EUR")).count == 3
        assert page().count == 0
