"""Tests: who gets into Dataverse."""

from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession

from sandbox.dataverse import Environment
from sandbox.entra.tokens import Asked
from sandbox.people import PARTNER, person, stable_id
from sandbox.world import DATAVERSE_CLIENT_ID, World
from tests.sandbox.dataverse import rows
from tests.sandbox.dataverse_client import DataverseClient


class TestDoor:
    async def test_lets_an_application_in(self, client: DataverseClient) -> None:
        answer = await client.get("WhoAmI()")

        assert answer.status == 200
        assert set(answer.json) == {"BusinessUnitId", "UserId", "OrganizationId"}
        assert answer.headers["OData-Version"] == "4.0"

    async def test_answers_by_the_worlds_clock(self, world: World, client: DataverseClient) -> None:
        world.site.clock = lambda: datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)

        assert (await client.get("WhoAmI()")).headers["Date"] == "Wed, 03 Feb 2027 04:05:06 GMT"

    async def test_reads_a_long_address(self, client: DataverseClient) -> None:
        ids = ",".join(f"'{stable_id(str(number))}'" for number in range(600))

        answer = await client.get(f"accounts?$filter=Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=[{ids}])")

        assert answer.status == 200

    async def test_asks_for_a_token(self, world: World) -> None:
        async with ClientSession() as session, session.get(f"{world.dataverse_url}/api/data/v9.2/WhoAmI()") as answer:
            assert answer.status == 401
            assert f'resource_id="{world.dataverse_url}"' in answer.headers["WWW-Authenticate"]

    async def test_refuses_a_token_for_another_resource(self, world: World) -> None:
        token = world.entra.minter.app_token(PARTNER, DATAVERSE_CLIENT_ID, "https://graph.example/.default")

        assert await status_with(world, token) == 401

    async def test_refuses_a_forged_token(self, world: World) -> None:
        forger = World()
        forger.entra.keys.rotate()
        token = forger.entra.minter.app_token(PARTNER, DATAVERSE_CLIENT_ID, f"{world.dataverse_url}/.default")

        assert await status_with(world, token) == 401

    async def test_refuses_an_expired_token(self, world: World) -> None:
        token = world.entra.minter.app_token(PARTNER, DATAVERSE_CLIENT_ID, f"{world.dataverse_url}/.default")
        world.site.clock = lambda: datetime.now(UTC) + timedelta(hours=3)

        assert await status_with(world, token) == 401

    async def test_refuses_people(self, world: World) -> None:
        asked = Asked(person("ada"), DATAVERSE_CLIENT_ID, f"{world.dataverse_url}/user_impersonation", world.clock())

        assert await status_with(world, world.entra.minter.access_token(asked, ())) == 403


class TestPrivileges:
    async def test_names_a_missing_privilege(self, client: DataverseClient, tables: Environment) -> None:
        rows.invoice(tables, "INV-1")
        tables.table("invoices").forbidden.add("Read")

        answer = await client.get("invoices")

        assert (answer.status, answer.code) == (403, "0x80040220")
        assert "missing prvReadInvoice privilege" in answer.message

    async def test_needs_the_privilege_on_expanded_tables_too(self, client: DataverseClient, tables: Environment) -> None:
        tables.table("adx_webroles").forbidden.add("Read")

        answer = await client.get("contacts?$expand=adx_webrole_contact($select=adx_name)")

        assert (answer.status, answer.code) == (403, "0x80040220")


async def status_with(world: World, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession() as session, session.get(f"{world.dataverse_url}/api/data/v9.2/WhoAmI()", headers=headers) as answer:
        return answer.status
