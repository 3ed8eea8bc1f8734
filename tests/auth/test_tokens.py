"""What a bearer token proves. The messaging endpoint's tests have the table of forged ones."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from auth.keys import SigningKeys
from auth.tokens import ChannelTokens, EntraTokens
from billing.errors import BadToken, ForeignToken
from sandbox.faults import Fault
from sandbox.keys import SigningKeys as SandboxKeys
from sandbox.people import CONTOSO, FABRIKAM, person
from sandbox.world import BOT_APP_ID, World
from tests.clock import ShiftedClock

FINN = person("finn")


@pytest.fixture
def channel(world: World, http: ClientSession, clock: ShiftedClock) -> ChannelTokens:
    """Return what verifies the channel's tokens."""
    keys = SigningKeys(http, f"{world.base_url}/botframework/v1/.well-known/openidconfiguration", clock)
    return ChannelTokens(keys, BOT_APP_ID, clock)


@pytest.fixture
def entra(world: World, http: ClientSession, clock: ShiftedClock) -> EntraTokens:
    """Return what verifies Entra's tokens."""
    keys = SigningKeys(http, f"{world.base_url}/organizations/v2.0/.well-known/openid-configuration", clock)
    return EntraTokens(keys, BOT_APP_ID, world.base_url, clock)


class TestChannelTokens:
    async def test_are_remembered_and_still_expire(self, world: World, channel: ChannelTokens, clock: ShiftedClock) -> None:
        token = f"Bearer {world.teams.delivery.token()}"
        await channel.verify(token)
        world.faults.add(Fault("keys", drop=True, times=None))

        clock.advance(timedelta(minutes=64))
        await channel.verify(token)
        clock.advance(timedelta(minutes=2))
        with pytest.raises(BadToken):
            await channel.verify(token)

    async def test_name_their_service_with_a_slash_or_without(self, world: World, channel: ChannelTokens) -> None:
        token, url = f"bearer {world.teams.delivery.token()}", world.teams.delivery.service_url

        proof = await channel.verify(token)

        proof.require(url, "msteams")
        proof.require(url.rstrip("/"), "msteams")

    async def test_of_a_remembered_kind_are_checked_against_each_activity(self, world: World, channel: ChannelTokens) -> None:
        token, url = f"Bearer {world.teams.delivery.token()}", world.teams.delivery.service_url
        await channel.verify(token)

        proof = await channel.verify(token)

        for service, name in ((f"{url}x", "msteams"), ("", "msteams"), (url, "emulator")):
            with pytest.raises(ForeignToken):
                proof.require(service, name)


class TestEntraTokens:
    def claims(self, world: World, **changes: Any) -> dict[str, Any]:
        """Return what Entra claims about Finn."""
        now = int(world.clock().timestamp())
        told = {"iss": f"{world.base_url}/{CONTOSO.id}/v2.0", "aud": BOT_APP_ID, "tid": CONTOSO.id, "oid": FINN.oid, "exp": now + 60}
        return {name: each for name, each in {**told, **changes}.items() if each is not None}

    async def test_tell_who_it_is(self, world: World, entra: EntraTokens) -> None:
        token = world.entra.keys.sign(self.claims(world, oid=FINN.oid.upper(), roles=["Finance"]))

        claims = await entra.verify(token)

        assert (claims["tid"], claims["oid"], claims["roles"]) == (CONTOSO.id, FINN.oid, ["Finance"])

    @pytest.mark.parametrize("audience", [BOT_APP_ID, f"api://{BOT_APP_ID}", f"api://botid-{BOT_APP_ID}"])
    async def test_may_be_for_us_by_any_of_our_names(self, world: World, entra: EntraTokens, audience: str) -> None:
        assert await entra.verify(world.entra.keys.sign(self.claims(world, aud=audience)))

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            pytest.param({"aud": "11111111-1111-4111-8111-111111111111"}, ForeignToken, id="another application's"),
            pytest.param({"aud": None}, BadToken, id="nobody's"),
            pytest.param({"iss": "https://login.microsoftonline.com/common/v2.0"}, ForeignToken, id="another issuer"),
            pytest.param({"iss": None}, ForeignToken, id="no issuer"),
            pytest.param({"tid": FABRIKAM.id}, ForeignToken, id="tenant that did not issue it"),
            pytest.param({"tid": None}, BadToken, id="no tenant"),
            pytest.param({"tid": "organizations"}, BadToken, id="tenant is no GUID"),
            pytest.param({"tid": "../evil"}, BadToken, id="tenant leads elsewhere"),
            pytest.param({"oid": None}, BadToken, id="nobody"),
            pytest.param({"oid": "finn"}, BadToken, id="person is no GUID"),
            pytest.param({"exp": None}, BadToken, id="lives for ever"),
            pytest.param({"exp": 1}, BadToken, id="expired"),
            pytest.param({"exp": True}, BadToken, id="exp is no number"),
            pytest.param({"nbf": 32503680000}, BadToken, id="not yet valid"),
        ],
    )
    async def test_are_refused(self, world: World, entra: EntraTokens, changes: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error):
            await entra.verify(world.entra.keys.sign(self.claims(world, **changes)))

    async def test_are_refused_when_signed_by_a_stranger(self, world: World, entra: EntraTokens) -> None:
        await entra.verify(world.entra.keys.sign(self.claims(world)))

        with pytest.raises(BadToken):
            await entra.verify(SandboxKeys().sign(self.claims(world)))

    async def test_are_refused_when_the_key_is_another_tenants(self, world: World, http: ClientSession, clock: ShiftedClock) -> None:
        keys = SigningKeys(http, f"{world.base_url}/{FABRIKAM.id}/v2.0/.well-known/openid-configuration", clock)

        with pytest.raises(ForeignToken):
            await EntraTokens(keys, BOT_APP_ID, world.base_url, clock).verify(world.entra.keys.sign(self.claims(world)))

    @pytest.mark.parametrize("token", ["", "garbage", "e30.e30.", "a.b.c.d", "\ud800.e30.e30", "é.é.é"], ids=ascii)
    async def test_of_garbage_prove_nothing(self, entra: EntraTokens, token: str) -> None:
        with pytest.raises(BadToken):
            await entra.verify(token)
