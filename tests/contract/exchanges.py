"""The contract of Exchanges. Give the fixtures ``exchanges`` and ``clock``."""

import asyncio
from datetime import timedelta

from billing.access import Person, PersonId
from billing.people import Exchange
from billing.ports import Exchanges
from tests.clock import ChosenClock
from tests.make import ADA, guid


class ExchangesContract:
    async def test_are_begun_by_one_of_many(self, exchanges: Exchanges) -> None:
        begun = await asyncio.gather(*(exchanges.begin(ADA, "e1") for _ in range(20)))

        assert sorted(each.value for each in begun) == ["busy"] * 19 + ["ours"]

    async def test_are_done_for_everybody_who_comes_later(self, exchanges: Exchanges) -> None:
        await exchanges.begin(ADA, "e1")
        await exchanges.finish(ADA, "e1", is_done=True)

        assert [await exchanges.begin(ADA, "e1") for _ in range(2)] == [Exchange.DONE] * 2

    async def test_can_be_tried_again_after_a_failure(self, exchanges: Exchanges) -> None:
        await exchanges.begin(ADA, "e1")
        await exchanges.finish(ADA, "e1", is_done=False)

        assert await exchanges.begin(ADA, "e1") is Exchange.OURS

    async def test_are_free_again_when_whoever_ran_them_has_died(self, exchanges: Exchanges, clock: ChosenClock) -> None:
        await exchanges.begin(ADA, "e1")
        clock.advance(timedelta(seconds=29))
        early = await exchanges.begin(ADA, "e1")
        clock.advance(timedelta(seconds=1))

        assert (early, await exchanges.begin(ADA, "e1")) == (Exchange.BUSY, Exchange.OURS)

    async def test_of_two_people_have_nothing_to_do_with_each_other(self, exchanges: Exchanges) -> None:
        await exchanges.begin(ADA, "e1")
        await exchanges.finish(ADA, "e1", is_done=True)

        assert await exchanges.begin(Person(ADA.tenant, PersonId(guid("finn"))), "e1") is Exchange.OURS

    async def test_are_forgotten_after_an_hour(self, exchanges: Exchanges, clock: ChosenClock) -> None:
        await exchanges.begin(ADA, "e1")
        await exchanges.finish(ADA, "e1", is_done=True)
        clock.advance(timedelta(hours=1))

        assert await exchanges.begin(ADA, "e1") is Exchange.OURS
