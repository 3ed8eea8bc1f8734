"""Tests: a table changed directly, as other tests do."""

import pytest

from sandbox.dataverse import Environment, environment
from sandbox.people import stable_id
from sandbox.world import World
from tests.sandbox.dataverse import rows

ONE = stable_id("INV-1")


@pytest.fixture
def tables() -> Environment:
    """Return the tables of a world that is not served."""
    return environment(World())


class TestTable:
    def test_refuses_a_column_that_it_lacks(self, tables: Environment) -> None:
        with pytest.raises(ValueError, match="invoices has no paid"):
            rows.invoice(tables, "INV-1", paid=True)

    def test_finds_rows_by_a_column_as_they_are_now(self, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")
        invoices = tables.table("invoices")

        assert [row["invoiceid"] for row in invoices.find("invoicenumber", "inv-1")] == [ONE]
        invoices.change(ONE, invoicenumber="INV-2")
        assert invoices.find("invoicenumber", "INV-1") == []
        assert [row["invoiceid"] for row in invoices.find("invoicenumber", "INV-2")] == [ONE]
        invoices.remove(ONE)
        assert invoices.find("invoicenumber", "INV-2") == []

    def test_notices_a_row_changed_behind_its_back(self, tables: Environment) -> None:
        row = rows.invoice(tables, "INV-1")
        tables.table("invoices").find("invoicenumber", "INV-1")

        row["invoicenumber"] = "INV-2"

        with pytest.raises(ValueError, match="behind the table's back"):
            tables.table("invoices").change(ONE, statuscode=7)

    def test_is_the_same_for_everybody_in_the_world(self) -> None:
        world = World()

        assert environment(world) is environment(world)
        assert environment(world) is world.tables
