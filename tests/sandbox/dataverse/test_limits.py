"""Tests: service protection."""

from datetime import UTC, datetime, timedelta

from sandbox.dataverse import Environment
from sandbox.world import World
from tests.sandbox.dataverse_client import DataverseClient


class TestLimits:
    async def test_refuses_requests_beyond_the_window(self, client: DataverseClient, tables: Environment) -> None:
        tables.limits.requests = 2

        statuses = [(await client.get("WhoAmI()")).status for _ in range(2)]
        refused = await client.get("WhoAmI()")

        assert statuses == [200, 200]
        assert (refused.status, refused.code) == (429, "0x80072322")
        assert 290 <= int(refused.headers["Retry-After"]) <= 300

    async def test_forgets_requests_after_five_minutes(self, world: World, client: DataverseClient, tables: Environment) -> None:
        tables.limits.requests = 1
        await client.get("WhoAmI()")
        world.site.clock = lambda: datetime.now(UTC) + timedelta(seconds=301)

        assert (await client.get("WhoAmI()")).status == 200

    async def test_refuses_too_many_at_once(self, client: DataverseClient, tables: Environment) -> None:
        tables.limits.at_once = 1

        with tables.limits.one_request():
            refused = await client.get("WhoAmI()")
        answered = await client.get("WhoAmI()")

        assert (refused.status, refused.code) == (429, "0x80072326")
        assert answered.status == 200

    async def test_refuses_too_much_execution_time(self, client: DataverseClient, tables: Environment) -> None:
        tables.limits.execution_s = 0.01
        tables.limits.latency_s = 0.02
        await client.get("WhoAmI()")

        refused = await client.get("WhoAmI()")

        assert (refused.status, refused.code) == (429, "0x80072321")
        assert int(refused.headers["Retry-After"]) >= 1
