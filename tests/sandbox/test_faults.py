"""Faults: what goes wrong, how often, and what is seen of it."""

import asyncio

import aiohttp
import pytest

from sandbox.faults import Fault, cloud_of
from sandbox.people import person
from sandbox.world import World

METADATA = "/common/v2.0/.well-known/openid-configuration"
TOKEN = "/common/oauth2/v2.0/token"
FINN = person("finn")


async def status(world: World, path: str = METADATA) -> int:
    """Ask for a page and return the status of the answer."""
    async with aiohttp.ClientSession() as session, session.get(world.base_url + path) as response:
        return response.status


async def post(world: World, path: str) -> int:
    """Send a POST, which aiohttp does not repeat as it repeats a GET, and return the status of the answer."""
    async with aiohttp.ClientSession() as session, session.post(world.base_url + path, data={"grant_type": "none"}) as response:
        return response.status


class TestFaults:
    async def test_spoil_as_many_requests_as_they_say(self, world: World) -> None:
        world.faults.add(Fault("keys", status=503, times=2))

        assert [await status(world) for _ in range(3)] == [503, 503, 200]

    async def test_spoil_all_until_cleared(self, world: World) -> None:
        world.faults.add(Fault("keys", status=500, times=None))
        before = [await status(world) for _ in range(2)]
        world.faults.clear()

        assert before == [500, 500]
        assert await status(world) == 200

    async def test_spoil_only_what_they_match(self, world: World) -> None:
        world.faults.add(Fault("keys", "GET /organizations/", status=503))
        world.faults.add(Fault("entra", status=503))

        assert await status(world) == 200
        assert await status(world, METADATA.replace("common", "organizations")) == 503

    async def test_answer_with_the_headers_and_body_they_have(self, world: World) -> None:
        world.faults.add(Fault("keys", status=429, headers={"Retry-After": "3"}, body={"error": {"code": "429"}}))

        async with aiohttp.ClientSession() as session, session.get(world.base_url + METADATA) as response:
            assert response.headers["Retry-After"] == "3"
            assert await response.json() == {"error": {"code": "429"}}

    async def test_hang_up_before_handling(self, world: World) -> None:
        world.faults.add(Fault("entra", drop=True))

        with pytest.raises(aiohttp.ClientConnectionError):
            await post(world, TOKEN)
        assert await post(world, TOKEN) == 400

    async def test_hold_a_request_until_they_are_told(self, world: World) -> None:
        told = asyncio.Event()
        world.faults.add(Fault("keys", until=told))

        asking = asyncio.create_task(status(world))
        while not world.asked("keys"):  # noqa: ASYNC110 - the sandbox keeps a list and rings no bell
            await asyncio.sleep(0)
        is_held = not asking.done()
        told.set()

        assert (is_held, await asking) == (True, 200)

    async def test_lose_the_answer_of_something_that_has_happened(self, world: World) -> None:
        said = len(world.teams.client(FINN).conversation.events)
        world.faults.add(Fault("chat", "say", drop_after_handling=True))

        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.post(f"{world.base_url}/chat/finn/personal/say", json={"text": "help"})

        assert len(world.teams.client(FINN).conversation.shown) == said + 1

    async def test_are_recorded_like_every_request(self, world: World) -> None:
        world.faults.add(Fault("keys", status=503))
        await status(world)
        await status(world, f"{METADATA}?q=a%20b")

        assert [each.path for each in world.asked("keys")] == [METADATA, f"{METADATA}?q=a b"]
        assert world.asked("keys", "q=a b")[0].method == "GET"


class TestCloudOf:
    @pytest.mark.parametrize(
        ("path", "cloud"),
        [
            ("/", "chat"),
            ("/chat/people", "chat"),
            ("/dataverse/api/data/v9.2/invoices", "dataverse"),
            ("/connector/v3/conversations", "connector"),
            ("/botframework/v1/.well-known/keys", "keys"),
            ("/common/discovery/v2.0/keys", "keys"),
            ("/common/oauth2/v2.0/token", "entra"),
            ("/pay/abc", "payment"),
            ("/paying/oauth2/v2.0/token", "entra"),
        ],
    )
    def test_goes_by_the_path(self, path: str, cloud: str) -> None:
        assert cloud_of(path) == cloud
