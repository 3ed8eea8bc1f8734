"""What was deleted in Work 365 leaves the mirror, and nothing else does."""

from datetime import timedelta

import pytest

from backends.postgres.mirror import Mirror
from backends.rows import Table
from sandbox.faults import Fault
from tests.backends.work365.copying import AT_EVERY_PASS, Copy
from tests.backends.work365.partner import BILLED, Partner
from tests.make import FABRIKAM, guid


class TestVanished:
    @pytest.fixture(autouse=True)
    async def two_invoices(self, partner: Partner, copy: Copy) -> None:
        """Mirror two invoices, and compare at every pass."""
        partner.customer()
        partner.invoice("INV-1")
        partner.invoice("INV-2")
        await copy.run()
        copy.sync = copy.another(compare_every=AT_EVERY_PASS)

    async def test_drops_a_deleted_invoice(self, partner: Partner, copy: Copy) -> None:
        partner.table("invoices").remove(guid("INV-1"))

        changes = await copy.run()

        assert [await copy.is_shown(number) for number in ("INV-1", "INV-2")] == [False, True]
        assert changes.counts["deleted invoices"] == 1

    async def test_drops_a_deleted_company(self, partner: Partner, copy: Copy) -> None:
        partner.customer(FABRIKAM.id, guid("tenant.fabrikam"))
        await copy.run()

        partner.table("accounts").remove(FABRIKAM.id)
        changes = await copy.run()

        assert changes.counts["deleted accounts"] == 1

    async def test_drops_a_line_that_was_deleted_without_its_invoice(self, partner: Partner, copy: Copy) -> None:
        partner.line("INV-2", 2)
        await copy.run()

        partner.table("invoicedetails").remove(guid("line.INV-2.1"))
        changes = await copy.run()

        assert [line.position for line in (await copy.details("INV-2")).lines] == [2]
        assert len((await copy.details("INV-1")).lines) == 1
        assert changes.counts["deleted lines"] == 1

    async def test_counts_what_is_left_out_until_it_is_mended(self, partner: Partner, copy: Copy, mirror: Mirror) -> None:
        partner.invoice("INV-1", _transactioncurrencyid_value=None)
        partner.invoice("INV-3", (2, 805219999))
        first = await copy.run()
        untouched = await copy.run()
        kept = await mirror.findings()
        partner.invoice("INV-1")
        partner.status("INV-3", BILLED)
        await copy.run()

        assert first.reported == untouched.reported == kept == {"without a known currency": 1, "unknown status 2/805219999": 1}
        assert await mirror.findings() == {}

    async def test_keeps_the_count_between_two_comparisons(self, partner: Partner, copy: Copy, mirror: Mirror) -> None:
        partner.invoice("INV-1", _transactioncurrencyid_value=None)
        await copy.run()

        await copy.another().run()

        assert await mirror.findings() == {"without a known currency": 1}

    async def test_waits_for_its_hour(self, partner: Partner, copy: Copy) -> None:
        partner.table("invoices").remove(guid("INV-1"))

        await copy.another(compare_every=timedelta(hours=1)).run()

        assert await copy.is_shown("INV-1")

    async def test_does_not_trust_a_page_that_skipped_a_row(self, partner: Partner, copy: Copy) -> None:
        page = {"value": [{"invoiceid": guid("INV-1")}]}
        partner.world.faults.add(Fault("dataverse", "$select=invoiceid&$filter=((statecode", status=200, body=page))

        await copy.run()

        assert await copy.is_shown("INV-2")

    async def test_does_not_believe_that_everything_is_gone(self, partner: Partner, copy: Copy) -> None:
        partner.world.faults.add(Fault("dataverse", "invoices?$select=invoiceid&$filter", status=200, body={"value": []}))

        changes = await copy.run()

        assert await copy.is_shown("INV-1")
        assert changes.reported == {"invoices although Work 365 shows none": 2}

    async def test_reads_an_invoice_that_the_mirror_lacks(self, copy: Copy, mirror: Mirror) -> None:
        async with mirror.writing() as batch:
            await batch.remove(Table.INVOICES, [guid("INV-1")])

        await copy.run()

        assert len((await copy.details("INV-1")).lines) == 1
