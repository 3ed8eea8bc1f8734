"""People ask whom to turn to, before they have signed in."""

from sandbox.driver import text_of
from tests.town import town


class TestContact:
    async def test_names_the_reseller_and_how_to_reach_them(self, database_url: str) -> None:
        async with town(database_url, RESELLER_NAME="Northwind Cloud", RESELLER_CONTACT="billing@northwind.example") as there:
            nora = await there.opened("nora")
            said = text_of(await nora.ask("contact"))

        assert "Northwind Cloud" in said
        assert "billing@northwind.example" in said

    async def test_names_nobody_where_no_reseller_is_set(self, database_url: str) -> None:
        async with town(database_url) as there:
            nora = await there.opened("nora")
            said = text_of(await nora.ask("contact"))

        assert "the company that sends you the invoices" in said
        assert "Your cloud provider" not in said
