"""Tests: what a client learns about tables and columns."""

from sandbox.dataverse import Environment
from tests.sandbox.dataverse_client import DataverseClient


class TestDefinitions:
    async def test_describe_one_table_with_its_columns(self, client: DataverseClient) -> None:
        answer = await client.get(
            "EntityDefinitions(LogicalName='invoice')?$select=LogicalName,EntitySetName"
            "&$expand=Attributes($select=LogicalName,AttributeType)"
        )

        found = answer.json
        kinds = {column["LogicalName"]: column["AttributeType"] for column in found["Attributes"]}
        assert (found["LogicalName"], found["EntitySetName"]) == ("invoice", "invoices")
        assert kinds["invoiceid"] == "Uniqueidentifier"
        assert kinds["duedate"] == "DateTime"
        assert kinds["totalamount"] == "Money"
        assert kinds["customerid"] == "Customer"
        assert kinds["transactioncurrencyid"] == "Lookup"
        assert set(found["Attributes"][0]) == {"MetadataId", "LogicalName", "AttributeType"}

    async def test_can_be_filtered(self, client: DataverseClient) -> None:
        answer = await client.get(
            "EntityDefinitions?$select=LogicalName,EntitySetName&$filter=LogicalName eq 'account' or LogicalName eq 'nosuch'"
        )

        assert [table["EntitySetName"] for table in answer.rows] == ["accounts"]

    async def test_list_columns_by_path(self, client: DataverseClient) -> None:
        path = "EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName&$filter=AttributeType eq 'Boolean'"

        assert [column["LogicalName"] for column in (await client.get(path)).rows] == ["donotemail"]

    async def test_lack_a_renamed_column(self, client: DataverseClient, tables: Environment) -> None:
        del tables.table("invoices").definition.columns["work365_invoice_paylink"]

        answer = await client.get("EntityDefinitions(LogicalName='invoice')?$expand=Attributes($select=LogicalName)")

        assert "work365_invoice_paylink" not in {column["LogicalName"] for column in answer.json["Attributes"]}

    async def test_lack_an_unknown_table(self, client: DataverseClient) -> None:
        answer = await client.get("EntityDefinitions(LogicalName='nosuch')")

        assert (answer.status, answer.code) == (404, "0x80040217")

    async def test_refuse_an_unknown_property(self, client: DataverseClient) -> None:
        assert (await client.get("EntityDefinitions?$select=Nosuch")).status == 400
        assert (await client.get("EntityDefinitions(LogicalName='invoice')?$expand=Keys")).status == 400
