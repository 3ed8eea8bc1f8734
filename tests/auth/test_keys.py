"""An issuer's keys: there when they are needed, asked for rarely, kept through an outage."""

import asyncio
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession

from auth.keys import ASK_AT_MOST_EVERY, REFRESH_AFTER, USABLE_FOR, SigningKeys
from billing.errors import BadToken, SourceDown
from sandbox.faults import Fault
from sandbox.world import World
from tests.clock import ShiftedClock
from tests.patience import PATIENCE_S

A_FETCH = 2
"""Requests: the metadata, then the keys that it names."""


@pytest.fixture
def keys(world: World, http: ClientSession, clock: ShiftedClock) -> SigningKeys:
    """Return the channel's keys."""
    return SigningKeys(http, f"{world.base_url}/botframework/v1/.well-known/openidconfiguration", clock)


def kid(world: World) -> str:
    """Return the id of the key that signs now."""
    return str(jwt.get_unverified_header(world.teams.keys.sign({}))["kid"])


class TestGet:
    async def test_fetches_once_for_everybody(self, world: World, keys: SigningKeys) -> None:
        found = await asyncio.gather(*(keys.get(kid(world)) for _ in range(20)))

        assert len({id(each) for each in found}) == 1
        assert found[0].endorsements == {"msteams"}
        assert len(world.asked("keys")) == A_FETCH

    async def test_accepts_a_new_key_within_one_refetch(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        old = kid(world)
        await keys.get(old)
        world.teams.keys.rotate()
        clock.advance(ASK_AT_MOST_EVERY)

        assert await keys.get(kid(world))
        assert await keys.get(old)
        assert len(world.asked("keys")) == 2 * A_FETCH

    async def test_asks_once_a_minute_under_a_flood_of_unknown_keys(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        await keys.get(kid(world))
        for minute in range(3):
            clock.advance(ASK_AT_MOST_EVERY)
            refused = await asyncio.gather(*(keys.get(f"{minute} {n}") for n in range(50)), return_exceptions=True)
            assert all(isinstance(each, BadToken) for each in refused)

        assert len(world.asked("keys")) == 4 * A_FETCH

    async def test_forgets_a_withdrawn_key(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        old = kid(world)
        await keys.get(old)
        world.teams.keys.rotate()
        world.teams.keys.withdraw_old()
        clock.advance(REFRESH_AFTER + timedelta(seconds=1))

        with pytest.raises(BadToken):
            await keys.get(old)

    async def test_fetches_anew_after_the_clock_was_set_back(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        clock.advance(timedelta(hours=3))
        await keys.get(kid(world))
        world.teams.keys.rotate()
        clock.advance(-timedelta(hours=3))

        assert await keys.get(kid(world))
        assert keys.age is not None
        assert keys.age < ASK_AT_MOST_EVERY


class TestOutage:
    async def test_leaves_known_keys_usable_for_a_day(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        await keys.get(kid(world))
        world.faults.add(Fault("keys", status=503, times=None))

        for hours in (1, 6, 16):
            clock.advance(timedelta(hours=hours))
            assert await keys.get(kid(world))
        clock.advance(USABLE_FOR - timedelta(hours=23) + timedelta(seconds=5))
        with pytest.raises(SourceDown):
            await keys.get(kid(world))

    async def test_leaves_an_unknown_key_unknown(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        await keys.get(kid(world))
        world.faults.add(Fault("keys", drop=True, times=None))
        clock.advance(ASK_AT_MOST_EVERY)

        with pytest.raises(BadToken):
            await keys.get("unknown")

    async def test_before_the_first_fetch_is_over_after_a_minute(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        world.faults.add(Fault("keys", status=500))

        with pytest.raises(SourceDown):
            await keys.get(kid(world))
        with pytest.raises(SourceDown):
            await keys.get(kid(world))
        clock.advance(ASK_AT_MOST_EVERY)

        assert await keys.get(kid(world))
        assert keys.age is not None

    async def test_holds_up_one_request_a_minute_and_no_other(self, world: World, keys: SigningKeys, clock: ShiftedClock) -> None:
        await keys.get(kid(world))
        clock.advance(REFRESH_AFTER + timedelta(seconds=1))
        world.faults.add(Fault("keys", delay_s=30, times=None))
        asking = asyncio.create_task(keys.get(kid(world)))
        await asyncio.sleep(0)

        async with asyncio.timeout(PATIENCE_S):
            assert await keys.get(kid(world))
        asking.cancel()

    @pytest.mark.parametrize(
        ("match", "body"),
        [
            pytest.param("openid", [], id="metadata is a list"),
            pytest.param("openid", "keys", id="metadata is a text"),
            pytest.param("openid", {}, id="metadata names no keys"),
            pytest.param("openid", {"jwks_uri": 5}, id="address is a number"),
            pytest.param("openid", {"jwks_uri": "keys"}, id="address leads nowhere"),
            pytest.param("/keys", [], id="keys are a bare list"),
            pytest.param("/keys", {"keys": {}}, id="keys are an object"),
            pytest.param("/keys", {"keys": ["key"]}, id="key is a text"),
            pytest.param("/keys", {"keys": [None]}, id="key is null"),
            pytest.param("/keys", {"keys": []}, id="no key"),
            pytest.param("/keys", {"keys": [{"kty": "EC", "kid": "a"}]}, id="no RSA key"),
            pytest.param("/keys", {"keys": [{"kty": "RSA", "kid": "a"}]}, id="key without numbers"),
            pytest.param("/keys", {"keys": [{"kty": "RSA", "kid": "a", "n": "!", "e": "AQAB"}]}, id="key of nonsense"),
        ],
    )
    async def test_is_what_nonsense_counts_as(self, world: World, keys: SigningKeys, match: str, body: Any) -> None:
        world.faults.add(Fault("keys", match, status=200, body=body))

        with pytest.raises(SourceDown):
            await keys.get(kid(world))

    async def test_is_what_a_redirect_counts_as(self, world: World, keys: SigningKeys) -> None:
        elsewhere = f"{world.base_url}/botframework/v1/.well-known/keys"
        world.faults.add(Fault("keys", status=302, headers={"Location": elsewhere}))

        with pytest.raises(SourceDown):
            await keys.get(kid(world))
        assert len(world.asked("keys")) == 1
