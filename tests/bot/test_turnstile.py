"""A few pass in each round of the event loop, in order, and those who give up hold nobody up."""

import asyncio

from billing.errors import Overloaded
from bot.fairness import Bounds
from bot.turnstile import BOUNDS, Turnstile
from tests.patience import PATIENCE_S

AT_A_TIME = BOUNDS.running


class Crowd:
    """People who go through the same turnstile; ``inside`` tells their order."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self.turnstile = Turnstile(bounds)
        self.inside: list[int] = []

    async def come(self, number: int, company: str = "a") -> None:
        """Pass."""
        await self.turnstile.enter(company)
        self.inside.append(number)


class TestEnter:
    async def test_lets_a_few_in_at_once(self) -> None:
        crowd = Crowd()

        coming = [asyncio.create_task(crowd.come(number)) for number in range(AT_A_TIME * 5)]
        await asyncio.sleep(0)

        assert len(crowd.inside) == AT_A_TIME
        await asyncio.gather(*coming)
        assert crowd.inside == list(range(AT_A_TIME * 5))

    async def test_lets_companies_take_turns(self) -> None:
        crowd = Crowd()

        noisy = [asyncio.create_task(crowd.come(number, "noisy")) for number in range(AT_A_TIME * 10)]
        quiet = asyncio.create_task(crowd.come(-1, "quiet"))
        await asyncio.gather(*noisy, quiet)

        assert crowd.inside.index(-1) < AT_A_TIME * 3

    async def test_makes_nobody_wait_who_comes_alone(self) -> None:
        crowd = Crowd()

        for number in range(3 * AT_A_TIME):
            await crowd.come(number)
            await asyncio.sleep(0)

        assert len(crowd.inside) == 3 * AT_A_TIME

    async def test_is_not_held_up_by_those_who_leave(self) -> None:
        crowd = Crowd()
        coming = [asyncio.create_task(crowd.come(number)) for number in range(AT_A_TIME * 3)]
        await asyncio.sleep(0)

        for gone in coming[AT_A_TIME:-1]:
            gone.cancel()
        async with asyncio.timeout(PATIENCE_S):
            await coming[-1]

        assert crowd.inside == [*range(AT_A_TIME), AT_A_TIME * 3 - 1]

    async def test_turns_away_when_too_many_wait(self) -> None:
        crowd = Crowd(Bounds(running=AT_A_TIME, running_of_one=AT_A_TIME, waiting=2, waiting_of_one=2))

        coming = [asyncio.create_task(crowd.come(number)) for number in range(AT_A_TIME + 3)]
        found = await asyncio.gather(*coming, return_exceptions=True)

        assert [type(each) for each in found if each is not None] == [Overloaded]
