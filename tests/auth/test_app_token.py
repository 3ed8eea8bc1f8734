"""The application's own token is there when it is needed, and nobody waits for a new one while the old one is good."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from auth.app_token import AppToken
from auth.entra import Entra, Registration
from auth.transport import LoopbackTransport
from billing.errors import SourceDown
from sandbox.faults import Fault
from sandbox.people import PARTNER
from sandbox.world import BOT_APP_ID, World
from tests.auth.clouds import Clouds
from tests.clock import ShiftedClock

TOKEN = "oauth2/v2.0/token"
SCOPE = "https://api.botframework.com/.default"


class HeldEntra(Entra):
    """Entra, which gives tokens only while it may.

    waiting  set once somebody waits for a token
    """

    def __init__(self, world: World) -> None:
        super().__init__(LoopbackTransport(world.base_url))
        self.may, self.waiting = asyncio.Event(), asyncio.Event()
        self.may.set()

    async def app_token(self, registration: Registration, scope: str) -> tuple[str, timedelta]:
        """Return a token, once it may."""
        self.waiting.set()
        await self.may.wait()
        return await super().app_token(registration, scope)


class TestAppToken:
    def token(self, clouds: Clouds, clock: ShiftedClock) -> AppToken:
        """Return the bot's own token."""
        return AppToken(clouds.entra, clouds.partner, SCOPE, clock)

    async def test_is_asked_for_once_by_everybody(self, clouds: Clouds, clock: ShiftedClock) -> None:
        token = self.token(clouds, clock)

        given = await asyncio.gather(*(token() for _ in range(20)))

        assert len(set(given)) == 1
        assert len(clouds.world.asked("entra", TOKEN)) == 1

    async def test_is_renewed_at_half_its_life(self, clouds: Clouds, clock: ShiftedClock) -> None:
        token = self.token(clouds, clock)

        first = await token()
        clock.advance(timedelta(minutes=36))
        await token()
        before = len(clouds.world.asked("entra", TOKEN))
        clock.advance(timedelta(minutes=2))
        await token()
        second = await token(fresh=True)  # waits for the renewal that has begun

        assert first != second == await token()
        assert (before, len(clouds.world.asked("entra", TOKEN))) == (1, 2)

    async def test_is_given_at_once_while_another_is_on_its_way(self, clouds: Clouds, clock: ShiftedClock) -> None:
        entra = HeldEntra(clouds.world)
        token = AppToken(entra, clouds.partner, SCOPE, clock)
        first = await token()
        entra.may.clear()
        clock.advance(timedelta(minutes=38))

        async with asyncio.timeout(5):
            assert {await token() for _ in range(20)} == {first}
        entra.may.set()

        assert await token(fresh=True) != first
        assert len(clouds.world.asked("entra", TOKEN)) == 2
        entra.close()

    async def test_is_waited_for_once_the_old_one_is_dead(self, clouds: Clouds, clock: ShiftedClock) -> None:
        entra = HeldEntra(clouds.world)
        token = AppToken(entra, clouds.partner, SCOPE, clock)
        first = await token()
        entra.may.clear()
        entra.waiting.clear()
        clock.advance(timedelta(minutes=75))

        asking = [asyncio.create_task(token()) for _ in range(20)]
        await entra.waiting.wait()
        are_waiting = not any(each.done() for each in asking)
        entra.may.set()
        given = set(await asyncio.gather(*asking))

        assert are_waiting
        assert len(given) == 1
        assert first not in given
        entra.close()

    async def test_is_no_longer_waited_for_when_all_ends(self, clouds: Clouds, clock: ShiftedClock) -> None:
        entra = HeldEntra(clouds.world)
        token = AppToken(entra, clouds.partner, SCOPE, clock)
        await token()
        entra.may.clear()
        clock.advance(timedelta(minutes=38))
        await token()
        tasks = asyncio.all_tasks()

        await token.close()

        assert len(tasks - asyncio.all_tasks()) == 1
        entra.close()

    async def test_lives_from_when_it_was_asked_for(self, clouds: Clouds, clock: ShiftedClock) -> None:
        def leaping() -> datetime:
            return clock() + timedelta(days=len(clouds.world.asked("entra", TOKEN)))

        token = AppToken(clouds.entra, clouds.partner, SCOPE, leaping)

        assert await token() != await token()

    async def test_is_kept_to_its_end_while_entra_is_down(
        self, clouds: Clouds, clock: ShiftedClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        token = self.token(clouds, clock)
        first = await token()
        clouds.world.faults.add(Fault("entra", TOKEN, status=503, times=None))

        clock.advance(timedelta(minutes=40))
        assert [await token(), await token(fresh=True), await token()] == [first] * 3
        assert len(clouds.world.asked("entra", TOKEN)) == 2
        assert [each.levelname for each in caplog.records if each.getMessage() == "entra.token_not_renewed"] == ["WARNING"]
        clock.advance(timedelta(minutes=35))
        with pytest.raises(SourceDown):
            await token()
        clouds.world.faults.clear()
        assert await token() != first

    async def test_is_replaced_when_it_was_refused(self, clouds: Clouds, clock: ShiftedClock) -> None:
        token = self.token(clouds, clock)
        first = await token()

        assert await token(fresh=True) != first

    async def test_is_not_given_for_a_wrong_secret(self, world: World, clock: ShiftedClock, caplog: pytest.LogCaptureFixture) -> None:
        secure = world.base_url.replace("http://", "https://")
        entra = Entra(LoopbackTransport(world.base_url))
        token = AppToken(entra, Registration(f"{secure}/{PARTNER.id}", BOT_APP_ID, "not-the-secret"), SCOPE, clock)

        with pytest.raises(SourceDown):
            await token()
        entra.close()

        said: list[Any] = [vars(each) for each in caplog.records]
        assert "invalid_client" in str(said)
        assert "not-the-secret" not in str(said)
