"""The sync keeps the mirror equal to what the partner has, whatever happens in between."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from aiohttp import ClientSession

from backends.postgres.mirror import Mirror
from billing.errors import SourceDown
from billing.invoice import State
from sandbox.faults import Fault
from tests.backends.work365.copying import Copy
from tests.backends.work365.partner import (
    Partner,
    client,
)
from tests.make import CONTOSO, guid, money


class TestFirstPass:
    async def test_copies_an_invoice_with_its_lines(self, partner: Partner, copy: Copy) -> None:
        partner.customer()
        partner.invoice("INV-1", lines=2)

        await copy.run()

        details = await copy.details()
        assert (details.invoice.number, details.invoice.state, details.invoice.total) == ("INV-1", State.BILLED, money("1234.50"))
        assert (details.invoice.due, details.invoice.terms) == (date(2026, 11, 30), "Net 30")
        assert details.invoice.contract is not None
        assert details.invoice.contract.name == "Main contract"
        assert [(line.position, line.product, line.amount) for line in details.lines] == [
            (1, "Microsoft 365 E5", money("570.00")),
            (2, "Microsoft 365 E5", money("570.00")),
        ]
        assert (details.customer, details.address) == ("Contoso Ltd", "1 Main Street")

    async def test_copies_rights(self, partner: Partner, copy: Copy) -> None:
        partner.customer()
        contact = partner.contact("ada")

        await copy.run()

        (membership,) = await copy.memberships()
        assert (membership.account, membership.contact) == (CONTOSO.id, contact)
        assert membership.roles == {"Work365 Finance Manager"}

    async def test_vouches_for_the_time_before_it_began(self, copy: Copy, mirror: Mirror) -> None:
        before = datetime.now(UTC).replace(microsecond=0)

        changes = await copy.run()

        assert changes.as_of is not None
        assert before <= changes.as_of <= datetime.now(UTC)
        assert await mirror.as_of() == changes.as_of

    async def test_reads_page_by_page(self, partner: Partner, copy: Copy) -> None:
        for place in range(7):
            partner.invoice(f"INV-{place}", modifiedon=datetime(2026, 10, place + 1, tzinfo=UTC))
        async with ClientSession() as session:
            await copy.another(client(session, partner, page=2)).run()

        assert all([await copy.is_shown(f"INV-{place}") for place in range(7)])
        assert len(partner.world.asked("dataverse", "invoices?")) == 4

    async def test_reads_lines_while_invoices_are_still_on_their_way(self, partner: Partner, copy: Copy) -> None:
        partner.world.faults.add(Fault("dataverse", "invoices?", delay_s=60))

        loading = asyncio.create_task(copy.run())
        await partner.asked("invoicedetails?")

        assert not loading.done()
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)


class TestNextPass:
    async def test_costs_five_requests_when_nothing_has_changed(self, partner: Partner, copy: Copy) -> None:
        partner.customer()
        partner.contact()
        partner.invoice()
        sync = copy.another(slow_every=timedelta(minutes=5))
        await sync.run()
        before = len(partner.world.asked("dataverse"))

        changes = await sync.run()

        assert len(partner.world.asked("dataverse")) - before == 5
        assert not any(changes.counts.values())

    async def test_costs_one_more_where_a_role_hangs_on_a_company(self, partner: Partner, copy: Copy) -> None:
        partner.customer()
        partner.contact()
        partner.role_of_account()
        sync = copy.another(slow_every=timedelta(minutes=5))
        await sync.run()
        before = len(partner.world.asked("dataverse"))

        await sync.run()

        assert len(partner.world.asked("dataverse")) - before == 6

    async def test_takes_what_changed_just_now_only_once(self, partner: Partner, copy: Copy) -> None:
        partner.customer()
        await copy.run()
        partner.invoice("INV-1", modifiedon=datetime.now(UTC))
        await copy.run()
        before = len(partner.world.asked("dataverse", "In(PropertyName"))

        await copy.run()

        assert len(partner.world.asked("dataverse", "In(PropertyName")) == before


class TestFaults:
    async def test_goes_on_where_it_was_killed(self, partner: Partner, copy: Copy, mirror: Mirror) -> None:
        for place in range(6):
            partner.invoice(f"INV-{place}", modifiedon=datetime(2026, 10, place + 1, tzinfo=UTC))
        partner.world.faults.add(Fault("dataverse", "skiptoken", delay_s=60))
        async with ClientSession() as session:
            dying = asyncio.create_task(copy.another(client(session, partner, page=3)).run())
            await partner.asked("skiptoken")
            while "invoices" not in await mirror.watermarks():  # noqa: ASYNC110 - a commit rings no bell
                await asyncio.sleep(0)
            dying.cancel()
            await asyncio.gather(dying, return_exceptions=True)
        assert await mirror.as_of() is None
        before = len(partner.world.asked("dataverse"))

        await copy.run()

        assert all([await copy.is_shown(f"INV-{place}") for place in range(6)])
        resumed = partner.world.asked("dataverse", "invoices?")[-1]
        assert resumed in list(partner.world.asked("dataverse"))[before:]
        assert "modifiedon ge 2026-10-02T23:55:00Z" in resumed.path

    async def test_keeps_an_invoice_and_its_lines_together(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(lines=1)
        await copy.run()
        partner.table("invoices").change(guid("INV-1"), totalamount=Decimal(1140))
        partner.line("INV-1", 2)
        partner.world.faults.add(Fault("dataverse", "invoicedetails?", status=500, body={}))

        with pytest.raises(SourceDown):
            await copy.run()
        halfway = await copy.details()
        await copy.run()
        details = await copy.details()

        assert (halfway.invoice.total, len(halfway.lines)) == (money("1234.50"), 1)
        assert (details.invoice.total, len(details.lines)) == (money(1140), 2)

    async def test_survives_an_outage_in_the_middle(self, partner: Partner, copy: Copy) -> None:
        partner.invoice()
        for match, status in (("contacts?", 503), ("invoices?", None), ("invoicedetails?", 429)):
            partner.world.faults.add(Fault("dataverse", match, status, times=2, drop=status is None))

        await copy.run()

        assert await copy.is_shown()

    async def test_takes_a_row_that_comes_twice_once(self, partner: Partner, copy: Copy) -> None:
        partner.invoice()
        async with ClientSession() as session:
            await copy.another(client(session, partner, page=1)).run()
        address = partner.world.asked("dataverse", "invoices?")[-1].path
        again = f"{partner.world.base_url}{address}"
        row = {"invoiceid": guid("INV-1"), "statecode": 0, "statuscode": 4, "totalamount": 7, "invoicenumber": "INV-1"}
        more = {"_customerid_value": CONTOSO.id, "_transactioncurrencyid_value": guid("USD"), "modifiedon": "2026-10-20T09:30:00Z"}
        partner.world.faults.add(Fault("dataverse", "invoices?", status=200, body={"value": [row | more] * 2, "@odata.nextLink": again}))

        await copy.run()

        assert (await copy.details()).invoice.total == money("1234.50")

    async def test_leaves_the_work_to_one_process(self, partner: Partner, copy: Copy, mirror: Mirror) -> None:
        async with mirror.alone() as first:
            assert first

            changes = await copy.run()

        assert changes.as_of is None
        assert not partner.world.asked("dataverse")

    async def test_works_without_an_optional_column(self, partner: Partner, copy: Copy) -> None:
        partner.invoice(work365_invoice_paylink="https://pay.example/1")
        del partner.table("invoices").definition.columns["work365_invoice_paylink"]

        await copy.run()

        assert (await copy.details()).invoice.pay_link is None

    async def test_names_a_column_that_it_cannot_do_without(self, partner: Partner, copy: Copy, mirror: Mirror) -> None:
        del partner.table("invoices").definition.columns["totalamount"]

        with pytest.raises(SourceDown) as failure:
            await copy.run()

        assert failure.value.facts == {"source": "work365", "missing": "invoices.total"}
        assert await mirror.as_of() is None

    async def test_names_a_table_that_was_taken_away_meanwhile(self, partner: Partner, copy: Copy) -> None:
        await copy.run()
        del partner.environment["adx_externalidentities"]

        with pytest.raises(SourceDown):
            await copy.run()
        with pytest.raises(SourceDown) as failure:
            await copy.run()

        assert failure.value.facts["missing"] == "identities"

    async def test_notices_a_column_that_was_renamed_meanwhile(self, partner: Partner, copy: Copy) -> None:
        partner.invoice()
        await copy.run()
        del partner.table("invoices").definition.columns["totalamount"]

        with pytest.raises(SourceDown):
            await copy.run()
        with pytest.raises(SourceDown) as failure:
            await copy.run()

        assert failure.value.facts["missing"] == "invoices.total"


async def test_never_asks_for_the_partners_columns(partner: Partner, copy: Copy) -> None:
    partner.customer()
    partner.invoice()

    await copy.run()
    await copy.run(full=True)

    asked = " ".join(seen.path for seen in partner.world.asked("dataverse")).casefold()
    assert not [word for word in ("cost", "margin", "reseller", "$select=*") if word in asked]
