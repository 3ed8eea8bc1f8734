"""One invoice is copied beside the passes of the sync, and never back to what it was."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from backends.dataverse.client import Dataverse
from backends.postgres.mirror import Mirror
from backends.work365.one import OneInvoice
from backends.work365.schema import Schema
from billing.invoice import InvoiceId, State
from sandbox.faults import Fault
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import CANCELED, COMPLETE, LAST_MONTH, PARTIAL, Partner
from tests.make import guid, money

INVOICE = InvoiceId(guid("INV-1"))
DAY = timedelta(days=1)


@pytest.fixture
async def one(dataverse: Dataverse, schema: Schema, mirror: Mirror, partner: Partner, copy: Copy) -> OneInvoice:
    """Copy single invoices beside a mirror that has one."""
    partner.customer()
    partner.invoice()
    await copy.run()
    return OneInvoice(dataverse, schema, mirror)


class TestCopy:
    async def test_brings_an_invoice_up_to_date(self, one: OneInvoice, partner: Partner, copy: Copy) -> None:
        partner.table("invoices").change(INVOICE, totalamount=Decimal(7))

        await one.copy(INVOICE)

        assert (await copy.details()).invoice.total == money("7")

    async def test_leaves_what_a_pass_has_copied_while_it_waited_for_lines(self, one: OneInvoice, partner: Partner, copy: Copy) -> None:
        partner.invoice(status=PARTIAL, modifiedon=LAST_MONTH + DAY)
        slow = asyncio.Event()
        partner.world.faults.add(Fault("dataverse", "invoicedetails?", status=200, body={"value": []}, until=slow))
        partner.world.faults.requests.clear()
        copying = asyncio.create_task(one.copy(INVOICE))
        await partner.asked("invoicedetails?")

        partner.invoice(status=COMPLETE, modifiedon=LAST_MONTH + 2 * DAY)
        await copy.run()
        slow.set()
        await copying

        details = await copy.details()
        assert (details.invoice.state, len(details.lines)) == (State.COMPLETE, 1)

    async def test_takes_out_nothing_for_an_older_version(self, one: OneInvoice, partner: Partner, copy: Copy) -> None:
        partner.invoice(status=CANCELED, modifiedon=LAST_MONTH - DAY)

        await one.copy(INVOICE)

        assert await copy.is_shown()
