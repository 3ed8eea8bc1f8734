"""The check names what the environment lacks."""

import pytest

from backends.dataverse.client import Dataverse
from backends.work365.mapping import load
from backends.work365.schema import Schema, check
from billing.errors import SourceDown
from sandbox.faults import Fault
from tests.backends.work365.partner import Partner


class TestCheck:
    async def test_finds_nothing_wrong_with_the_shipped_names(self, dataverse: Dataverse) -> None:
        assert await check(dataverse, load()) == []

    async def test_names_a_column_that_is_gone(self, partner: Partner, dataverse: Dataverse) -> None:
        del partner.table("invoices").definition.columns["invoicenumber"]

        (finding,) = await check(dataverse, load())

        assert str(finding) == "invoices.number = invoicenumber: there is no such column"
        assert finding.fatal

    @pytest.mark.parametrize(
        ("table", "column", "said"),
        [
            ("invoices", "work365_invoice_paylink", "invoices.pay_link = work365_invoice_paylink: there is no such column; switched off"),
            ("invoicedetails", "productdescription", "lines.product = productdescription: there is no such column; switched off"),
            (
                "work365_usagelines",
                "_work365_usageline_invoice_value",
                "usage.invoice = _work365_usageline_invoice_value: there is no such column; switched off",
            ),
        ],
    )
    async def test_says_what_is_switched_off(self, partner: Partner, dataverse: Dataverse, table: str, column: str, said: str) -> None:
        del partner.table(table).definition.columns[column]

        (finding,) = await check(dataverse, load())

        assert str(finding) == said

    async def test_names_a_table_that_is_gone(self, partner: Partner, dataverse: Dataverse) -> None:
        del partner.environment["work365_usagelines"]
        del partner.environment["adx_externalidentities"]

        found = await check(dataverse, load())

        assert [(finding.at, finding.fatal) for finding in found] == [("identities", True), ("usage", False)]

    async def test_names_a_privilege_that_is_missing(self, partner: Partner, dataverse: Dataverse) -> None:
        partner.table("contacts").forbidden.add("Read")

        (finding,) = await check(dataverse, load())

        assert (finding.at, finding.fatal) == ("contacts", True)
        assert "0x80040220" in finding.what

    async def test_names_a_way_to_the_roles_that_is_gone(self, partner: Partner, dataverse: Dataverse) -> None:
        del partner.table("contacts").definition.navigations["adx_webrole_contact"]

        (finding,) = await check(dataverse, load())

        assert finding.at == "contacts"


class TestNames:
    async def test_leaves_out_what_is_missing(self, partner: Partner, schema: Schema) -> None:
        del partner.table("invoices").definition.columns["work365_invoice_paylink"]
        del partner.table("invoicedetails").definition.columns["productdescription"]
        del partner.table("work365_usagelines").definition.columns["_work365_usageline_invoice_value"]

        names = await schema.names()

        assert (names.invoices.pay_link, names.lines.product, names.usage) == (None, ("productname",), None)

    async def test_asks_once_until_told_to_forget(self, partner: Partner, schema: Schema) -> None:
        await schema.names()
        await schema.names()
        assert len(partner.world.asked("dataverse")) == 1

        schema.forget()
        await schema.names()

        assert len(partner.world.asked("dataverse")) == 2

    async def test_tries_again_after_an_outage(self, partner: Partner, schema: Schema) -> None:
        partner.world.faults.add(Fault("dataverse", status=500, body={}))

        with pytest.raises(SourceDown):
            await schema.names()

        assert (await schema.names()).invoices.number == "invoicenumber"

    async def test_trusts_the_mapping_where_metadata_may_not_be_read(self, partner: Partner, schema: Schema) -> None:
        partner.world.faults.add(Fault("dataverse", "EntityDefinitions", status=403, body={}, times=None))

        assert await schema.names() == load()
