"""Invoices come and go with their status, with all their lines, in their own money."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.invoice import State
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import (
    CANCELED,
    COMPLETE,
    DRAFT,
    JPY,
    KWD,
    LAST_MONTH,
    PARTIAL,
    Partner,
)
from tests.make import guid, money


class TestStatus:
    @pytest.mark.parametrize("full", [False, True])
    async def test_shows_a_draft_once_it_is_billed(self, partner: Partner, copy: Copy, *, full: bool) -> None:
        partner.invoice(status=DRAFT)
        await copy.run()
        assert not await copy.is_shown()

        partner.status("INV-1", (0, 4))
        await copy.run(full=full)

        assert len((await copy.details()).lines) == 1

    @pytest.mark.parametrize("status", [CANCELED, DRAFT, (1, 7), (0, 805210007), (2, 3)])
    async def test_hides_what_is_no_longer_billed(self, partner: Partner, copy: Copy, status: tuple[int, int]) -> None:
        partner.invoice()
        await copy.run()

        partner.status("INV-1", status)
        await copy.run()

        assert not await copy.is_shown()

    async def test_reports_a_status_that_nobody_knows(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(status=(2, 805210007))

        changes = await copy.run()

        assert not await copy.is_shown()
        assert changes.reported == {"unknown status 2/805210007": 1}

    async def test_keeps_a_partly_paid_invoice_open(self, partner: Partner, copy: Copy) -> None:
        partner.invoice()
        await copy.run()

        partner.status("INV-1", PARTIAL, work365_invoice_amountcharged=Decimal("1000.0000"))
        await copy.run()

        invoice = (await copy.details()).invoice
        assert (invoice.state, invoice.is_open, invoice.balance) == (State.PARTIAL, True, money("234.50"))

    async def test_owes_nothing_once_complete(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(status=COMPLETE, work365_invoice_amountcharged=Decimal("1.0000"))

        await copy.run()

        assert (await copy.details()).invoice.balance == money("0")

    async def test_finds_a_line_that_changed_alone(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(lines=2)
        await copy.run()

        partner.table("invoicedetails").change(guid("line.INV-1.2"), productname="Azure plan")
        await copy.run()

        assert [line.product for line in (await copy.details()).lines] == ["Microsoft 365 E5", "Azure plan"]

    async def test_drops_a_deleted_line_along_with_the_change_of_its_invoice(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(lines=2)
        await copy.run()

        partner.table("invoicedetails").remove(guid("line.INV-1.1"))
        partner.table("invoices").change(guid("INV-1"), totalamount=Decimal(570))
        await copy.run()

        assert [line.position for line in (await copy.details()).lines] == [2]

    async def test_drops_a_line_that_was_deleted_without_a_trace_in_a_full_pass(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(lines=2)
        await copy.run()

        partner.table("invoicedetails").remove(guid("line.INV-1.1"))
        await copy.run(full=True)

        assert [line.position for line in (await copy.details()).lines] == [2]

    async def test_believes_an_older_version_in_a_full_pass(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(modifiedon=LAST_MONTH + timedelta(days=1), totalamount=Decimal(7))
        await copy.run()

        partner.invoice(lines=2, modifiedon=LAST_MONTH)
        await copy.run(full=True)

        details = await copy.details()
        assert (details.invoice.total, len(details.lines)) == (money("1234.50"), 2)


class TestMoney:
    async def test_takes_amounts_as_they_are(self, partner: Partner, copy: Copy) -> None:
        partner.invoice("INV-1", totalamount=Decimal("-20.0000"), duedate=None)
        partner.invoice("INV-2", totalamount=Decimal(1500), _transactioncurrencyid_value=JPY)
        partner.invoice("INV-3", totalamount=Decimal("1.2340"), _transactioncurrencyid_value=KWD)

        await copy.run()

        credit, yen, dinar = [(await copy.details(number)).invoice for number in ("INV-1", "INV-2", "INV-3")]
        assert (credit.due, credit.balance) == (None, money("-20.00"))
        assert (yen.total, dinar.total) == (money(1500, "JPY", 0), money("1.234", "KWD", 3))

    async def test_shows_no_amount_without_a_currency(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(_transactioncurrencyid_value=None)

        changes = await copy.run()

        assert not await copy.is_shown()
        assert changes.reported == {"without a known currency": 1}

    async def test_looks_up_a_currency_that_is_new(self, partner: Partner, copy: Copy) -> None:
        sync = copy.another(slow_every=timedelta(days=1))
        await sync.run()

        partner.table("transactioncurrencies").put({"transactioncurrencyid": guid("EUR"), "isocurrencycode": "EUR", "currencyprecision": 2})
        partner.invoice(_transactioncurrencyid_value=guid("EUR"))
        await sync.run()

        assert (await copy.details()).invoice.total == money("1234.50", "EUR")

    async def test_leaves_out_a_row_that_makes_no_sense(self, partner: Partner, copy: Copy) -> None:
        partner.invoice("INV-1", _customerid_value=None)
        partner.invoice("INV-2")

        changes = await copy.run()

        assert await copy.is_shown("INV-2")
        assert changes.reported == {"unreadable in invoices: _customerid_value": 1}
