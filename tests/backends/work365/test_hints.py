"""A hint is worth a look at Work 365, and never more than that."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest

from backends.dataverse.client import Dataverse
from backends.postgres.mirror import Mirror
from backends.work365.hints import Hints
from backends.work365.mapping import load
from backends.work365.one import OneInvoice
from backends.work365.schema import Schema
from billing.errors import Malformed
from billing.invoice import InvoiceId
from sandbox.faults import Fault
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import CANCELED, Partner
from tests.make import guid, money

MOST = 3


@pytest.fixture
async def hints(dataverse: Dataverse, schema: Schema, mirror: Mirror, partner: Partner, copy: Copy) -> AsyncGenerator[Hints]:
    """Take hints about a mirrored invoice with two lines."""
    partner.customer()
    partner.invoice(lines=2)
    await copy.run()
    made = Hints(OneInvoice(dataverse, schema, mirror), load(), MOST)
    yield made
    await made.close()


class TestRow:
    @pytest.mark.parametrize("table", ["invoices", "invoice"])
    async def test_copies_an_invoice(self, hints: Hints, partner: Partner, copy: Copy, table: str) -> None:
        partner.table("invoices").change(guid("INV-1"), totalamount=Decimal(7))

        assert hints.row(table, guid("INV-1").upper())
        await hints.settled()

        assert (await copy.details()).invoice.total == money("7")

    @pytest.mark.parametrize("table", ["invoicedetails", "invoicedetail"])
    async def test_copies_the_invoice_of_a_line(self, hints: Hints, partner: Partner, copy: Copy, table: str) -> None:
        partner.table("invoicedetails").remove(guid("line.INV-1.1"))

        hints.row(table, guid("line.INV-1.2"))
        await hints.settled()

        assert [line.position for line in (await copy.details()).lines] == [2]

    async def test_takes_out_what_was_cancelled(self, hints: Hints, partner: Partner, copy: Copy) -> None:
        partner.status("INV-1", CANCELED)

        hints.invoice(InvoiceId(guid("INV-1")))
        await hints.settled()

        assert not await copy.is_shown()

    async def test_believes_nothing(self, hints: Hints, copy: Copy) -> None:
        hints.row("invoices", guid("no such invoice"))
        hints.row("invoicedetails", guid("no such line"))
        await hints.settled()

        assert await copy.is_shown()

    @pytest.mark.parametrize(("table", "row_id"), [("contacts", guid("x")), ("", guid("x")), ("invoices", "x)/y"), ("invoices", "")])
    async def test_refuses_what_it_does_not_understand(self, hints: Hints, table: str, row_id: str) -> None:
        with pytest.raises(Malformed):
            hints.row(table, row_id)


class TestQueue:
    async def test_asks_once_for_what_was_said_often(self, hints: Hints, partner: Partner) -> None:
        before = len(partner.world.asked("dataverse", "invoices?"))

        for _ in range(9):
            hints.row("invoices", guid("INV-1"))
        await hints.settled()

        assert len(partner.world.asked("dataverse", "invoices?")) - before == 1

    async def test_asks_once_for_many(self, hints: Hints, partner: Partner) -> None:
        before = len(partner.world.asked("dataverse", "invoices?"))

        taken = [hints.row("invoices", guid(f"INV-{number}")) for number in range(MOST)]
        await hints.settled()

        assert all(taken)
        assert len(partner.world.asked("dataverse", "invoices?")) - before == 1

    async def test_takes_no_more_than_it_can_keep(self, hints: Hints) -> None:
        taken = [hints.row("invoices", guid(f"INV-{number}")) for number in range(MOST + 1)]

        assert taken == [True] * MOST + [False]
        assert hints.row("invoices", guid("INV-0"))

    async def test_goes_on_after_an_outage(self, hints: Hints, partner: Partner, copy: Copy) -> None:
        partner.table("invoices").change(guid("INV-1"), totalamount=Decimal(7))
        partner.world.faults.add(Fault("dataverse", status=500, body={}))
        hints.row("invoices", guid("INV-1"))
        await hints.settled()
        missed = (await copy.details()).invoice.total

        hints.row("invoices", guid("INV-1"))
        await hints.settled()

        assert (missed, (await copy.details()).invoice.total) == (money("1234.50"), money("7"))
