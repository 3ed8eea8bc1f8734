"""A fresh read shows what is true now, to the right company, in time, or says that it cannot."""

from decimal import Decimal

import pytest

from backends.dataverse.client import Dataverse
from backends.dataverse.limits import Limits
from backends.postgres.invoices import PostgresInvoices
from backends.postgres.mirror import Mirror
from backends.work365.fresh import FreshInvoices
from backends.work365.schema import Schema
from backends.work365.sync import Sync
from billing.errors import NotFound, SourceDown
from billing.invoice import Details, InvoiceId, State
from sandbox.faults import Fault
from tests import make
from tests.backends.work365.partner import CANCELED, COMPLETE, DRAFT, PARTIAL, Partner
from tests.make import CONTOSO, FABRIKAM, NOW, guid, money

INVOICE = InvoiceId(guid("INV-1"))


def known(invoice: str = INVOICE) -> Details:
    """Return what the mirror has of an invoice when it knows nothing else of it."""
    return Details(make.invoice(id=InvoiceId(invoice), contract=None), (), "", "")


@pytest.fixture
def fresh(dataverse: Dataverse, schema: Schema, partner: Partner) -> FreshInvoices:
    """Read invoices of an environment with one customer."""
    partner.customer()
    return FreshInvoices(dataverse, schema, Limits(one_s=30))


async def test_says_the_same_as_the_mirror(
    partner: Partner, fresh: FreshInvoices, dataverse: Dataverse, schema: Schema, mirror: Mirror, invoices: PostgresInvoices
) -> None:
    partner.invoice(lines=3, status=PARTIAL, work365_invoice_amountcharged=Decimal(34), work365_invoice_paylink="https://pay.example/1")
    await Sync(dataverse, schema, mirror).run()

    assert await fresh.now(CONTOSO.id, known()) == await invoices.details(CONTOSO.id, INVOICE)


async def test_asks_once_where_nothing_has_changed_since(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice(lines=3)
    held = await fresh.now(CONTOSO.id, known())
    before = len(partner.world.asked("dataverse", "/api/data/"))

    again = await fresh.now(CONTOSO.id, held)

    assert again == held
    assert len(held.lines) == 3
    assert len(partner.world.asked("dataverse", "/api/data/")) - before == 1


async def test_reads_the_lines_of_what_has_changed_since(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice(lines=1)
    held = await fresh.now(CONTOSO.id, known())

    partner.invoice(lines=3, work365_invoice_ponumber="PO-8", modifiedon=NOW)
    again = await fresh.now(CONTOSO.id, held)

    assert (again.invoice.purchase_order, len(held.lines), len(again.lines)) == ("PO-8", 1, 3)


async def test_reads_the_contract_that_it_was_moved_to(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice()
    held = await fresh.now(CONTOSO.id, known())
    partner.table("work365_billingcontracts").put({"work365_billingcontractid": guid("other"), "work365_billingcontract_name": "Other"})

    partner.invoice(_work365_invoice_billingcontract_value=guid("other"))
    again = await fresh.now(CONTOSO.id, held)

    assert [each.invoice.contract and each.invoice.contract.name for each in (held, again)] == ["Main contract", "Other"]


async def test_shows_a_payment_at_once(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice()

    partner.status("INV-1", COMPLETE)
    details = await fresh.now(CONTOSO.id, known())

    assert (details.invoice.state, details.invoice.balance) == (State.COMPLETE, money("0"))


async def test_does_not_find_another_companys(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice()

    with pytest.raises(NotFound):
        await fresh.now(FABRIKAM.id, known())


@pytest.mark.parametrize("status", [DRAFT, CANCELED, (2, 805210007)])
async def test_does_not_find_what_is_hidden(partner: Partner, fresh: FreshInvoices, status: tuple[int, int]) -> None:
    partner.invoice(status=status)

    with pytest.raises(NotFound):
        await fresh.now(CONTOSO.id, known())


@pytest.mark.parametrize("invoice", [guid("nothing"), "INV-1", "", "x)/lines"])
async def test_does_not_find_what_is_not_there(partner: Partner, fresh: FreshInvoices, invoice: str) -> None:
    partner.invoice()

    with pytest.raises(NotFound):
        await fresh.now(CONTOSO.id, known(invoice))


async def test_does_not_find_what_has_no_currency(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice(_transactioncurrencyid_value=None)

    with pytest.raises(NotFound):
        await fresh.now(CONTOSO.id, known())


async def test_does_without_a_contract_that_is_gone(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice(_work365_invoice_billingcontract_value=guid("gone"))

    assert (await fresh.now(CONTOSO.id, known())).invoice.contract is None


async def test_gives_up_when_its_time_is_over(partner: Partner, dataverse: Dataverse, schema: Schema) -> None:
    partner.customer()
    partner.invoice()
    partner.world.faults.add(Fault("dataverse", "invoices(", delay_s=60))

    with pytest.raises(SourceDown):
        await FreshInvoices(dataverse, schema, Limits(one_s=0.1)).now(CONTOSO.id, known())


async def test_gives_up_at_once_while_dataverse_asks_for_patience(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice()
    await fresh.now(CONTOSO.id, known())
    partner.world.faults.add(Fault("dataverse", "invoices(", status=429, headers={"Retry-After": "60"}, body={}))
    before = len(partner.world.asked("dataverse"))

    with pytest.raises(SourceDown):
        await fresh.now(CONTOSO.id, known())
    with pytest.raises(SourceDown):
        await fresh.now(CONTOSO.id, known())

    assert len(partner.world.asked("dataverse")) - before <= 2


async def test_reports_an_outage(partner: Partner, fresh: FreshInvoices) -> None:
    partner.invoice()
    partner.world.faults.add(Fault("dataverse", drop=True, times=None))

    with pytest.raises(SourceDown):
        await fresh.now(CONTOSO.id, known())
