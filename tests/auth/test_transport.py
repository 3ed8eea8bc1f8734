"""How MSAL reaches Entra."""

import asyncio
import json
from pathlib import Path

import pytest
import requests

from auth.transport import LoopbackTransport, Transport
from sandbox.faults import Fault
from sandbox.people import CONTOSO
from sandbox.world import World

DISCOVERY = f"/{CONTOSO.id}/v2.0/.well-known/openid-configuration"


class TestTransport:
    async def test_fetches_a_discovery_document_once(self, world: World) -> None:
        transport = Transport()

        answers = [await asyncio.to_thread(transport.get, world.base_url + DISCOVERY) for _ in range(3)]

        assert {each.status_code for each in answers} == {200}
        assert len(world.asked("keys", "openid-configuration")) == 1

    async def test_remembers_no_failure(self, world: World) -> None:
        transport = Transport()
        world.faults.add(Fault("keys", status=503))

        first = await asyncio.to_thread(transport.get, world.base_url + DISCOVERY)
        second = await asyncio.to_thread(transport.get, world.base_url + DISCOVERY)

        assert (first.status_code, second.status_code) == (503, 200)

    async def test_remembers_nothing_else(self, world: World) -> None:
        transport = Transport()

        for _ in range(2):
            await asyncio.to_thread(transport.get, f"{world.base_url}/{CONTOSO.id}/discovery/v2.0/keys")

        assert len(world.asked("keys", "discovery")) == 2

    async def test_follows_nobody_elsewhere(self, world: World) -> None:
        world.faults.add(Fault("entra", status=307, headers={"Location": f"{world.base_url}/elsewhere"}))

        answer = await asyncio.to_thread(Transport().post, f"{world.base_url}/{CONTOSO.id}/oauth2/v2.0/token", data={"client_secret": "s"})

        assert answer.status_code == 307
        assert world.asked("entra", "elsewhere") == []

    def test_trusts_the_roots_that_it_is_given_whatever_the_environment_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/environment.pem")

        with pytest.raises(OSError, match=r"given\.pem"):
            Transport(Path("/no/such/given.pem")).get("https://127.0.0.1:1/")


class TestLoopbackTransport:
    async def test_speaks_plainly_to_the_sandbox_under_its_https_address(self, world: World) -> None:
        transport = LoopbackTransport(world.base_url)
        secure = world.base_url.replace("http://", "https://")

        answer = await asyncio.to_thread(transport.get, secure + DISCOVERY)

        found = json.loads(answer.text)
        assert found["token_endpoint"].startswith(f"{secure}/")
        assert found["authorization_endpoint"].startswith(f"{world.base_url}/")
        assert answer.headers["Content-Type"].startswith("application/json")
        answer.raise_for_status()

    async def test_leaves_a_failure_a_failure(self, world: World) -> None:
        world.faults.add(Fault("keys", status=500))

        answer = await asyncio.to_thread(LoopbackTransport(world.base_url).get, world.base_url.replace("http://", "https://") + DISCOVERY)

        with pytest.raises(requests.HTTPError):
            answer.raise_for_status()

    @pytest.mark.parametrize(
        "url", ["https://login.microsoftonline.com/", "https://127.0.0.1:1/", "http://127.0.0.1:1/", "https://127.0.0.1:99991/"]
    )
    def test_goes_nowhere_else(self, url: str) -> None:
        with pytest.raises(requests.ConnectionError, match="outside the sandbox"):
            LoopbackTransport("http://127.0.0.1:9999").get(url)
